//! Models in files of one's own.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use formbench_experiment::{Experiment, Filter, Plan, Profile, parse_experiment, read_profiles};
use formbench_protocol::{Architecture, Fill, Input, Tensors, UserFile};
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

fn file(architecture: &Architecture) -> &UserFile {
    match architecture {
        Architecture::File(file) => file,
        other => panic!("{other} is no file"),
    }
}

fn files(experiment: &Experiment) -> Vec<&UserFile> {
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

#[test]
fn a_file_is_given_the_tensors_that_its_row_lists() {
    let folder = folder("tensors", &[("own.onnx", "abc")]);
    let inputs = "[{ name: tokens, type: i64, shape: [1, 128], fill: 'range:0..30522' }, \
                  { name: scale, shape: [] }, { name: pixels, type: u8, shape: [1, 3, 8, 8] }]";
    let experiment = experiment(&folder, &format!("{{ onnx: own.onnx, inputs: {inputs} }}"));
    let cells = experiment.cells(Profile::Full);
    let Input::Tensors(Tensors { tensors, seed }) = &cells[0].input else { panic!("tensors") };
    assert_eq!(*seed, 7);
    let shown: Vec<String> = tensors.iter().map(|it| format!("{it} {}", it.fill)).collect();
    let expected = [
        "tokens i64 [1, 128] range:0..30522",
        "scale f32 [] uniform",
        "pixels u8 [1, 3, 8, 8] range:0..256",
    ];
    assert_eq!(shown, expected);
}

#[test]
fn tensors_that_cannot_be_are_errors_with_their_place() {
    let folder = folder("wrong-tensors", &[("own.onnx", "abc")]);
    let error = |row: &str| {
        let source = format!(
            "question: How fast is mine?\narchitectures: [{row}]\nengines: [tract]\nbaseline: tract\n\
             input: {{ resolution: 32 }}\nfigures: [network-latency]\n"
        );
        let path = folder.join("x.yaml");
        let error = parse_experiment("own/x", &path, &source, &vocabulary()).unwrap_err();
        let message = error.to_string();
        message.split_once("x.yaml:").unwrap().1.to_owned()
    };
    let of = |input: &str| error(&format!("{{ onnx: own.onnx, inputs: [{input}] }}"));
    for (input, expected) in [
        ("{ name: a, shape: [0] }", "shape: expected a whole number from 1 to 1000000, got `0`"),
        ("{ name: a, shape: [1000000, 1000000] }", "shape: expected at most 268435456 elements"),
        ("{ name: a, shape: [1], type: f8 }", "unknown type `f8`; known: f16, f32, f64"),
        ("{ name: a, shape: [1], fill: noise }", "fill: expected `images`, `uniform`, `zeros`"),
        ("{ name: a, shape: [1] }, { name: a, shape: [1] }", "inputs: `a` is listed twice"),
        ("{ shape: [1] }", "missing key `name` in the tensor"),
        ("{ name: a, shape: [1], fill: none.npy }", "fill: `none.npy` cannot be read"),
        (
            "{ name: a, shape: [[1], [2]] }, { name: b, shape: [[1], [2], [3]] }",
            "inputs: `a` has 2 shapes and another input 3; list as many, or one",
        ),
        ("{ name: a, shape: [[1], [1]] }", "the same shapes are listed twice; list them once"),
    ] {
        assert!(of(input).contains(expected), "{input}: {}", of(input));
    }
    let both = error("{ onnx: own.onnx, resolution: 64, inputs: [{ name: a, shape: [1] }] }");
    assert!(both.contains("a row has `resolution` or `inputs`; remove one"), "{both}");
    let network = error("{ network: resnet18, inputs: [{ name: a, shape: [1] }] }");
    assert!(network.contains("only files take other `inputs` than images"), "{network}");
}

#[test]
fn a_file_is_measured_at_each_shape_that_its_row_lists() {
    let folder = folder("sizes", &[("own.onnx", "abc"), ("mask.npy", "abc")]);
    let inputs = "[{ name: tokens, type: i64, shape: [[1, 128], [1, 512]] }, \
                  { name: mask, type: i64, shape: [1, 8], fill: mask.npy }]";
    let cells = experiment(&folder, &format!("{{ onnx: own.onnx, inputs: {inputs} }}"))
        .cells(Profile::Full);
    let shown: Vec<String> = cells.iter().map(|cell| cell.input.to_string()).collect();
    let [short, long] = ["tokens i64 [1, 128]", "tokens i64 [1, 512]"]
        .map(|tokens| format!("{tokens}, mask i64 [1, 8]"));
    // Two engines at each.
    assert_eq!(shown, [short.clone(), short, long.clone(), long]);
    let Input::Tensors(Tensors { tensors, .. }) = &cells[0].input else { panic!("tensors") };
    let Fill::Array(array) = &tensors[1].fill else { panic!("an array") };
    assert_eq!((array.path.as_str(), array.sha256.as_str()), ("mask.npy", ABC));
}
