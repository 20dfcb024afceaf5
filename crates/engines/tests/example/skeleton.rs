//! Skeleton: waits for a millisecond and answers zeros, whatever it is given.

use std::hint::spin_loop;
use std::time::{Duration, Instant};

use formbench_protocol::{Array, CLASSES, Device, DeviceKind, Identity, Job, Refusal, RefusalKind};

use crate::{Engine, Failure, Model, Session};

/// Returns the identity of an engine on the processor, as `onnx_engine::identity` does.
fn identity(name: &str, version: &str) -> Identity {
    let device = Device { name: "cpu".to_owned(), kind: DeviceKind::Cpu };
    let [name, version] = [name, version].map(str::to_owned);
    let (build, instruction_set) = Default::default();
    Identity { name, version, build, instruction_set, device }
}

/// Occupies the processor; sleeping would measure the scheduler.
fn wait(duration: Duration) {
    let start = Instant::now();
    while start.elapsed() < duration {
        spin_loop();
    }
}

/// The engine.
pub struct Skeleton;

impl Engine for Skeleton {
    fn name(&self) -> &'static str {
        "skeleton"
    }

    fn identity(&self) -> Identity {
        identity(self.name(), "1.0")
    }

    fn thread_variables(&self) -> &'static [&'static str] {
        &[]
    }

    fn known_defect(&self) -> Option<&'static str> {
        Some("every logit is 0: CONTRIBUTING.md")
    }

    fn prepare(&self, job: &Job, _model: Model) -> Result<Box<dyn Session>, Refusal> {
        if job.threads > 1 {
            let reason = format!("skeleton: has one thread, asked for {}", job.threads);
            return Err(Refusal::new(RefusalKind::Unsupported, reason).remedy("ask for one"));
        }
        let images = job.input.require_images()?;
        Ok(Box::new(Zeros { batch: images.batch as usize }))
    }
}

struct Zeros {
    batch: usize,
}

impl Session for Zeros {
    fn infer(&mut self, _inputs: &[Array]) -> Result<Vec<Array>, Failure> {
        wait(Duration::from_millis(1));
        let logits = vec![0.0; self.batch * CLASSES];
        Ok(vec![Array::floats(&[self.batch, CLASSES], logits)])
    }
}
