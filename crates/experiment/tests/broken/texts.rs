//! Texts that are no experiments.

use crate::sound::message;

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

#[test]
fn a_text_that_is_no_experiment_is_refused() {
    for (source, expected) in TEXTS {
        assert_eq!(message(source), *expected, "{source:?}");
    }
}
