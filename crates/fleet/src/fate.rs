use std::fmt;

use serde::Serialize;

use crate::{Event, EventKind};

/// What became of a job, as far as files and Slurm's queue show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "fate")]
pub enum Fate {
    /// The run is finished and packed.
    Packed,
    /// It is with Slurm.
    Queued {
        /// Slurm's word, such as `PENDING` or `RUNNING`.
        state: String,
    },
    /// It never began on a machine, as far as files show.
    NotBegun,
    /// It began, and nothing more is written.
    Silent {
        /// The machine.
        node: String,
        /// Since when.
        since: String,
        /// Whether Slurm has it no more.
        is_gone: bool,
    },
    /// It was asked to stop, and saved what it had.
    Stopped {
        /// The machine.
        node: String,
    },
    /// A machine cannot use what was brought.
    Refused {
        /// Why.
        reason: String,
    },
    /// The command failed.
    Failed {
        /// The machine.
        node: String,
        /// Exit code or reason.
        detail: String,
        /// The end of the log.
        log: String,
    },
}

/// Returns what became of a job without a pack: of its events, the end of its log, and what Slurm says of it (nothing where
/// Slurm is not here, an empty word where it has the job no more).
pub fn fate(events: &[Event], log: &str, slurm: Option<&str>) -> Fate {
    if let Some(state) = slurm.filter(|state| !state.is_empty()) {
        return Fate::Queued { state: state.to_owned() };
    }
    let Some(Event { time, node, kind, detail, .. }) = events.last().cloned() else {
        return Fate::NotBegun;
    };
    match kind {
        EventKind::Started => Fate::Silent { node, since: time, is_gone: slurm.is_some() },
        EventKind::Stopped => Fate::Stopped { node },
        EventKind::Refused => Fate::Refused { reason: detail },
        // Its pack was taken away.
        EventKind::Packed => {
            Fate::Failed { node, detail: "its pack is not there".into(), log: String::new() }
        }
        EventKind::Failed => Fate::Failed { node, detail, log: log.to_owned() },
    }
}

impl Fate {
    /// Returns whether the job is over and its run is not whole.
    pub fn is_lost(&self) -> bool {
        match self {
            Self::Packed | Self::Queued { .. } => false,
            Self::Silent { is_gone, .. } => *is_gone,
            Self::NotBegun | Self::Stopped { .. } | Self::Refused { .. } | Self::Failed { .. } => {
                true
            }
        }
    }
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Packed => f.write_str("done"),
            Self::Queued { state } => write!(f, "with Slurm: {}", state.to_lowercase()),
            Self::NotBegun => f.write_str("began on no machine, as far as its files show"),
            Self::Silent { node, since, is_gone: true } => {
                write!(
                    f,
                    "killed, or {node} died: begun there {since}, no end is written, and Slurm has it no more"
                )
            }
            Self::Silent { node, since, is_gone: false } => {
                write!(f, "begun on {node} {since}, no end is written: it runs, or was killed")
            }
            Self::Stopped { node } => write!(f, "stopped on {node}, and saved"),
            Self::Refused { reason } => write!(f, "refused: {reason}"),
            Self::Failed { node, detail, log } if log.is_empty() => {
                write!(f, "failed on {node}: {detail}")
            }
            Self::Failed { node, detail, log } => write!(f, "failed on {node}: {detail}: {log}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: &str, detail: &str) -> Event {
        Event::parse(&format!("2026-01-31T12:00:00Z\tn1\t17.0\t{kind}\t{detail}")).unwrap()
    }

    #[test]
    fn files_and_the_queue_tell_what_became_of_a_job() {
        let started = [event("started", "")];
        let failed = [event("started", ""), event("failed", "3")];
        let again = [event("failed", "3"), event("started", "")];
        let fate_of = |events: &[Event], slurm| fate(events, "no such engine", slurm);
        assert_eq!(fate_of(&failed, Some("PENDING")).to_string(), "with Slurm: pending");
        assert_eq!(fate_of(&failed, Some("")).to_string(), "failed on n1: 3: no such engine");
        assert_eq!(fate_of(&[], Some("")), Fate::NotBegun);
        // Without Slurm nobody knows whether a job that began still runs.
        assert!(fate_of(&started, Some("")).is_lost());
        assert!(!fate_of(&started, None).is_lost());
        assert!(matches!(fate_of(&again, Some("")), Fate::Silent { .. }), "a later attempt counts");
        assert!(fate_of(&[event("stopped", "130")], None).is_lost());
    }
}
