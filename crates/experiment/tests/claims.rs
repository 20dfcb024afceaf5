//! Claims: the committed ones are sound, and each way to get one wrong has a message.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};

use formbench_experiment::{
    Cell, ClaimWords, Claimant, Claims, EngineSetting, Property, Relation, Sign, claims_files,
    experiment_files, parse_claims, read_claims,
};
use formbench_protocol::{Architecture, Images, Width};
use words::vocabulary;

mod words;

/// Claims with every key and relation; the tests break them in one place each.
const SOUND: &str = "\
interpretations:
  - { interpretation: own, what: one against two, set: own, baseline: pytorch, accelerated: [openvino, tract] }
claims:
  - id: A
    claim: Patterns differ.
    abstract_says: that they do
    our_choice: by how much
    checks:
      - check: plain gains most
        of: patterns
        only: [plain, residual]
        experiments: forms
        threads: 2
        quantity: speed-up
        relation: { first: plain }
        refuted_by: another one first
        figure: speedup-by-pattern
        ratio_half_width: 0.05
      - check: it gains about twice
        of: all
        quantity: mean-speed-up
        relation: { near: 2, within: 1.5 }
        refuted_by: a mean far from 2
        figure: speedup-by-pattern
        ratio_half_width: 0.1
      - check: latency grows with MACs
        of: patterns
        quantity: correlation
        relation: { between: [macs, latency], sign: positive }
        refuted_by: no correlation
        figure: speedup-by-pattern
";

fn few_words() -> ClaimWords {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    ClaimWords {
        patterns: owned(&["plain", "residual"]),
        networks: owned(&["resnet18"]),
        experiments: owned(&["own/forms", "other/nets"]),
        figures: owned(&["speedup-by-pattern"]),
        engines: owned(&["pytorch", "openvino", "tract"]),
    }
}

fn sound() -> Claims {
    parse_claims(Path::new("claims.yaml"), SOUND, &few_words()).unwrap()
}

/// What stands in the sound claims, what stands there instead, and the message without the file.
const BREAKS: [(&str, &str, &str); 20] = [
    (
        "id: A",
        "ident: A",
        "4:5: unknown claim key `ident`; known: id, claim, abstract_says, our_choice, checks (did you mean `id`?)",
    ),
    ("    abstract_says: that they do\n", "", "4:5: missing key `abstract_says` in the claim"),
    (
        "        of: all",
        "        off: all",
        "20:9: unknown check key `off`; known: check, of, only, experiments, threads, quantity, relation, refuted_by, figure, ratio_half_width (did you mean `of`?)",
    ),
    (
        "of: all",
        "of: al",
        "20:13: unknown kind `al`; known: patterns, networks, all (did you mean `all`?)",
    ),
    ("set: own", "set: onw", "2:56: unknown set `onw`; known: other, own"),
    ("experiments: forms", "experiments: nets", "12:22: unknown experiment `nets`; known: forms"),
    (
        "tract]",
        "tracht]",
        "2:104: unknown engine `tracht`; known: pytorch, openvino, tract (did you mean `tract`?)",
    ),
    ("tract]", "pytorch]", "2:104: `pytorch` is the baseline; name other engines"),
    (
        "first: plain",
        "first: plane",
        "15:28: unknown pattern `plane`; known: plain, residual (did you mean `plain`?)",
    ),
    (
        "{ first: plain }",
        "{ above: 1 }",
        "15:21: unknown relation key `above`; known: first, among, spread",
    ),
    (
        "{ first: plain }",
        "{ spread: 1 }",
        "15:19: a speed-up has either who is `first` or a `spread` above 1",
    ),
    (
        "quantity: mean-speed-up",
        "quantity: latency",
        "22:21: unknown relation key `near`; known: first, among",
    ),
    (
        "within: 1.5",
        "within: 0.5",
        "22:19: `within` is a factor above 1: 1.5 is from two thirds to three halves",
    ),
    (
        ", within: 1.5",
        "",
        "22:19: a mean speed-up is `above` a ratio, or `near` one `within` a factor",
    ),
    ("[macs, latency]", "[macs, macs]", "29:37: between: `MACs` is listed twice"),
    (
        "[macs, latency]",
        "[efficacy, speed-up]",
        "29:30: a speed-up correlates with `macs`, `parameters`, `parallelism` or `depthwise-share`, and `macs`, `efficacy` and `latency` with each other",
    ),
    (
        "quantity: correlation",
        "quantity: saved-time",
        "29:21: unknown relation key `between`; known: by, above",
    ),
    (
        "interpretations:",
        "claimed_by: nobody\ninterpretations:",
        "1:13: unknown claimant `nobody`; known: study, formbench",
    ),
    ("sign: positive", "sign: up", "29:53: unknown sign `up`; known: positive, negative, either"),
    (
        "check: it gains about twice",
        "check: plain gains most",
        "19:9: checks: `plain gains most` is listed twice",
    ),
];

#[test]
fn a_wrong_claim_is_named_with_its_place() {
    let message = |source: &str| {
        parse_claims(Path::new("c.yaml"), source, &few_words()).unwrap_err().to_string()
    };
    let said = BREAKS.map(|(found, by, _)| {
        assert!(SOUND.contains(found), "{found}");
        message(&SOUND.replacen(found, by, 1))
    });
    let expected = BREAKS.map(|(.., expected)| format!("c.yaml:{expected}"));
    assert_eq!(said, expected);
}

