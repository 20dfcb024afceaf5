//! Every way to get an experiment wrong has a message that says where, what, and what to do.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::error::Error;
use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;

use formbench_experiment::{parse_experiment, parse_profiles, read_experiment};
use words::vocabulary;

mod words;

/// An experiment with every key; the tests break it in one place each.
const SOUND: &str = "\
question: Does depth matter?
architectures:
  - pattern: [plain, residual]
    depth: [8, 20]
    width: 32
  - network: resnet18
    from: standard
engines: [burn/ndarray, burn/candle, { engine: tract, options: { optimize: full } }]
baseline: burn/ndarray
input: { batch: 1, resolution: 96, seed: 7 }
weights_seed: 1
threads: [1, 2]
budget: { rounds: 5, ratio_half_width: 0.02, limit_s: 600 }
figures: [latency-by-depth]
exclude:
  - { network: resnet18, engine: tract, why: takes too long }
stand_in: { engine: onnxruntime, options: { graph_optimization: disabled } }
";

/// What stands in the sound experiment, what stands there instead, and the message without the
/// file's name.
type Break = (&'static str, &'static str, &'static str);

const KEYS: &[Break] = &[
    (
        "question:",
        "qestion:",
        "1:1: unknown experiment key `qestion`; known: question, architectures, engines, baseline, stand_in, input, weights_seed, threads, budget, figures, exclude (did you mean `question`?)",
    ),
    (
        "    depth: [",
        "    depht: [",
        "4:5: unknown architecture row key `depht`; known: pattern, network, depth, width, resolution, from (did you mean `depth`?)",
    ),
    (
        "batch: 1",
        "bach: 1",
        "10:10: unknown input key `bach`; known: batch, resolution, seed (did you mean `batch`?)",
    ),
    (
        "rounds: 5",
        "round: 5",
        "13:11: unknown budget key `round`; known: rounds, blocks, block_inferences, block_s, warm_up_inferences, warm_up_s, warm_up_cap_s, warm_up_stable_within, limit_s, cell_limit_s, ratio_half_width (did you mean `rounds`?)",
    ),
    (
        "engine: tract, options",
        "engine: tract, option",
        "8:55: unknown engine key `option`; known: engine, options (did you mean `options`?)",
    ),
    (
        "why: takes",
        "reason: takes",
        "16:41: unknown exclusion key `reason`; known: architecture, pattern, network, engine, why",
    ),
    ("weights_seed: 1", "threads: 1", "12:1: key `threads` is written twice in the experiment"),
    (
        "resolution: 96, seed: 7",
        "resolution: 96, resolution: 7",
        "10:36: key `resolution` is written twice in the input",
    ),
    ("weights_seed: 1", "7: 1", "11:1: experiment key: expected text, got `7`"),
    ("baseline: burn/ndarray\n", "", "1:1: missing key `baseline` in the experiment"),
    ("    width: 32\n", "", "3:5: missing key `width` in the architecture row"),
    ("resolution: 96, ", "", "10:8: missing key `resolution` in the input"),
    ("{ engine: tract, options", "{ options", "8:38: missing key `engine` in the engine"),
    (", why: takes too long", "", "16:5: missing key `why` in the exclusion"),
];

const UNKNOWN_NAMES: &[Break] = &[
    (
        "{ engine: tract,",
        "{ engine: tracht,",
        "8:48: unknown engine `tracht`; known: burn/ndarray, burn/candle, burn/flex, burn/wgpu, tract, onnxruntime, openvino, pytorch (did you mean `tract`?)",
    ),
    (
        "burn/candle",
        "burn/cnadle",
        "8:25: unknown engine `burn/cnadle`; known: burn/ndarray, burn/candle, burn/flex, burn/wgpu, tract, onnxruntime, openvino, pytorch (did you mean `burn/candle`?)",
    ),
    (
        "baseline: burn/ndarray",
        "baseline: tensorrt",
        "9:11: unknown engine `tensorrt`; known: burn/ndarray, burn/candle, burn/flex, burn/wgpu, tract, onnxruntime, openvino, pytorch",
    ),
    (
        "[plain, residual]",
        "[plain, residul]",
        "3:22: unknown pattern `residul`; known: plain, residual, bottleneck, depthwise-bottleneck (did you mean `residual`?)",
    ),
    (
        "network: resnet18\n",
        "network: resnet-18\n",
        "6:14: unknown network `resnet-18`; known: resnet18, resnet50, mobilenet-v2 (did you mean `resnet18`?)",
    ),
    (
        "latency-by-depth",
        "latency-by-deph",
        "14:11: unknown figure `latency-by-deph`; known: speedup-by-pattern, latency-by-depth, latency-by-width, latency-by-macs, network-latency, network-speedup, roofline, speedup-ladder (did you mean `latency-by-depth`?)",
    ),
    (
        "from: standard",
        "from: standart",
        "7:11: unknown profile `standart`; known: quick, standard, full (did you mean `standard`?)",
    ),
    (
        "optimize: full",
        "optimise: full",
        "8:66: unknown tract option `optimise`; known: optimize, level (did you mean `optimize`?)",
    ),
    (
        "burn/candle",
        "{ engine: burn/candle, options: { threads: 2 } }",
        "8:59: unknown burn/candle option `threads`; known: none",
    ),
    (
        "graph_optimization: disabled",
        "graph_optimization: al",
        "17:65: unknown value `al` for onnxruntime option `graph_optimization`; known: all, extended, basic, disabled (did you mean `all`?)",
    ),
    (
        "optimize: full",
        "optimize: [none, ful]",
        "8:83: unknown value `ful` for tract option `optimize`; known: full, declutter, none (did you mean `full`?)",
    ),
    (
        "optimize: full",
        "optimize: true",
        "8:76: unknown value `true` for tract option `optimize`; known: full, declutter, none",
    ),
    (
        "optimize: full",
        "optimize: 3",
        "8:76: unknown value `3` for tract option `optimize`; known: full, declutter, none",
    ),
    (
        "engine: onnxruntime",
        "engine: onxruntime",
        "17:21: unknown engine `onxruntime`; known: burn/ndarray, burn/candle, burn/flex, burn/wgpu, tract, onnxruntime, openvino, pytorch (did you mean `onnxruntime`?)",
    ),
    (
        "network: resnet18, engine",
        "network: alexnet, engine",
        "16:16: unknown network `alexnet`; known: resnet18, resnet50, mobilenet-v2",
    ),
];

const TYPES_AND_RANGES: &[Break] = &[
    ("Does depth matter?", "", "1:10: question: expected text, got nothing"),
    (
        "Does depth matter?",
        "Depth",
        "1:11: question: expected a sentence that ends with `?`, got text `Depth`",
    ),
    ("[8, 20]", "[8, 2]", "4:16: depth: expected a whole number from 4 to 200, got `2`"),
    ("[8, 20]", "[8, 201]", "4:16: depth: expected a whole number from 4 to 200, got `201`"),
    ("[8, 20]", "eight", "4:12: depth: expected a whole number from 4 to 200, got text `eight`"),
    ("[8, 20]", "[]", "4:12: depth: expected at least one element, got an empty list"),
    (
        "[8, 20]",
        "{ from: 8, to: 20 }",
        "4:12: depth: expected a whole number from 4 to 200, got a mapping",
    ),
    ("width: 32", "width: 3", "5:12: width: expected a whole number from 4 to 512, got `3`"),
    ("width: 32", "width: 513", "5:12: width: expected a whole number from 4 to 512, got `513`"),
    ("width: 32", "width: 32.5", "5:12: width: expected a whole number from 4 to 512, got `32.5`"),
    (
        "resolution: 96",
        "resolution: 31",
        "10:32: resolution: expected a whole number from 32 to 1024, got `31`",
    ),
    ("batch: 1", "batch: 257", "10:17: batch: expected a whole number from 1 to 256, got `257`"),
    (
        "seed: 7",
        "seed: -7",
        "10:42: seed: expected a whole number from 0 to 18446744073709551615, got `-7`",
    ),
    (
        "weights_seed: 1",
        "weights_seed: 340282366920938463463374607431768211455",
        "11:15: weights_seed: expected a whole number from 0 to 18446744073709551615, got `340282366920938500000000000000000000000`",
    ),
    (
        "threads: [1, 2]",
        "threads: [0]",
        "12:11: threads: expected a whole number from 1 to 1024, got `0`",
    ),
    (
        "threads: [1, 2]",
        "threads: 1025",
        "12:10: threads: expected a whole number from 1 to 1024, got `1025`",
    ),
    ("rounds: 5", "rounds: 0", "13:19: rounds: expected a whole number from 1 to 1000, got `0`"),
    (
        "ratio_half_width: 0.02",
        "ratio_half_width: 0.51",
        "13:40: ratio_half_width: expected a number above 0 and at most 0.5, got `0.51`",
    ),
    (
        "ratio_half_width: 0.02",
        "ratio_half_width: .nan",
        "13:40: ratio_half_width: expected a number above 0 and at most 0.5, got `NaN`",
    ),
    (
        "limit_s: 600",
        "limit_s: 0",
        "13:55: limit_s: expected a number above 0 and at most 86400, got `0`",
    ),
    (
        "limit_s: 600",
        "limit_s: 10 min",
        "13:55: limit_s: expected a number above 0 and at most 86400, got text `10 min`",
    ),
    (
        "engines: [burn/ndarray,",
        "engines: [7,",
        "8:11: engine: expected a name or a mapping, got `7`",
    ),
    (
        "options: { optimize: full }",
        "options: [optimize]",
        "8:64: options: expected a mapping, got a list",
    ),
    (
        "optimize: full",
        "optimize: { full: true }",
        "8:76: optimize: expected one of full, declutter, none, got a mapping",
    ),
    (
        "optimize: full",
        "optimize: [none, [full]]",
        "8:83: optimize: expected one of full, declutter, none, got a list",
    ),
    (
        "optimize: full",
        "optimize: []",
        "8:76: optimize: expected at least one element, got an empty list",
    ),
    (
        "optimize: full",
        "level: [1, ~]",
        "8:77: level: expected text, a number, true or false, got nothing",
    ),
    (
        "graph_optimization: disabled",
        "graph_optimization: [disabled]",
        "17:65: graph_optimization: expected one of all, extended, basic, disabled, got a list",
    ),
    ("stand_in: {", "stand_in: [7] # {", "17:11: engine: expected a name or a mapping, got a list"),
    (
        "from: standard",
        "resolution: 31",
        "7:17: resolution: expected a whole number from 32 to 1024, got `31`",
    ),
    (
        "figures: [latency-by-depth]",
        "figures: []",
        "14:10: figures: expected at least one element, got an empty list",
    ),
    (
        "figures: [latency-by-depth]",
        "figures: latency-by-depth",
        "14:10: figures: expected a list, got text `latency-by-depth`",
    ),
    (
        "input: { batch: 1, resolution: 96, seed: 7 }",
        "input: 96",
        "10:8: input: expected a mapping, got `96`",
    ),
    ("why: takes too long", "why: ' '", "16:46: why: expected text, got text ` `"),
];

const CONTRADICTIONS: &[Break] = &[
    ("[8, 20]", "[8, 20, 8]", "4:20: depth: `8` is listed twice"),
    ("threads: [1, 2]", "threads: [1, 1]", "12:14: threads: `1` is listed twice"),
    (
        "[burn/ndarray, burn/candle",
        "[burn/ndarray, burn/candle, burn/candle",
        "8:38: engines: `burn/candle` is listed twice",
    ),
    ("optimize: full", "optimize: [full, none, full]", "8:89: optimize: `full` is listed twice"),
    (
        "[burn/ndarray, burn/candle",
        "[burn/ndarray, burn/candle, { engine: tract, options: { optimize: [none, full] } }",
        "8:94: engines: `tract{optimize=full}` is listed twice",
    ),
    (
        "{ engine: onnxruntime, options: { graph_optimization: disabled } }",
        "burn/ndarray",
        "17:11: the stand-in `burn/ndarray` is absent where the baseline is; name another engine",
    ),
    (
        "  - network: resnet18\n",
        "  - { pattern: plain, depth: 20, width: 32 }\n  - network: resnet18\n",
        "6:5: `plain-d20-w32` is in an earlier row; list it once",
    ),
    (
        "  - network: resnet18\n",
        "  - network: resnet18\n    pattern: plain\n",
        "6:14: a row has `pattern` or `network`, not both; make two rows",
    ),
    (
        "  - network: resnet18\n    from",
        "  - from",
        "6:5: a row has `pattern` or `network`, got neither",
    ),
    ("    from: standard", "    depth: 8", "7:12: a network has no `depth` to set; remove it"),
    (
        "  - { network: resnet18, engine",
        "  - { network: resnet50, engine",
        "16:5: the exclusion matches no cell; correct or remove it",
    ),
    (
        "  - { network: resnet18, engine",
        "  - { architecture: plain-d9-w32, engine",
        "16:5: the exclusion matches no cell; correct or remove it",
    ),
    (
        "  - { network: resnet18, engine",
        "  - { network: resnet18, pattern: plain, engine",
        "16:5: an exclusion names one of `architecture`, `pattern` and `network`; make two",
    ),
    (
        "network: resnet18, engine: tract, ",
        "",
        "16:5: an exclusion names an `architecture`, `pattern`, `network` or `engine`; it names none",
    ),
    (
        "resnet18, engine: tract",
        "resnet18, engine: burn/ndarray",
        "16:34: the baseline `burn/ndarray` cannot be excluded alone; remove `engine` to exclude the architecture on every engine",
    ),
    (
        "resnet18, engine: tract",
        "resnet18, engine: onnxruntime",
        "16:34: the stand-in `onnxruntime` cannot be excluded alone; remove `engine` to exclude the architecture on every engine",
    ),
    (
        "exclude:\n",
        "exclude:\n  - { pattern: plain, why: a }\n  - { pattern: residual, why: b }\n  - { network: resnet18, why: c }\n",
        "16:3: the exclusions leave no cell; remove one",
    ),
];

/// Whole texts.
const TEXTS: &[(&str, &str)] = &[
    ("", "1:1: experiment: expected a mapping, got nothing"),
    ("# only a comment\n", "2:1: experiment: expected a mapping, got nothing"),
    ("[question]", "1:1: experiment: expected a mapping, got a list"),
    (
        "question: a?\nengines: [burn/ndarray\nbaseline: b\n",
        "3:9: invalid YAML: did not find expected ',' or ']', while parsing a flow sequence at line 2 column 10",
    ),
    (
        "question: a?\n  engines: b\n",
        "2:10: invalid YAML: mapping values are not allowed in this context",
    ),
    (
        "question: a?\n\tengines: b\n",
        "2:1: invalid YAML: found a tab character that violates indentation, while scanning a plain scalar at line 1 column 11",
    ),
    (
        "question: 'a?\n",
        "2:1: invalid YAML: found unexpected end of stream, while scanning a quoted scalar at line 1 column 11",
    ),
    ("question: *nobody\n", "1:11: invalid YAML: unknown anchor"),
    (
        "question: !why a?\n",
        "1:11: invalid YAML: question: tag `!why` has no meaning here; remove it",
    ),
    ("question: a?\n---\nquestion: b?\n", "3:1: a second document starts here; a file holds one"),
    ("question: a\u{7}?\n", "1:12: control character `\\u{7}` in the text"),
    ("question: &a [*a]\n", "1:11: invalid YAML: recursion limit exceeded"),
    ("question: a?\n? [b]\n: c\n", "2:3: experiment key: expected text, got a list"),
];

/// Returns the message for `source` without the file's name.
fn message(source: &str) -> String {
    let path = Path::new("x.yaml");
    let error = parse_experiment("x", path, source, &vocabulary()).expect_err(source);
    let message = error.to_string();
    message.strip_prefix("x.yaml:").unwrap_or(&message).to_owned()
}

fn assert_broken(breaks: &[Break]) {
    for (sound, broken, expected) in breaks {
        assert_eq!(SOUND.matches(sound).count(), 1, "{sound:?} stands once");
        assert_eq!(message(&SOUND.replace(sound, broken)), *expected, "with {broken:?}");
    }
}

#[test]
fn the_sound_experiment_is_sound() {
    assert!(parse_experiment("x", Path::new("x.yaml"), SOUND, &vocabulary()).is_ok());
}

#[test]
fn a_wrong_key_is_named_with_its_place() {
    assert_broken(KEYS);
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest() {
    assert_broken(UNKNOWN_NAMES);
}

#[test]
fn a_value_of_a_wrong_type_or_size_is_answered_with_what_was_expected() {
    assert_broken(TYPES_AND_RANGES);
}

#[test]
fn values_that_contradict_each_other_are_refused() {
    assert_broken(CONTRADICTIONS);
}

#[test]
fn a_text_that_is_no_experiment_is_refused() {
    for (source, expected) in TEXTS {
        assert_eq!(message(source), *expected, "{source:?}");
    }
}

#[test]
fn more_cells_than_a_host_can_measure_are_refused() {
    // 2 patterns × 197 depths × 1 width and resnet18, × 3 engines and a stand-in × 100
    // threads: 158000 cells.
    let list = |range: RangeInclusive<u32>| format!("{:?}", range.collect::<Vec<u32>>());
    let source = SOUND.replace("[8, 20]", &list(4..=200)).replace("[1, 2]", &list(1..=100));
    assert_eq!(message(&source), "3:3: the experiment has 158000 cells, expected at most 100000");
}

#[test]
fn more_settings_than_figures_could_show_are_refused() {
    // 3 words × 334 levels: 1002 settings.
    let levels = format!("{:?}", (1..=334).collect::<Vec<u32>>());
    let ladder = format!("optimize: [full, declutter, none], level: {levels}");
    assert_eq!(
        message(&SOUND.replace("optimize: full", &ladder)),
        "8:64: the options have 1002 combinations, expected at most 1000"
    );
}

#[test]
fn a_document_that_aliases_blow_up_is_refused() {
    // A list of 1000 words is 1001 nodes; with the mapping, the keys and the second list, 99 of them
    // are 99103, so the next repetition, the second list's 99th, crosses 100000.
    let words = vec!["x"; 1000].join(", ");
    let source = format!("a: &a [{words}]\nb: [{}]\n", vec!["*a"; 100].join(", "));
    assert_eq!(message(&source), "1:4: invalid YAML: b[98]: more than 100000 keys and values");
}

#[test]
fn aliases_of_aliases_are_refused_before_they_grow() {
    // Five lines, each ten times the one before.
    let ten = |name: &str| [name; 10].join(", ");
    let lines = [("a", "x"), ("b", "*a"), ("c", "*b"), ("d", "*c"), ("e", "*d")];
    let source: String =
        lines.iter().map(|(name, of)| format!("{name}: &{name} [{}]\n", ten(of))).collect();
    assert_eq!(message(&source), "1:1: invalid YAML: repetition limit exceeded");
}

#[test]
fn a_missing_file_is_named_with_the_cause() {
    let path = Path::new("no/such.yaml");
    let error = read_experiment(path, Path::new("no"), &vocabulary()).unwrap_err();
    assert_eq!(error.to_string(), "no/such.yaml: cannot be read");
    assert_eq!(error.source().unwrap().to_string(), "No such file or directory (os error 2)");
}

#[test]
fn a_byte_that_is_not_utf8_is_named_with_its_place() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("latin-1.yaml");
    // In Latin-1 the é of "Profondeur précise?" is the byte 0xe9, the fourteenth of line 2.
    fs::write(&path, b"# one\nProfondeur pr\xe9cise?\n").unwrap();
    let error = read_experiment(&path, Path::new(""), &vocabulary()).unwrap_err();
    let expected = format!("{}:2:14: text is not UTF-8; save the file as UTF-8", path.display());
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_profile_without_a_key_is_refused() {
    let error = parse_profiles(Path::new("p.yaml"), "quick:\n  rounds: 2\n").unwrap_err();
    assert_eq!(error.to_string(), "p.yaml:2:3: missing key `blocks` in profile `quick`");
}

#[test]
fn an_unknown_profile_is_answered_with_the_nearest() {
    let error = parse_profiles(Path::new("p.yaml"), "quik: {}\n").unwrap_err();
    assert_eq!(
        error.to_string(),
        "p.yaml:1:1: unknown profiles key `quik`; known: quick, standard, full \
         (did you mean `quick`?)"
    );
}
