//! The plan that the command line asks for.

use anyhow::Result;
use formbench_campaign::{PlanRequest, Planned};
use formbench_report::FIGURES;

use crate::arguments::{Arguments, Selection};
use crate::location;

/// Returns the plan of a selection, validated as a whole.
///
/// # Errors
/// The worker does not answer, or a file is wrong.
pub fn planned(arguments: &Arguments, selection: &Selection) -> Result<Planned> {
    let request = PlanRequest {
        worker: location::worker(arguments)?,
        experiments: &arguments.experiments,
        figures: &figures(),
        extent: selection.extent(),
        filter: selection.filter.filter(),
    };
    Ok(Planned::new(&request)?)
}

/// Returns the figures that experiments and claims may name.
pub fn figures() -> Vec<&'static str> {
    FIGURES.iter().map(|figure| figure.name).collect()
}