#[test]
fn formbench_s_own_claims_say_where_they_were_found() {
    let own = SOUND
        .replace("abstract_says", "found_in")
        .replace("[macs, latency]", "[speed-up, parallelism]")
        .replacen("interpretations:", "claimed_by: formbench\ninterpretations:", 1);
    let claims = parse_claims(Path::new("c.yaml"), &own, &few_words()).unwrap();
    assert_eq!(claims.claimed_by, Claimant::Formbench);
    assert_eq!(claims.claims[0].abstract_says, "that they do");
    let expected = Relation::GainRelated { with: Property::Parallelism, sign: Sign::Positive };
    assert_eq!(claims.claims[0].checks[2].relation, expected);
    // What the abstract says is asked of the study's claims alone.
    let error =
        parse_claims(Path::new("c.yaml"), &own.replace("found_in", "abstract_says"), &few_words());
    let said = error.unwrap_err().to_string();
    assert!(said.contains("unknown claim key `abstract_says`"), "{said}");
}

#[test]
fn the_former_names_of_keys_go_on_working_and_the_new_ones_are_told() {
    let parse = |source: &str| parse_claims(Path::new("c.yaml"), source, &few_words());
    let sound = parse(SOUND).unwrap();
    assert!(sound.notices.is_empty());
    let former =
        SOUND.replace("interpretations:", "readings:").replace("interpretation:", "reading:");
    let claims = parse(&former).unwrap();
    assert_eq!(claims.interpretations, sound.interpretations);
    let expected =
        ["`readings` is now called `interpretations`", "`reading` is now called `interpretation`"];
    assert_eq!(claims.notices, expected);
    let both = SOUND.replace("- { interpretation: own,", "- { interpretation: own, reading: own,");
    let error = parse(&both).unwrap_err().to_string();
    assert_eq!(error, "c.yaml:2:5: `reading` is the former name of `interpretation`; keep one");
}

#[test]
fn engines_are_taken_as_they_are_where_nobody_knows_them() {
    let words = ClaimWords { engines: Vec::new(), ..few_words() };
    let claims = parse_claims(Path::new("c.yaml"), SOUND, &words).unwrap();
    assert_eq!(claims, sound());
}

fn cell(pattern: &str, engine: &str, threads: u32) -> Cell {
    let (name, width) = (pattern.to_owned(), Width::whole(32));
    Cell {
        architecture: Architecture::Pattern { name, depth: 8, width },
        input: Images { batch: 1, resolution: 96, seed: 7 }.into(),
        weights_seed: 1,
        threads,
        engine: EngineSetting { engine: engine.to_owned(), options: Default::default() },
    }
}

#[test]
fn a_cell_needs_the_narrowest_interval_of_the_checks_that_look_at_it() {
    let claims = sound();
    let needed = |experiment, cell: &Cell| claims.needed_half_width(experiment, cell);
    // Looked at by the first check alone: it asks for two threads, the second for one.
    assert_eq!(needed("own/forms", &cell("plain", "openvino", 2)), Some(0.05));
    assert_eq!(needed("own/forms", &cell("plain", "openvino", 1)), Some(0.1));
    // The baseline is the other half of every speed-up.
    assert_eq!(needed("own/forms", &cell("plain", "pytorch", 2)), Some(0.05));
    // Another pattern, another engine, another set.
    assert_eq!(needed("own/forms", &cell("dense", "openvino", 2)), None);
    assert_eq!(needed("own/forms", &cell("plain", "burn/flex", 2)), None);
    assert_eq!(needed("other/forms", &cell("plain", "openvino", 2)), None);
}

#[test]
fn all_threads_are_more_than_one() {
    let source = SOUND.replace("threads: 2", "threads: all");
    let claims = parse_claims(Path::new("claims.yaml"), &source, &few_words()).unwrap();
    let needed = |threads| claims.needed_half_width("own/forms", &cell("plain", "tract", threads));
    assert_eq!([1, 2, 4].map(needed), [Some(0.1), Some(0.05), Some(0.05)]);
    let wrong = SOUND.replace("threads: 2", "threads: most");
    let error = parse_claims(Path::new("c.yaml"), &wrong, &few_words()).unwrap_err().to_string();
    assert!(error.contains("expected a whole number from 1 to 1024, or `all`"), "{error}");
}

fn committed() -> Vec<Claims> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../experiments");
    let words = vocabulary();
    let name = |path: &PathBuf| {
        let below = path.strip_prefix(&root).unwrap().with_extension("");
        below.to_string_lossy().into_owned()
    };
    let words = ClaimWords {
        patterns: words.patterns,
        networks: words.networks,
        experiments: experiment_files(&root).unwrap().iter().map(name).collect(),
        figures: words.figures,
        engines: words.engines.into_iter().map(|engine| engine.name).collect(),
    };
    let files = claims_files(&root).unwrap();
    files.iter().map(|path| read_claims(path, &words).unwrap()).collect()
}

#[test]
fn the_study_s_five_claims_are_sound_in_both_interpretations() {
    let committed = committed();
    let by = |claimant| committed.iter().find(|claims| claims.claimed_by == claimant).unwrap();
    let ids = |claims: &Claims| -> Vec<String> {
        claims.claims.iter().map(|claim| claim.id.clone()).collect()
    };
    assert_eq!(ids(by(Claimant::Formbench)), ["F1", "F2", "F3", "F4", "F5", "F6", "F7"]);
    let claims = by(Claimant::Study);
    assert_eq!(ids(claims), ["C1", "C2", "C3", "C4", "C5"]);
    let interpretations: Vec<_> = claims
        .interpretations
        .iter()
        .map(|one| (one.name.as_str(), one.baseline.as_str()))
        .collect();
    assert_eq!(interpretations, [("paper", "pytorch"), ("burn", "burn/ndarray")]);
}
