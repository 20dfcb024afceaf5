//! How do MACs, the hit rate of the last-level cache and latency correlate? One part per pair of
//! the three and cache, one line per pattern and one of all: Spearman's rank correlation over
//! architectures, one mark per engine, 95 % interval.
//! Reads: cell, macs, caches, latency_ns. Axis: correlation, from -1 to 1.

use std::collections::BTreeMap;

use formbench_analysis::{
    Row, Series, Unit, View,
    absence::{
        Uncorrelated, absences, absences_of_attributes, absences_of_caches,
        absences_of_correlations,
    },
    hit_rate::{LastLevelCache, last_levels, percent_served, sources},
    order::pattern_order,
    series::SeriesIndex,
    view::Kinds,
};
use formbench_statistics::{Bootstrap, Estimate, Found};
use formbench_store::{AttributesRow, CellKind, CellRow};

use super::FigureEntry;
use crate::canvas::Canvas;
use crate::content::Content;
use crate::plot::{ForestStyle, Scale, forest};
use crate::theme::known_pattern_colour;
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "macs-l3-latency",
    also: &[],
    question: "How are MACs, the efficacy (hit rate) of the last-level cache and latency related?",
    table,
    draw,
};

/// Fewest architectures from which a correlation means anything.
const LEAST_ARCHITECTURES: usize = 5;
/// The line of architectures of every pattern, and of networks.
const ALL: &str = "all together";

/// One architecture at its images on one engine.
struct Point<'a> {
    cell: &'a CellRow,
    series: Series,
    macs: f64,
    latency_ns: f64,
    /// Share of references that each cache serves, in percent.
    served: BTreeMap<LastLevelCache, f64>,
    rounds: usize,
    samples: usize,
    found: Found,
}

/// Cells that have no correlation, and why.
type Uncorrelatable<'a> = (Vec<&'a CellRow>, Uncorrelated<'static>);

/// Two of the three, as a part of the figure names them.
#[derive(Clone, Copy)]
enum Relation {
    MacsLatency,
    MacsEfficacy(LastLevelCache),
    EfficacyLatency(LastLevelCache),
}

impl Relation {
    fn name(self) -> String {
        match self {
            Self::MacsLatency => "MACs and latency".to_string(),
            Self::MacsEfficacy(cache) => format!("MACs and efficacy of {}", cache.label()),
            Self::EfficacyLatency(cache) => format!("Efficacy and latency, {}", cache.label()),
        }
    }

    /// Returns both values of an architecture, if both are known.
    fn pair(self, point: &Point<'_>) -> Option<(f64, f64)> {
        Some(match self {
            Self::MacsLatency => (point.macs, point.latency_ns),
            Self::MacsEfficacy(cache) => (point.macs, *point.served.get(&cache)?),
            Self::EfficacyLatency(cache) => (*point.served.get(&cache)?, point.latency_ns),
        })
    }
}

/// Everything the figure says, by relation, pattern and engine.
fn table(view: &View<'_>) -> FigureTable {
    let cells = view.cells(Kinds::All);
    let (points, unknown) = points(view, &cells);
    let mut relations = vec![Relation::MacsLatency];
    let caches = last_levels(view, &cells);
    relations.extend(caches.iter().map(|cache| Relation::MacsEfficacy(*cache)));
    relations.extend(caches.iter().map(|cache| Relation::EfficacyLatency(*cache)));
    let (mut rows, mut absent) = (Vec::new(), Vec::new());
    for relation in relations {
        for (group, members) in groups(&points) {
            let (mut of_group, mut why_not) = correlations(relation, &group, &members);
            rows.append(&mut of_group);
            absent.append(&mut why_not);
        }
    }
    let statistic = format!(
        "{} Mark: Spearman\u{2019}s rank correlation over architectures of MACs of one inference, share of \
         references to the last-level cache that it serves, and median latency: 1 where more of one \
         always comes with more of the other",
        sources(view, &cells)
    );
    let known = [absences(view, &cells), absences_of_attributes(&unknown)];
    let content = Content {
        statistic: statistic.trim_start().to_string(),
        unit: Unit::RankCorrelation,
        against: None,
        section: Some("relation"),
        group: "pattern",
        x: None,
        absences: [
            known.concat(),
            absences_of_caches(view, &cells),
            absences_of_correlations(&absent),
        ]
        .concat(),
        cells,
        rows,
    };
    FigureTable::new(&FIGURE, view, content)
}

