//! What is looked at before anything is timed: the cost of architectures, the roof of the machine.

use std::collections::BTreeSet;

use formbench_protocol::{RooflineRequest, Subject};
use formbench_store::{
    AttributesRow, CheckRow, InputShape, Provenance, RooflineQuantity, RooflineRow, RunFolder,
};

use crate::attribute_cache::AttributeCache;
use crate::{CampaignError, EarlierRuns, Notice, Planned};

/// Repetitions of each kind of work, of which figures take the best.
const REPETITIONS: u32 = 10;

/// What a roof may lack of the best that this host has shown before anybody is told.
const NOTED_LACK: f64 = 0.05;

/// Records once per run what the plan's architectures cost, what the machine can do and, if a
/// self-test is given, what the harness finds where the answer is known.
///
/// # Errors
/// The folder cannot be written, or the self-test cannot be made.
pub fn look<E: From<CampaignError>>(
    planned: &Planned,
    past: &EarlierRuns,
    folder: &RunFolder,
    self_test: Option<impl FnOnce() -> Result<Vec<CheckRow>, E>>,
    notice: Notice<'_>,
) -> Result<(), E> {
    let written = |written: Result<(), _>| written.map_err(CampaignError::from);
    if !folder.has_attributes() {
        written(folder.write_attributes(&attributes(planned, notice)))?;
    }
    if !folder.has_rooflines() {
        written(folder.write_rooflines(&rooflines(planned, past, notice)))?;
    }
    if let Some(self_test) = self_test.filter(|_| !folder.has_checks()) {
        let checks = self_test()?;
        for check in checks.iter().filter(|check| check.has_failed()) {
            let CheckRow { check, expected, measured, .. } = check;
            notice(&format!("self-test failed: {check}: {measured}, expected {expected}"));
        }
        written(folder.write_checks(&checks))?;
    }
    Ok(())
}

/// Returns what each architecture of the plan costs at each of its inputs; one that cannot be
/// recorded has no row, with a notice.
fn attributes(planned: &Planned, notice: Notice<'_>) -> Vec<AttributesRow> {
    let mut costs = AttributeCache::of(&planned.worker);
    let subjects = planned.cells.iter().map(|cell| cell.cell.job(false).subject());
    let mut seen = BTreeSet::new();
    let distinct = subjects.filter(|subject| {
        let Subject { architecture, input, .. } = subject;
        seen.insert((architecture.clone(), InputShape::from(input)))
    });
    distinct.filter_map(|subject| row(planned, &mut costs, &subject, notice)).collect()
}

fn row(
    planned: &Planned,
    costs: &mut AttributeCache<'_>,
    subject: &Subject,
    notice: Notice<'_>,
) -> Option<AttributesRow> {
    match costs.attributes(subject) {
        Ok(attributes) => {
            Some(AttributesRow::new(subject, provenance(planned, subject), &attributes))
        }
        Err(lost) => {
            notice(&format!("no attributes of {}: {lost}", subject.architecture));
            None
        }
    }
}

fn provenance(planned: &Planned, subject: &Subject) -> Provenance {
    let Subject { architecture, input, .. } = subject;
    let key = input.images().map(|images| (architecture.clone(), images.resolution));
    let matched = key.and_then(|key| planned.plan.matched.get(&key));
    Provenance {
        origin: planned.origins.get(architecture.name()).copied(),
        matched: matched.copied(),
    }
}

/// Returns what the machine can do on each number of threads that the plan has; a number that the
/// worker cannot measure has no rows, with a notice.
fn rooflines(planned: &Planned, past: &EarlierRuns, notice: Notice<'_>) -> Vec<RooflineRow> {
    let threads: BTreeSet<u32> = planned.cells.iter().map(|cell| cell.cell.threads).collect();
    let measured = |threads| {
        let rows = roof(planned, threads, notice);
        compare(past, &rows, notice);
        rows
    };
    threads.into_iter().flat_map(measured).collect()
}

/// Says by how much a roof is below the best that this host has shown, if by much.
fn compare(past: &EarlierRuns, rows: &[RooflineRow], notice: Notice<'_>) {
    let sides = [(RooflineQuantity::Compute, "computes"), (RooflineQuantity::Memory, "moves data")];
    for (quantity, does) in sides {
        if let Some(lack) = past.lack(rows, quantity).filter(|lack| *lack > NOTED_LACK) {
            notice(&format!(
                "this host {does} {:.0} % slower than it has before: others use it, or its clock is lower",
                100.0 * lack
            ));
        }
    }
}

fn roof(planned: &Planned, threads: u32, notice: Notice<'_>) -> Vec<RooflineRow> {
    match planned.worker.roofline(RooflineRequest { threads, repetitions: REPETITIONS }) {
        Ok(roofline) => RooflineRow::rows(threads, &roofline),
        Err(lost) => {
            notice(&format!("no roofline of {threads} threads: {lost}"));
            Vec::new()
        }
    }
}
