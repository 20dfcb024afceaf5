use std::collections::BTreeSet;

use chrono::DateTime;
use formbench_analysis::{
    Absence, AbsenceKind, Row, Unit,
    number::{counted, grouped},
    row::LEAST_ROUNDS,
    series::{conditions, engine_label},
    view::View,
};
use formbench_protocol::DeviceKind;
use formbench_statistics::Bootstrap;
use formbench_store::CellRow;

use crate::content::Content;

/// What a mark of a figure of latencies is.
pub(crate) const MEDIAN_LATENCY: &str =
    "Mark: median over rounds of the median over a round's turns of their median latencies";

/// Between the parts of a caption.
const DOT: &str = " \u{b7} ";

/// Returns a figure's caption, one line: of how much, under which conditions, on which machine, on which day, and what
/// a hollow mark is if there is one.
pub(crate) fn caption(view: &View<'_>, content: &Content<'_>) -> String {
    let host = &view.run.host;
    let cores = counted(host.logical_cores as usize, "processor");
    let is_doubtful = content.rows.iter().any(Row::is_doubtful);
    let hollow = format!("hollow, in brackets: under {LEAST_ROUNDS} rounds or a busy host");
    let parts = [
        sample(content),
        shared_conditions(&content.cells),
        format!("{}, {cores}", host.cpu_model),
        devices(&content.cells),
        day(host.started_unix_ns),
        if is_doubtful { hollow } else { String::new() },
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(DOT)
}

/// Returns how many cells and rounds a figure has.
fn sample(Content { unit, rows, .. }: &Content<'_>) -> String {
    let marked = marked(*unit, rows);
    match unit {
        Unit::Percent => marked,
        _ => format!("{marked}, {}", from_to(rows.iter().map(|row| row.rounds), "round")),
    }
}

fn day(unix_ns: u64) -> String {
    let day = DateTime::from_timestamp_nanos(i64::try_from(unix_ns).unwrap_or_default());
    day.format("%Y-%m-%d").to_string()
}

/// Returns how a figure is to be read: what a mark and a whisker are, of how many samples, which numbers deserve
/// doubt, from which run, and what is absent.
pub(crate) fn reading(view: &View<'_>, content: &Content<'_>) -> String {
    let bootstrap = Bootstrap::default();
    let statistic = &content.statistic;
    let whisker = |drawn: &str| {
        let (percent, resamples) = (100.0 * bootstrap.confidence, bootstrap.resamples);
        format!(
            "{statistic}; whisker: {percent}\u{a0}% interval of a {drawn} ({resamples} resamples)."
        )
    };
    let interval = match content.unit {
        Unit::Ratio | Unit::Ms => whisker("bootstrap over rounds"),
        Unit::RankCorrelation => whisker("bootstrap over architectures"),
        Unit::Percent => format!("{}.", statistic.trim_end_matches('.')),
    };
    let counts = counts(view, content);
    let stand_ins = view.stand_ins().into_iter().map(|one| one.to_string());
    let host = &view.run.host;
    let run = format!("Run {}, profile {}.", host.run, host.profile);
    let absent = distinct(&content.absences).map(absence);
    let parts = [interval].into_iter().chain(stand_ins).chain([counts, run]).chain(absent);
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Returns the engines that a figure compares with, such as `burn/ndarray`.
pub(crate) fn baselines<'a>(baselines: impl Iterator<Item = &'a CellRow>) -> String {
    let labels: BTreeSet<String> = baselines.map(engine_label).collect();
    if labels.is_empty() {
        return "the baseline".to_string();
    }
    labels.into_iter().collect::<Vec<_>>().join(" or ")
}

/// Returns how many cells a figure's marks stand for.
fn marked(unit: Unit, rows: &[Row]) -> String {
    let marked = single(rows).map(|row| row.cells).sum();
    match unit {
        Unit::Ratio => format!("{} of cells", counted(marked, "pair")),
        Unit::Ms => counted(marked, "cell"),
        Unit::Percent => {
            let whose = |row: &'_ Row| match (&row.architecture, &row.section) {
                (None, Some(architecture)) => architecture.clone(),
                _ => row.name().to_string(),
            };
            let cells: BTreeSet<_> = single(rows).map(|row| (whose(row), &row.series)).collect();
            let most = single(rows).map(|row| row.cells).max().unwrap_or_default();
            let marks = counted(single(rows).count(), "mark");
            // A cell has a mark for each cache, a bar for each kind of work.
            match cells.len() {
                cells if cells < single(rows).count() => {
                    format!("{marks} of {}", counted(cells, "cell"))
                }
                _ if most > 1 => format!("{marks} of up to {}", counted(most, "cell")),
                _ => counted(marked, "cell"),
            }
        }
        Unit::RankCorrelation => from_to(rows.iter().map(|row| row.cells), "architecture"),
    }
}

