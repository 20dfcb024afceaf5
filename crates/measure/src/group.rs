use formbench_experiment::Plan;

/// Cells that are compared with each other: their processes live at the same time and take turns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Indices of the cells.
    pub cells: Vec<usize>,
    /// What is compared with what.
    pub comparisons: Vec<Comparison>,
}

/// A cell and the one that it is compared with, as indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Comparison {
    /// The cell whose latency is in the numerator.
    pub baseline: usize,
    /// The cell that is said to be so many times faster.
    pub accelerated: usize,
}

/// Returns the groups of a plan, each with what its experiments compare.
pub fn groups(plan: &Plan) -> Vec<Group> {
    let with_comparisons = |cells: Vec<usize>| {
        let mut comparisons: Vec<Comparison> =
            plan.experiments.iter().flat_map(|one| compared(one, &cells)).collect();
        comparisons.sort_unstable();
        comparisons.dedup();
        Group { cells, comparisons }
    };
    plan.groups().into_iter().map(with_comparisons).collect()
}

/// Returns what an experiment compares among the cells of a group.
fn compared(
    experiment: &formbench_experiment::PlannedExperiment,
    cells: &[usize],
) -> Vec<Comparison> {
    let members: Vec<_> =
        experiment.members.iter().filter(|member| cells.contains(&member.cell)).collect();
    let Some(baseline) = members.iter().find(|member| member.baseline) else { return Vec::new() };
    let others = members.iter().filter(|member| !member.baseline);
    others.map(|member| Comparison { baseline: baseline.cell, accelerated: member.cell }).collect()
}
