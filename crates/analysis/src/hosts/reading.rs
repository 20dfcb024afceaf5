use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::{HostCollector, RunOfHost, SideBySide};

/// Runs that are looked at before what was kept of them is taken in: that much waits in memory besides one whole run per
/// processor.
const AT_ONCE: usize = 64;

/// A run that could not be read, and why.
pub type PassedOver<E> = (PathBuf, E);

/// Returns the hosts of the runs in some folders side by side, and the runs that `look` could not read. Several are looked
/// at at a time, each on one processor.
pub fn side_by_side<E: Send>(
    folders: &[PathBuf],
    look: impl Fn(&Path) -> Result<RunOfHost, E> + Sync,
) -> (SideBySide, Vec<PassedOver<E>>) {
    let mut collector = HostCollector::default();
    let mut passed_over = Vec::new();
    for some in folders.chunks(AT_ONCE) {
        let looked: Vec<_> = some.par_iter().map(|folder| look(folder)).collect();
        for (folder, run) in some.iter().zip(looked) {
            match run {
                Ok(run) => collector.add(run),
                Err(error) => passed_over.push((folder.clone(), error)),
            }
        }
    }
    (collector.side_by_side(), passed_over)
}
