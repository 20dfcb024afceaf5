//! Every engine's logits beside the reference engine's, each option at single precision.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use formbench_experiment::{Budget, Cell, EngineSetting, Filter};
use formbench_measure::{Compared, Host, Outcome, Parity, RunCell};
use formbench_protocol::{
    Architecture, ArchitectureInfo, ArchitectureKind, Description, EngineInfo, EngineKind,
    HARNESS_VERSION, Input, Options, Precision, Width,
};
use serde_json::{Value, json};

use crate::arguments::{Arguments, ParityArguments};
use crate::date::today;
use crate::exit::Exit;
use crate::{architecture, location, output, planning};

/// Patterns are compared at one depth and width.
const DEPTH: u32 = 8;
const WIDTH: u32 = 32;
/// Of patterns and files, in pixels.
const RESOLUTION: u32 = 224;
/// The option whose other values are not single precision.
const PRECISION: &str = "precision";

/// An answer may take long: software adapters tune their kernels at first.
const BUDGET: Budget = Budget {
    rounds: 1,
    most_rounds: 1,
    blocks: 1,
    block_inferences: 1,
    block_s: 0.0,
    warm_up_inferences: 0,
    warm_up_s: 0.0,
    warm_up_cap_s: 0.0,
    warm_up_stable_within: 1.0,
    limit_s: 600.0,
    cell_limit_s: 600.0,
    ratio_half_width: 1.0,
};

/// A cell and how it compares.
struct Line {
    architecture: String,
    resolution: u32,
    engine: String,
    /// What is known to make the engine's logits wrong.
    known_defect: Option<String>,
    outcome: Outcome,
}

/// Prints how each engine's logits compare with the reference's.
///
/// # Errors
/// The worker does not answer, or the table cannot be written.
pub fn execute(arguments: &Arguments, parity: &ParityArguments) -> Result<Exit> {
    let worker = location::worker(arguments)?;
    let description = planning::describe(&worker)?;
    let cells = cells(&description, parity)?;
    let mut comparison = Parity::new(&worker, parity.software_gpu);
    let lines: Vec<Line> = cells.iter().map(|cell| line(cell, &mut comparison)).collect();
    if let Some(path) = &parity.output {
        output::page(path, &page(&lines, parity, &Host::here()))?;
    }
    if parity.json {
        output::json(&lines.iter().map(as_json).collect::<Vec<_>>())?;
    } else {
        output::text(&matrix(&lines))?;
        output::text(&format!("\n{}", remarks(&lines)))?;
    }
    Ok(if lines.iter().any(differs) { Exit::Disagreement } else { Exit::Done })
}

fn differs(line: &Line) -> bool {
    matches!(line.outcome, Outcome::Compared(compared) if !compared.agrees)
}

fn line(cell: &RunCell, comparison: &mut Parity<'_>) -> Line {
    let architecture = cell.cell.architecture.to_string();
    let engine = cell.cell.engine.to_string();
    output::say(&format!("{architecture} on {engine}"));
    let (resolution, known_defect) = (cell.cell.input.resolution, cell.engine.known_defect.clone());
    Line { outcome: comparison.of(cell), architecture, resolution, engine, known_defect }
}

/// Returns every architecture that is asked for on every engine with each of its options' values.
fn cells(description: &Description, parity: &ParityArguments) -> Result<Vec<RunCell>> {
    let filter = Filter { engines: parity.engines.clone(), ..Filter::default() };
    let mut cells = Vec::new();
    for (architecture, own) in architectures(description, &parity.architectures)? {
        let resolution = parity.resolution.unwrap_or(own);
        for info in description.engines.iter().filter(|info| info.kind == EngineKind::Engine) {
            let settings = if parity.defaults { vec![Options::new()] } else { settings(info) };
            for options in settings {
                cells.push(cell(&architecture, info, options, description, resolution));
            }
        }
    }
    cells.retain(|cell| filter.takes_engine(&cell.cell.engine.to_string()));
    Ok(cells)
}

/// Returns the files that are named, and the architectures of the registry whose names contain
/// another of the words, each with its own resolution in pixels; without words, the whole registry.
fn architectures(description: &Description, words: &[String]) -> Result<Vec<(Architecture, u32)>> {
    let (files, parts): (Vec<String>, Vec<String>) =
        words.iter().cloned().partition(|word| architecture::is_file(word));
    let of_file = |path: &String| Ok((architecture::file(path)?, RESOLUTION));
    let mut found = files.iter().map(of_file).collect::<Result<Vec<_>>>()?;
    if files.is_empty() || !parts.is_empty() {
        let filter = Filter { architectures: parts, ..Filter::default() };
        let mut registry = registry(description);
        registry.retain(|(architecture, _)| filter.takes_architecture(&architecture.to_string()));
        found.extend(registry);
    }
    Ok(found)
}

