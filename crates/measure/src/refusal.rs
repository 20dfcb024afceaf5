//! How a worker error is recorded in the data.

use std::process::ExitStatus;
use std::time::Duration;

use formbench_protocol::{Identity, Refusal, RefusalKind};

use crate::RunCell;
use crate::scheduler::CellProgress;
use crate::worker_error::WorkerError;

/// What an allocator prints before it gives up.
const OUT_OF_MEMORY: [&str; 3] = ["memory allocation of", "std::bad_alloc", "MemoryError"];

/// Returns why the cell ends, or nothing if the run ends instead: interrupted, or without a worker.
pub fn refusal(lost: &WorkerError, stderr_tail: &str) -> Option<Refusal> {
    match lost {
        WorkerError::Interrupted
        | WorkerError::NotStarted { .. }
        | WorkerError::NoAnswer { .. } => None,
        WorkerError::Refused(refusal) => Some(refusal.clone()),
        WorkerError::Hung { doing, limit_s } => {
            let reason = format!("no answer to {doing} within {limit_s:.1} s");
            Some(Refusal::new(RefusalKind::Hung, reason).remedy("raise `limit_s` in the budget"))
        }
        WorkerError::Nonsense { doing, line } => {
            let reason = format!("expected an answer to {doing}, got `{line}`");
            Some(Refusal::new(RefusalKind::Nonsense, reason))
        }
        WorkerError::Ended { doing, status } => Some(ended(doing, *status, stderr_tail)),
    }
}

/// Returns why there is no answer, also where a run would end.
pub fn refusal_or(lost: &WorkerError, stderr_tail: &str) -> Refusal {
    refusal(lost, stderr_tail)
        .unwrap_or_else(|| Refusal::new(RefusalKind::Failed, lost.to_string()))
}

/// Returns the refusal of a cell whose time is spent.
pub fn out_of_time(cell: &RunCell, progress: &CellProgress) -> Refusal {
    let reason = format!(
        "{:.0} s of `cell_limit_s: {:.0}` are spent after {} of {} rounds",
        progress.spent.as_secs_f64(),
        cell.budget.cell_limit_s,
        progress.whole_rounds.len(),
        cell.budget.rounds
    );
    Refusal::new(RefusalKind::TimeLimit, reason).remedy("raise `cell_limit_s` in the budget")
}

/// Returns the refusal of a cell that a limited run did not reach.
pub fn budget_spent(limit: Duration) -> Refusal {
    let reason =
        format!("the run's {:.0} s were spent before its first round", limit.as_secs_f64());
    Refusal::new(RefusalKind::TimeLimit, reason).remedy("give a larger --budget and --fresh")
}

/// Returns the refusal of a process that runs something else than was planned.
pub fn another_engine(cell: &RunCell, got: &Identity) -> Refusal {
    let expected = &cell.engine.identity;
    let shown = |identity: &Identity| {
        format!("`{} {} on {}`", identity.name, identity.version, identity.device.name)
    };
    let reason = format!("prepared {}, expected {}", shown(got), shown(expected));
    Refusal::new(RefusalKind::Failed, reason).remedy("plan again: the worker has changed")
}

/// Returns why a cell cannot be checked: the worker does not have its reference engine.
pub fn no_reference(cell: &RunCell) -> Refusal {
    let reason = format!("no logits to agree with: the worker has no {}", cell.reference_name());
    Refusal::new(RefusalKind::Unavailable, reason)
}

/// Returns why a cell cannot be checked: its reference engine failed.
pub fn without_reference(lost: WorkerError, cell: &RunCell, stderr_tail: &str) -> WorkerError {
    let Some(cause) = refusal(&lost, stderr_tail) else { return lost };
    let reason = format!("no logits to agree with: {}: {}", cell.reference_name(), cause.reason);
    WorkerError::Refused(Refusal { reason, ..cause })
}

fn ended(doing: &str, status: Option<ExitStatus>, stderr_tail: &str) -> Refusal {
    let how = status.map_or_else(|| "in an unknown way".to_owned(), |status| status.to_string());
    let out_of_memory = is_killed(status) || OUT_OF_MEMORY.iter().any(|t| stderr_tail.contains(t));
    if out_of_memory {
        let reason = format!("the worker ended during {doing} ({how}), as when memory runs out");
        return Refusal::new(RefusalKind::OutOfMemory, reason)
            .remedy("lower batch, resolution or width, or free memory and give --fresh");
    }
    Refusal::new(RefusalKind::Crashed, format!("the worker ended during {doing} ({how})"))
}

/// Nobody but the kernel sends this signal to a worker that formbench did not end.
#[cfg(unix)]
fn is_killed(status: Option<ExitStatus>) -> bool {
    use std::os::unix::process::ExitStatusExt;
    const KILL: i32 = 9;
    status.and_then(|status| status.signal()) == Some(KILL)
}

#[cfg(not(unix))]
fn is_killed(_status: Option<ExitStatus>) -> bool {
    false
}
