//! Profiles the cells of a run, operator by operator.

use std::collections::BTreeSet;

use formbench_experiment::Cell;
use formbench_profile::{InferenceProfile, OperatorScript, ProfiledOperator, Profiler};
use formbench_protocol::InferencePart;
use formbench_store::{OperatorRow, Run, RunFolder};

use crate::{CampaignError, Notice, Planned};

/// Profiles each cell of a run on one thread whose engine is among `engines`; cells that have a profile already, and those
/// whose options a profiler does not take, are left alone; a profile of an earlier version, whose times do not add up, is taken
/// anew. What each cell gave is kept at once. Returns how many cells were profiled, and how
/// many gave no profile.
///
/// # Errors
/// The run is of another host, other engines or other experiments, or something cannot be kept.
pub fn profile_run(
    folder: &RunFolder,
    planned: &Planned,
    profiler: &Profiler<'_>,
    engines: &[&str],
    notice: Notice<'_>,
) -> Result<[usize; 2], CampaignError> {
    let run = Run::read_without_samples(folder.path())?;
    let keys: BTreeSet<String> = run.cells.into_keys().collect();
    let mut rows = run.operators;
    let known = profiled(&rows);
    let is_asked = |cell: &Cell| {
        let name = cell.engine.engine.as_str();
        let is_profiled = !OperatorScript::takes(name)
            || OperatorScript::takes_options(name, &cell.engine.options);
        let is_named = |label: &&str| *label == name || *label == cell.engine.to_string();
        cell.threads == 1 && is_profiled && engines.iter().any(is_named)
    };
    let asked = planned.cells.iter().filter(|cell| {
        keys.contains(&cell.key) && !known.contains(&cell.key) && is_asked(&cell.cell)
    });
    let asked: Vec<_> = asked.collect();
    let here = planned.cells.iter().filter(|cell| keys.contains(&cell.key)).count();
    if here == 0 {
        return Err(CampaignError::OtherCells { run: folder.path().to_owned() });
    }
    if here < keys.len() {
        notice(&format!(
            "{} of {} cells are not the same here and are left alone",
            keys.len() - here,
            keys.len()
        ));
    }
    let mut without = 0;
    for (at, run_cell) in asked.iter().enumerate() {
        let Cell { architecture, engine, .. } = &run_cell.cell;
        notice(&format!("{}/{}  {architecture} on {engine}", at + 1, asked.len()));
        match profiler.profile(&run_cell.cell.job(run.host.software_gpu)) {
            Ok(profile) => {
                rows.retain(|row| row.cell != run_cell.key);
                rows.extend(operator_rows(&run_cell.key, &profile));
                folder.write_operators(&rows)?;
            }
            Err(error) => {
                without += 1;
                notice(&format!("{architecture} on {engine}: {error}"));
            }
        }
    }
    Ok([asked.len() - without, without])
}

/// Returns the cells whose operators were timed as they are today.
fn profiled(rows: &[OperatorRow]) -> BTreeSet<String> {
    let is_of_today = |row: &&OperatorRow| row.accounted_ns.is_some();
    rows.iter().filter(is_of_today).map(|row| row.cell.clone()).collect()
}

fn operator_rows(cell: &str, profile: &InferenceProfile) -> Vec<OperatorRow> {
    let row = |position: usize| OperatorRow {
        cell: cell.to_owned(),
        position: position as u32,
        profiled_ns: profile.profiled_ns,
        latency_ns: profile.latency_ns,
        accounted_ns: Some(profile.accounted_ns),
        ..OperatorRow::default()
    };
    let operators = profile.operators.iter().enumerate().map(|(position, one)| {
        let one = one.clone();
        let ProfiledOperator { name, kind, nodes, class, ns, macs, flops, bytes, .. } = one;
        OperatorRow {
            operator: name,
            kind,
            nodes,
            class: class.map_or(InferencePart::Own, InferencePart::Work),
            positions: class.map(|_| one.positions),
            after: one.after.map(InferencePart::Work),
            ns,
            macs,
            flops,
            bytes,
            ..row(position)
        }
    });
    let between = OperatorRow {
        class: InferencePart::Between,
        ns: profile.between_ns(),
        ..row(profile.operators.len())
    };
    operators.chain([between]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_that_was_not_accounted_for_is_of_an_earlier_version() {
        let row = |cell: &str, accounted_ns| OperatorRow {
            cell: cell.to_owned(),
            accounted_ns,
            ..OperatorRow::default()
        };
        let rows = [row("new", Some(9.0)), row("new", Some(9.0)), row("old", None)];
        assert_eq!(profiled(&rows), BTreeSet::from(["new".to_owned()]));
        assert!(profiled(&[]).is_empty());
    }
}