/// Returns every architecture of the registry with its own resolution in pixels.
fn registry(description: &Description) -> Vec<(Architecture, u32)> {
    let sized = |info: &ArchitectureInfo| {
        let (name, width) = (info.name.clone(), Width::whole(WIDTH));
        let architecture = match info.kind {
            ArchitectureKind::Network => Architecture::Network { name },
            ArchitectureKind::Pattern => Architecture::Pattern { name, depth: DEPTH, width },
        };
        (architecture, info.resolution.unwrap_or(RESOLUTION))
    };
    description.architectures.iter().map(sized).collect()
}

/// Returns the engine as it is, and with each value of each option that is not its default.
fn settings(info: &EngineInfo) -> Vec<Options> {
    let mut settings = vec![Options::new()];
    for option in info.options.iter().filter(|option| option.name != PRECISION) {
        let others = option.values.iter().filter(|value| **value != option.default);
        settings.extend(others.map(|value| Options::from([(option.name.clone(), json!(value))])));
    }
    settings
}

fn cell(
    architecture: &Architecture,
    info: &EngineInfo,
    options: Options,
    description: &Description,
    resolution: u32,
) -> RunCell {
    let cell = Cell {
        architecture: architecture.clone(),
        engine: EngineSetting { engine: info.identity.name.clone(), options },
        input: Input { batch: 1, resolution, seed: 7 },
        weights_seed: 1,
        threads: 1,
    };
    let of_name = |name: &str| description.engines.iter().find(|info| info.identity.name == name);
    let reference = of_name(info.reference_for(architecture)).cloned();
    RunCell { key: String::new(), cell, engine: info.clone(), reference, budget: BUDGET }
}

fn as_json(line: &Line) -> Value {
    let (compared, refusal) = match &line.outcome {
        Outcome::Compared(compared) => (Some(compared), None),
        Outcome::Refused(refusal) => (None, Some(refusal)),
    };
    json!({
        "architecture": line.architecture,
        "resolution": line.resolution,
        "engine": line.engine,
        "precision": compared.map(|one| one.precision),
        "agrees": compared.map(|one| one.agrees),
        "difference": compared.map(|one| one.difference),
        "allowed": compared.map(|one| one.allowed),
        "refusal": refusal,
    })
}

/// Returns one row per architecture and one column per engine setting: the largest difference as a
/// share of what is allowed.
fn matrix(lines: &[Line]) -> String {
    let mut rows: Vec<(String, BTreeMap<&str, String>)> = Vec::new();
    let mut columns: Vec<&str> = Vec::new();
    for line in lines {
        if !columns.contains(&line.engine.as_str()) {
            columns.push(&line.engine);
        }
        let row = format!("{} at {}", line.architecture, line.resolution);
        if rows.last().is_none_or(|(last, _)| *last != row) {
            rows.push((row, BTreeMap::new()));
        }
        if let Some((_, shares)) = rows.last_mut() {
            shares.insert(&line.engine, share(&line.outcome));
        }
    }
    let head = format!(
        "| architecture at pixels | {} |\n|---|{}",
        columns.join(" | "),
        "--:|".repeat(columns.len())
    );
    let text = |(architecture, shares): &(String, BTreeMap<&str, String>)| {
        let shares = columns.iter().map(|column| shares.get(column).map_or("", String::as_str));
        format!("| {architecture} | {} |", shares.collect::<Vec<_>>().join(" | "))
    };
    let rows: Vec<String> = rows.iter().map(text).collect();
    format!("{head}\n{}", rows.join("\n"))
}

fn share(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Compared(Compared { difference, allowed, agrees, .. }) => {
            let share = if *allowed > 0.0 { difference / allowed } else { 0.0 };
            let verdict = if *agrees { "" } else { " differs" };
            format!("{share:.4}{verdict}")
        }
        Outcome::Refused(refusal) => refusal.kind.label().to_owned(),
    }
}

