//! Our timings beside those of each engine's own tool, on the same file, threads and machine.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, Result, anyhow, bail};
use formbench_experiment::{Budget, Cell, EngineSetting, Filter};
use formbench_measure::{Host, RunCell, WorkerCommand, one_round};
use formbench_protocol::{
    Architecture, Description, EngineInfo, ExportRequest, HARNESS_VERSION, Input, Options,
};
use formbench_statistics::{Bootstrap, Estimate, median_ns};
use serde::{Deserialize, Serialize};

use crate::arguments::{Arguments, FidelityArguments};
use crate::date::today;
use crate::exit::Exit;
use crate::{architecture, location, output, planning};

/// Networks that are compared unless others are named.
const NETWORKS: [&str; 6] =
    ["resnet18", "resnet34", "resnet50", "resnet101", "mobilenet-v2", "bottleneck-d20-w64"];
/// Engines with a way of their own to be timed, how the script names it, and what it is.
const TOOLS: [(&str, &str, &str); 4] = [
    ("openvino", "benchmark_app", "benchmark_app -hint latency"),
    ("onnxruntime", "onnxruntime", "a Python loop"),
    ("pytorch", "pytorch", "a Python loop"),
    ("tract", "tract", "tract's own command"),
];
/// Ratios that are no difference.
const FAITHFUL: std::ops::RangeInclusive<f64> = 0.97..=1.03;
/// Shorter inferences are shown and not judged, in nanoseconds.
const JUDGED_FROM_NS: f64 = 5e6;
/// Both sides measure so long in each round.
const SECONDS: f64 = 1.5;

const BUDGET: Budget = Budget {
    rounds: 1,
    blocks: 1,
    block_inferences: 10,
    block_s: SECONDS,
    warm_up_inferences: 10,
    warm_up_s: 0.5,
    warm_up_cap_s: 1.0,
    warm_up_stable_within: 0.02,
    limit_s: 120.0,
    cell_limit_s: 600.0,
    ratio_half_width: 0.02,
};

/// One network on one engine, measured by both sides.
#[derive(Serialize)]
struct Line {
    architecture: String,
    engine: String,
    tool: String,
    outcome: Outcome,
}

/// How both sides compare.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// Medians of both, and our latency over theirs with its interval.
    Measured { ours_ms: f64, theirs_ms: f64, ratio: [f64; 3], verdict: Verdict },
    /// Why there is no comparison.
    Absent(String),
}

/// What a ratio says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Verdict {
    /// The ratio is no difference.
    Faithful,
    /// The whole interval is a difference.
    Differs,
    /// The ratio is a difference, but its interval reaches where there is none.
    Undecided,
    /// Latencies are too short to be judged.
    Short,
}

impl Verdict {
    fn of(latency_ns: f64, Estimate { value, low, high }: Estimate) -> Self {
        match () {
            () if latency_ns < JUDGED_FROM_NS => Self::Short,
            () if FAITHFUL.contains(&value) => Self::Faithful,
            () if high < *FAITHFUL.start() || low > *FAITHFUL.end() => Self::Differs,
            () => Self::Undecided,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Faithful => "faithful",
            Self::Differs => "differs",
            Self::Undecided => "undecided",
            Self::Short => "too short to judge",
        }
    }
}

/// What the script prints.
#[derive(Deserialize)]
struct Tool {
    latency_ns: Option<u64>,
    absent: Option<String>,
}

