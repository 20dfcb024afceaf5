//! How near does each engine come to what this machine can do? One panel per pattern and one of
//! networks, one mark per architecture and engine: FLOPs a second over FLOPs for each byte, under
//! what the machine was measured to do.
//! Reads: cell, flops, bytes_read, bytes_written, latency_ns, rooflines. Axes: FLOP/byte,
//! logarithmic; GFLOP/s, logarithmic.

use std::collections::BTreeSet;

use formbench_protocol::DeviceKind;
use formbench_statistics::Estimate;
use formbench_store::{AttributesRow, CellRow};

use super::FigureEntry;
use crate::absence::{absences, absences_of_attributes, absences_of_devices};
use crate::canvas::Canvas;
use crate::figure_table::Content;
use crate::number::{counted, significant};
use crate::plot::{Course, Guide, ScatterStyle, scatter};
use crate::rows::by_cost;
use crate::theme::{engine_look, known_pattern_colour};
use crate::{FigureTable, ReportError, Roof, Row, Unit, View, X};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "roofline",
    question: "How near does each engine come to what this machine can do?",
    table,
    draw,
};

/// The panel of networks.
const NETWORKS: &str = "networks";

/// Everything the figure says, by pattern or network, engine and intensity.
fn table(view: &View<'_>) -> FigureTable {
    let cells = view.cells_of_all_kinds();
    let (on_gpu, at_hand): (Vec<_>, Vec<_>) = cells.iter().partition(|cell| is_on_gpu(cell));
    let (known, unknown) = view.costs(&at_hand);
    let intensity = |row: &AttributesRow| X::Number(row.attributes().intensity());
    let rows = by_cost(view, &known, intensity, gflop_per_s);
    let threads: BTreeSet<u32> = at_hand.iter().map(|cell| cell.threads).collect();
    let roofs: Vec<_> = threads.iter().filter_map(|threads| Roof::of(view.run, *threads)).collect();
    let measured = on_gpu.into_iter().filter(|cell| !view.rounds(cell).is_empty());
    let absences = [
        absences(view, &cells),
        absences_of_attributes(&unknown),
        absences_of_devices(&measured.collect::<Vec<_>>()),
    ];
    let content = Content {
        statistic: statistic(&rows, &threads, &roofs),
        unit: Unit::GflopPerS,
        against: None,
        group: "architecture",
        x: Some("FLOP/byte"),
        cells,
        rows,
        absences: absences.concat(),
    };
    FigureTable { roofs, ..FigureTable::new(&FIGURE, view, content) }
}

fn is_on_gpu(cell: &CellRow) -> bool {
    use DeviceKind::{DiscreteGpu, IntegratedGpu, VirtualGpu};
    [DiscreteGpu, IntegratedGpu, VirtualGpu].iter().any(|kind| cell.device_kind == kind.label())
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
    parts.extend(networks_in_order(rows));
    parts.push(
        "FLOPs and bytes are counted on the exported graph, each operator reading and writing its \
         own: an engine that fuses operators moves fewer bytes and can lie above the slope. Mark: \
         FLOPs of one inference over its median latency (median over rounds)"
            .to_string(),
    );
    parts.join(" ")
}

/// Returns which network is where in their panel.
fn networks_in_order(rows: &[Row]) -> Option<String> {
    let mut networks: Vec<(f64, &str)> = rows
        .iter()
        .filter_map(|row| Some((row.x?.value(), &row.architecture.as_ref()?.label, row)))
        .filter(|(.., row)| row.is_of_network())
        .map(|(x, label, _)| (x, label.as_str()))
        .collect();
    networks.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(b.1)));
    networks.dedup();
    let names: Vec<&str> = networks.into_iter().map(|(_, name)| name).collect();
    (!names.is_empty()).then(|| format!("Networks from left to right: {}.", names.join(", ")))
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
    let look = |row: &Row| engine_look(&row.series.engine, row.series.variant);
    let entry = |series: crate::Series| {
        let look = engine_look(&series.engine, series.variant);
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
            look: &look,
            guides: table.roofs.iter().flat_map(|roof| guides(roof, table.roofs.len())).collect(),
            always: highest.map(|roof| (ridge(roof), 1.3 * roof.gflop_per_s)),
        },
    )
}

fn panel(row: &Row) -> &str {
    if row.is_of_network() { NETWORKS } else { &row.group }
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
