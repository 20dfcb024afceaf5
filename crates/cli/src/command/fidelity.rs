//! Our timings beside those of each engine's own tool.

use anyhow::Result;
use formbench_campaign::{architecture, describe, today};
use formbench_measure::Host;
use formbench_protocol::{Architecture, Description};
use formbench_validation::fidelity::{
    self, FidelityLimits, FidelitySummary, NETWORKS, Script, Sides,
};

use crate::arguments::{Arguments, FidelityArguments};
use crate::exit::Exit;
use crate::{interrupt, location, output};

/// Prints how our timings compare with those of the engines' own tools.
///
/// # Errors
/// The worker does not answer, or a file cannot be written.
pub fn execute(arguments: &Arguments, fidelity: &FidelityArguments) -> Result<Exit> {
    let worker = location::worker(arguments)?;
    let description = describe(&worker)?;
    let python = location::python(&description)?;
    let script = Script { python: &python, path: &location::script(location::FIDELITY)? };
    let interrupt = interrupt::watch()?;
    let sides = Sides { worker: &worker, description: &description, script, interrupt: &interrupt };
    let &FidelityArguments { threads, rounds, limit_s, .. } = fidelity;
    let limits = FidelityLimits { threads, rounds, limit_s };
    let architectures = architectures(fidelity, &description)?;
    let progress = |line: &_| output::say(&fidelity::row(line).join("  "));
    let lines = sides.compare(&architectures, &fidelity.engines, limits, progress)?;
    let summary = FidelitySummary::of(&lines);
    let is_whole = !sides.are_interrupted();
    if let Some(path) = fidelity.output.as_ref().filter(|_| is_whole) {
        let page = fidelity::page(&lines, &summary, &limits, &Host::here(), &today());
        output::page(path, &page)?;
    }
    if fidelity.json {
        output::json(&fidelity::json(&lines, &summary))?;
    } else {
        output::table(fidelity::HEAD, lines.iter().map(fidelity::row))?;
        output::text(&format!("\n{}", summary.sentence()))?;
    }
    Ok(if !is_whole {
        Exit::Interrupted
    } else if summary.differ > 0 {
        Exit::Disagreement
    } else {
        Exit::Done
    })
}

fn architectures(
    fidelity: &FidelityArguments,
    description: &Description,
) -> Result<Vec<Architecture>> {
    let named: Vec<&str> = fidelity.architectures.iter().map(String::as_str).collect();
    let labels = if named.is_empty() { NETWORKS.to_vec() } else { named };
    labels.into_iter().map(|label| Ok(architecture::parse(label, description)?)).collect()
}
