use std::fmt;

use serde::{Deserialize, Serialize};

/// How a check of a claim comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The whole interval agrees with what the check states.
    Holds,
    /// The whole interval contradicts what the check states.
    DoesNotHold,
    /// The interval holds both.
    Undecided,
    /// This run has nothing to judge it by.
    NotTestable,
}

impl Outcome {
    /// Returns whether the run answers the check.
    pub fn is_decided(self) -> bool {
        matches!(self, Self::Holds | Self::DoesNotHold)
    }

    /// Returns the words of tables.
    pub fn label(self) -> &'static str {
        VerdictKind::from(self).label()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.label())
    }
}

/// How a claim comes out in one interpretation on one engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VerdictKind {
    /// Every check holds.
    Holds,
    /// Some checks hold.
    HoldsInPart,
    /// Every check that can be judged is answered with no.
    DoesNotHold,
    /// No check holds, and one of them may.
    Undecided,
    /// No check can be judged.
    NotTestable,
}

impl VerdictKind {
    /// Returns what the outcomes of a claim's checks come to together.
    pub fn of(outcomes: &[Outcome]) -> Self {
        let any = |outcome| outcomes.contains(&outcome);
        let holds = any(Outcome::Holds);
        if holds && outcomes.iter().all(|one| *one == Outcome::Holds) {
            Self::Holds
        } else if holds {
            Self::HoldsInPart
        } else if any(Outcome::Undecided) {
            Self::Undecided
        } else if any(Outcome::DoesNotHold) {
            Self::DoesNotHold
        } else {
            Self::NotTestable
        }
    }

    /// Returns the words of tables.
    pub fn label(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::HoldsInPart => "holds in part",
            Self::DoesNotHold => "does not hold",
            Self::Undecided => "undecided",
            Self::NotTestable => "not testable here",
        }
    }
}

impl From<Outcome> for VerdictKind {
    fn from(outcome: Outcome) -> Self {
        Self::of(&[outcome])
    }
}

impl fmt::Display for VerdictKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Outcome::{DoesNotHold, Holds, NotTestable, Undecided};

    #[test]
    fn a_claim_holds_in_part_as_soon_as_a_check_of_it_does() {
        assert_eq!(VerdictKind::of(&[Holds, Holds]), VerdictKind::Holds);
        for other in [DoesNotHold, Undecided, NotTestable] {
            assert_eq!(VerdictKind::of(&[other, Holds]), VerdictKind::HoldsInPart);
        }
    }

    #[test]
    fn a_claim_without_a_check_that_holds_fails_only_where_none_may() {
        assert_eq!(VerdictKind::of(&[DoesNotHold, Undecided]), VerdictKind::Undecided);
        assert_eq!(VerdictKind::of(&[DoesNotHold, NotTestable]), VerdictKind::DoesNotHold);
        assert_eq!(VerdictKind::of(&[NotTestable]), VerdictKind::NotTestable);
    }
}
