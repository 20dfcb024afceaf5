use std::collections::BTreeMap;
use std::time::Instant;

use formbench_measure::cache::{LastLevel, Simulator, Valgrind, content_key};
use formbench_measure::{Interrupt, WorkerError};
use formbench_protocol::{Identity, Refusal};
use formbench_statistics::cache_hit_rate;
use formbench_store::{CacheFolder, CacheRow};

use super::{CacheRequest, SimulationRequest};
use crate::{CampaignError, Notice, Planned, rows};

type Result<T> = std::result::Result<T, CampaignError>;

/// Seconds that a simulated worker may take for one answer.
const LIMIT_S: f64 = 900.0;

/// How many simulations exist, were made, or were refused.
#[derive(Debug, Default)]
pub struct SimulationProgress {
    /// Simulations that were there already.
    pub known: usize,
    /// Simulations that were made.
    pub simulated: usize,
    /// Cells that cannot be simulated, such as `plain-d8-w32 on pytorch`, and why.
    pub refused: BTreeMap<String, Refusal>,
    /// Whether it was interrupted.
    pub interrupted: bool,
}

/// Makes the simulations that are asked for and not in the folder; each is kept as soon as it
/// exists.
///
/// # Errors
/// There is no valgrind, the worker does not answer, or the folder cannot be read or written.
pub fn simulate(
    planned: &Planned,
    asked: &CacheRequest<'_>,
    folder: &CacheFolder,
    interrupt: &Interrupt,
    notice: Notice<'_>,
) -> Result<SimulationProgress> {
    let valgrind = Valgrind::find()?;
    let simulator = Simulator::new(&planned.worker, &valgrind, LIMIT_S);
    let engines = simulator.engines(interrupt)?;
    let run = Run { simulator, valgrind: &valgrind, engines, folder, interrupt, notice };
    let mut outcome = SimulationProgress::default();
    for (at, asked_cell) in asked.cells.iter().enumerate() {
        let place = format!("{}/{}", at + 1, asked.cells.len());
        run.cell(asked_cell, &place, &mut outcome)?;
        if outcome.interrupted {
            break;
        }
    }
    Ok(outcome)
}

/// What every simulation of a command shares.
struct Run<'a> {
    simulator: Simulator<'a>,
    valgrind: &'a Valgrind,
    engines: Vec<Identity>,
    folder: &'a CacheFolder,
    interrupt: &'a Interrupt,
    notice: Notice<'a>,
}

impl Run<'_> {
    /// Simulates the caches that are asked of one cell, until one is refused.
    fn cell(
        &self,
        asked: &SimulationRequest<'_>,
        place: &str,
        outcome: &mut SimulationProgress,
    ) -> Result<()> {
        let label = format!("{} on {}", asked.cell.cell.architecture, asked.cell.cell.engine);
        let kept = self.folder.rows(&asked.model.sha256)?;
        for &last_level in &asked.last_levels {
            let key = self.key(asked, last_level)?;
            if kept.iter().any(|row| row.key == key) {
                outcome.known += 1;
                continue;
            }
            match self.one(asked, key, last_level, &format!("{place}  {label}, {last_level}")) {
                Ok(()) => outcome.simulated += 1,
                Err(error) => return self.failed(error, label, outcome),
            }
        }
        Ok(())
    }

    /// Simulates and keeps.
    fn one(
        &self,
        asked: &SimulationRequest<'_>,
        key: String,
        last_level: LastLevel,
        label: &str,
    ) -> Result<()> {
        let start = Instant::now();
        let Self { simulator, interrupt, .. } = self;
        let simulated = simulator.simulate(asked.cell, &asked.model, last_level, interrupt)?;
        let row =
            CacheRow { key, ..rows::simulation(asked, self.valgrind, last_level, &simulated) };
        let (served, spent) = (served(&row), start.elapsed().as_secs_f64());
        (self.notice)(&format!("{label}: {served} of references are served, {spent:.0} s"));
        Ok(self.folder.keep(row)?)
    }

    /// Notes why a cell has no simulation, or passes on what ends the command.
    fn failed(
        &self,
        error: CampaignError,
        label: String,
        outcome: &mut SimulationProgress,
    ) -> Result<()> {
        match error {
            CampaignError::WorkerError(WorkerError::Interrupted) => outcome.interrupted = true,
            CampaignError::WorkerError(WorkerError::Refused(refusal)) => {
                (self.notice)(&format!("refused: {label}: {refusal}"));
                outcome.refused.insert(label, refusal);
            }
            error => return Err(error),
        }
        Ok(())
    }

    fn key(&self, asked: &SimulationRequest<'_>, last_level: LastLevel) -> Result<String> {
        let cell = &asked.cell.cell;
        let name = &cell.engine.engine;
        let identity = self.engines.iter().find(|identity| identity.name == *name);
        let identity =
            identity.ok_or_else(|| CampaignError::NoEngineInSimulator { engine: name.clone() })?;
        let engine = (identity, &cell.engine.options, cell.threads);
        let simulator = (self.valgrind, last_level);
        Ok(content_key(&asked.model.sha256, engine, &cell.input, simulator))
    }
}

/// Returns the share of references that the last level serves, in percent.
pub fn served(row: &CacheRow) -> String {
    let share = cache_hit_rate(row.llc_references, row.llc_misses);
    share.map_or_else(|| "none".to_owned(), |share| format!("{:.2} %", 100.0 * share))
}
