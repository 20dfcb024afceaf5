//! How attributes of architectures correlate with their speed-up.

use std::collections::BTreeMap;

use formbench_protocol::Attributes;
use formbench_statistics::{Bootstrap, Found};
use formbench_store::CellRow;

use crate::absence::{Uncorrelated, absences_of_attributes, absences_of_correlations};
use crate::rounds::POINT;
use crate::rows::sort_by_best;
use crate::series::SeriesIndex;
use crate::view::{Comparison, sides};
use crate::{Absence, Row, Series, View};

/// An attribute by name.
type Attribute = (&'static str, fn(&Attributes) -> f64);

/// What may correlate with a speed-up.
const ATTRIBUTES: [Attribute; 7] = [
    ("MACs", |of| of.macs as f64),
    ("parameters", |of| of.parameters as f64),
    ("operators", |of| of.operators as f64),
    ("longest path", |of| of.longest_path as f64),
    ("FLOPs for each byte", Attributes::intensity),
    ("depthwise share of MACs", |of| of.share(of.depthwise_macs)),
    ("parallelism", Attributes::parallelism),
];

/// Fewest architectures from which a correlation or a share over them means anything.
pub(crate) const LEAST_ARCHITECTURES: usize = 10;

/// One architecture at its images on one engine.
struct Point<'a> {
    cell: &'a CellRow,
    attributes: Attributes,
    speed_up: f64,
    rounds: usize,
    samples: usize,
    found: Found,
}

/// Returns Spearman's rank correlation over architectures of each attribute with the speed-up: one row per attribute and
/// engine, the strongest of either sign first. Then what has no correlation, and why.
pub fn attributes_speed_up(
    view: &View<'_>,
    comparisons: &[Comparison<'_>],
) -> (Vec<Row>, Vec<Absence>) {
    let (_, unknown) = view.costs(&sides(comparisons));
    let (mut rows, mut absences) = (Vec::new(), absences_of_attributes(&unknown));
    for (series, (points, asked)) in points(view, comparisons) {
        let (of_series, absent) = correlations(&series, &points, asked);
        rows.extend(of_series);
        absences.extend(absent);
    }
    sort_by_best(&mut rows, |row| -row.value.abs());
    (rows, absences)
}

/// Returns the architectures of each series, and how many were asked for.
fn points<'a>(
    view: &View<'a>,
    comparisons: &[Comparison<'a>],
) -> BTreeMap<Series, (Vec<Point<'a>>, usize)> {
    let sides = comparisons.iter().map(|pair| (pair.accelerated, Some(pair.baseline)));
    let index = SeriesIndex::of_engines(sides);
    let mut series: BTreeMap<Series, (Vec<Point<'_>>, usize)> = BTreeMap::new();
    for pair in comparisons {
        let of_pair = index.of_engine(pair.accelerated, Some(pair.baseline));
        let (points, asked) = series.entry(of_pair).or_default();
        *asked += 1;
        points.extend(point(view, *pair));
    }
    series
}

fn point<'a>(view: &View<'a>, pair: Comparison<'a>) -> Option<Point<'a>> {
    let pairs = view.pairs(pair);
    Some(Point {
        cell: pair.accelerated,
        attributes: view.run.attributes_of(pair.accelerated)?.attributes(),
        speed_up: POINT.speed_up(&pairs.rounds)?.value,
        rounds: pairs.rounds.len(),
        samples: pairs.samples,
        found: pairs.found,
    })
}

/// Returns the correlations of one series, and why there are none of an attribute.
fn correlations(
    series: &Series,
    points: &[Point<'_>],
    cells_asked: usize,
) -> (Vec<Row>, Vec<Absence>) {
    let cells: Vec<&CellRow> = points.iter().map(|point| point.cell).collect();
    if cells.len() < LEAST_ARCHITECTURES {
        let why = Uncorrelated::TooFew {
            got: cells.len(),
            least: LEAST_ARCHITECTURES,
            with: "a speed-up and attributes",
        };
        return (Vec::new(), absences_of_correlations(&[(cells, why)]));
    }
    let (mut rows, mut absent) = (Vec::new(), Vec::new());
    for (what, value) in ATTRIBUTES {
        let pairs = points.iter().map(|point| (value(&point.attributes), point.speed_up));
        match Bootstrap::default().rank_correlation(&pairs.collect::<Vec<_>>()) {
            Some(estimate) => rows.push(Row {
                cells: cells.len(),
                cells_asked,
                rounds: points.iter().map(|point| point.rounds).min().unwrap_or_default(),
                samples: points.iter().map(|point| point.samples).sum(),
                as_found: points.iter().filter(|point| point.found == Found::AsFound).count(),
                ..Row::new(what, series.clone(), estimate)
            }),
            None => absent.push((cells.clone(), Uncorrelated::NoSpread { what })),
        }
    }
    (rows, absences_of_correlations(&absent))
}
