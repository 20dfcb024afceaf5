//! Compares engines on files of one's own: what the files cost, and how long each engine takes.

mod question;

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::Result;
use formbench_analysis::number::significant;
use formbench_analysis::results::result_rows;
use formbench_analysis::row::LEAST_ROUNDS;
use formbench_analysis::{CellNumbers, Refused, Run, cell_numbers, read_run};
use formbench_measure::{End, WorkerCommand};
use formbench_protocol::{Architecture, Images, Inspection, ModelFile, RefusalKind, Subject};
use formbench_report::{Supplement, results_csv};
use serde_json::json;

use self::question::{OwnFile, Question, names};
use super::run::{self, Order};
use crate::arguments::{Arguments, CompareArguments, Selection};
use crate::exit::Exit;
use crate::{links, location, output};

/// Sizes of images that files are made for, in pixels, the usual first.
const SIZES: [u32; 16] =
    [224, 299, 331, 256, 240, 288, 320, 384, 416, 512, 608, 640, 128, 96, 64, 32];

/// In the refusal of a file that takes images of another size.
const OTHER_SIZE: &str = "measure it with that shape";

/// Measures files on every engine that takes them, and prints a table.
///
/// # Errors
/// A file is missing, no engine is here, or what a run fails by.
pub fn execute(arguments: &Arguments, compare: &CompareArguments) -> Result<Exit> {
    let worker = location::worker(arguments)?;
    let description = formbench_campaign::describe(&worker)?;
    let names = names(&compare.files)?;
    let mut files = Vec::new();
    for (path, name) in compare.files.iter().zip(names) {
        files.push(own_file(&worker, compare, path.clone(), name));
    }
    let question = Question::new(&files, compare, &description)?;
    let order = Order {
        experiments: question.experiments(),
        selection: &Selection::default(),
        budget: Some(compare.budget),
        selftest: false,
        simulate_caches: false,
        fresh: compare.fresh,
    };
    let measured = run::measured(arguments, &order)?;
    let run = read_run(measured.folder.path())?;
    show(arguments, compare, &run, &measured)?;
    let lines = cell_numbers(&run, |_| true);
    let ran = |name: &str| lines.iter().any(|line| line.architecture == name && line.samples > 0);
    Ok(match measured.end {
        End::Interrupted => Exit::Interrupted,
        End::Finished if files.iter().all(|file| ran(&file.name)) => Exit::Done,
        End::Finished => Exit::Failed,
    })
}

/// Returns a file with the images that it is given: those that were asked for, or the first of the usual ones that it
/// takes. What it costs goes to stderr.
fn own_file(
    worker: &WorkerCommand,
    compare: &CompareArguments,
    path: PathBuf,
    name: String,
) -> OwnFile {
    let inspected = |resolution: u32| {
        let architecture =
            formbench_experiment::model_file(&path.display().to_string(), "".as_ref());
        let architecture = architecture.map_err(|error| error.to_string())?;
        let input = Images { batch: compare.batch, resolution, seed: 7 }.into();
        let subject = Subject { architecture: named(architecture, &name), weights_seed: 1, input };
        worker.inspect(&subject).map_err(|error| error.to_string())
    };
    let sizes = compare.resolution.map_or_else(|| SIZES.to_vec(), |size| vec![size]);
    let mut first_error = None;
    for resolution in &sizes {
        match inspected(*resolution) {
            Ok(inspection) => {
                output::say(&costs(&name, *resolution, &inspection));
                return OwnFile { path, name, resolution: *resolution };
            }
            Err(error) if error.contains(OTHER_SIZE) => {
                first_error.get_or_insert(error);
            }
            // The size is right, and the graph is not one that can be counted.
            Err(error) => {
                output::say(&format!("{name}: not counted: {error}"));
                return OwnFile { path, name, resolution: *resolution };
            }
        }
    }
    let why = first_error.unwrap_or_default();
    output::say(&format!("{name}: takes images of none of the usual sizes: {why}"));
    OwnFile { path, name, resolution: sizes.first().copied().unwrap_or_default() }
}

/// Returns a file under the name that tables give it.
fn named(architecture: Architecture, name: &str) -> Architecture {
    match architecture {
        Architecture::File(file) => Architecture::File(ModelFile { path: name.to_owned(), ..file }),
        other => other,
    }
}

