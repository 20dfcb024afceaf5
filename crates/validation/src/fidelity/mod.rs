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
use formbench_measure::{Interrupt, WorkerCommand};
use formbench_protocol::{Architecture, Description, EngineInfo, ExportRequest, Subject};

pub use self::page::page;
pub use self::pair::ToolComparison;
use self::pair::{Limits, Pair, ROUND_S};
pub use self::summary::FidelitySummary;
pub use self::table::{HEAD, json, row};
pub use self::theirs::Script;
use self::tool::TOOLS;
pub use self::tool::Tool;
pub use self::verdict::FidelityVerdict;

/// Networks that are compared unless others are named.
pub const NETWORKS: [&str; 6] =
    ["resnet18", "resnet34", "resnet50", "resnet101", "mobilenet-v2", "bottleneck-d20-w64"];

/// One network on one engine beside one of the engine's tools.
pub struct FidelityLine {
    /// Label of the architecture.
    pub architecture: String,
    /// The engine's tool.
    pub tool: Tool,
    /// What both sides took, or why there is no comparison.
    pub outcome: Result<ToolComparison>,
}

/// What a comparison may cost.
#[derive(Clone, Copy, Debug)]
pub struct FidelityLimits {
    /// Threads of both sides.
    pub threads: u32,
    /// Fresh processes of both sides, at least.
    pub rounds: u32,
    /// Seconds that the turns of one pair may take until its ratio is decided.
    pub limit_s: u32,
}

/// What is needed to start either side.
pub struct Sides<'a> {
    /// How to start our side.
    pub worker: &'a WorkerCommand,
    /// What it has.
    pub description: &'a Description,
    /// How to start theirs.
    pub script: Script<'a>,
    /// Stops both.
    pub interrupt: &'a Interrupt,
}

impl Sides<'_> {
    /// Returns whether the comparison was interrupted.
    pub fn are_interrupted(&self) -> bool {
        self.interrupt.load(Ordering::Relaxed)
    }

    /// Returns every architecture beside every tool whose engine's name contains one of `engines`, or those
    /// before an interruption; `progress` gets each as soon as it is there.
    ///
    /// # Errors
    /// A model cannot be written.
    pub fn compare(
        &self,
        architectures: &[Architecture],
        engines: &[String],
        limits: FidelityLimits,
        progress: impl Fn(&FidelityLine),
    ) -> Result<Vec<FidelityLine>> {
        let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
        let filter = Filter { engines: engines.to_vec(), ..Filter::default() };
        let mut lines = Vec::new();
        for architecture in architectures {
            let model = self.export(architecture, folder.path())?;
            for tool in TOOLS.into_iter().filter(|tool| filter.takes_engine(tool.engine)) {
                let outcome = self.compare_one(architecture, &model, tool, limits);
                if self.are_interrupted() {
                    return Ok(lines);
                }
                let line = FidelityLine { architecture: architecture.to_string(), tool, outcome };
                progress(&line);
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
            input: ours::INPUT.into(),
        };
        self.worker.export(ExportRequest { subject, path: path.clone() })?;
        Ok(path)
    }

    fn compare_one(
        &self,
        architecture: &Architecture,
        model: &Path,
        tool: Tool,
        limits: FidelityLimits,
    ) -> Result<ToolComparison> {
        let known = self.description.engines.iter().find(|info| info.identity.name == tool.engine);
        let info = match known {
            None => return Err(anyhow!("the worker has no {}", tool.engine)),
            Some(EngineInfo { refusal: Some(refusal), .. }) => return Err(anyhow!("{refusal}")),
            Some(info) => info,
        };
        let cell = &ours::cell(architecture, info, limits.threads, tool);
        let &Self { worker, ref script, interrupt, .. } = self;
        Pair { worker, cell, script, tool, model, interrupt }.compare(Limits {
            rounds: limits.rounds,
            turns: Duration::from_secs(limits.limit_s.into()),
            round: Duration::from_secs_f64(ROUND_S),
        })
    }
}
