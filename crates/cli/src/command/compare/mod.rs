//! Compares engines on files of one's own: what the files cost, and how long each engine takes.

use std::path::PathBuf;

use anyhow::{Context, Result};
use formbench_analysis::cells::{doubts, name, refusals};
use formbench_analysis::number::significant;
use formbench_analysis::results::result_rows;
use formbench_analysis::{CellNumbers, Run, cell_numbers, read_run, results_csv};
use formbench_campaign::own::{Contest, InputWishes, OwnExperiment, OwnFile, names};
use formbench_measure::{End, available_memory, limit_memory};
use formbench_report::Supplement;
use serde_json::json;

use super::run::{self, Order};
use crate::arguments::{Arguments, CompareArguments, Selection};
use crate::exit::Exit;
use crate::{links, location, output};

/// Measures files on every engine that takes them, and prints a table.
///
/// # Errors
/// A file is missing, no engine is here, or what a run fails by.
pub fn execute(arguments: &Arguments, compare: &CompareArguments) -> Result<Exit> {
    limit(compare)?;
    let worker = location::worker(arguments)?;
    let description = formbench_campaign::describe(&worker)?;
    let names = names(&compare.files)?;
    let mut files = Vec::new();
    let wishes = compare.input.wishes();
    for (path, name) in compare.files.iter().zip(names) {
        files.push(OwnFile::read(&worker, &wishes, path, name, &output::say)?);
    }
    check_names(&wishes, &files)?;
    let contest = Contest {
        engines: &compare.engines,
        over: compare.over.as_deref(),
        threads: &compare.threads,
        batch: wishes.images().batch,
    };
    let own = OwnExperiment::new(&files, contest, &description)?;
    let order = Order {
        experiments: own.experiments(),
        selection: &Selection::default(),
        budget: Some(compare.budget),
        selftest: false,
        simulate_caches: false,
        fresh: compare.fresh,
        more: false,
        mirror: None,
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

/// Limits the memory that each worker may ask for, so that a model that is too much costs its own rows.
fn limit(compare: &CompareArguments) -> Result<()> {
    let bytes = compare.memory.map(|size| size.as_u64()).or_else(available_memory);
    bytes.map_or(Ok(()), |bytes| limit_memory(bytes).context("the memory cannot be limited"))
}

/// Refuses a shape or a fill for an input that no file has; where no file could be read, that is what is said.
fn check_names(wishes: &InputWishes, files: &[OwnFile]) -> Result<()> {
    let known = || files.iter().flat_map(|file| file.names.iter().map(String::as_str));
    if known().next().is_some() {
        wishes.check_names(known())?
    }
    Ok(())
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
    doubts(&lines).iter().for_each(|doubt| output::say(doubt));
    if measured.end == End::Interrupted {
        output::say("interrupted; the same command goes on where it stopped");
    }
    if compare.csv {
        return output::text(&results_csv(&result_rows(run))?);
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
        lines.iter().map(|line| row(line, name(line, &lines))),
    )?;
    refusals(&lines).iter().try_for_each(|refusal| output::text(refusal))?;
    output::text(&format!(
        "\nmedian and speed-up with 95 % intervals over rounds; load and first inference in ms; memory of the whole worker\n{}",
        files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join("\n")
    ))
}

fn row(line: &CellNumbers, name: String) -> [String; 10] {
    let interval = |triple: Option<[f64; 3]>| {
        triple.map_or_else(String::new, |triple| {
            let [value, low, high] = formbench_analysis::number::alike(triple, 3);
            if triple[1] < triple[2] { format!("{value} [{low}, {high}]") } else { value }
        })
    };
    let number = |number: Option<f64>| number.map_or_else(String::new, |of| significant(of, 3));
    let median = match &line.refusal {
        Some(refused) if line.median_ms.is_none() => format!("refused: {}", refused.kind.label()),
        None if line.samples == 0 => "no numbers".to_owned(),
        _ => interval(line.median_ms),
    };
    [
        name,
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
