//! Our timings beside those of each engine's own tool, on the same file, threads and machine.

mod ours;
mod page;
mod pair;
mod side;
mod summary;
mod table;
mod theirs;
mod tool;
mod verdict;

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use formbench_experiment::Filter;
use formbench_measure::{Host, Interrupt, WorkerCommand};
use formbench_protocol::{Architecture, Description, EngineInfo, ExportRequest, Subject};

use self::pair::{Comparison, Limits, Pair, ROUND_S};
use self::summary::Summary;
use self::theirs::Script;
use self::tool::{TOOLS, Tool};
use crate::arguments::{Arguments, FidelityArguments};
use crate::exit::Exit;
use crate::{architecture, interrupt, location, output, planning};

/// Networks that are compared unless others are named.
const NETWORKS: [&str; 6] =
    ["resnet18", "resnet34", "resnet50", "resnet101", "mobilenet-v2", "bottleneck-d20-w64"];

/// One network on one engine beside one of the engine's tools.
struct Line {
    architecture: String,
    tool: Tool,
    /// What both sides took, or why there is no comparison.
    outcome: Result<Comparison>,
}

/// Prints how our timings compare with those of the engines' own tools.
///
/// # Errors
/// The worker does not answer, or a file cannot be written.
pub fn execute(arguments: &Arguments, fidelity: &FidelityArguments) -> Result<Exit> {
    let worker = location::worker(arguments)?;
    let description = planning::describe(&worker)?;
    let python = location::python(&description)?;
    let script = Script { python: &python, path: &location::fidelity_script()? };
    let interrupt = interrupt::watch()?;
    let sides = Sides { worker: &worker, description: &description, script, interrupt: &interrupt };
    let lines = sides.lines(fidelity)?;
    let summary = Summary::of(&lines);
    let is_whole = !sides.are_interrupted();
    if let Some(path) = fidelity.output.as_ref().filter(|_| is_whole) {
        output::page(path, &page::page(&lines, &summary, fidelity, &Host::here()))?;
    }
    match fidelity.json {
        true => output::json(&table::json(&lines, &summary))?,
        false => {
            output::table(table::HEAD, lines.iter().map(table::row))?;
            output::text(&format!("\n{}", summary.sentence()))?;
        }
    }
    Ok(match () {
        () if !is_whole => Exit::Interrupted,
        () if summary.differ > 0 => Exit::Disagreement,
        () => Exit::Done,
    })
}

/// What is needed to start either side.
struct Sides<'a> {
    worker: &'a WorkerCommand,
    description: &'a Description,
    script: Script<'a>,
    interrupt: &'a Interrupt,
}

impl Sides<'_> {
    fn are_interrupted(&self) -> bool {
        self.interrupt.load(Ordering::Relaxed)
    }

    /// Returns every network beside every tool, or those before an interruption.
    fn lines(&self, fidelity: &FidelityArguments) -> Result<Vec<Line>> {
        let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
        let filter = Filter { engines: fidelity.engines.clone(), ..Filter::default() };
        let mut lines = Vec::new();
        for label in networks(fidelity) {
            let architecture = architecture::parse(label, self.description)?;
            let model = self.export(&architecture, folder.path())?;
            for tool in TOOLS.into_iter().filter(|tool| filter.takes_engine(tool.engine)) {
                let outcome = self.compare(&architecture, &model, tool, fidelity);
                if self.are_interrupted() {
                    return Ok(lines);
                }
                let line = Line { architecture: architecture.to_string(), tool, outcome };
                output::say(&table::row(&line).join("  "));
                lines.push(line);
            }
        }
        Ok(lines)
    }

    fn export(&self, architecture: &Architecture, folder: &Path) -> Result<PathBuf> {
        let path = folder.join(format!("{architecture}.onnx"));
        let subject = Subject {
            architecture: architecture.clone(),
            weights_seed: ours::WEIGHTS_SEED,
            input: ours::INPUT,
        };
        self.worker.export(ExportRequest { subject, path: path.clone() })?;
        Ok(path)
    }

    fn compare(
        &self,
        architecture: &Architecture,
        model: &Path,
        tool: Tool,
        fidelity: &FidelityArguments,
    ) -> Result<Comparison> {
        let known = self.description.engines.iter().find(|info| info.identity.name == tool.engine);
        let info = match known {
            None => return Err(anyhow!("the worker has no {}", tool.engine)),
            Some(EngineInfo { refusal: Some(refusal), .. }) => return Err(anyhow!("{refusal}")),
            Some(info) => info,
        };
        let cell = &ours::cell(architecture, info, fidelity.threads, tool);
        let &Self { worker, ref script, interrupt, .. } = self;
        Pair { worker, cell, script, tool, model, interrupt }.compare(Limits {
            rounds: fidelity.rounds,
            turns: Duration::from_secs(fidelity.limit_s.into()),
            round: Duration::from_secs_f64(ROUND_S),
        })
    }
}

fn networks(fidelity: &FidelityArguments) -> Vec<&str> {
    match fidelity.architectures.is_empty() {
        true => NETWORKS.to_vec(),
        false => fidelity.architectures.iter().map(String::as_str).collect(),
    }
}
