//! Which of two engines is faster, network by network: by the turns that both took, not by what each gains over a
//! third.

use std::collections::BTreeMap;

use formbench_statistics::{Bootstrap, Found};
use formbench_store::CellRow;

use crate::series::engine_label;
use crate::view::{Comparison, group, is_pattern};
use crate::{Pairs, Run};

/// On how many networks an engine is faster than another, and on how many not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeadToHead {
    /// The whole interval of the ratio says that it is faster.
    pub faster: usize,
    /// The whole interval says that it is slower.
    pub slower: usize,
    /// The interval holds 1, or there is none.
    pub undecided: usize,
    /// Of all these, those whose ratio is *as found*: neighbours may have moved it by more than its interval says.
    pub as_found: usize,
}

impl HeadToHead {
    /// Returns how an engine compares with another on all networks, and files, that a run has on both as they are without
    /// options, at the same input and on as many threads. Each interval is one of 95 % by itself: of 35 networks on which
    /// two engines are equally fast, one or two are expected to look decided.
    pub fn of(run: &Run, engine: &str, other: &str) -> Self {
        let networks = |label: &str| -> BTreeMap<_, &CellRow> {
            let cells = run.cells.values().filter(|cell| !is_pattern(cell));
            let of_engine = cells.filter(|cell| engine_label(cell) == label);
            of_engine.map(|cell| (group(cell), cell)).collect()
        };
        let (ours, theirs) = (networks(engine), networks(other));
        let mut counted = Self::default();
        for (group, accelerated) in ours {
            let Some(&baseline) = theirs.get(&group) else { continue };
            let pairs = Pairs::of(run, Comparison { baseline, accelerated, half_width: None });
            let Some(ratio) = Bootstrap::default().speed_up(&pairs.rounds) else { continue };
            match ratio {
                _ if !ratio.has_interval() => counted.undecided += 1,
                _ if ratio.low > 1.0 => counted.faster += 1,
                _ if ratio.high < 1.0 => counted.slower += 1,
                _ => counted.undecided += 1,
            }
            counted.as_found += usize::from(pairs.found == Found::AsFound);
        }
        counted
    }

    /// Returns how many networks were run on both.
    pub fn networks(&self) -> usize {
        self.faster + self.slower + self.undecided
    }
}

#[cfg(test)]
mod tests {
    use formbench_store::CellKind;

    use super::*;
    use crate::{BlockLatency, TurnLatency};

    /// Returns a run of three rounds of cells, each an engine on an architecture with a latency for each round.
    fn run(cells: &[(&str, CellKind, &str, [f64; 3])]) -> Run {
        let mut run = Run::default();
        for &(name, kind, engine, rounds) in cells {
            let cell = format!("{name} {engine}");
            let row = CellRow {
                cell: cell.clone(),
                name: name.to_owned(),
                kind,
                engine: engine.to_owned(),
                ..CellRow::default()
            };
            let turn = |median_ns| TurnLatency { turn: 0, median_ns, samples: 1, conditions: None };
            let block = |median_ns| {
                let latency =
                    BlockLatency { turns: vec![turn(median_ns)], ..BlockLatency::default() };
                [(0, latency)].into()
            };
            run.latencies.insert(cell.clone(), (0..).zip(rounds.map(block)).collect());
            run.cells.insert(cell, row);
        }
        run
    }

    #[test]
    fn networks_are_counted_by_whose_whole_interval_is_on_one_side() {
        use CellKind::{Network, Pattern};
        let run = run(&[
            ("a", Network, "openvino", [1.00e6, 1.01e6, 1.02e6]),
            ("a", Network, "tract", [2.0e6, 2.0e6, 2.0e6]),
            ("b", Network, "openvino", [1.00e6, 1.01e6, 1.02e6]),
            ("b", Network, "tract", [3.0e6, 3.0e6, 3.0e6]),
            ("c", Network, "openvino", [3.00e6, 3.01e6, 3.02e6]),
            ("c", Network, "tract", [2.0e6, 2.0e6, 2.0e6]),
            // Twice as fast and half as fast; and the same in every round, which has no interval.
            ("d", Network, "openvino", [1.0e6, 2.0e6, 1.0e6]),
            ("d", Network, "tract", [2.0e6, 1.0e6, 1.0e6]),
            ("e", Network, "openvino", [1.0e6, 1.0e6, 1.0e6]),
            ("e", Network, "tract", [2.0e6, 2.0e6, 2.0e6]),
            // Of one engine alone, and no network.
            ("f", Network, "openvino", [1.00e6, 1.01e6, 1.02e6]),
            ("g", Pattern, "openvino", [1.00e6, 1.01e6, 1.02e6]),
            ("g", Pattern, "tract", [2.0e6, 2.0e6, 2.0e6]),
        ]);
        let found = HeadToHead::of(&run, "openvino", "tract");
        assert_eq!(found, HeadToHead { faster: 2, slower: 1, undecided: 2, as_found: 0 });
        assert_eq!(found.networks(), 5);
        let turned = HeadToHead { faster: 1, slower: 2, undecided: 2, as_found: 0 };
        assert_eq!(HeadToHead::of(&run, "tract", "openvino"), turned);
        assert_eq!(HeadToHead::of(&run, "tract", "pytorch"), HeadToHead::default());
    }
}