/// Returns the measured architectures on each engine, and the cells of which it is not known what
/// they cost.
fn points<'a>(view: &View<'a>, cells: &[&'a CellRow]) -> (Vec<Point<'a>>, Vec<&'a CellRow>) {
    let index = SeriesIndex::of_engines(cells.iter().map(|cell| (*cell, None)));
    let (known, unknown) = view.costs(cells);
    let point = |(cell, attributes): (&'a CellRow, &AttributesRow)| {
        let rounds = view.rounds(cell);
        // Its interval is not asked for here.
        let point = Bootstrap { resamples: 0, ..Bootstrap::default() };
        let rows = view.run.caches_of(cell).into_iter();
        Some(Point {
            cell,
            series: index.of_engine(cell, None),
            macs: attributes.macs as f64,
            latency_ns: point.latency(&rounds.medians_ns)?.value,
            served: rows
                .filter_map(|row| Some((LastLevelCache::of(row), percent_served(row)?)))
                .collect(),
            rounds: rounds.len(),
            samples: rounds.samples,
            found: rounds.found,
        })
    };
    (known.into_iter().filter_map(point).collect(), unknown)
}

/// Returns the architectures of each pattern in the order of panels, then all of them.
fn groups<'p, 'a>(points: &'p [Point<'a>]) -> Vec<(String, Vec<&'p Point<'a>>)> {
    let mut groups: BTreeMap<(usize, &str), Vec<&Point<'_>>> = BTreeMap::new();
    for point in points.iter().filter(|point| point.cell.kind == CellKind::Pattern) {
        let name = point.cell.name.as_str();
        groups.entry((pattern_order(name), name)).or_default().push(point);
    }
    let groups = groups.into_iter().map(|((_, name), members)| (name.to_string(), members));
    let all = (!points.is_empty()).then(|| (ALL.to_string(), points.iter().collect()));
    groups.chain(all).collect()
}

/// Returns the correlation of each engine in a group, and the cells of which there is none, and why.
fn correlations<'a>(
    relation: Relation,
    group: &str,
    members: &[&Point<'a>],
) -> (Vec<Row>, Vec<Uncorrelatable<'a>>) {
    let mut series: BTreeMap<&Series, Vec<&Point<'a>>> = BTreeMap::new();
    for point in members {
        series.entry(&point.series).or_default().push(*point);
    }
    let (mut rows, mut absent) = (Vec::new(), Vec::new());
    for (series, of_engine) in series {
        let known = of_engine.iter().filter_map(|point| Some((*point, relation.pair(point)?)));
        let (points, pairs): (Vec<&Point<'a>>, Vec<_>) = known.unzip();
        match correlation(&pairs) {
            Ok(estimate) => rows.push(Row {
                section: Some(relation.name()),
                summary: group == ALL,
                cells: points.len(),
                cells_asked: of_engine.len(),
                rounds: points.iter().map(|point| point.rounds).min().unwrap_or_default(),
                samples: points.iter().map(|point| point.samples).sum(),
                as_found: points.iter().filter(|point| point.found == Found::AsFound).count(),
                ..Row::new(group, series.clone(), estimate)
            }),
            // Cells whose caches were not observed are absent for that reason already.
            Err(_) if points.is_empty() => {}
            Err(why) => absent.push((points.iter().map(|point| point.cell).collect(), why)),
        }
    }
    (rows, absent)
}

fn correlation(pairs: &[(f64, f64)]) -> Result<Estimate, Uncorrelated<'static>> {
    if pairs.len() < LEAST_ARCHITECTURES {
        let (got, least) = (pairs.len(), LEAST_ARCHITECTURES);
        return Err(Uncorrelated::TooFew { got, least, with: "all that is related" });
    }
    let what = "MACs, efficacy or latency";
    Bootstrap::default().rank_correlation(pairs).ok_or(Uncorrelated::NoSpread { what })
}

/// Draws the table as a forest plot, a line at no correlation.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    forest(
        table,
        &ForestStyle {
            subtitle: "Rank correlation over architectures, by engine".to_string(),
            scale: Scale::Linear { range: (-1.0, 1.0), reference: 0.0 },
            group_colour: known_pattern_colour,
            crowded: false,
            greyed: |row| row.low <= 0.0 && row.high >= 0.0,
            stepped: false,
        },
    )
}
