//! Profiles as rows of a table.

use crate::InferenceProfile;

/// Heads of the columns of a table of operators.
pub const OPERATORS: [&str; 6] = ["engine", "operator", "kind", "ms", "share", "stands for"];
/// Heads of the columns of a table of kinds of work.
pub const CLASSES: [&str; 7] =
    ["engine", "work", "operators", "ms", "share", "GMAC/s", "GB/s of its data"];

/// What is left beside the operators, as a row of its own.
const BETWEEN: &str = "between operators";

/// Returns a row per operator, in the order in which they run, and one of what is left.
pub fn operators(engine: &str, profile: &InferenceProfile) -> Vec<[String; 6]> {
    let row = |name: &str, kind: &str, ns: f64, nodes: &[String]| {
        let [engine, name, kind] = [engine, name, kind].map(str::to_owned);
        [engine, name, kind, ms(ns), share(profile, ns), nodes.join(", ")]
    };
    let operators = profile.operators.iter();
    let rows = operators.map(|one| row(&one.name, &one.kind, one.ns, &one.nodes));
    rows.chain([row(BETWEEN, "", profile.between_ns(), &[])]).collect()
}

/// Returns a row per kind of work, and one of what is left.
pub fn classes(engine: &str, profile: &InferenceProfile) -> Vec<[String; 7]> {
    let rate = |amount: u64, ns: f64| match amount {
        0 => String::new(),
        amount => format!("{:.1}", amount as f64 / ns),
    };
    let row = |class: &str, operators: String, ns: f64, [macs, bytes]: [u64; 2]| {
        let (engine, class) = (engine.to_owned(), class.to_owned());
        [engine, class, operators, ms(ns), share(profile, ns), rate(macs, ns), rate(bytes, ns)]
    };
    let shares = profile.by_class();
    let rows = shares.iter().map(|one| {
        let class = one.class.map_or("of the engine's own", |class| class.label());
        row(class, one.operators.to_string(), one.ns, [one.macs, one.bytes])
    });
    let between = row(BETWEEN, String::new(), profile.between_ns(), [0, 0]);
    rows.chain([between]).collect()
}

fn ms(ns: f64) -> String {
    format!("{:.3}", ns / 1e6)
}

fn share(profile: &InferenceProfile, ns: f64) -> String {
    format!("{:.1} %", 100.0 * ns / profile.profiled_ns)
}
