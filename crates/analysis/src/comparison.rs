//! Two cells of a run of which one is compared with the other.

use formbench_store::CellRow;

/// A cell of a run and the one that it is compared with.
pub type Comparison<'a> = formbench_experiment::Comparison<&'a CellRow>;