/// Prints how our timings compare with those of the engines' own tools.
///
/// # Errors
/// The worker does not answer, or a file cannot be written.
pub fn execute(arguments: &Arguments, fidelity: &FidelityArguments) -> Result<Exit> {
    let worker = location::worker(arguments)?;
    let description = planning::describe(&worker)?;
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let filter = Filter { engines: fidelity.engines.clone(), ..Filter::default() };
    let mut lines = Vec::new();
    for label in networks(fidelity) {
        let architecture = architecture::parse(label, &description)?;
        let file = export(&worker, &architecture, folder.path())?;
        let pair = Pair { worker: &worker, file: &file, fidelity };
        for tool in TOOLS.into_iter().filter(|(engine, ..)| filter.takes_engine(engine)) {
            let line = pair.line(&architecture, tool, &description);
            output::say(&row(&line).join("  "));
            lines.push(line);
        }
    }
    if let Some(path) = &fidelity.output {
        output::page(path, &page(&lines, fidelity, &Host::here()))?;
    }
    match fidelity.json {
        true => output::json(&lines)?,
        false => output::table(HEAD, lines.iter().map(row))?,
    }
    let unfaithful =
        |line: &Line| matches!(line.outcome, Outcome::Measured { verdict: Verdict::Differs, .. });
    Ok(if lines.iter().any(unfaithful) { Exit::Disagreement } else { Exit::Done })
}

fn networks(fidelity: &FidelityArguments) -> Vec<&str> {
    match fidelity.architectures.is_empty() {
        true => NETWORKS.to_vec(),
        false => fidelity.architectures.iter().map(String::as_str).collect(),
    }
}

fn export(worker: &WorkerCommand, architecture: &Architecture, folder: &Path) -> Result<PathBuf> {
    let path = folder.join(format!("{architecture}.onnx"));
    let subject = formbench_protocol::Subject {
        architecture: architecture.clone(),
        weights_seed: 1,
        input: INPUT,
    };
    worker.export(ExportRequest { subject, path: path.clone() })?;
    Ok(path)
}

const INPUT: Input = Input { batch: 1, resolution: 224, seed: 7 };

/// Both sides of a comparison.
struct Pair<'a> {
    worker: &'a WorkerCommand,
    file: &'a Path,
    fidelity: &'a FidelityArguments,
}

impl Pair<'_> {
    fn line(
        &self,
        architecture: &Architecture,
        (engine, tool, tool_in_words): (&str, &str, &str),
        description: &Description,
    ) -> Line {
        let known = description.engines.iter().find(|info| info.identity.name == engine);
        let measured = match known {
            None => Err(anyhow!("the worker has no {engine}")),
            Some(EngineInfo { refusal: Some(refusal), .. }) => Err(anyhow!("{refusal}")),
            Some(info) => self.rounds(&cell(architecture, info, self.fidelity.threads), tool),
        };
        Line {
            architecture: architecture.to_string(),
            engine: engine.to_owned(),
            tool: tool_in_words.to_owned(),
            outcome: measured.unwrap_or_else(|error| Outcome::Absent(format!("{error:#}"))),
        }
    }

    /// Lets both sides take turns, the first of a round being the second of the next.
    fn rounds(&self, cell: &RunCell, tool: &str) -> Result<Outcome> {
        let (mut ours_ns, mut theirs_ns) = (Vec::new(), Vec::new());
        for round in 0..self.fidelity.rounds {
            if round % 2 == 0 {
                ours_ns.push(self.ours(cell)?);
                theirs_ns.push(self.theirs(tool)?);
            } else {
                theirs_ns.push(self.theirs(tool)?);
                ours_ns.push(self.ours(cell)?);
            }
        }
        let pairs: Vec<_> = ours_ns.chunks(1).zip(theirs_ns.chunks(1)).collect();
        let ratio = Bootstrap::default().speed_up(&pairs).ok_or_else(|| anyhow!("no rounds"))?;
        let [ours, theirs] = [&ours_ns, &theirs_ns].map(|ns| median_ns(ns).unwrap_or_default());
        Ok(Outcome::Measured {
            ours_ms: ours / 1e6,
            theirs_ms: theirs / 1e6,
            ratio: [ratio.value, ratio.low, ratio.high],
            verdict: Verdict::of(theirs, ratio),
        })
    }

    fn ours(&self, cell: &RunCell) -> Result<u64> {
        let measured = one_round(self.worker, cell, &AtomicBool::new(false))?;
        let median_ns =
            median_ns(&measured.taken.samples_ns).ok_or_else(|| anyhow!("no samples"))?;
        Ok(median_ns as u64)
    }

    fn theirs(&self, tool: &str) -> Result<u64> {
        let python = location::python()?;
        let output = Command::new(&python)
            .arg("-B")
            .arg(location::fidelity_script()?)
            .arg(tool)
            .arg(self.file)
            .args(["--threads", &self.fidelity.threads.to_string()])
            .args(["--seconds", &SECONDS.to_string()])
            .output()
            .with_context(|| format!("cannot start `{}`", python.display()))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let Some(said) = text.lines().last().and_then(|line| serde_json::from_str(line).ok())
        else {
            let stderr = String::from_utf8_lossy(&output.stderr);
            bail!("{tool} said nothing: {}", stderr.trim().lines().last().unwrap_or(""));
        };
        match said {
            Tool { latency_ns: Some(latency_ns), .. } => Ok(latency_ns),
            Tool { absent, .. } => bail!("{}", absent.unwrap_or_default()),
        }
    }
}