fn counts(view: &View<'_>, Content { unit, cells, rows, .. }: &Content<'_>) -> String {
    let marked = marked(*unit, rows);
    let taken: usize = cells.iter().map(|cell| view.rounds(cell).samples).sum();
    if taken == 0 || *unit == Unit::Percent {
        return format!("n\u{a0}=\u{a0}{marked}.");
    }
    let samples = counted(taken, "sample");
    let wide: usize = single(rows).map(|row| row.wide).sum();
    let wide = match wide {
        0 => String::new(),
        _ => format!(" Intervals wider than asked: {}.", grouped(wide)),
    };
    let unknown = match single(rows).filter(|row| !row.has_interval()).count() {
        0 => String::new(),
        count => {
            let why = match unit {
                Unit::RankCorrelation => "every resample says the same",
                _ => "of one turn",
            };
            format!(" Without an interval, {why}: {}.", counted(count, "mark"))
        }
    };
    let as_found = match rows.iter().filter(|row| row.as_found > 0).count() {
        0 => String::new(),
        count => format!(" As found, on a busy host: {}.", counted(count, "mark")),
    };
    format!("n\u{a0}=\u{a0}{marked}, {}, {samples}.{wide}{as_found}{unknown}", rounds(*unit, rows))
}

/// Returns the rows that do not sum up others.
fn single(rows: &[Row]) -> impl Iterator<Item = &Row> {
    rows.iter().filter(|row| !row.summary)
}

/// Returns how many rounds there are, and how many marks have one alone, whose interval is narrower than
/// it would be of two.
fn rounds(unit: Unit, rows: &[Row]) -> String {
    let counts = from_to(rows.iter().map(|row| row.rounds), "round");
    if unit == Unit::RankCorrelation {
        return format!("at least {counts}");
    }
    match single(rows).filter(|row| row.rounds == 1).count() {
        0 => counts,
        count if count == single(rows).count() => {
            format!("{counts} (so the interval knows no spread between processes)")
        }
        count => format!(
            "{counts} (of {} in one round alone, whose interval knows no spread between processes)",
            counted(count, "mark")
        ),
    }
}

/// Returns the least and the largest of counts with their noun; 0 of none.
fn from_to(counts: impl Iterator<Item = usize> + Clone, noun: &str) -> String {
    let least = counts.clone().min().unwrap_or_default();
    let most = counts.max().unwrap_or_default();
    if least == most { counted(most, noun) } else { format!("{least} to {}", counted(most, noun)) }
}

/// Returns what all cells share; what they do not share is in the labels of the series.
fn shared_conditions(cells: &[&CellRow]) -> String {
    let Some(first) = cells.first() else {
        return String::new();
    };
    let of_all = conditions(first).into_iter().enumerate();
    let shared: Vec<String> = of_all
        .filter(|(at, text)| {
            !text.is_empty() && cells.iter().all(|cell| conditions(cell)[*at] == *text)
        })
        .map(|(_, text)| text)
        .collect();
    shared.join(", ")
}

/// Returns which engine computed where, if not on the processor.
fn devices(cells: &[&CellRow]) -> String {
    let unnamed = [DeviceKind::Cpu, DeviceKind::Missing];
    let devices: BTreeSet<String> = cells
        .iter()
        .filter(|cell| !unnamed.contains(&cell.device_kind))
        .map(|cell| {
            let kind = cell.device_kind.label().replace('-', " ");
            format!("{} on {}, {kind}", cell.engine, cell.device)
        })
        .collect();
    devices.into_iter().collect::<Vec<_>>().join("; ")
}

/// Returns the absences without those of the same cells again, which may lack several correlations.
fn distinct(absences: &[Absence]) -> impl Iterator<Item = &Absence> {
    let what = |one: &Absence| {
        let Absence { engine, kind, architectures, cells, drawn, .. } = one;
        (engine.clone(), *kind, architectures.clone(), *cells, *drawn)
    };
    absences.iter().enumerate().filter_map(move |(at, one)| {
        let is_new = absences[..at].iter().all(|earlier| what(earlier) != what(one));
        is_new.then_some(one)
    })
}

fn absence(absence: &Absence) -> String {
    let Absence { engine, kind, cells, drawn, .. } = absence;
    let what = match kind {
        AbsenceKind::NotMeasured => "Not measured".to_string(),
        AbsenceKind::Disturbed => "Disturbed and left out".to_string(),
        AbsenceKind::NoBaseline => "Without a baseline".to_string(),
        AbsenceKind::NoCaches => "Caches not looked at".to_string(),
        AbsenceKind::NoAttributes => "Without attributes".to_string(),
        AbsenceKind::OtherDevice => "Not on the processor".to_string(),
        AbsenceKind::TooFew => "Too few for a correlation".to_string(),
        AbsenceKind::NoSpread => "An attribute does not vary".to_string(),
        AbsenceKind::Refused(kind) => format!("Refused ({})", kind.label()),
    };
    let drawn = if *drawn > 0 {
        format!(", {drawn} of them drawn from fewer rounds")
    } else {
        String::new()
    };
    format!("{what}: {} of {engine}{drawn}.", counted(*cells, "cell"))
}
