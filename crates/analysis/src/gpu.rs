use std::collections::BTreeSet;

use formbench_protocol::DeviceKind;
use formbench_store::CellRow;

use crate::Run;

/// Returns the software adapters that were found in a GPU's place, if no GPU was measured.
pub fn in_place_of_a_gpu(run: &Run) -> Option<Vec<&str>> {
    use DeviceKind::{DiscreteGpu, IntegratedGpu, SoftwareAdapter, VirtualGpu};
    let gpus = [DiscreteGpu, IntegratedGpu, VirtualGpu].map(DeviceKind::label);
    let measured = |cell: &CellRow| run.latencies.contains_key(&cell.cell);
    let is_gpu = |cell: &CellRow| gpus.contains(&cell.device_kind.as_str());
    if run.cells.values().any(|cell| is_gpu(cell) && measured(cell)) {
        return None;
    }
    let software = run.cells.values().filter(|c| c.device_kind == SoftwareAdapter.label());
    let found: BTreeSet<&str> = software.map(|cell| cell.device.as_str()).collect();
    Some(found.into_iter().collect())
}
