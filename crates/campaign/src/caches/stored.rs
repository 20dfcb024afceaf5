use formbench_measure::RunCell;
use formbench_measure::cache::{L1_BYTES, LastLevel};
use formbench_store::{CacheFolder, CacheRow, CacheSource, StoreError};

use super::{CacheRequest, SimulationRequest};
use crate::rows;

/// The simulations that are asked for and in the folder.
pub struct StoredSimulations<'a> {
    /// Each cell and cache that was simulated.
    pub rows: Vec<(&'a RunCell, CacheRow)>,
    /// How many are asked for.
    pub asked: usize,
}

impl<'a> StoredSimulations<'a> {
    /// Returns what a folder holds, whatever version of valgrind made it: of several, the latest.
    ///
    /// # Errors
    /// A file of the folder cannot be read.
    pub fn in_folder(folder: &CacheFolder, asked: &CacheRequest<'a>) -> Result<Self, StoreError> {
        let mut known = Self { rows: Vec::new(), asked: 0 };
        for SimulationRequest { cell, model, last_levels } in &asked.cells {
            let of_model = folder.rows(&model.sha256)?;
            known.asked += last_levels.len();
            known.rows.extend(last_levels.iter().filter_map(|last_level| {
                let of_cell = of_model.iter().filter(|row| is_of(row, cell, *last_level));
                let latest = of_cell.max_by_key(|row| (version(&row.tool_version), &row.key))?;
                Some((*cell, latest.named_as(&rows::cell(cell))))
            }));
        }
        Ok(known)
    }

    /// Returns a line about the simulations that are missing, if any are.
    pub fn missing(&self) -> Option<String> {
        let missing = self.asked - self.rows.len();
        (missing > 0).then(|| {
            format!(
                "caches: {missing} of {} simulations are missing; `formbench cache` with the same \
                 filters makes them, and this command again then takes them in",
                self.asked
            )
        })
    }
}

fn is_of(row: &CacheRow, cell: &RunCell, last_level: LastLevel) -> bool {
    let as_cell = row.named_as(&rows::cell(cell));
    let unnamed = CacheRow {
        kind: row.kind,
        name: row.name.clone(),
        depth: row.depth,
        width: row.width,
        ..as_cell
    };
    let simulated = (row.cache_bytes, row.associativity, row.line_bytes, row.l1_bytes);
    let LastLevel { bytes, associativity, line_bytes } = last_level;
    unnamed == *row
        && row.source == CacheSource::Simulation
        && simulated == (bytes, Some(associativity), Some(line_bytes), Some(L1_BYTES))
}

/// Returns the numbers of a version, by which 3.22 comes after 3.9.
fn version(text: &str) -> Vec<u64> {
    text.split('.').map(|number| number.parse().unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert!(version("3.22.0") > version("3.9.1"));
        assert!(version("3.19.0.GIT") < version("3.20"));
    }
}
