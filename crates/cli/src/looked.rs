//! What is looked at before anything is timed: the cost of architectures, the roof of the machine.

use std::collections::BTreeSet;

use formbench_protocol::{Architecture, RooflineRequest, Subject};
use formbench_store::{AttributesRow, RooflineRow};

use crate::output;
use crate::planning::Planned;

/// Repetitions of each kind of work, of which figures take the best.
const REPETITIONS: u32 = 10;

/// Returns what each architecture of the plan costs at each of its inputs; one that cannot be
/// recorded has no row, and is said to have none.
pub fn attributes(planned: &Planned) -> Vec<AttributesRow> {
    let mut seen = BTreeSet::new();
    let shapes = planned.cells.iter().map(|cell| {
        let cell = &cell.cell;
        (
            cell.architecture.clone(),
            cell.input.batch,
            cell.input.resolution,
            cell.job(false).subject(),
        )
    });
    let distinct = shapes.filter(|(architecture, batch, resolution, _)| {
        seen.insert((architecture.clone(), *batch, *resolution))
    });
    distinct
        .filter_map(|(architecture, _, _, subject)| row(planned, &architecture, &subject))
        .collect()
}

fn row(planned: &Planned, architecture: &Architecture, subject: &Subject) -> Option<AttributesRow> {
    match planned.worker.inspect(subject) {
        Ok(inspection) => {
            let input = subject.input;
            let attributes = &inspection.attributes;
            Some(AttributesRow::new(architecture, input.batch, input.resolution, attributes))
        }
        Err(lost) => {
            output::say(&format!("no attributes of {architecture}: {lost}"));
            None
        }
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
