//! What an engine's error text states about a model that the engine did not load.

use formbench_protocol::{Refusal, RefusalKind};

/// How engines state that memory ran out.
const OUT_OF_MEMORY: [&str; 7] = [
    "bad_alloc",
    "can't alloc",
    "failed to map segment",
    "out of memory",
    "failed to allocate memory",
    "cannot allocate memory",
    "could not allocate",
];

/// How engines state that they lack an operation, or lack it in the form that a model uses.
const UNSUPPORTED: [&str; 7] = [
    "no op registered",
    "no conversion rule found",
    "not implemented",
    "not_implemented",
    "unimplemented",
    "unsupported",
    "not supported",
];

/// Returns the refusal that an engine's error text stands for: out of memory, an operation that it
/// does not have, or else a failure.
pub(crate) fn refusal(engine: &str, words: impl ToString) -> Refusal {
    let words = line(&words.to_string());
    let lower = words.to_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| lower.contains(phrase));
    let kind = if says(&OUT_OF_MEMORY) {
        RefusalKind::OutOfMemory
    } else if says(&UNSUPPORTED) {
        RefusalKind::Unsupported
    } else {
        RefusalKind::Failed
    };
    Refusal::new(kind, format!("{engine}: {words}"))
}

/// Returns a text in one line, without the places in the engine's source that threw it.
pub(crate) fn line(words: &str) -> String {
    let lines = words.lines().map(str::trim);
    let said = lines.filter(|line| !line.is_empty() && !line.contains("Exception from src/"));
    said.collect::<Vec<_>>().join(" ")
}
