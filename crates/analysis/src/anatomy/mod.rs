//! Where the time of inferences goes, by kind of work, what an engine saves of it, and how near each kind comes to the machine's
//! roof.

mod account;
mod bars;
mod efficiency;
mod saved_operator;
mod saving;
mod saving_rows;
mod timed_saving;

use formbench_protocol::InferencePart;
use formbench_store::CellRow;

use account::Account;
pub use bars::anatomy;
pub use efficiency::efficiencies;
pub use saved_operator::SavedOperator;
pub(crate) use saving::saved;
pub use saving::{SavedPart, Saving, savings};
pub use saving_rows::{LEAST_SAVED, saving_rows};
pub use timed_saving::TimedSaving;

use crate::View;
use crate::view::Comparison;

/// Returns what a figure calls a part of an inference.
pub fn name(part: InferencePart) -> &'static str {
    match part {
        InferencePart::Work(class) => class.label(),
        InferencePart::Own => "the engine\u{2019}s own",
        InferencePart::Between => "between operators",
    }
}

/// Returns the comparisons that have a profile on both sides.
pub fn profiled<'a>(view: &View<'a>, comparisons: &[Comparison<'a>]) -> Vec<Comparison<'a>> {
    let has_profile = |cell: &CellRow| view.run.operators.iter().any(|row| row.cell == cell.cell);
    let both = |pair: &&Comparison<'a>| has_profile(pair.accelerated) && has_profile(pair.baseline);
    comparisons.iter().filter(both).copied().collect()
}
