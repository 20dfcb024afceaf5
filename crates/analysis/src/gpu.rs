//! Whether a run measured a GPU.

use std::collections::BTreeSet;

use formbench_protocol::DeviceKind;
use formbench_store::CellRow;

use crate::Run;

/// Returns the software adapters that were found in a GPU's place, if no GPU was measured.
pub fn in_place_of_a_gpu(run: &Run) -> Option<Vec<&str>> {
    let measured = |cell: &CellRow| run.latencies.contains_key(&cell.cell);
    if run.cells.values().any(|cell| cell.device_kind.is_gpu() && measured(cell)) {
        return None;
    }
    let is_software = |cell: &&CellRow| cell.device_kind == DeviceKind::SoftwareAdapter;
    let software = run.cells.values().filter(is_software);
    let found: BTreeSet<&str> = software.map(|cell| cell.device.as_str()).collect();
    Some(found.into_iter().collect())
}
