//! Every cell's logits against its reference engine's, before anything is timed.

use std::collections::HashMap;

use formbench_protocol::{BUFFERS, Options, Precision, Prepared, Refusal, RefusalKind};
use formbench_statistics::{Difference, ShapeError, Tolerance, disagreement, largest_difference};

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

/// Returns whether the cell is its own reference: the reference engine without options.
pub fn is_reference(cell: &RunCell) -> bool {
    cell.engine.identity.name == cell.reference_name() && cell.cell.engine.options.is_empty()
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

/// Returns how near logits computed in a precision must be to the reference's, which are `f32`.
///
/// Of 24 bits of mantissa, `f16` keeps eleven and `bf16` eight, and rounding errors grow with
/// depth. The tolerance of these precisions is so wide that it only tells one network from another.
pub fn tolerance(precision: Precision) -> Tolerance {
    match precision {
        Precision::F32 => Tolerance::default(),
        Precision::F16 => Tolerance { relative: 1e-2, absolute_of_scale: 1e-2 },
        Precision::Bf16 => Tolerance { relative: 5e-2, absolute_of_scale: 5e-2 },
    }
}

/// Returns the largest difference of logits from the reference's, relative to what is allowed.
///
/// # Errors
/// They cannot be compared.
pub fn compare(
    reference: &[f32],
    prepared: &Prepared,
) -> Result<(bool, Option<Difference>), ShapeError> {
    let tolerance = tolerance(prepared.precision);
    let agrees = disagreement(reference, &prepared.logits, tolerance)?.is_none();
    Ok((agrees, largest_difference(reference, &prepared.logits, tolerance)?))
}

/// Compares the cell's logits with the reference's.
///
/// # Errors
/// A refusal with the largest difference and its place.
pub fn check(cell: &RunCell, reference: &[f32], prepared: &Prepared) -> Result<(), Refusal> {
    let (name, by) = (&cell.engine.identity.name, cell.reference_name());
    let classes = classes(cell, prepared);
    let refuse = |reason| Err(Refusal::new(RefusalKind::Disagrees, reason));
    match compare(reference, prepared) {
        Ok((false, Some(largest))) => refuse(format!(
            "{} on {name}: logits differ from {by} by {:.1e} at class {} of image {}, \
             allowed {:.1e}{}",
            cell.cell.architecture,
            largest.difference,
            largest.at % classes,
            largest.at / classes,
            largest.allowed,
            known_defect(cell),
        )),
        Err(error) => refuse(format!("{} on {name}: {error}", cell.cell.architecture)),
        _ => Ok(()),
    }
}

/// Returns what may be the cause, if the engine has a known defect.
fn known_defect(cell: &RunCell) -> String {
    let defect = cell.engine.known_defect.as_ref();
    defect.map_or_else(String::new, |defect| format!("; its release has a known defect: {defect}"))
}

/// Returns how many logits an image has; the model of a file decides that itself.
fn classes(cell: &RunCell, prepared: &Prepared) -> usize {
    let batch = cell.cell.input.images().map_or(1, |images| images.batch);
    let images = (BUFFERS * batch) as usize;
    (prepared.logits.len() / images.max(1)).max(1)
}

fn group(cell: &RunCell) -> String {
    let cell_group = cell.cell.group();
    format!("{}\n{:?}", cell.reference_name(), cell_group)
}

#[cfg(test)]
mod tests {
    use formbench_experiment::{Budget, Cell, EngineSetting};
    use formbench_protocol::{
        Architecture, CLASSES, Device, DeviceKind, EngineInfo, EngineKind, Identity, Images,
        ModelFile, OptionInfo, REFERENCE_ENGINE,
    };

    use super::*;

    fn engine(name: &str, variable: &str) -> EngineInfo {
        let device = Device { name: "cpu".to_owned(), kind: DeviceKind::Cpu };
        EngineInfo {
            identity: Identity {
                name: name.to_owned(),
                version: "1".to_owned(),
                build: String::new(),
                instruction_set: String::new(),
                device,
            },
            kind: EngineKind::Engine,
            options: vec![OptionInfo {
                name: "level".to_owned(),
                values: vec![],
                default: "1".to_owned(),
            }],
            thread_variables: vec![variable.to_owned()],
            reference: "reference".to_owned(),
            known_defect: None,
            refusal: None,
        }
    }

    fn cell(engine: EngineInfo, reference: Option<EngineInfo>) -> RunCell {
        let options = [("level".to_owned(), 3.into())].into();
        let cell = Cell {
            architecture: Architecture::Network { name: "resnet18".to_owned() },
            engine: EngineSetting { engine: engine.identity.name.clone(), options },
            input: Images { batch: 1, resolution: 32, seed: 7 }.into(),
            weights_seed: 1,
            threads: 2,
        };
        let budget = Budget {
            rounds: 1,
            most_rounds: 1,
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

    fn file() -> Architecture {
        let (path, sha256) = ("own/x.onnx".to_owned(), "a1".to_owned());
        Architecture::File(ModelFile { path, sha256, place: "/here/own/x.onnx".into() })
    }

    #[test]
    fn a_file_agrees_with_an_engine_that_takes_files() {
        let mut candidate = cell(engine("onnxruntime", "A"), None);
        candidate.cell.architecture = file();
        // An engine that is its own reference stays its own reference on a file.
        assert_eq!(candidate.reference_name(), "reference");
        candidate.engine.reference = REFERENCE_ENGINE.to_owned();
        assert_eq!(candidate.reference_name(), "tract");
        // Burn's reference engine cannot run a file, so that it has no logits of its own.
        let mut burn = cell(engine(REFERENCE_ENGINE, "B"), None);
        burn.engine.reference = REFERENCE_ENGINE.to_owned();
        burn.cell.engine.options.clear();
        assert!(is_reference(&burn));
        burn.cell.architecture = file();
        assert!(!is_reference(&burn));
    }

    #[test]
    fn a_file_has_as_many_classes_as_its_logits_say() {
        let mut candidate = cell(engine("other", "A"), None);
        candidate.cell.architecture = file();
        // Two images of ten classes; logit 13 is class 3 of the second.
        let reference = vec![1.0; 20];
        let mut logits = reference.clone();
        logits[13] = 2.0;
        let prepared = Prepared {
            identity: candidate.engine.identity.clone(),
            precision: Precision::F32,
            load_ns: 1,
            first_inference_ns: 1,
            logits,
        };
        let refusal = check(&candidate, &reference, &prepared).unwrap_err();
        let expected = "own/x.onnx on other: logits differ from reference by 1.0e0 at class 3 of \
                        image 1, allowed 1.1e-3";
        assert_eq!(refusal.reason, expected);
    }

    #[test]
    fn a_disagreement_names_the_largest_difference_and_its_place() {
        let candidate = cell(engine("other", "A"), None);
        let reference: Vec<f32> = (0..2 * CLASSES).map(|at| (at % 7) as f32).collect();
        let mut logits = reference.clone();
        logits[1500] += 0.5;
        logits[3] += 0.25;
        let prepared = Prepared {
            identity: candidate.engine.identity.clone(),
            precision: Precision::F32,
            load_ns: 1,
            first_inference_ns: 1,
            logits,
        };
        let refusal = check(&candidate, &reference, &prepared).unwrap_err();
        // Index 1500 is class 500 of image 1, where the reference is 1500 mod 7 = 2: allowed are
        // 1e-3 of 2 and 1e-4 of the largest logit, 6.
        let expected = "resnet18 on other: logits differ from reference by 5.0e-1 at class 500 of \
                        image 1, allowed 2.6e-3";
        assert_eq!(refusal.reason, expected);
        let mut defective = candidate.clone();
        defective.engine.known_defect = Some("issue 1".to_owned());
        let refusal = check(&defective, &reference, &prepared).unwrap_err();
        assert_eq!(refusal.reason, format!("{expected}; its release has a known defect: issue 1"));
        // In bf16, 5e-2 of 2 and 5e-2 of 6 are allowed: 0.4 at class 500, 0.45 at class 3 of image
        // 0.
        let bf16 = Prepared { precision: Precision::Bf16, ..prepared };
        let refusal = check(&candidate, &reference, &bf16).unwrap_err();
        assert!(refusal.reason.ends_with("allowed 4.0e-1"), "{refusal}");
    }
}