fn cell(architecture: &Architecture, info: &EngineInfo, threads: u32) -> RunCell {
    let cell = Cell {
        architecture: architecture.clone(),
        engine: EngineSetting { engine: info.identity.name.clone(), options: Options::new() },
        input: INPUT,
        weights_seed: 1,
        threads,
    };
    RunCell { key: String::new(), cell, engine: info.clone(), reference: None, budget: BUDGET }
}

const HEAD: [&str; 7] =
    ["network", "engine", "its own tool", "ours ms", "theirs ms", "ratio", "verdict"];

fn row(line: &Line) -> [String; 7] {
    let [ours, theirs, ratio, verdict] = match &line.outcome {
        Outcome::Measured { ours_ms, theirs_ms, ratio: [value, low, high], verdict } => [
            format!("{ours_ms:.3}"),
            format!("{theirs_ms:.3}"),
            format!("{value:.3} [{low:.3}, {high:.3}]"),
            verdict.label().to_owned(),
        ],
        Outcome::Absent(reason) => [String::new(), String::new(), String::new(), reason.clone()],
    };
    [
        line.architecture.clone(),
        line.engine.clone(),
        line.tool.clone(),
        ours,
        theirs,
        ratio,
        verdict,
    ]
}

fn page(lines: &[Line], fidelity: &FidelityArguments, host: &Host) -> String {
    let rows: String =
        lines.iter().map(|line| format!("| {} |\n", row(line).join(" | "))).collect();
    let threads = if fidelity.threads == 1 { "thread" } else { "threads" };
    format!(
        "# Fidelity\n\nDoes formbench measure what an engine's own tool measures? Both sides run the \
         same ONNX file (batch 1, {0} × {0} pixels, {1} {threads}) in turn, {2} times {SECONDS} s each; \
         the ratio is our median latency over theirs, paired by round, with its 95 % interval. \
         Between {3} and {4} they are the same (faithful); they differ if the whole interval lies outside, and an interval that reaches in from outside decides nothing. Latencies under {5} ms are not judged.\n\nMade by \
         `make fidelity` on {6} ({7}), {8}, formbench {HARNESS_VERSION}.\n\n| {9} |\n|---|---|---|--:|--:|--:|---|\n{rows}",
        INPUT.resolution,
        fidelity.threads,
        fidelity.rounds,
        FAITHFUL.start(),
        FAITHFUL.end(),
        JUDGED_FROM_NS / 1e6,
        host.slug,
        host.cpu_model,
        today(),
        HEAD.join(" | "),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_needs_the_whole_interval() {
        let verdict = |value, low, high| Verdict::of(1e7, Estimate { value, low, high });
        assert_eq!(verdict(1.02, 0.9, 1.2), Verdict::Faithful);
        assert_eq!(verdict(1.05, 1.02, 1.1), Verdict::Undecided);
        assert_eq!(verdict(1.05, 1.04, 1.1), Verdict::Differs);
        assert_eq!(verdict(0.95, 0.94, 0.96), Verdict::Differs);
        let shorter = Estimate { value: 2.0, low: 2.0, high: 2.0 };
        assert_eq!(Verdict::of(4.9e6, shorter), Verdict::Short);
    }
}
