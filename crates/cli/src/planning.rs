//! The plan that the command line asks for.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use formbench_campaign::{PlanRequest, Planned};
use formbench_experiment::Claims;
use formbench_report::{FIGURES, RENAMED, present_name};

use crate::arguments::{Arguments, Selection};
use crate::{location, output};

/// Returns the plan of a selection, validated as a whole.
///
/// # Errors
/// The worker does not answer, or a file is wrong.
pub fn planned(arguments: &Arguments, selection: &Selection) -> Result<Planned> {
    planned_in(&arguments.experiments, arguments, selection)
}

/// Returns the plan of a selection from a folder of experiments, validated as a whole.
///
/// # Errors
/// Those of [`planned`].
pub fn planned_in(
    experiments: &Path,
    arguments: &Arguments,
    selection: &Selection,
) -> Result<Planned> {
    let request = PlanRequest {
        worker: location::worker(arguments)?,
        experiments,
        figures: &figures(),
        extent: selection.extent(),
        filter: selection.filter.filter(),
    };
    let planned = Planned::new(&request)?;
    tell(&planned.claims);
    let asked = planned.plan.experiments.iter().flat_map(|experiment| &experiment.figures);
    let former: BTreeSet<&str> =
        asked.map(String::as_str).filter(|name| present_name(name) != *name).collect();
    for name in former {
        output::say(&format!(
            "experiments: figure `{name}` is called `{}` now",
            present_name(name)
        ));
    }
    Ok(planned)
}

/// Returns the claims below a folder, validated; what their authors may want to know goes to stderr.
///
/// # Errors
/// A file cannot be read or is wrong.
pub fn claims(experiments: &Path) -> Result<Vec<Claims>> {
    let claims = formbench_campaign::claims(experiments, &figures())?;
    tell(&claims);
    Ok(claims)
}

fn tell(claims: &[Claims]) {
    let notices = claims.iter().flat_map(|claims| &claims.notices);
    notices.for_each(|notice| output::say(&format!("claims: {notice}")));
}

/// Returns the figures that experiments and claims may name, former names last.
pub fn figures() -> Vec<&'static str> {
    let former = RENAMED.iter().map(|(former, _)| *former);
    FIGURES.iter().map(|figure| figure.name).chain(former).collect()
}
