//! How near does each engine come to what this machine can do? One panel per pattern and one per
//! origin of networks, one mark per architecture and engine: FLOPs a second over FLOPs for each byte, under
//! what the machine was measured to do.
//! Reads: cell, flops, bytes_read, bytes_written, origin, latency_ns, rooflines. Axes: FLOP/byte,
//! logarithmic; GFLOP/s, logarithmic.

use std::collections::BTreeSet;

use formbench_analysis::{
    AxisValue, NetworkOrigin, Roof, Row, Unit, View,
    absence::{absences, absences_of_attributes, absences_of_devices},
    number::{counted, significant},
    rows::by_cost,
    text::sentence,
    usual_inputs::UsualInputs,
    view::Kinds,
};
use formbench_statistics::Estimate;
use formbench_store::{AttributesRow, CellRow};

use super::FigureEntry;
use crate::canvas::Canvas;
use crate::content::Content;
use crate::plot::{Course, Guide, ScatterStyle, scatter};
use crate::theme::{engine_marker, known_pattern_colour};
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "roofline",
    question: "How near does each engine come to what this machine can do?",
    table,
    draw,
};

/// Networks of a panel that the caption lists at most.
const MOST_LISTED: usize = 8;

/// Everything the figure says, by pattern or network, engine and intensity.
fn table(view: &View<'_>) -> FigureTable {
    let cells = view.cells(Kinds::All);
    let (on_gpu, at_hand): (Vec<_>, Vec<_>) = cells.iter().partition(|cell| is_on_gpu(cell));
    let (known, unknown) = view.costs(&at_hand);
    let intensity = |row: &AttributesRow| AxisValue::Number(row.attributes().intensity());
    let images = UsualInputs::of(cells.iter().copied());
    let rows = by_cost(view, &known, &images, intensity, gflop_per_s);
    let threads: BTreeSet<u32> = at_hand.iter().map(|cell| cell.threads).collect();
    let roofs: Vec<_> = threads.iter().filter_map(|threads| Roof::of(view.run, *threads)).collect();
    let measured = on_gpu.into_iter().filter(|cell| !view.rounds(cell).is_empty());
    let absences = [
        absences(view, &cells),
        absences_of_attributes(&unknown),
        absences_of_devices(&measured.collect::<Vec<_>>()),
    ];
    let content = Content {
        statistic: format!("{}{}", images.sentence(), statistic(&rows, &threads, &roofs)),
        unit: Unit::GflopPerS,
        against: None,
        section: None,
        group: "architecture",
        x: Some("FLOP/byte"),
        cells,
        rows,
        absences: absences.concat(),
    };
    FigureTable { roofs, ..FigureTable::new(&FIGURE, view, content) }
}

fn is_on_gpu(cell: &CellRow) -> bool {
    cell.device_kind.is_gpu()
}

/// Returns FLOPs for each ns: the shortest latency makes the highest.
fn gflop_per_s(row: &AttributesRow, ns: Estimate) -> Estimate {
    let flops = row.flops as f64;
    Estimate { value: flops / ns.value, low: flops / ns.high, high: flops / ns.low }
}

/// Returns the beginning of the caption: what was counted, what was measured, what a mark is.
fn statistic(rows: &[Row], threads: &BTreeSet<u32>, roofs: &[Roof]) -> String {
    let measured = roofs.iter().map(Roof::sentence);
    let without =
        threads.iter().filter(|threads| roofs.iter().all(|roof| roof.threads != **threads));
    let missing = without.map(|threads| {
        format!("No roof of {} was measured.", counted(*threads as usize, "thread"))
    });
    let mut parts: Vec<String> = measured.chain(missing).collect();
    parts.extend(NetworkOrigin::ALL.into_iter().filter_map(|origin| in_order(rows, origin)));
    parts.push(
        "FLOPs and bytes are counted on the exported graph, each operator reading and writing its \
         own: an engine that fuses operators moves fewer bytes and can lie above the slope. The roof \
         was measured once, before the cells: a whisker above it is of a time when the machine was \
         faster. Mark: FLOPs of one inference over its median latency (median over rounds), one per \
         architecture; engines beside each other share one x"
            .to_string(),
    );
    let named = rows.iter().any(|row| row.origin().is_some());
    let named = if named {
        "; the networks farthest from the middle are named where there is room"
    } else {
        ""
    };
    parts.join(" ") + named
}

/// Returns which network of an origin is where in their panel, if they are few.
fn in_order(rows: &[Row], origin: NetworkOrigin) -> Option<String> {
    let of_origin = rows.iter().filter(|row| row.origin() == Some(origin));
    let place = |row: &Row| Some((row.x?.value(), row.architecture.clone()?.label));
    let mut networks: Vec<(f64, String)> = of_origin.filter_map(place).collect();
    networks.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    networks.dedup();
    let names: Vec<String> = networks.into_iter().map(|(_, name)| name).collect();
    let list = || format!("{} from left to right: {}", origin.networks(), names.join(", "));
    (1..=MOST_LISTED).contains(&names.len()).then(|| sentence(&list()))
}

/// Draws the table as a scatter for each pattern, the machine's roof above.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    let mut panels: Vec<(String, _)> = Vec::new();
    for row in &table.rows {
        let name = panel(row);
        if panels.iter().all(|(other, _)| other != name) {
            panels.push((name.to_string(), known_pattern_colour(name)));
        }
    }
    let entry = |series: formbench_analysis::Series| {
        let look = engine_marker(&series.engine, series.variant);
        (series.label, look)
    };
    let highest = table.roofs.iter().max_by(|a, b| a.gflop_per_s.total_cmp(&b.gflop_per_s));
    scatter(
        table,
        &ScatterStyle {
            subtitle: "GFLOP/s of one inference under the measured roof, both axes logarithmic"
                .to_string(),
            x_title: "FLOPs for each byte that operators read or write",
            x_unit: 1.0,
            panels,
            panel,
            legend: table.series().into_iter().map(entry).collect(),
            look: |row| engine_marker(&row.series.engine, row.series.variant),
            beside: table.series(),
            rank: |row| row.value.ln(),
            guides: table.roofs.iter().flat_map(|roof| guides(roof, table.roofs.len())).collect(),
            always: highest.map(|roof| (ridge(roof), 1.3 * roof.gflop_per_s)),
        },
    )
}

fn panel(row: &Row) -> &str {
    row.origin().map_or(&row.group, |origin| origin.networks())
}

/// Returns the FLOPs for each byte from which computing, not moving data, takes longer.
fn ridge(roof: &Roof) -> f64 {
    roof.gflop_per_s / roof.gbyte_per_s
}

/// Returns the slope and the level of a roof, told apart by threads if there are several.
fn guides(roof: &Roof, roofs: usize) -> [Guide; 2] {
    let of = match roofs {
        1 => String::new(),
        _ => format!("{}: ", counted(roof.threads as usize, "thread")),
    };
    let level = Course::Level { y: roof.gflop_per_s, x_from: ridge(roof) };
    let slope = Course::Ratio { ratio: roof.gbyte_per_s, x_to: ridge(roof) };
    let label = |number, unit| format!("{of}{} {unit}", significant(number, 3));
    [
        Guide { label: label(roof.gflop_per_s, "GFLOP/s"), course: level, bound: true },
        Guide { label: label(roof.gbyte_per_s, "GB/s"), course: slope, bound: true },
    ]
}
