//! Runs, cell by cell and host by host.

use std::collections::{BTreeMap, BTreeSet};

use formbench_store::CellRow;

use super::point::points;
use super::{CellIdentity, Point};
use crate::Run;

/// What runs say of cells, by host: hosts are the same whose processor, cores and caches are.
#[derive(Clone, Debug, Default)]
pub struct VersionHistory {
    /// Runs that are in it: a run may be committed and still be where it was measured.
    seen: BTreeSet<(String, u64)>,
    /// By fingerprint.
    pub(super) hosts: BTreeMap<String, HostPast>,
}

/// What runs on one host say of cells.
#[derive(Clone, Debug, Default)]
pub(super) struct HostPast {
    /// What its latest run calls it.
    pub(super) name: String,
    latest_unix_ns: u64,
    /// In the order of time.
    pub(super) cells: BTreeMap<CellIdentity, Vec<Point>>,
}

impl VersionHistory {
    /// Adds what a run says of those of its members that `takes` accepts; a run that is there already changes nothing.
    /// Its finals have turns of their own and are left out.
    pub fn add(&mut self, run: &Run, takes: impl Fn(&CellRow) -> bool) {
        let host = &run.host;
        if !self.seen.insert((host.run.clone(), host.started_unix_ns)) {
            return;
        }
        let past = self.hosts.entry(host.fingerprint.clone()).or_default();
        if host.started_unix_ns >= past.latest_unix_ns {
            past.name.clone_from(&host.host);
            past.latest_unix_ns = host.started_unix_ns;
        }
        for (identity, point) in points(run, takes) {
            let of_cell = past.cells.entry(identity).or_default();
            let before = |other: &Point| other.started_unix_ns <= point.started_unix_ns;
            of_cell.insert(of_cell.partition_point(before), point);
        }
    }

    /// Returns how many runs are in it.
    pub fn runs(&self) -> usize {
        self.seen.len()
    }
}
