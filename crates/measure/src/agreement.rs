//! Every cell's logits against its reference engine's, before anything is timed.

use std::collections::HashMap;

use formbench_protocol::{CLASSES, Options, Refusal, RefusalKind};
use formbench_statistics::{Tolerance, disagreement, largest_difference};

use crate::RunCell;

/// Logits of reference engines, each computed once per run.
#[derive(Default)]
pub struct References {
    logits: HashMap<String, Vec<f32>>,
}

impl References {
    /// Returns the reference logits of the cell's group, if they are known.
    pub fn of(&self, cell: &RunCell) -> Option<&[f32]> {
        self.logits.get(&group(cell)).map(Vec::as_slice)
    }

    /// Keeps the reference logits of the cell's group.
    pub fn keep(&mut self, cell: &RunCell, logits: Vec<f32>) {
        self.logits.insert(group(cell), logits);
    }
}

/// Says whether the cell is its own reference: the reference engine without options.
pub fn is_reference(cell: &RunCell) -> bool {
    cell.engine.identity.name == cell.engine.reference && cell.cell.engine.options.is_empty()
}

/// Returns the cell that computes the reference logits of `cell`.
pub fn reference_of(cell: &RunCell) -> RunCell {
    let mut reference = cell.clone();
    reference.engine.reference.clone_into(&mut reference.cell.engine.engine);
    reference.cell.engine.options = Options::new();
    reference
}

/// Compares the cell's logits with the reference's.
///
/// # Errors
/// A refusal with the largest difference and its place.
pub fn check(cell: &RunCell, reference: &[f32], logits: &[f32]) -> Result<(), Refusal> {
    let (name, by) = (&cell.engine.identity.name, &cell.engine.reference);
    let refuse = |reason| Err(Refusal::new(RefusalKind::Disagrees, reason));
    let tolerance = Tolerance::default();
    let disagrees = disagreement(reference, logits, tolerance).map(|found| found.is_some());
    let largest = largest_difference(reference, logits, tolerance);
    match (disagrees, largest) {
        (Ok(true), Ok(Some(largest))) => refuse(format!(
            "{} on {name}: logits differ from {by} by {:.1e} at class {} of image {}, \
             allowed {:.1e}",
            cell.cell.architecture,
            largest.difference,
            largest.at % CLASSES,
            largest.at / CLASSES,
            largest.allowed,
        )),
        (Err(error), _) => refuse(format!("{} on {name}: {error}", cell.cell.architecture)),
        _ => Ok(()),
    }
}

fn group(cell: &RunCell) -> String {
    let cell_group = cell.cell.group();
    format!("{}\n{:?}", cell.engine.reference, cell_group)
}
