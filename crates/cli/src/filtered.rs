//! What the filters of a command leave of a run.

use anyhow::{Result, bail};
use formbench_analysis::Run;
use formbench_experiment::Filter;
use formbench_store::MemberRow;

/// Leaves out of the experiments what the filter does not take; baselines stay.
pub fn narrow(run: &mut Run, filter: &Filter) {
    run.experiments.retain(|row| filter.takes_experiment(&row.experiment));
    let cells = &run.cells;
    let takes = |member: &MemberRow| {
        let cell = cells.get(&member.cell)?;
        let experiment = filter.takes_experiment(&member.experiment);
        let engine = member.baseline || filter.takes_engine(&cell.engine_label());
        let architecture = filter.takes_architecture(&cell.architecture());
        Some(experiment && engine && architecture && filter.takes_threads(cell.threads))
    };
    run.members.retain(|member| takes(member) == Some(true));
}

/// Narrows a run of which something is to be left.
///
/// # Errors
/// The filter leaves no cell.
pub fn narrow_to_some(run: &mut Run, filter: &Filter) -> Result<()> {
    narrow(run, filter);
    if run.members.is_empty() {
        bail!("the filters leave no cell of the run `{}`; loosen a filter", run.host.run);
    }
    Ok(())
}
