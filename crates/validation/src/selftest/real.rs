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
/// How often an interval is to miss.
const MISSED: f64 = 0.05;
/// In what share of self-tests intervals that are right may be called wrong.
const FALSE_ALARM: f64 = 1.0 / 50.0;

/// Returns how often the same cell is called different from itself.
///
/// # Errors
/// The worker does not have the engine, or the cell is refused.
pub fn check(launcher: &dyn Launcher, engines: &[EngineInfo], pairs: u32) -> Result<CheckRow> {
    let find = |name: &str| engines.iter().find(|info| info.identity.name == name);
    let engine = find(ENGINE).with_context(|| format!("the worker has no {ENGINE}"))?;
    let mut false_positives = 0;
    for number in 0..pairs {
        let cells = ["first", "second"]
            .map(|side| cell(engine, find(&engine.reference), &format!("{side} {number}")));
        let measured = in_memory::measure(launcher, &cells, None)?;
        let speed_up =
            measured.speed_up(&cells[0], &cells[1]).context("the engine took no blocks")?;
        false_positives += u32::from(speed_up.low > 1.0 || speed_up.high < 1.0);
    }
    let most = most_false(pairs);
    Ok(CheckRow {
        check: format!("{ENGINE}, the same cell twice, {pairs} times"),
        expected: format!("called different at most {most} times"),
        measured: format!("{false_positives} times"),
        passed: Some(false_positives <= most),
    })
}

/// Returns the most misses of so many right intervals that are not called wrong: more come up at most once in fifty times.
fn most_false(pairs: u32) -> u32 {
    let mut exactly = (1.0 - MISSED).powf(f64::from(pairs));
    let (mut most, mut within) = (0, exactly);
    while within < 1.0 - FALSE_ALARM && most < pairs {
        exactly *= f64::from(pairs - most) / f64::from(most + 1) * MISSED / (1.0 - MISSED);
        most += 1;
        within += exactly;
    }
    most
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_may_miss_as_the_binomial_distribution_says() {
        // Of 20: four or more once in 63 times, three or more once in 13. Of 100: ten or more once in 35,
        // eleven or more once in 87. Of one: a miss is no alarm before it is one in fifty.
        assert_eq!([1, 20, 100].map(most_false), [1, 3, 10]);
    }
}
