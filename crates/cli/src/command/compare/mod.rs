//! Compares engines on files of one's own: what the files cost, and how long each engine takes.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use formbench_analysis::number::significant;
use formbench_analysis::results::result_rows;
use formbench_analysis::row::LEAST_ROUNDS;
use formbench_analysis::{CellNumbers, Refused, Run, cell_numbers, read_run};
use formbench_campaign::own::{Contest, InputWishes, OwnExperiment, OwnFile, names};
use formbench_measure::{End, WorkerCommand, available_memory, limit_memory};
use formbench_protocol::{Architecture, Input, Inspection, ModelFile, RefusalKind, Subject};
use formbench_report::{Supplement, results_csv};
use serde_json::json;

use super::inspect::uncounted;
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
        files.push(own_file(&worker, &wishes, path.clone(), name)?);
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

/// Returns a file with what it is given. What it costs, and what is to be said about it, goes to stderr.
///
/// # Errors
/// The file leaves something open that nothing says.
fn own_file(
    worker: &WorkerCommand,
    wishes: &InputWishes,
    path: PathBuf,
    name: String,
) -> Result<OwnFile> {
    let file = formbench_experiment::model_file(&path.display().to_string(), "".as_ref());
    let file = file.with_context(|| format!("`{}` cannot be read", path.display()))?;
    let architecture = named(file, &name);
    let Architecture::File(model) = &architecture else { bail!("`{name}` is no file") };
    let interface = match worker.interface(model) {
        Ok(interface) => interface,
        Err(error) => {
            // Every engine will say the same; the table then has them.
            output::say(&format!("{name}: no engine can run it: {error}"));
            let input = wishes.images().into();
            return Ok(OwnFile { path, name, input, names: Vec::new() });
        }
    };
    let input = wishes.input(&interface).with_context(|| name.clone())?;
    let subject = Subject { architecture, weights_seed: 1, input: input.clone() };
    match worker.inspect(&subject) {
        Ok(inspection) => output::say(&costs(&name, &input, &inspection)),
        Err(error) => output::say(&format!("{name}: takes {input}; not counted: {error}")),
    }
    if let Input::Tensors(of) = &input {
        let fills = of.tensors.iter().map(|it| format!("{} by {}", it.name, it.fill));
        output::say(&format!("{name}: filled: {}", fills.collect::<Vec<_>>().join(", ")));
    }
    for remark in &interface.remarks {
        output::say(&format!("{name}: {remark}"));
    }
    let names = interface.inputs.into_iter().map(|declared| declared.name).collect();
    Ok(OwnFile { path, name, input, names })
}

/// Refuses a shape or a fill for an input that no file has; where no file could be read, that is what is said.
fn check_names(wishes: &InputWishes, files: &[OwnFile]) -> Result<()> {
    let known = || files.iter().flat_map(|file| file.names.iter().map(String::as_str));
    if known().next().is_some() {
        wishes.check_names(known())?
    }
    Ok(())
}

/// Returns a file under the name that tables give it.
fn named(architecture: Architecture, name: &str) -> Architecture {
    match architecture {
        Architecture::File(file) => Architecture::File(ModelFile { path: name.to_owned(), ..file }),
        other => other,
    }
}

fn costs(name: &str, input: &Input, inspection: &Inspection) -> String {
    let of = &inspection.attributes;
    let uncounted = uncounted(of).map_or_else(String::new, |said| format!("; {said}"));
    format!(
        "{name}: {input}: {} operators, {} M parameters, {} M MACs, weights of {} MiB{uncounted}",
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
    let disturbed = |line: &&CellNumbers| line.samples == 0 && line.refusal.is_none();
    let left_out = lines.iter().filter(disturbed).count();
    if left_out > 0 {
        output::say(&format!(
            "{left_out} rows have no numbers: all their blocks were disturbed or none was taken, which `formbench show` explains"
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
        None if line.samples == 0 => "no numbers".to_owned(),
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
