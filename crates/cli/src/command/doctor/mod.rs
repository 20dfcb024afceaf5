//! Which engines work here, and what brings the others; or how quiet this host is.

mod noise;

use anyhow::Result;
use formbench_campaign::describe;
use formbench_experiment::Filter;
use formbench_measure::Host;
use formbench_protocol::{DeviceKind, EngineInfo, EngineKind};
use indicatif::HumanBytes;
use serde_json::json;

use crate::arguments::{Arguments, DoctorArguments};
use crate::exit::Exit;
use crate::{location, output};

/// Prints this machine and its engines, its name alone, or what disturbs it.
///
/// # Errors
/// The worker does not start or does not answer; noise and the name need none.
pub fn execute(arguments: &Arguments, doctor: &DoctorArguments) -> Result<Exit> {
    if doctor.noise {
        return noise::execute(&arguments.data, doctor);
    }
    if doctor.name {
        output::text(&Host::here().slug)?;
        return Ok(Exit::Done);
    }
    let worker = location::worker(arguments)?;
    let mut engines = describe(&worker)?.engines;
    let filter = Filter { engines: doctor.engines.clone(), ..Filter::default() };
    engines.retain(|info| info.kind == EngineKind::Engine);
    engines.retain(|info| filter.takes_engine(&info.identity.name));
    let host = Host::here();
    if doctor.json {
        output::json(&json!({
            "host": host.slug,
            "cpu_model": host.cpu_model,
            "logical_cores": host.logical_cores,
            "memory_bytes": host.memory_bytes,
            "l2_bytes": host.l2_bytes,
            "l3_bytes": host.l3_bytes,
            "os": host.os,
            "kernel": host.kernel,
            "counters": host.counters,
            "worker": worker.program,
            "engines": engines,
        }))?;
    } else {
        output::text(&machine(&host))?;
        output::text(&format!("worker: {}\n", worker.program.display()))?;
        output::table(
            ["engine", "version", "device", "threads", "instructions", "options", "state"],
            engines.iter().map(|info| row(info, &host)),
        )?;
        remedies(&engines)?;
    }
    Ok(Exit::Done)
}

fn machine(host: &Host) -> String {
    format!(
        "{}: {}, {} cores, {} memory, L2 {}, L3 {}\n{}, kernel {}\nhardware counters: {}",
        host.slug,
        host.cpu_model,
        host.logical_cores,
        HumanBytes(host.memory_bytes),
        HumanBytes(host.l2_bytes),
        HumanBytes(host.l3_bytes),
        host.os,
        host.kernel,
        if host.counters { "yes" } else { "none that the kernel shows" },
    )
}

fn row(info: &EngineInfo, host: &Host) -> [String; 7] {
    let identity = &info.identity;
    let state = info.refusal.as_ref().map_or("ready", |refusal| refusal.kind.label());
    let threads = match identity.device.kind {
        DeviceKind::Cpu => format!("1 to {}", host.logical_cores),
        _ => "1 on the host".to_owned(),
    };
    [
        identity.name.clone(),
        identity.version.clone(),
        format!("{} ({})", identity.device.name, identity.device.kind.label()),
        threads,
        identity.instruction_set.clone(),
        options(info),
        state.to_owned(),
    ]
}

/// Returns each option with its values, the default first.
fn options(info: &EngineInfo) -> String {
    let option = |option: &formbench_protocol::OptionInfo| {
        let others = option.values.iter().filter(|value| **value != option.default);
        let values: Vec<_> = std::iter::once(&option.default).chain(others).cloned().collect();
        format!("{}: {}", option.name, values.join("|"))
    };
    info.options.iter().map(option).collect::<Vec<_>>().join("; ")
}

/// Prints each reason why an engine is missing, with the command that brings it, once.
fn remedies(engines: &[EngineInfo]) -> Result<()> {
    for refusal in engines.iter().filter_map(|info| info.refusal.as_ref()) {
        output::text(&format!("\n{refusal}"))?;
    }
    Ok(())
}
