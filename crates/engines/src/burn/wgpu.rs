//! Burn on wgpu: Vulkan, Metal or DirectX through CubeCL's kernels.
//!
//! A software adapter (llvmpipe and the like) is the processor behind a graphics interface. Such an
//! adapter proves that the kernels are right, but its timings show nothing about a GPU. So it is
//! refused in timed experiments unless the job asks for it.

use std::sync::OnceLock;

use burn_wgpu::WgpuDevice;
use burn_wgpu::graphics::{AutoGraphicsApi, GraphicsApi};
use formbench_protocol::{Device, DeviceKind, Identity, Job, Refusal, RefusalKind};
use wgpu::DeviceType;

use super::BURN_VERSION;
use crate::{Engine, Model, Session};

/// Burn on wgpu.
pub struct Wgpu;

impl Engine for Wgpu {
    fn name(&self) -> &'static str {
        "burn/wgpu"
    }

    fn identity(&self) -> Identity {
        let none = Device { name: "no adapter".to_owned(), kind: DeviceKind::Missing };
        let device = adapter().clone().unwrap_or(none);
        Identity {
            name: self.name().to_owned(),
            version: BURN_VERSION.to_owned(),
            build: "CubeCL kernels through wgpu".to_owned(),
            instruction_set: String::new(),
            device,
        }
    }

    /// llvmpipe's own variable: a GPU has no threads to set, and the host side has one.
    fn thread_variables(&self) -> &'static [&'static str] {
        &["LP_NUM_THREADS", "RAYON_NUM_THREADS"]
    }

    fn known_defect(&self) -> Option<&'static str> {
        Some(
            "CubeK 0.2 reads past the ends of matrices whose inner length is an odd number of stages, if \
             the tuner picks such a kernel: https://github.com/tracel-ai/cubek/issues/434",
        )
    }

    fn check(&self) -> Result<(), Refusal> {
        match adapter() {
            None => Err(no_adapter()),
            Some(device) if device.kind == DeviceKind::SoftwareAdapter => Err(software(device)),
            Some(_) => Ok(()),
        }
    }

    fn runs_modules(&self) -> bool {
        true
    }

    fn prepare(&self, job: &Job, _model: Model) -> Result<Box<dyn Session>, Refusal> {
        match self.check() {
            Err(refusal) if refusal.kind == RefusalKind::SoftwareAdapter && job.software_gpu => {}
            checked => checked?,
        }
        let device = WgpuDevice::default();
        same_adapter(taken_adapter(&device))?;
        super::session(&job.subject(), |source| formbench_backends::wgpu(source, device))
    }
}

/// Returns the adapter that Burn would choose: the preferred high-performance one.
fn adapter() -> &'static Option<Device> {
    static ADAPTER: OnceLock<Option<Device>> = OnceLock::new();
    ADAPTER.get_or_init(preferred_adapter)
}

fn preferred_adapter() -> Option<Device> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: AutoGraphicsApi::backend().into(),
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    let request = instance.request_adapter(&wgpu::RequestAdapterOptions {
        power_preference: wgpu::PowerPreference::HighPerformance,
        ..wgpu::RequestAdapterOptions::default()
    });
    let info = pollster::block_on(request).ok()?.get_info();
    Some(Device { name: info.name, kind: kind(info.device_type) })
}

/// Returns the name of the adapter that Burn computes on; it is set up once per process.
fn taken_adapter(device: &WgpuDevice) -> &'static str {
    static TAKEN: OnceLock<String> = OnceLock::new();
    TAKEN.get_or_init(|| {
        let options = burn_wgpu::RuntimeOptions::default();
        burn_wgpu::init_setup::<AutoGraphicsApi>(device, options).adapter.get_info().name
    })
}

/// Refuses when Burn took another adapter than the one that the data would name.
fn same_adapter(taken: &str) -> Result<(), Refusal> {
    let named = adapter().as_ref().map_or("none", |device| &device.name);
    if named == taken {
        return Ok(());
    }
    let reason = format!("burn/wgpu: Burn took adapter `{taken}`, expected `{named}`");
    Err(Refusal::new(RefusalKind::Failed, reason).remedy("unset CUBECL_WGPU_DEFAULT_DEVICE"))
}

fn kind(device_type: DeviceType) -> DeviceKind {
    match device_type {
        DeviceType::DiscreteGpu => DeviceKind::DiscreteGpu,
        DeviceType::IntegratedGpu => DeviceKind::IntegratedGpu,
        DeviceType::VirtualGpu => DeviceKind::VirtualGpu,
        // An adapter that does not state that it is a GPU is not called one.
        DeviceType::Cpu | DeviceType::Other => DeviceKind::SoftwareAdapter,
    }
}

fn no_adapter() -> Refusal {
    Refusal::new(RefusalKind::Unavailable, "burn/wgpu: no graphics adapter found")
        .remedy("install a Vulkan driver (Debian without a GPU: mesa-vulkan-drivers)")
}

fn software(device: &Device) -> Refusal {
    let reason = format!("burn/wgpu: `{}` is a software adapter, not a GPU", device.name);
    Refusal::new(RefusalKind::SoftwareAdapter, reason)
        .remedy("give --software-gpu to time it all the same")
}
