//! The parts of the README that are made from committed data: every number in it.

mod caveats;
mod engines;
mod findings;
mod markers;
mod study;

use formbench_analysis::{Run, Verdict, agreement};

pub use markers::MarkerError;

use crate::{ReportError, tables};

/// The study's accelerator.
const ENGINE: &str = "openvino";

/// A committed run with the verdicts that it leads to.
#[derive(Clone, Debug)]
pub struct CommittedRun {
    /// Name of its folder: the machine.
    pub host: String,
    /// What was measured.
    pub run: Run,
    /// The verdicts on all claims.
    pub verdicts: Vec<Verdict>,
}

/// The committed runs that the README speaks of.
#[derive(Clone, Debug)]
pub struct Committed {
    /// The reference runs, one per machine; the one whose figures are drawn first.
    pub references: Vec<CommittedRun>,
    /// All patterns at equal cost.
    pub patterns: CommittedRun,
    /// All patterns by depth and width.
    pub sizes: CommittedRun,
    /// All networks on one thread.
    pub networks: CommittedRun,
    /// Patterns whose caches were simulated.
    pub caches: CommittedRun,
    /// The page that compares our timings with engines' own tools.
    pub fidelity: String,
}

/// Returns the README with its generated parts made anew; all else stays.
///
/// # Errors
/// A part has no place in the README, or a run asks for a figure that does not exist.
pub fn readme(text: &str, committed: &Committed) -> Result<String, ReportError> {
    let networks = tables(&committed.networks.run)?;
    let agreement = match committed.references.as_slice() {
        [ours, theirs, ..] => Some(agreement(&ours.run, &theirs.run)),
        _ => None,
    };
    let parts = [
        ("findings", findings::part(committed, &networks, agreement.as_ref())),
        ("study", study::part(committed)),
        ("engines", engines::part(committed)),
        ("caveats", caveats::part(committed)),
    ];
    Ok(markers::fill(text, &parts)?)
}
