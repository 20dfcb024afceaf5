//! Every cell's outputs against those of other engines, before anything is timed.
//!
//! What is defined in Burn has a reference engine, which must be met. A file has none: engines that load it are held
//! against each other, and who is outvoted is wrong.

mod camps;
mod difference;
mod sets;

pub use camps::{Answer, Camps};
pub use difference::{Deviation, Incomparable, compare, tolerance};

use std::collections::HashMap;

use formbench_protocol::{
    Architecture, BUFFERS, Options, Output, OutputCheck, Prepared, Refusal, RefusalKind,
};

use crate::RunCell;

/// What the outputs of cells must agree with, found out once per run.
#[derive(Default)]
pub struct References {
    outputs: HashMap<String, Vec<Output>>,
    camps: HashMap<String, Camps>,
}

impl References {
    /// Returns the reference's outputs for the cell's group, if they are known.
    pub fn of(&self, cell: &RunCell) -> Option<&[Output]> {
        self.outputs.get(&group(cell)).map(Vec::as_slice)
    }

    /// Keeps the reference's outputs for the cell's group.
    pub fn keep(&mut self, cell: &RunCell, outputs: Vec<Output>) {
        self.outputs.insert(group(cell), outputs);
    }

    /// Returns which engines agree on the cell's file, if that is known.
    pub fn camps(&self, cell: &RunCell) -> Option<&Camps> {
        self.camps.get(&group(cell))
    }

    /// Keeps which engines agree on the cell's file.
    pub fn keep_camps(&mut self, cell: &RunCell, camps: Camps) {
        self.camps.insert(group(cell), camps);
    }
}

/// Returns whether the cell is its own reference: the reference engine without options.
pub fn is_reference(cell: &RunCell) -> bool {
    cell.engine.identity.name == cell.reference_name() && cell.cell.engine.options.is_empty()
}

/// Returns the cell that computes the reference's outputs for `cell`, if the worker has its engine.
pub fn reference_of(cell: &RunCell) -> Option<RunCell> {
    let engine = cell.reference.clone()?;
    let mut reference = cell.clone();
    engine.identity.name.clone_into(&mut reference.cell.engine.engine);
    reference.cell.engine.options = Options::new();
    reference.engine = engine;
    Some(reference)
}

/// Returns the cells that judge a file: its engines without options, each once.
fn judges(group: &[&RunCell]) -> Vec<RunCell> {
    let mut judges: Vec<RunCell> = Vec::new();
    for cell in group {
        let is_in = |judge: &RunCell| judge.engine.identity.name == cell.engine.identity.name;
        if !judges.iter().any(is_in) {
            let mut plain = (*cell).clone();
            plain.cell.engine.options = Options::new();
            judges.push(plain);
        }
    }
    judges
}

/// Returns which engines agree on the file of a cell: those of its group without options and, where one more voice is needed,
/// the reference engine. `answer` says what an engine gives, nothing if it fails.
///
/// # Errors
/// Those of `answer`.
pub fn judge<E>(
    of: &RunCell,
    cells: &[RunCell],
    checks: Vec<OutputCheck>,
    mut answer: impl FnMut(&RunCell) -> Result<Option<Answer>, E>,
) -> Result<Camps, E> {
    let group: Vec<&RunCell> =
        cells.iter().filter(|cell| cell.cell.group() == of.cell.group()).collect();
    let mut camps = Camps::new(checks);
    for judge in judges(&group) {
        answer(&judge)?.into_iter().for_each(|answer| camps.add(answer));
    }
    let is_needed =
        |reference: &RunCell| camps.are_undecided() && !camps.has(&reference.engine.identity.name);
    if let Some(reference) = reference_of(of).filter(is_needed) {
        answer(&reference)?.into_iter().for_each(|answer| camps.add(answer));
    }
    Ok(camps)
}

/// Compares the cell's outputs with the reference's.
///
/// # Errors
/// A refusal with the largest difference and its place.
pub fn check(cell: &RunCell, reference: &[Output], prepared: &Prepared) -> Result<(), Refusal> {
    check_against(cell, cell.reference_name(), (reference, &[]), prepared)
}

/// Compares the cell's outputs with those of the engines that agree on its file.
///
/// # Errors
/// A refusal that names them and the largest difference with its place, or one with all camps if none is the largest.
pub fn check_camps(cell: &RunCell, camps: &Camps, prepared: &Prepared) -> Result<(), Refusal> {
    match camps.right() {
        Some(right) => {
            check_against(cell, &right.names(), (&right.outputs, &camps.checks), prepared)
        }
        // Nobody loaded it without options: there is nothing to hold it against.
        None if camps.is_empty() => Ok(()),
        None => Err(Refusal::new(
            RefusalKind::Disagrees,
            format!(
                "{}: engines disagree, and as many say one thing as another: {camps}",
                cell.cell.architecture
            ),
        )),
    }
}

fn check_against(
    cell: &RunCell,
    by: &str,
    (reference, checks): (&[Output], &[OutputCheck]),
    prepared: &Prepared,
) -> Result<(), Refusal> {
    let name = &cell.engine.identity.name;
    let refuse = |reason| Err(Refusal::new(RefusalKind::Disagrees, reason));
    match compare(reference, prepared, checks) {
        Ok((false, Some(largest))) => refuse(format!(
            "{} on {name}: logits differ from {by} by {:.1e} at {}, allowed {:.1e}{}",
            cell.cell.architecture,
            largest.difference.difference,
            place(cell, prepared, &largest),
            largest.difference.allowed,
            known_defect(cell),
        )),
        Err(error) => refuse(format!("{} on {name}: {error}", cell.cell.architecture)),
        _ => Ok(()),
    }
}

