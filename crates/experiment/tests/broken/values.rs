//! Values of a wrong type or size.

use crate::sound::{Break, assert_broken};

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
    ("width: 32", "width: 3", "5:12: width: expected a number from 4 to 512, got `3`"),
    ("width: 32", "width: 513", "5:12: width: expected a number from 4 to 512, got `513`"),
    ("width: 32", "width: 32.3", "5:12: width `32.3` is not a positive multiple of 0.125"),
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
        "12:11: threads: expected a whole number from 1 to 1024, or `all`, got `0`",
    ),
    (
        "threads: [1, 2]",
        "threads: 1025",
        "12:10: threads: expected a whole number from 1 to 1024, or `all`, got `1025`",
    ),
    ("[4, 48]", "[4, 4]", "18:22: l3_mib: `4` is listed twice"),
    ("[4, 48]", "0", "18:18: l3_mib: expected a whole number from 1 to 1024, got `0`"),
    (
        "[4, 48]",
        "[4, 34]",
        "18:22: l3_mib: expected a power of two, or one times an odd number up to 15, as no cache has more ways, got `34`",
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

#[test]
fn a_value_of_a_wrong_type_or_size_is_answered_with_what_was_expected() {
    assert_broken(TYPES_AND_RANGES);
}
