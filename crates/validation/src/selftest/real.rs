//! The same cell twice on an engine that computes.

use anyhow::{Context, Result};
use formbench_experiment::{Budget, Cell, EngineSetting};
use formbench_measure::{Launcher, RunCell, short_hash};
use formbench_protocol::{Architecture, EngineInfo, Images, Options, Width};
use formbench_store::CheckRow;

use super::cell::BUDGET;
use super::in_memory;

/// The engine, which is part of every build.
const ENGINE: &str = "tract";
/// So many pairs.
const PAIRS: usize = 20;
/// Of which so many may be called different: intervals are to miss one in twenty, and four or more
/// of twenty would come up once in sixty self-tests.
const MOST_FALSE: usize = 3;

/// Returns how often the same cell is called different from itself.
///
/// # Errors
/// The worker does not have the engine, or the cell is refused.
pub fn check(launcher: &dyn Launcher, engines: &[EngineInfo]) -> Result<CheckRow> {
    let find = |name: &str| engines.iter().find(|info| info.identity.name == name);
    let engine = find(ENGINE).with_context(|| format!("the worker has no {ENGINE}"))?;
    let mut false_positives = 0;
    for number in 0..PAIRS {
        let cells = ["first", "second"]
            .map(|side| cell(engine, find(&engine.reference), &format!("{side} {number}")));
        let measured = in_memory::measure(launcher, &cells, None)?;
        let speed_up =
            measured.speed_up(&cells[0], &cells[1]).context("the engine took no blocks")?;
        false_positives += usize::from(speed_up.low > 1.0 || speed_up.high < 1.0);
    }
    Ok(CheckRow {
        check: format!("{ENGINE}, the same cell twice, {PAIRS} times"),
        expected: format!("called different at most {MOST_FALSE} times"),
        measured: format!("{false_positives} times"),
        passed: false_positives <= MOST_FALSE,
    })
}

fn cell(engine: &EngineInfo, reference: Option<&EngineInfo>, name: &str) -> RunCell {
    let architecture = "plain".to_owned();
    let cell = Cell {
        architecture: Architecture::Pattern {
            name: architecture,
            depth: 8,
            width: Width::whole(16),
        },
        engine: EngineSetting { engine: ENGINE.to_owned(), options: Options::new() },
        input: Images { batch: 1, resolution: 64, seed: 7 }.into(),
        weights_seed: 1,
        threads: 1,
    };
    let key = short_hash(&format!("{name}\n{cell:?}"));
    let budget = Budget { rounds: 4, most_rounds: 6, ..BUDGET };
    RunCell { key, cell, engine: engine.clone(), reference: reference.cloned(), budget }
}
