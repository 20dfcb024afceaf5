//! What operators of one kind take, by those that are nearest in what they compute and move, and in positions.

use super::OperatorWork;

/// How many of the nearest count.
const NEAREST: usize = 7;
/// Squared distance, in logarithms, within which one is as near as another.
const NEAR: f64 = 0.01;

/// Operators of one kind that were timed.
#[derive(Clone, Debug, Default)]
pub(super) struct Neighbours(Vec<Neighbour>);

#[derive(Clone, Copy, Debug)]
struct Neighbour {
    place: [f64; 3],
    /// Logarithm of its time for each multiply-accumulate or byte, in nanoseconds.
    log_pace: f64,
}

impl Neighbours {
    /// Adds an operator that took so long; what took no time that its profiler shows is left out.
    pub fn add(&mut self, work: &OperatorWork, ns: f64) {
        if ns > 0.0 {
            let log_pace = ns.ln() - work.log_amount();
            self.0.push(Neighbour { place: work.place(), log_pace });
        }
    }

    /// Returns how long such an operator takes, in nanoseconds; nothing where none was timed.
    pub fn ns(&self, work: &OperatorWork) -> Option<f64> {
        let place = work.place();
        let distance = |one: &Neighbour| {
            one.place.iter().zip(place).map(|(here, there)| (here - there).powi(2)).sum::<f64>()
        };
        let mut near: Vec<(f64, f64)> =
            self.0.iter().map(|one| (distance(one), one.log_pace)).collect();
        if near.len() > NEAREST {
            near.select_nth_unstable_by(NEAREST - 1, |one, other| one.0.total_cmp(&other.0));
            near.truncate(NEAREST);
        }
        let weight = |distance: f64| 1.0 / (distance + NEAR);
        let all: f64 = near.iter().map(|(distance, _)| weight(*distance)).sum();
        let paces: f64 = near.iter().map(|(distance, pace)| weight(*distance) * pace).sum();
        (!near.is_empty()).then(|| (paces / all + work.log_amount()).exp())
    }
}

#[cfg(test)]
mod tests {
    use formbench_protocol::OperatorClass;

    use super::*;

    fn work(class: OperatorClass, [macs, flops, bytes]: [u64; 3], positions: u64) -> OperatorWork {
        OperatorWork { class, after: None, macs, flops, bytes, positions }
    }

    fn pool(bytes: u64) -> OperatorWork {
        work(OperatorClass::Pool, [0, bytes, bytes], 1)
    }

    #[test]
    fn an_operator_takes_what_the_nearest_take_for_each_byte() {
        let mut known = Neighbours::default();
        assert_eq!(known.ns(&pool(8)), None);
        // Ten small ones of 2 ns a byte, ten large ones of 1 ns.
        for at in 0..10 {
            known.add(&pool(1000 + at), 2.0 * (1000 + at) as f64);
            known.add(&pool(1_000_000 + at), (1_000_000 + at) as f64);
        }
        known.add(&pool(1001), 0.0);
        assert!((known.ns(&pool(2000)).unwrap() - 4000.0).abs() < 1.0);
        assert!((known.ns(&pool(500_000)).unwrap() - 500_000.0).abs() < 1.0);
    }

    #[test]
    fn products_of_other_shapes_are_further_away() {
        let product = |macs, bytes| work(OperatorClass::Linear, [macs, 2 * macs, bytes], 1);
        let mut known = Neighbours::default();
        for at in 0..10 {
            known.add(&product(1_000_000 + at, 1000), 1e6);
            known.add(&product(1_000_000 + at, 1_000_000), 9e6);
        }
        assert!((known.ns(&product(1_000_000, 2000)).unwrap() / 1e6 - 1.0).abs() < 0.01);
        assert!((known.ns(&product(1_000_000, 900_000)).unwrap() / 9e6 - 1.0).abs() < 0.01);
    }

    #[test]
    fn pools_of_a_plane_and_of_windows_are_told_apart_by_operations_and_positions() {
        let pool = |flops, positions| work(OperatorClass::Pool, [0, flops, 1_000_000], positions);
        let mut known = Neighbours::default();
        for _ in 0..10 {
            known.add(&pool(250_000, 1), 1e5);
            known.add(&pool(2_250_000, 3136), 9e6);
        }
        assert!((known.ns(&pool(200_000, 1)).unwrap() / 1e5 - 1.0).abs() < 0.05);
        assert!((known.ns(&pool(2_000_000, 784)).unwrap() / 9e6 - 1.0).abs() < 0.05);
    }
}
