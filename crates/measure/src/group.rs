use std::collections::BTreeMap;

use formbench_experiment::{Claims, Comparison, Plan, PlannedExperiment, comparisons};

/// Cells that are compared with each other: their processes live at the same time and take turns.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Indices of the cells.
    pub cells: Vec<usize>,
    /// What is compared with what, as indices, each with the half-width that a claim needs, if any.
    pub comparisons: Vec<Comparison<usize>>,
}

/// Returns the groups of a plan, each with what its experiments compare and how well claims need it.
pub fn groups(plan: &Plan, claims: &[Claims]) -> Vec<Group> {
    let with_comparisons = |cells: Vec<usize>| {
        let mut needs: BTreeMap<(usize, usize), Option<f64>> = BTreeMap::new();
        for experiment in &plan.experiments {
            for Comparison { baseline, accelerated, .. } in compared(experiment, &cells) {
                let need = needs.entry((baseline, accelerated)).or_default();
                *need = narrowest([*need, needed(plan, claims, experiment, accelerated)]);
            }
        }
        let comparison = |((baseline, accelerated), half_width)| Comparison {
            baseline,
            accelerated,
            half_width,
        };
        Group { cells, comparisons: needs.into_iter().map(comparison).collect() }
    };
    plan.groups().into_iter().map(with_comparisons).collect()
}

/// Returns what an experiment compares among the cells of a group.
fn compared(experiment: &PlannedExperiment, cells: &[usize]) -> Vec<Comparison<usize>> {
    let members = experiment.members.iter().filter(|member| cells.contains(&member.cell));
    let members: Vec<_> = members.map(|member| (member.cell, member.baseline)).collect();
    comparisons(&members, None, |_| ())
}

/// Returns the half-width that some claim needs of a cell of an experiment.
fn needed(
    plan: &Plan,
    claims: &[Claims],
    experiment: &PlannedExperiment,
    cell: usize,
) -> Option<f64> {
    let cell = &plan.cells[cell];
    let of_claims = claims.iter().map(|claims| claims.needed_half_width(&experiment.name, cell));
    narrowest(of_claims)
}

fn narrowest(half_widths: impl IntoIterator<Item = Option<f64>>) -> Option<f64> {
    half_widths.into_iter().flatten().reduce(f64::min)
}
