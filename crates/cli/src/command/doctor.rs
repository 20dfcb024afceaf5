//! Which engines work here, and what brings the others.

use anyhow::Result;
use formbench_experiment::Filter;
use formbench_measure::Host;
use formbench_protocol::{EngineInfo, EngineKind};
use indicatif::HumanBytes;
use serde_json::json;

use crate::arguments::{Arguments, DoctorArguments};
use crate::exit::Exit;
use crate::{location, output, planning};

/// Prints this machine and its engines.
///
/// # Errors
/// The worker does not start or does not answer.
pub fn execute(arguments: &Arguments, doctor: &DoctorArguments) -> Result<Exit> {
    let worker = location::worker(arguments)?;
    let mut engines = planning::describe(&worker)?.engines;
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
            "worker": worker.program,
            "engines": engines,
        }))?;
    } else {
        output::text(&machine(&host))?;
        output::text(&format!("worker: {}\n", worker.program.display()))?;
        output::table(["engine", "version", "device", "kind", "state"], engines.iter().map(row))?;
        remedies(&engines)?;
    }
    Ok(Exit::Done)
}

fn machine(host: &Host) -> String {
    format!(
        "{}: {}, {} cores, {} memory, L2 {}, L3 {}\n{}, kernel {}",
        host.slug,
        host.cpu_model,
        host.logical_cores,
        HumanBytes(host.memory_bytes),
        HumanBytes(host.l2_bytes),
        HumanBytes(host.l3_bytes),
        host.os,
        host.kernel,
    )
}

fn row(info: &EngineInfo) -> [String; 5] {
    let identity = &info.identity;
    let state = info.refusal.as_ref().map_or("ready", |refusal| refusal.kind.label());
    [
        identity.name.clone(),
        identity.version.clone(),
        identity.device.name.clone(),
        identity.device.kind.label().to_owned(),
        state.to_owned(),
    ]
}

fn remedies(engines: &[EngineInfo]) -> Result<()> {
    for refusal in engines.iter().filter_map(|info| info.refusal.as_ref()) {
        output::text(&format!("\n{refusal}"))?;
    }
    Ok(())
}
