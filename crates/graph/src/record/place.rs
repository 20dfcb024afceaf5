use super::names::Names;
use super::operation::Logged;

/// Returns where an operation of the log stands: in the module of its parameters, or after the last
/// module before it.
pub(crate) fn of(log: &[Logged], at: usize, names: &Names) -> String {
    match log.get(at).and_then(|logged| names.module(&logged.constants)) {
        Some(module) => format!("in `{module}`"),
        None => after(&log[..at], names),
    }
}

/// Returns what comes after the last operation of a log.
pub(crate) fn after(log: &[Logged], names: &Names) -> String {
    let last = log.iter().rev().find_map(|logged| names.module(&logged.constants));
    last.map_or_else(
        || "before the first named module".to_owned(),
        |module| format!("after `{module}`"),
    )
}
