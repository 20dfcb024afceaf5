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

/// Returns the cell that computes the reference logits of `cell`, if the worker has its engine.
pub fn reference_of(cell: &RunCell) -> Option<RunCell> {
    let engine = cell.reference.clone()?;
    let mut reference = cell.clone();
    engine.identity.name.clone_into(&mut reference.cell.engine.engine);
    reference.cell.engine.options = Options::new();
    reference.engine = engine;
    Some(reference)
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

#[cfg(test)]
mod tests {
    use formbench_experiment::{Budget, Cell, EngineSetting};
    use formbench_protocol::{
        Architecture, Device, DeviceKind, EngineInfo, EngineKind, Identity, Input,
    };

    use super::*;

    fn engine(name: &str, variable: &str) -> EngineInfo {
        let device = Device { name: "cpu".to_owned(), kind: DeviceKind::Cpu };
        EngineInfo {
            identity: Identity { name: name.to_owned(), version: "1".to_owned(), device },
            kind: EngineKind::Engine,
            options: vec!["level".to_owned()],
            thread_variables: vec![variable.to_owned()],
            reference: "reference".to_owned(),
            refusal: None,
        }
    }

    fn cell(engine: EngineInfo, reference: Option<EngineInfo>) -> RunCell {
        let options = [("level".to_owned(), 3.into())].into();
        let cell = Cell {
            architecture: Architecture::Network { name: "resnet18".to_owned() },
            engine: EngineSetting { engine: engine.identity.name.clone(), options },
            input: Input { batch: 1, resolution: 32, seed: 7 },
            weights_seed: 1,
            threads: 2,
        };
        let budget = Budget {
            rounds: 1,
            blocks: 1,
            block_inferences: 1,
            block_s: 1.0,
            warm_up_inferences: 1,
            warm_up_s: 1.0,
            warm_up_cap_s: 1.0,
            warm_up_stable_within: 0.02,
            limit_s: 1.0,
            cell_limit_s: 1.0,
            ratio_half_width: 0.02,
        };
        RunCell { key: "0".repeat(16), cell, engine, reference, budget }
    }

    #[test]
    fn a_reference_runs_as_its_own_engine_with_its_own_threads() {
        let candidate = cell(engine("other", "A"), Some(engine("reference", "B")));
        let reference = reference_of(&candidate).unwrap();
        assert_eq!(reference.cell.engine.to_string(), "reference");
        assert_eq!(reference.engine.thread_variables, ["B"]);
        assert_eq!(reference.cell.threads, 2);
        assert!(is_reference(&reference) && !is_reference(&candidate));
    }

    #[test]
    fn a_worker_without_the_reference_engine_has_no_reference() {
        assert!(reference_of(&cell(engine("other", "A"), None)).is_none());
    }

    #[test]
    fn a_disagreement_names_the_largest_difference_and_its_place() {
        let candidate = cell(engine("other", "A"), None);
        let reference: Vec<f32> = (0..2 * CLASSES).map(|at| (at % 7) as f32).collect();
        let mut logits = reference.clone();
        logits[1500] += 0.5;
        logits[3] += 0.25;
        let refusal = check(&candidate, &reference, &logits).unwrap_err();
        // Index 1500 is class 500 of image 1, where the reference is 1500 mod 7 = 2: allowed are
        // 1e-3 of 2 and 1e-4 of the largest logit, 6.
        let expected = "resnet18 on other: logits differ from reference by 5.0e-1 at class 500 of \
                        image 1, allowed 2.6e-3";
        assert_eq!(refusal.reason, expected);
    }
}
