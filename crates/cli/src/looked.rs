//! What is looked at before anything is timed: the cost of architectures, the roof of the machine.

use std::collections::BTreeSet;

use formbench_protocol::{RooflineRequest, Subject};
use formbench_store::{AttributesRow, Provenance, RooflineRow};

use crate::costs::Costs;
use crate::output;
use crate::planning::Planned;

/// Repetitions of each kind of work, of which figures take the best.
const REPETITIONS: u32 = 10;

/// Returns what each architecture of the plan costs at each of its inputs; one that cannot be
/// recorded has no row, and is said to have none.
pub fn attributes(planned: &Planned) -> Vec<AttributesRow> {
    let mut costs = Costs::of(&planned.worker);
    let subjects = planned.cells.iter().map(|cell| cell.cell.job(false).subject());
    let mut seen = BTreeSet::new();
    let distinct = subjects.filter(|subject| {
        let Subject { architecture, input, .. } = subject;
        seen.insert((architecture.clone(), input.batch, input.resolution))
    });
    distinct.filter_map(|subject| row(planned, &mut costs, &subject)).collect()
}

fn row(planned: &Planned, costs: &mut Costs<'_>, subject: &Subject) -> Option<AttributesRow> {
    match costs.attributes(subject) {
        Ok(attributes) => {
            Some(AttributesRow::new(subject, provenance(planned, subject), &attributes))
        }
        Err(lost) => {
            output::say(&format!("no attributes of {}: {lost}", subject.architecture));
            None
        }
    }
}

fn provenance(planned: &Planned, subject: &Subject) -> Provenance {
    let Subject { architecture, input, .. } = subject;
    Provenance {
        origin: planned.origins.get(architecture.name()).copied(),
        matched: planned.plan.matched.get(&(architecture.clone(), input.resolution)).copied(),
    }
}

/// Returns what the machine can do on each number of threads that the plan has; a worker that does
/// not say leaves no rows, and is said to leave none.
pub fn rooflines(planned: &Planned) -> Vec<RooflineRow> {
    let threads: BTreeSet<u32> = planned.cells.iter().map(|cell| cell.cell.threads).collect();
    threads.into_iter().flat_map(|threads| roof(planned, threads)).collect()
}

fn roof(planned: &Planned, threads: u32) -> Vec<RooflineRow> {
    match planned.worker.roofline(RooflineRequest { threads, repetitions: REPETITIONS }) {
        Ok(roofline) => RooflineRow::rows(threads, &roofline),
        Err(lost) => {
            output::say(&format!("no roofline of {threads} threads: {lost}"));
            Vec::new()
        }
    }
}