fn costs(name: &str, resolution: u32, inspection: &Inspection) -> String {
    let of = &inspection.attributes;
    format!(
        "{name}: images of {resolution} × {resolution} pixels, {} operators, {} M parameters, {} M MACs, weights of {} MiB",
        of.operators,
        significant(of.parameters as f64 / 1e6, 3),
        significant(of.macs as f64 / 1e6, 3),
        significant(of.weight_bytes as f64 / f64::from(1 << 20), 3),
    )
}

fn show(
    arguments: &Arguments,
    compare: &CompareArguments,
    run: &Run,
    measured: &run::MeasuredRun,
) -> Result<()> {
    let lines = cell_numbers(run, |_| true);
    let out = compare.output.clone();
    let out = out.unwrap_or_else(|| PathBuf::from("figures/runs").join(&run.host.run));
    let folder = measured.folder.path();
    let command = format!("formbench figures {} -o {}", folder.display(), out.display());
    let links = links::of_page(&out, folder, &arguments.experiments);
    let files =
        formbench_report::render(run, &[], &out, &command, &Supplement::of(run, &[], links))?;
    doubts(&lines);
    if measured.end == End::Interrupted {
        output::say("interrupted; the same command goes on where it stopped");
    }
    if compare.csv {
        return output::text(&results_csv(&result_rows(run, |_| true))?);
    }
    if compare.json {
        return output::json(&json!({ "run": folder, "files": files, "cells": lines }));
    }
    output::table(
        [
            "model",
            "engine",
            "threads",
            "median ms",
            "p90",
            "load",
            "first",
            "MiB",
            "speed-up",
            "over",
        ],
        lines.iter().map(row),
    )?;
    let refused: BTreeSet<String> = lines.iter().filter_map(refused).collect();
    for line in refused {
        output::text(&line)?;
    }
    output::text(&format!(
        "\nmedian and speed-up with 95 % intervals over rounds; load and first inference in ms; memory of the whole worker\n{}",
        files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join("\n")
    ))
}

/// Returns why a row has no numbers, or no more of them; the same of all rows that lack the same.
fn refused(line: &CellNumbers) -> Option<String> {
    let Refused { kind, reason, remedy } = line.refusal.as_ref()?;
    let remedy = remedy.as_ref().map_or(String::new(), |remedy| format!("; {remedy}"));
    let of = match kind {
        RefusalKind::Unavailable => line.engine.clone(),
        _ => format!("{} on {}", line.architecture, line.engine),
    };
    Some(format!("refused ({}): {of}: {reason}{remedy}", kind.label()))
}

/// Says which numbers deserve doubt.
fn doubts(lines: &[CellNumbers]) {
    let measured = || lines.iter().filter(|line| line.samples > 0);
    let (all, as_found) =
        (measured().count(), measured().filter(|line| line.found == Some("as found")).count());
    if as_found > 0 {
        output::say(&format!(
            "{as_found} of {all} rows are as found: other guests of this host were busy; at another hour they may differ"
        ));
    }
    let few = measured().filter(|line| line.rounds < LEAST_ROUNDS).count();
    if few > 0 {
        output::say(&format!(
            "{few} of {all} rows are of fewer than {LEAST_ROUNDS} rounds: give more time with `--budget` and `--fresh`"
        ));
    }
}

fn row(line: &CellNumbers) -> [String; 10] {
    let interval = |triple: Option<[f64; 3]>| {
        triple.map_or_else(String::new, |triple| {
            let [value, low, high] = formbench_analysis::number::alike(triple, 3);
            if triple[1] < triple[2] { format!("{value} [{low}, {high}]") } else { value }
        })
    };
    let number = |number: Option<f64>| number.map_or_else(String::new, |of| significant(of, 3));
    let median = match &line.refusal {
        Some(refused) if line.median_ms.is_none() => format!("refused: {}", refused.kind.label()),
        _ => interval(line.median_ms),
    };
    [
        line.architecture.clone(),
        line.engine.clone(),
        line.threads.to_string(),
        median,
        number(line.p90_ms),
        number(line.load_ms),
        number(line.first_inference_ms),
        number(line.peak_memory_mib),
        interval(line.speed_up),
        line.over.clone().unwrap_or_default(),
    ]
}
