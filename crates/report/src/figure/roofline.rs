//! How near does each engine come to what this machine can do? One row per pattern and per origin of networks, one
//! mark per engine: share of the machine's peak, geometric mean over architectures, from the least to the most.
//! Reads: cell, flops, origin, latency_ns, rooflines. Axis: percent, from 0 to 100.

use std::collections::BTreeSet;

use formbench_analysis::{
    Roof, Unit, View,
    absence::{absences, absences_of_attributes, absences_of_devices},
    number::counted,
    roof::shares_of_peak,
    usual_inputs::UsualInputs,
    view::Kinds,
};

use super::FigureEntry;
use crate::canvas::Canvas;
use crate::content::Content;
use crate::plot::{ForestStyle, Scale, forest};
use crate::theme::known_pattern_colour;
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "roofline",
    also: &[],
    question: "How near does each engine come to what this machine can do?",
    table,
    draw,
};

/// Everything the figure says: the pattern that comes nearest first, ties by name.
fn table(view: &View<'_>) -> FigureTable {
    let cells = view.cells(Kinds::All);
    let (on_gpu, at_hand): (Vec<_>, Vec<_>) =
        cells.iter().partition(|cell| cell.device_kind.is_gpu());
    let (known, unknown) = view.costs(&at_hand);
    let threads: BTreeSet<u32> = at_hand.iter().map(|cell| cell.threads).collect();
    let roofs: Vec<_> = threads.iter().filter_map(|threads| Roof::of(view.run, *threads)).collect();
    let measured = on_gpu.into_iter().filter(|cell| !view.rounds(cell).is_empty());
    let absences = [
        absences(view, &cells),
        absences_of_attributes(&unknown),
        absences_of_devices(&measured.collect::<Vec<_>>()),
    ];
    let missing = roofs.is_empty().then(|| "no roof of this machine was measured".to_string());
    let images = UsualInputs::of(cells.iter().copied());
    let content = Content {
        statistic: format!("{}{}", images.sentence(), statistic(&threads, &roofs)),
        unit: Unit::Percent,
        against: None,
        section: None,
        group: "architecture",
        x: None,
        rows: shares_of_peak(view, &known, &images, &roofs),
        cells,
        absences: absences.concat(),
    };
    FigureTable { roofs, ..FigureTable::new(&FIGURE, view, content) }.omitted_if(missing)
}

/// Returns the beginning of the reading: what was counted, what was measured, what a mark is.
fn statistic(threads: &BTreeSet<u32>, roofs: &[Roof]) -> String {
    let measured = roofs.iter().map(Roof::sentence);
    let without =
        threads.iter().filter(|threads| roofs.iter().all(|roof| roof.threads != **threads));
    let missing = without.map(|threads| {
        format!("No roof of {} was measured.", counted(*threads as usize, "thread"))
    });
    let mut parts: Vec<String> = measured.chain(missing).collect();
    parts.push(
        "Mark: FLOPs of one inference over its median latency, as a share of the most FLOPs a second of \
         the roof of as many threads, geometric mean over architectures; whisker: from the architecture with \
         the least share to the one with the most. The roof was measured once, before the cells: a share above it is of a \
         time when the machine was faster, or of an engine that needs fewer operations than are counted."
            .to_string(),
    );
    parts.join(" ")
}

/// Draws the table as a forest plot.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    let most = table.rows.iter().map(|row| row.high).fold(100.0, f64::max);
    forest(
        table,
        &ForestStyle {
            subtitle: "Share of this machine\u{2019}s peak FLOP/s, in percent: mean and range over architectures"
                .to_string(),
            scale: Scale::Linear { range: (0.0, most), reference: 0.0 },
            group_colour: known_pattern_colour,
            crowded: true,
            greyed: |_| false,
            stepped: false,
        },
    )
}
