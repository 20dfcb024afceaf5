use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use formbench_store::HostRow;

use super::comparison::{HostSpeedUp, VersionedComparison};
use super::verdicts::RunVerdict;
use crate::agreement::speed_ups;
use crate::{Run, Verdict};

/// What is kept of a run: who measured it, and its speed-ups and verdicts.
#[derive(Clone, Debug, PartialEq)]
pub struct RunOfHost {
    /// What the host is called.
    pub(super) name: String,
    pub(super) host: HostRow,
    /// Measured cells.
    pub(super) cells: usize,
    /// Versions of the engines by registry name.
    pub(super) versions: BTreeMap<String, BTreeSet<String>>,
    pub(super) speed_ups: Vec<(VersionedComparison, HostSpeedUp)>,
    pub(super) verdicts: Vec<RunVerdict>,
}

impl RunOfHost {
    /// Returns what is kept of the run in a folder. The host is called as the folder, if somebody named that after it: a folder
    /// that is named as its run says nothing of the host.
    pub fn of(run: &Run, folder: &Path, verdicts: &[Verdict]) -> Self {
        let folder = folder.file_name().unwrap_or_default().to_string_lossy();
        let is_named = !folder.is_empty() && !folder.starts_with(&run.host.run);
        let measured = run.cells.values().filter(|cell| !run.blocks_of(&cell.cell).is_empty());
        let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut cells = 0;
        for cell in measured {
            cells += 1;
            versions.entry(cell.engine.clone()).or_default().insert(cell.engine_version.clone());
        }
        let of_run = speed_ups(run).into_iter().map(|(definition, speed_up)| {
            (VersionedComparison::of(definition, &speed_up), HostSpeedUp::from(&speed_up))
        });
        Self {
            name: if is_named { folder.into_owned() } else { run.host.host.clone() },
            host: run.host.clone(),
            cells,
            speed_ups: of_run.collect(),
            verdicts: verdicts.iter().map(|one| RunVerdict::of(one, &versions)).collect(),
            versions,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_called_as_its_folder_unless_that_is_called_as_the_run() {
        let host = HostRow {
            run: "2026-01-02-own-name-1".to_string(),
            host: "own-name".to_string(),
            ..HostRow::default()
        };
        let run = Run { host, ..Run::default() };
        let name = |folder: &str| RunOfHost::of(&run, Path::new(folder), &[]).name;
        assert_eq!(name("data/reference/amd-epyc-zen3-2core"), "amd-epyc-zen3-2core");
        assert_eq!(name("data/runs/2026-01-02-own-name-1"), "own-name");
        // A copy beside another run of that name.
        assert_eq!(name("data/runs/2026-01-02-own-name-1-2"), "own-name");
        assert_eq!(name(".."), "own-name");
    }
}
