use std::path::Path;
use std::sync::atomic::AtomicBool;

use formbench_store::{CacheFolder, CacheRow, CacheSource, RunFolder};

use super::{CacheRequest, StoredSimulations, counted, is_asked, simulate};
use crate::{CampaignError, Notice, Planned};

/// Takes what is known of the caches that experiments ask about into a run's folder, from the folder of
/// `simulations` and from this processor's counters; what is missing is simulated first if that is asked.
///
/// Nothing of it is timed, so that a finished run may learn of it too.
///
/// # Errors
/// A folder cannot be read or written, or nothing can be simulated.
pub fn update(
    planned: &Planned,
    folder: &RunFolder,
    simulations: &Path,
    simulate_missing: bool,
    notice: Notice<'_>,
) -> Result<(), CampaignError> {
    if !is_asked(planned) {
        return Ok(());
    }
    let asked = CacheRequest::of(planned, notice)?;
    let simulations = CacheFolder::at(simulations);
    if simulate_missing {
        simulate(planned, &asked, &simulations, &AtomicBool::new(false), notice)?;
    }
    let known = StoredSimulations::in_folder(&simulations, &asked)?;
    known.missing().iter().for_each(|missing| notice(missing));
    let mut rows = folder.caches()?;
    rows.retain(|row: &CacheRow| row.source == CacheSource::Counters);
    if rows.is_empty() {
        rows = counted(planned, &asked, notice);
    }
    rows.extend(known.rows.into_iter().map(|(_, row)| row));
    Ok(folder.write_caches(&rows)?)
}
