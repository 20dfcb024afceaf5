use crate::node::{Fault, Node};

/// Declares the keys of a budget, once: how the key is read, and which of two budgets' values asks
/// for more (`max` or `min`).
macro_rules! budget {
    ($($(#[$doc:meta])+ $key:ident: $type:ty, $more:ident, $read:ident($bound:expr);)+) => {
        /// What a cell may cost and how good its numbers have to be.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct Budget {
            $($(#[$doc])+ pub $key: $type,)+
        }

        /// The keys in which an experiment departs from its profile's budget.
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub struct BudgetOverride {
            $($(#[$doc])+ pub $key: Option<$type>,)+
        }

        impl Budget {
            /// Returns the budget with the keys that `departure` sets.
            #[must_use]
            pub fn with(self, departure: &BudgetOverride) -> Self {
                Self { $($key: departure.$key.unwrap_or(self.$key),)+ }
            }

            /// Returns the budget that satisfies both, key by key.
            #[must_use]
            pub fn and(self, other: Self) -> Self {
                Self { $($key: self.$key.$more(other.$key),)+ }
            }
        }

        impl BudgetOverride {
            /// Returns the keys that a mapping sets.
            pub(crate) fn read(node: &Node) -> Result<Self, Fault> {
                let fields = node.fields("budget", &[$(stringify!($key)),+])?;
                Ok(Self {
                    $($key: fields.read(stringify!($key), |node| {
                        node.$read(stringify!($key), $bound)
                    })?,)+
                })
            }

            /// Returns a whole budget, or the name of a key that is missing.
            pub(crate) fn complete(self) -> Result<Budget, &'static str> {
                Ok(Budget { $($key: self.$key.ok_or(stringify!($key))?,)+ })
            }
        }
    };
}

/// Seconds in a day: the most that a budget may set for any duration.
const DAY_S: f64 = 86_400.0;

/// Most inferences that a block or a warm-up may require.
const MOST_INFERENCES: u64 = 1_000_000;

budget! {
    /// Least number of rounds; a round is one fresh process per cell.
    rounds: u32, max, whole(1..=1000);
    /// Largest number of rounds, where the interval of a speed-up stays wider than it should be.
    most_rounds: u32, max, whole(1..=1000);
    /// Blocks per round: bursts of consecutive inferences, in turn with those of other cells.
    blocks: u32, max, whole(1..=1000);
    /// Inferences that a block holds at least, those that count.
    block_inferences: u64, max, whole(1..=MOST_INFERENCES);
    /// Seconds that a cell's bursts in a block take at least.
    block_s: f64, max, positive(DAY_S);
    /// Inferences that a warm-up takes at least.
    warm_up_inferences: u64, max, whole(1..=MOST_INFERENCES);
    /// Seconds that a warm-up lasts at least.
    warm_up_s: f64, max, positive(DAY_S);
    /// Seconds after which a warm-up ends, steady or not.
    warm_up_cap_s: f64, max, positive(DAY_S);
    /// Relative spread of a warm-up's last block medians that counts as steady.
    warm_up_stable_within: f64, min, positive(1.0);
    /// Seconds that a worker may take over one answer before it counts as hung.
    limit_s: f64, max, positive(DAY_S);
    /// Seconds that all rounds of one cell may take together.
    cell_limit_s: f64, max, positive(DAY_S);
    /// Half-width of the speed-up's interval, relative to the speed-up, that is narrow enough.
    ratio_half_width: f64, min, positive(0.5);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(rounds: u32, ratio_half_width: f64) -> Budget {
        Budget {
            rounds,
            most_rounds: 10,
            blocks: 1,
            block_inferences: 3,
            block_s: 0.5,
            warm_up_inferences: 10,
            warm_up_s: 0.5,
            warm_up_cap_s: 2.0,
            warm_up_stable_within: 0.02,
            limit_s: 60.0,
            cell_limit_s: 600.0,
            ratio_half_width,
        }
    }

    #[test]
    fn two_budgets_together_take_the_more_demanding_of_each_key() {
        // Seven rounds satisfy an experiment that wants three; ±1 % satisfies one that wants ±5 %.
        assert_eq!(budget(7, 0.05).and(budget(3, 0.01)), budget(7, 0.01));
    }

    #[test]
    fn a_departure_changes_only_its_own_keys() {
        let departure = BudgetOverride { rounds: Some(2), ..BudgetOverride::default() };
        assert_eq!(budget(5, 0.02).with(&departure), budget(2, 0.02));
    }
}