/// Returns where a difference is: the class of an image, or the index in an output.
fn place(cell: &RunCell, prepared: &Prepared, largest: &Deviation) -> String {
    let at = largest.difference.at;
    let of_images = cell.cell.input.images().filter(|_| prepared.outputs.len() == 1);
    match of_images {
        Some(images) => {
            let images = (BUFFERS * images.batch) as usize;
            let found = prepared.outputs.first().map_or(0, |output| output.values.len());
            let classes = (found / images.max(1)).max(1);
            format!("class {} of image {}", at % classes, at / classes)
        }
        None => format!("index {at} of output {}", largest.output),
    }
}

/// Returns what may be the cause, if the engine has a known defect.
fn known_defect(cell: &RunCell) -> String {
    let defect = cell.engine.known_defect.as_ref();
    defect.map_or_else(String::new, |defect| format!("; its release has a known defect: {defect}"))
}

/// Returns whether engines judge each other on a cell's architecture.
pub fn is_judged(cell: &RunCell) -> bool {
    matches!(cell.cell.architecture, Architecture::File(_))
}

fn group(cell: &RunCell) -> String {
    let cell_group = cell.cell.group();
    let by = if is_judged(cell) { "" } else { cell.reference_name() };
    format!("{by}\n{cell_group:?}")
}

#[cfg(test)]
mod tests {
    use formbench_experiment::{Budget, Cell, EngineSetting};
    use formbench_protocol::{
        CLASSES, Device, DeviceKind, ElementType, EngineInfo, EngineKind, Identity, Images,
        OptionInfo, Precision, REFERENCE_ENGINE, UserFile, Values,
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
            runs_modules: false,
            takes_files: true,
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
        Architecture::File(UserFile { path, sha256, place: "/here/own/x.onnx".into() })
    }

    #[test]
    fn a_file_agrees_with_an_engine_that_takes_files() {
        let mut candidate = cell(engine("onnxruntime", "A"), None);
        candidate.cell.architecture = file();
        // An engine that is its own reference stays its own reference on a file.
        assert_eq!(candidate.reference_name(), "reference");
        candidate.engine.reference = REFERENCE_ENGINE.to_owned();
        assert_eq!(candidate.reference_name(), "tract");
        // No engine is its own reference on a file.
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
        let prepared = prepared(&candidate.engine, vec![Output::logits(1, logits)]);
        let reference = [Output::logits(1, reference)];
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
        let prepared = prepared(&candidate.engine, vec![Output::logits(1, logits)]);
        let reference = [Output::logits(1, reference)];
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

    fn answer(name: &str, outputs: &[f32]) -> Answer {
        let (shape, element_type) = (vec![1, 1], ElementType::F32);
        let values = Values::Floats(outputs.to_vec());
        let outputs = vec![Output { shape, element_type, values }];
        Answer { engine: name.to_owned(), precision: Precision::F32, outputs }
    }

    fn prepared(engine: &EngineInfo, outputs: Vec<Output>) -> Prepared {
        Prepared {
            identity: engine.identity.clone(),
            precision: Precision::F32,
            load_ns: 1,
            first_inference_ns: 1,
            outputs,
        }
    }

    #[test]
    fn the_odd_one_out_is_refused_and_the_others_are_named() {
        let mut candidate = cell(engine("other", "A"), None);
        candidate.cell.architecture = file();
        let camps = Camps::from_iter([
            answer("other", &[1.0, 2.0]),
            answer("one", &[1.0, 3.0]),
            answer("two", &[1.0, 3.0001]),
        ]);
        let right = prepared(&candidate.engine, answer("", &[1.0, 3.0]).outputs);
        assert_eq!(check_camps(&candidate, &camps, &right), Ok(()));
        let wrong = prepared(&candidate.engine, answer("", &[1.0, 2.0]).outputs);
        let refusal = check_camps(&candidate, &camps, &wrong).unwrap_err();
        let expected = "own/x.onnx on other: logits differ from one and two by 1.0e0 at class 0 of \
                        image 1, allowed 3.3e-3";
        assert_eq!(refusal.reason, expected);
    }

    #[test]
    fn nobody_is_right_where_as_many_say_one_thing_as_another() {
        let mut candidate = cell(engine("other", "A"), None);
        candidate.cell.architecture = file();
        let camps = Camps::from_iter([answer("other", &[1.0, 2.0]), answer("one", &[1.0, 3.0])]);
        let mine = prepared(&candidate.engine, answer("", &[1.0, 2.0]).outputs);
        let refusal = check_camps(&candidate, &camps, &mine).unwrap_err();
        let expected = "own/x.onnx: engines disagree, and as many say one thing as another: \
                        other / one";
        assert_eq!(refusal.reason, expected);
        // Whoever is alone is right: there is nobody to say otherwise.
        let alone = Camps::from_iter([answer("other", &[1.0, 2.0])]);
        assert_eq!(check_camps(&candidate, &alone, &mine), Ok(()));
    }

    #[test]
    fn a_file_is_judged_by_each_of_its_engines_once() {
        let reference = Some(engine("tract", "T"));
        let names = |group: &[&RunCell]| -> Vec<String> {
            let judges = judges(group).into_iter();
            judges.map(|judge| judge.cell.engine.to_string()).collect()
        };
        let mut one = cell(engine("one", "A"), reference.clone());
        let mut two = cell(engine("two", "A"), reference);
        for cell in [&mut one, &mut two] {
            cell.cell.architecture = file();
        }
        assert_eq!(names(&[&one, &two, &one]), ["one", "two"]);
    }
}
