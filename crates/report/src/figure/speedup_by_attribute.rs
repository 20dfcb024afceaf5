//! Which attribute of an architecture correlates with its speed-up? One mark per attribute and
//! engine: Spearman's rank correlation over all architectures, networks and patterns, 95 %
//! interval.
//! Reads: cell, attributes, latency_ns. Axis: correlation, from -1 to 1.

use std::collections::BTreeMap;

use formbench_analysis::{
    Absence, Row, Series, Unit, View,
    absence::{
        Uncorrelated, absences_of_attributes, absences_of_comparisons, absences_of_correlations,
    },
    rows::sort_by_best,
    series::SeriesIndex,
    view::{Comparison, Kinds, sides},
};
use formbench_protocol::Attributes;
use formbench_statistics::{Bootstrap, Found};
use formbench_store::CellRow;

use super::FigureEntry;
use crate::canvas::Canvas;
use crate::caption::baselines;
use crate::content::Content;
use crate::plot::{ForestStyle, Scale, forest};
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "speedup-by-attribute",
    also: &[],
    question: "Which attribute of an architecture correlates with its speed-up?",
    table,
    draw,
};

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

/// Fewest architectures from which a correlation means anything.
const LEAST_ARCHITECTURES: usize = 10;

/// The interval of a speed-up is not asked for here.
const POINT: Bootstrap = Bootstrap { resamples: 0, confidence: 0.95, seed: 1 };

/// One architecture at its images on one engine.
struct Point<'a> {
    cell: &'a CellRow,
    attributes: Attributes,
    speed_up: f64,
    rounds: usize,
    samples: usize,
    found: Found,
}

/// Everything the figure says: the attribute with the strongest correlation of either sign first.
fn table(view: &View<'_>) -> FigureTable {
    let comparisons = view.comparisons(Kinds::All);
    let baseline = baselines(comparisons.iter().map(|pair| pair.baseline));
    let (_, unknown) = view.costs(&sides(&comparisons));
    let mut absences =
        [absences_of_comparisons(view, &comparisons), absences_of_attributes(&unknown)].concat();
    let mut rows = Vec::new();
    for (series, (points, asked)) in points(view, &comparisons) {
        let (of_series, absent) = correlations(&series, &points, asked);
        rows.extend(of_series);
        absences.extend(absent);
    }
    sort_by_best(&mut rows, |row| -row.value.abs());
    let statistic = format!(
        "Mark: Spearman's rank correlation over architectures, each at its images, of an attribute \
         with the speed-up over {baseline} (ratio of median latencies paired within rounds): 1 where \
         more of it always comes with a larger speed-up. Operators are those of the exported graph, \
         the longest path counts them from input to output, parallelism is operators for each one \
         on it"
    );
    let content = Content {
        statistic,
        unit: Unit::RankCorrelation,
        against: Some(baseline),
        section: None,
        group: "attribute",
        x: None,
        cells: sides(&comparisons),
        rows,
        absences,
    };
    FigureTable::new(&FIGURE, view, content)
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

/// Draws the table as a forest plot, a line at no correlation.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    forest(
        table,
        &ForestStyle {
            subtitle: format!("Rank correlation of an attribute with the {}", table.speed_up()),
            scale: Scale::Linear { range: (-1.0, 1.0), reference: 0.0 },
            group_colour: |_| None,
            crowded: false,
            greyed: |row| row.low <= 0.0 && row.high >= 0.0,
            stepped: false,
        },
    )
}
