use std::collections::BTreeMap;

/// Ratio of the edges of a class of durations.
const STEP: f64 = 1.002;

/// Durations counted in classes whose edges differ by 0.2 %, so that quantiles of any number of them take little
/// memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    counts: BTreeMap<u16, u32>,
}

impl Histogram {
    /// Counts a duration in nanoseconds.
    pub fn add(&mut self, ns: u64) {
        let class = (ns.max(1) as f64).ln() / STEP.ln();
        *self.counts.entry(class.round() as u16).or_default() += 1;
    }

    /// Counts what another counted.
    pub fn merge(&mut self, other: &Self) {
        for (class, count) in &other.counts {
            *self.counts.entry(*class).or_default() += count;
        }
    }

    /// Returns the least duration in nanoseconds that so large a share of all does not exceed, to within 0.1 %; nothing
    /// without durations.
    pub fn quantile_ns(&self, share: f64) -> Option<f64> {
        let total: u64 = self.counts.values().map(|count| u64::from(*count)).sum();
        let rank = (share * total as f64).ceil().max(1.0) as u64;
        let mut below = 0;
        let class = self.counts.iter().find(|(_, count)| {
            below += u64::from(**count);
            below >= rank
        });
        class.map(|(class, _)| STEP.powf(f64::from(*class)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_durations() {
        let [mut low, mut high] = [Histogram::default(), Histogram::default()];
        (1..=500).for_each(|at| low.add(at * 1_000_000));
        (501..=1000).for_each(|at| high.add(at * 1_000_000));
        low.merge(&high);
        for (share, ms) in [(0.5, 500.0), (0.9, 900.0), (0.99, 990.0), (1.0, 1000.0)] {
            let found = low.quantile_ns(share).unwrap();
            assert!((found / (ms * 1e6) - 1.0).abs() < 0.0011, "{share}: {found}");
        }
        assert_eq!(Histogram::default().quantile_ns(0.5), None);
    }

    #[test]
    fn the_shortest_and_the_longest_durations_have_a_class() {
        let mut all = Histogram::default();
        [0, 1, 86_400_000_000_000].into_iter().for_each(|ns| all.add(ns));
        assert_eq!(all.quantile_ns(0.5), Some(1.0));
        assert!((all.quantile_ns(1.0).unwrap() / 86.4e12 - 1.0).abs() < 0.0011);
    }
}
