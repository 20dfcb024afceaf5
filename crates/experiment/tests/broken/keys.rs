//! Keys that are unknown, missing or written twice.

use crate::sound::{Break, assert_broken};

const KEYS: &[Break] = &[
    (
        "question:",
        "qestion:",
        "1:1: unknown experiment key `qestion`; known: question, architectures, engines, baseline, stand_in, input, weights_seed, threads, budget, cache, figures, exclude (did you mean `question`?)",
    ),
    (
        "    depth: [",
        "    depht: [",
        "4:5: unknown architecture row key `depht`; known: pattern, network, onnx, depth, width, match, resolution, inputs, from (did you mean `depth`?)",
    ),
    (
        "batch: 1",
        "bach: 1",
        "10:10: unknown input key `bach`; known: batch, resolution, seed (did you mean `batch`?)",
    ),
    (
        "rounds: 5",
        "round: 5",
        "13:11: unknown budget key `round`; known: rounds, most_rounds, blocks, block_inferences, block_s, warm_up_inferences, warm_up_s, warm_up_cap_s, warm_up_stable_within, limit_s, cell_limit_s, ratio_half_width (did you mean `rounds`?)",
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
    (
        "l3_mib: [4, 48]",
        "l2_mib: [4, 48]",
        "18:10: unknown cache key `l2_mib`; known: l3_mib (did you mean `l3_mib`?)",
    ),
    ("weights_seed: 1", "threads: 1", "12:1: key `threads` is written twice in the experiment"),
    (
        "resolution: 96, seed: 7",
        "resolution: 96, resolution: 7",
        "10:36: key `resolution` is written twice in the input",
    ),
    ("weights_seed: 1", "7: 1", "11:1: experiment key: expected text, got `7`"),
    ("baseline: burn/ndarray\n", "", "1:1: missing key `baseline` in the experiment"),
    ("    width: 32\n", "", "3:5: a pattern row has either `width` or `match`"),
    ("resolution: 96, ", "", "10:8: missing key `resolution` in the input"),
    ("{ engine: tract, options", "{ options", "8:38: missing key `engine` in the engine"),
    (", why: takes too long", "", "16:5: missing key `why` in the exclusion"),
];

#[test]
fn a_wrong_key_is_named_with_its_place() {
    assert_broken(KEYS);
}
