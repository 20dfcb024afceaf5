//! What holds for any experiment, and for any bytes.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::path::Path;

use formbench_experiment::{
    Cell, Experiment, ExperimentError, Filter, Plan, Profile, Profiles, parse_experiment,
    parse_profiles, read_profiles,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use words::vocabulary;

mod words;

fn profiles() -> Profiles {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../experiments/profiles.yaml");
    read_profiles(&path).unwrap()
}

/// Returns sound experiments; any two may share cells.
fn experiment() -> impl Strategy<Value = Experiment> {
    let names = || subsequence(vec!["plain", "residual", "bottleneck"], 1..=3);
    let depths = || subsequence(vec![4, 8, 14, 200], 1..=4);
    let widths = || subsequence(vec![4, 32, 512], 1..=3);
    let networks = subsequence(vec!["resnet18", "resnet50", "mobilenet-v2"], 1..=3);
    let from = select(vec!["quick", "standard", "full"]);
    let engines = subsequence(
        vec![
            "burn/ndarray",
            "burn/candle",
            "{ engine: tract, options: { level: [2, 1], optimize: [none, full] } }",
        ],
        1..=3,
    );
    let stand_in =
        select(vec!["tract", "{ engine: tract, options: { level: 2, optimize: full } }"]);
    let threads = subsequence(vec![1, 2, 4], 1..=3);
    (names(), depths(), widths(), networks, from, engines, stand_in, threads).prop_map(
        |(names, depths, widths, networks, from, engines, stand_in, threads)| {
            let source = format!(
                "question: What?\n\
                 architectures:\n\
                 - {{ pattern: [{}], depth: {depths:?}, width: {widths:?} }}\n\
                 - {{ network: [{}], from: {from} }}\n\
                 engines: [{}]\n\
                 baseline: burn/ndarray\n\
                 stand_in: {stand_in}\n\
                 input: {{ resolution: 32 }}\n\
                 threads: {threads:?}\n\
                 figures: [latency-by-depth]\n",
                names.join(", "),
                networks.join(", "),
                engines.join(", "),
            );
            parse_experiment("x", Path::new("x.yaml"), &source, &vocabulary()).expect(&source)
        },
    )
}

/// Returns the largest plan on a host that lacks the baseline's engine if `absent`.
fn plan(experiments: &[Experiment], absent: bool) -> Plan {
    let absent = BTreeSet::from_iter(absent.then(|| "burn/ndarray".to_owned()));
    Plan::new(experiments, &profiles(), Profile::Full.into(), &Filter::default(), &absent).unwrap()
}

/// Returns one to three sound experiments.
fn experiments() -> impl Strategy<Value = Vec<Experiment>> {
    prop::collection::vec(experiment(), 1..4)
}

fn set(cells: &[Cell]) -> BTreeSet<&Cell> {
    cells.iter().collect()
}

/// Returns texts that look like experiments: their words in any order.
fn almost_yaml() -> impl Strategy<Value = String> {
    let words = select(vec![
        "question",
        "architectures",
        "pattern",
        "depth",
        "engines",
        "options",
        "stand_in",
        "exclude",
        "why",
        "plain",
        "?",
        ": ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "\n",
        "\n  ",
        "\n    ",
        "&a ",
        "*a",
        "!t ",
        "<<",
        "'",
        "\"",
        "| ",
        "> ",
        "# ",
        "---\n",
        "1",
        "-1",
        ".inf",
        "null",
        "\t",
        "\u{85}",
        "\u{2028}",
        "é",
        "%",
        "@",
        "!!int ",
        "? ",
    ]);
    prop::collection::vec(words, 0..60).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn no_cell_is_planned_twice(experiments in experiments(), absent: bool) {
        let plan = plan(&experiments, absent);
        prop_assert_eq!(set(&plan.cells).len(), plan.cells.len());
    }

    #[test]
    fn groups_partition_the_cells(experiments in experiments(), absent: bool) {
        let plan = plan(&experiments, absent);
        let groups = plan.groups();
        let indices: Vec<usize> = groups.concat();
        prop_assert_eq!(indices, (0..plan.cells.len()).collect::<Vec<usize>>());
        let keys: BTreeSet<_> = groups.iter().map(|group| plan.cells[group[0]].group()).collect();
        prop_assert_eq!(keys.len(), groups.len());
        for group in &groups {
            let same = |&cell: &usize| plan.cells[cell].group() == plan.cells[group[0]].group();
            prop_assert!(group.iter().all(same));
        }
    }

    #[test]
    fn every_group_of_an_experiment_has_one_baseline(experiment in experiment(), absent: bool) {
        let plan = plan(&[experiment], absent);
        let baselines: Vec<usize> = (plan.experiments[0].members.iter())
            .filter(|member| member.baseline)
            .map(|member| member.cell)
            .collect();
        for group in plan.groups() {
            prop_assert_eq!(group.iter().filter(|&cell| baselines.contains(cell)).count(), 1);
        }
    }

    #[test]
    fn a_stand_in_adds_cells_and_takes_none_away(experiments in experiments()) {
        let (there, absent) = (plan(&experiments, false), plan(&experiments, true));
        prop_assert!(set(&there.cells).is_subset(&set(&absent.cells)));
    }

    #[test]
    fn a_larger_profile_includes_the_smaller(experiment in experiment()) {
        let [quick, standard, full] = Profile::ALL.map(|profile| experiment.cells(profile));
        prop_assert!(set(&quick).is_subset(&set(&standard)));
        prop_assert!(set(&standard).is_subset(&set(&full)));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = parse_experiment("x", Path::new("x.yaml"), &text, &vocabulary());
        let _ = parse_profiles(Path::new("x.yaml"), &text);
    }

    #[test]
    fn refusals_point_into_the_text(text in almost_yaml()) {
        let refusal = parse_experiment("x", Path::new("x.yaml"), &text, &vocabulary()).unwrap_err();
        let ExperimentError::Invalid { location, .. } = refusal else {
            panic!("a text cannot be unreadable: {refusal}");
        };
        // YAML also breaks lines at these three, and a place may be right after the last line.
        let lines = text.split(['\n', '\u{85}', '\u{2028}', '\u{2029}']).count();
        prop_assert!((1..=lines + 1).contains(&location.line), "{location} of {lines} lines");
    }
}
