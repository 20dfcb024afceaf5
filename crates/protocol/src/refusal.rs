use std::fmt;

use serde::{Deserialize, Serialize};

/// A recorded reason why a cell has no samples, or no more of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What kind of reason.
    pub kind: RefusalKind,
    /// What happened, with values: a lower-case fragment.
    pub reason: String,
    /// What would make the cell run, if that is known.
    #[serde(default)]
    pub remedy: Option<String>,
}

/// Kinds of refusal.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalKind {
    /// The engine cannot run on this host.
    Unavailable,
    /// The engine would run on a software graphics adapter.
    SoftwareAdapter,
    /// The engine cannot execute this architecture, input or option.
    Unsupported,
    /// Logits differ from the reference engine's by more than the tolerance.
    Disagrees,
    /// The engine returned an error.
    #[default]
    Failed,
    /// The worker ended without an answer.
    Crashed,
    /// The worker did not answer within the limit.
    Hung,
    /// The worker was killed because memory ran out.
    OutOfMemory,
    /// The worker answered something that is not the protocol.
    Nonsense,
    /// The cell's time ran out before its rounds were done; the samples that it has stay.
    TimeLimit,
}

impl RefusalKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Unavailable,
        Self::SoftwareAdapter,
        Self::Unsupported,
        Self::Disagrees,
        Self::Failed,
        Self::Crashed,
        Self::Hung,
        Self::OutOfMemory,
        Self::Nonsense,
        Self::TimeLimit,
    ];

    /// Returns the name that data and tables carry.
    pub fn label(self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
            Self::SoftwareAdapter => "software-adapter",
            Self::Unsupported => "unsupported",
            Self::Disagrees => "disagrees",
            Self::Failed => "failed",
            Self::Crashed => "crashed",
            Self::Hung => "hung",
            Self::OutOfMemory => "out-of-memory",
            Self::Nonsense => "nonsense",
            Self::TimeLimit => "time-limit",
        }
    }
}

impl Refusal {
    /// Returns a refusal without a remedy.
    pub fn new(kind: RefusalKind, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into(), remedy: None }
    }

    /// Returns the refusal with what would make the cell run.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.reason)?;
        self.remedy.iter().try_for_each(|remedy| write!(f, "; {remedy}"))
    }
}
