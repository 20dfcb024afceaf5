use std::collections::BTreeSet;

use formbench_measure::RunCell;
use formbench_measure::cache::{LastLevel, Models, is_simulated};
use formbench_protocol::UserFile;

use crate::{CampaignError, Notice, Planned};

/// What a plan's experiments ask about caches.
pub struct CacheRequest<'a> {
    /// The cells, in the plan's order.
    pub cells: Vec<SimulationRequest<'a>>,
    /// Keeps the cells' files.
    _models: Models<'a>,
}

/// A cell that experiments ask about.
pub struct SimulationRequest<'a> {
    /// The cell.
    pub cell: &'a RunCell,
    /// The ONNX file of its architecture.
    pub model: UserFile,
    /// The last-level caches that the experiments name, the smallest first.
    pub last_levels: Vec<LastLevel>,
}

impl<'a> CacheRequest<'a> {
    /// Returns what a plan asks about cells that can be simulated; an architecture that cannot be
    /// written is left out with a notice.
    ///
    /// # Errors
    /// There is no place for the architectures' files.
    pub fn of(planned: &'a Planned, notice: Notice<'_>) -> Result<Self, CampaignError> {
        let models = Models::new(&planned.worker);
        let mut models = models.map_err(CampaignError::NoTemporaryFolder)?;
        let mut cells = Vec::new();
        for (at, cell) in planned.cells.iter().enumerate().filter(|(_, cell)| is_simulated(cell)) {
            let last_levels = last_levels(planned, at);
            if last_levels.is_empty() {
                continue;
            }
            match models.of(&cell.cell) {
                Ok(model) => cells.push(SimulationRequest { cell, model, last_levels }),
                Err(lost) => {
                    let architecture = &cell.cell.architecture;
                    notice(&format!("no caches of {architecture}: {lost}"));
                }
            }
        }
        Ok(Self { cells, _models: models })
    }
}

/// Returns whether an experiment of the plan asks about caches.
pub fn is_asked(planned: &Planned) -> bool {
    planned.plan.experiments.iter().any(|experiment| !experiment.l3_mib.is_empty())
}

/// Returns the caches that the experiments name of which a cell is a member.
fn last_levels(planned: &Planned, cell: usize) -> Vec<LastLevel> {
    let experiments = planned.plan.experiments.iter();
    let of_cell = experiments.filter(|one| one.members.iter().any(|member| member.cell == cell));
    let sizes: BTreeSet<u32> = of_cell.flat_map(|one| one.l3_mib.iter().copied()).collect();
    sizes.into_iter().map(LastLevel::of_mib).collect()
}
