//! Speed-ups of two runs as rows of a figure.

use formbench_statistics::Estimate;
use formbench_store::CellKind;

use super::{Agreement, Compared};
use crate::order::engine_order;
use crate::{ArchitectureLabel, AxisValue, NetworkOrigin, Row, Series};

/// Native frameworks: the study's, and Burn's.
const BASELINES: [&str; 2] = ["pytorch", "burn/ndarray"];

impl Agreement {
    /// Returns one row per architecture, engine and number of threads, of engines as they come over native frameworks:
    /// the speed-up of one run as `x`, of the other as value; and how many of them agree within their intervals.
    pub fn rows(&self) -> (Vec<Row>, usize) {
        let is_plain = |one: &&Compared| {
            BASELINES.contains(&one.baseline.as_str()) && !one.engine.contains('{')
        };
        let compared: Vec<&Compared> = self.compared.iter().filter(is_plain).collect();
        let agreeing = compared.iter().filter(|one| one.agrees).count();
        let mut rows: Vec<Row> = compared.into_iter().map(row).collect();
        rows.sort_by(|a, b| (&a.series, &a.group).cmp(&(&b.series, &b.group)));
        (rows, agreeing)
    }
}

fn row(one: &Compared) -> Row {
    let [value, low, high] = one.against;
    let label = format!("{} over {}", one.engine, one.baseline);
    let series = Series {
        order: engine_order(&one.engine),
        engine: one.engine.clone(),
        variant: 0,
        label,
        threads: one.threads,
    };
    Row {
        architecture: Some(ArchitectureLabel {
            kind: CellKind::Network,
            origin: Some(NetworkOrigin::Unknown),
            label: one.architecture.clone(),
        }),
        x: Some(AxisValue::Number(one.speed_up[0])),
        as_found: usize::from(one.as_found),
        rounds: one.rounds[0].min(one.rounds[1]),
        ..Row::new(&one.architecture, series, Estimate { value, low, high })
    }
}