/// Returns how many agree, what may be wrong with engines that do not, and each reason why one is not
/// compared.
fn remarks(lines: &[Line]) -> String {
    let agrees = |line: &&Line| matches!(line.outcome, Outcome::Compared(c) if c.agrees);
    let compared = |line: &&Line| matches!(line.outcome, Outcome::Compared(_));
    let reasons: BTreeSet<String> = (lines.iter())
        .filter_map(|line| match &line.outcome {
            Outcome::Refused(refusal) => Some(format!("- {refusal}")),
            Outcome::Compared(_) => None,
        })
        .collect();
    let defects: BTreeSet<String> = (lines.iter().filter(|line| differs(line)))
        .filter_map(|line| {
            let defect = line.known_defect.as_ref()?;
            Some(format!("- {} differs: its release has a known defect: {defect}", line.engine))
        })
        .collect();
    let counts = format!(
        "{} of {} comparisons agree; {} refused.",
        lines.iter().filter(agrees).count(),
        lines.iter().filter(compared).count(),
        lines.iter().filter(|line| !compared(line)).count(),
    );
    std::iter::once(counts).chain(defects).chain(reasons).collect::<Vec<_>>().join("\n")
}

fn page(lines: &[Line], parity: &ParityArguments, host: &Host) -> String {
    let precision = Precision::F32.label();
    format!(
        "# Parity\n\nEach number is the largest difference of an engine's logits from those of its \
         reference engine, burn/ndarray (for a file tract), as a share of what is allowed there (a thousandth of the \
         logit plus a ten-thousandth of the largest logit): up to 1 they agree. Both image buffers, \
         batch 1, one thread, {precision}; patterns at depth {DEPTH} and width \
         {WIDTH}.\n\nMade by `{0}` on {1} ({2}), {3}, formbench {HARNESS_VERSION}.\n\n{4}\n\n{5}\n",
        command(parity),
        host.slug,
        host.cpu_model,
        today(),
        matrix(lines),
        remarks(lines),
    )
}

/// Returns how the command was called, as far as it decides what is compared.
fn command(parity: &ParityArguments) -> String {
    let mut words = vec!["formbench parity".to_owned()];
    words.extend(parity.resolution.map(|pixels| format!("--resolution {pixels}")));
    words.extend(parity.defaults.then(|| "--defaults".to_owned()));
    words.extend(parity.software_gpu.then(|| "--software-gpu".to_owned()));
    words.extend(parity.architectures.iter().map(|part| format!("--architecture {part}")));
    words.extend(parity.engines.iter().map(|part| format!("--engine {part}")));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use formbench_protocol::{Refusal, RefusalKind};

    use super::*;

    fn line(architecture: &str, engine: &str, outcome: Outcome) -> Line {
        let (architecture, engine) = (architecture.to_owned(), engine.to_owned());
        Line { architecture, resolution: 64, engine, known_defect: None, outcome }
    }

    fn compared(difference: f64, agrees: bool) -> Outcome {
        Outcome::Compared(Compared { precision: Precision::F32, agrees, difference, allowed: 0.5 })
    }

    #[test]
    fn a_row_holds_each_architecture_and_a_column_each_engine() {
        let refusal = Refusal::new(RefusalKind::Unavailable, "tract: not here");
        let lines = [
            line("plain", "tract", compared(0.25, true)),
            line("plain", "openvino", compared(1.0, false)),
            line("resnet18", "tract", Outcome::Refused(refusal)),
        ];
        // 0.25 of 0.5 is half of what is allowed, 1.0 is twice.
        let expected = "| architecture at pixels | tract | openvino |\n|---|--:|--:|\n\
                        | plain at 64 | 0.5000 | 2.0000 differs |\n\
                        | resnet18 at 64 | unavailable |  |";
        assert_eq!(matrix(&lines), expected);
        let expected = "1 of 2 comparisons agree; 1 refused.\n- tract: not here";
        assert_eq!(remarks(&lines), expected);
        // A defect that is known is named where something differs, and nowhere else.
        let defect = |line: Line| Line { known_defect: Some("issue 1".to_owned()), ..line };
        let [agrees, differs, refused] = lines.map(defect);
        assert_eq!(
            remarks(&[agrees, refused]),
            "1 of 1 comparisons agree; 1 refused.\n- tract: not here"
        );
        let expected = "0 of 1 comparisons agree; 0 refused.\n\
                        - openvino differs: its release has a known defect: issue 1";
        assert_eq!(remarks(&[differs]), expected);
    }
}
