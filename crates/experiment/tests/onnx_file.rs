//! Models in files of one's own.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use formbench_experiment::{Experiment, Filter, Plan, Profile, parse_experiment, read_profiles};
use formbench_protocol::{Architecture, ModelFile};
use words::vocabulary;

mod words;

/// SHA-256 of the three letters `abc` (FIPS 180-2, appendix B.1).
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// Returns a folder for a test, with files of these contents.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    for (path, content) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

fn experiment(folder: &Path, row: &str) -> Experiment {
    let source = format!(
        "question: How fast is mine?\n\
         architectures: [{row}]\n\
         engines: [tract, onnxruntime]\n\
         baseline: tract\n\
         input: {{ resolution: 32 }}\n\
         figures: [network-latency]\n"
    );
    parse_experiment("own/x", &folder.join("x.yaml"), &source, &vocabulary()).unwrap()
}

fn file(architecture: &Architecture) -> &ModelFile {
    match architecture {
        Architecture::File(file) => file,
        other => panic!("{other} is no file"),
    }
}

fn files(experiment: &Experiment) -> Vec<&ModelFile> {
    experiment.architectures.iter().flat_map(|row| &row.architectures).map(file).collect()
}

#[test]
fn a_file_is_named_as_it_is_written_and_known_by_its_content() {
    let folder = folder("named", &[("models/own.onnx", "abc")]);
    let experiment = experiment(&folder, "{ onnx: models/own.onnx, resolution: 96, from: full }");
    let [file] = files(&experiment)[..] else { panic!("one file") };
    assert_eq!((file.path.as_str(), file.sha256.as_str()), ("models/own.onnx", ABC));
    assert_eq!(fs::read(&file.place).unwrap(), b"abc");
    assert!(file.place.is_absolute());
    assert!(experiment.cells(Profile::Standard).is_empty());
    let cells = experiment.cells(Profile::Full);
    let shown: Vec<String> = cells.iter().map(|cell| cell.architecture.to_string()).collect();
    assert_eq!(shown, ["models/own.onnx", "models/own.onnx"]);
    assert_eq!(cells[0].input.images().unwrap().resolution, 96);
}

#[test]
fn a_row_lists_several_files_from_its_folder_on() {
    let folder = folder("several", &[("set/a.onnx", "a"), ("b.onnx", "b")]);
    let experiment = experiment(&folder.join("set"), "{ onnx: [a.onnx, ../b.onnx] }");
    let paths: Vec<&str> = files(&experiment).iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["a.onnx", "../b.onnx"]);
}

fn plan(experiments: &[Experiment]) -> Result<Plan, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../experiments/profiles.yaml");
    let profiles = read_profiles(&path).unwrap();
    let extent = Profile::Quick.into();
    Plan::new(experiments, &profiles, extent, &Filter::default(), &BTreeSet::new())
        .map_err(|error| error.to_string())
}

#[test]
fn copies_of_a_file_are_one_architecture() {
    let folder = folder("copies", &[("one/own.onnx", "abc"), ("two/own.onnx", "abc")]);
    let experiments = ["one", "two"].map(|set| experiment(&folder.join(set), "{ onnx: own.onnx }"));
    // Two engines on one architecture.
    assert_eq!(plan(&experiments).unwrap().cells.len(), 2);
}

#[test]
fn one_path_that_is_two_files_is_refused() {
    let folder = folder("ambiguous", &[("one/own.onnx", "abc"), ("two/own.onnx", "abd")]);
    let experiments = ["one", "two"].map(|set| experiment(&folder.join(set), "{ onnx: own.onnx }"));
    assert_eq!(
        plan(&experiments).unwrap_err(),
        "`own.onnx` is one file in one experiment and another one in another; rename one"
    );
}
