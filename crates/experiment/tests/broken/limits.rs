//! More than a host could measure, or a reader could hold.

use std::ops::RangeInclusive;

use crate::sound::{SOUND, message};

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
