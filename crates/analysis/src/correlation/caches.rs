//! How MACs, the hit rate of the last-level cache and latency correlate, two and two.

use std::collections::BTreeMap;

use formbench_statistics::{Bootstrap, Estimate, Found};
use formbench_store::{AttributesRow, CellKind, CellRow};

use crate::absence::{
    Uncorrelated, absences_of_attributes, absences_of_caches, absences_of_correlations,
};
use crate::hit_rate::{LastLevelCache, last_levels, percent_served};
use crate::order::pattern_order;
use crate::series::SeriesIndex;
use crate::{Absence, Row, Series, View};

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

/// Two of the three, as rows name them.
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

/// Returns Spearman's rank correlation over architectures of MACs of one inference, the share of references to the
/// last-level cache that it serves, and median latency: one row per two of them and cache, pattern and engine, with the
/// two as section; the pattern `all together` is all architectures. Then what has no correlation, and why.
pub fn macs_cache_latency(view: &View<'_>, cells: &[&CellRow]) -> (Vec<Row>, Vec<Absence>) {
    let (points, unknown) = points(view, cells);
    let mut relations = vec![Relation::MacsLatency];
    let caches = last_levels(view, cells);
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
    let [caches, correlations] =
        [absences_of_caches(view, cells), absences_of_correlations(&absent)];
    (rows, [absences_of_attributes(&unknown), caches, correlations].concat())
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
