/// One number for each place of a table of three crossed factors: every level of each was seen with every level of the
/// others. A factor of one level says nothing, and takes no part.
#[derive(Clone, Debug, PartialEq)]
pub struct CrossedTable {
    levels: [usize; 3],
    /// The last factor's level changes fastest.
    values: Vec<f64>,
}

/// Factors that act together, a bit each.
pub(crate) type Factors = usize;

/// All three factors.
const ALL: Factors = 0b111;

/// How far what some factors do together spreads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MeanSquare {
    pub(crate) factors: Factors,
    pub(crate) value: f64,
    pub(crate) freedom: usize,
}

impl CrossedTable {
    /// Returns the table of as many values as the levels have places; `None` of another number of values, of one that is
    /// no number, or where no factor has two levels.
    ///
    /// # Shapes
    /// - `values`: `[levels[0], levels[1], levels[2]]`
    pub fn new(levels: [usize; 3], values: Vec<f64>) -> Option<Self> {
        let is_whole = levels.iter().product::<usize>() == values.len() && !values.is_empty();
        let is_known = values.iter().all(|value| value.is_finite());
        let varies = levels.iter().any(|count| *count > 1);
        (is_whole && is_known && varies).then_some(Self { levels, values })
    }

    /// Returns the factors that have several levels.
    pub(crate) fn varying(&self) -> Factors {
        (0..3).filter(|at| self.levels[*at] > 1).map(|at| 1 << at).sum()
    }

    /// Returns how many places share a level of each of some factors.
    pub(crate) fn places_of_each(&self, factors: Factors) -> usize {
        self.product(ALL & !factors, |levels| levels)
    }

    /// Returns the mean square of each set of factors that vary, by set.
    pub(crate) fn mean_squares(&self) -> Vec<MeanSquare> {
        let means: Vec<Vec<f64>> = (0..=ALL).map(|factors| self.means(factors)).collect();
        let sets = (1..=ALL).filter(|factors| factors & !self.varying() == 0);
        let mean_square = |factors| {
            let squares: f64 = (0..self.values.len())
                .map(|place| self.effect(&means, factors, place).powi(2))
                .sum();
            let freedom = self.product(factors, |levels| levels - 1);
            MeanSquare { factors, value: squares / freedom as f64, freedom }
        };
        sets.map(mean_square).collect()
    }

    /// Returns what some factors do together at a place, beyond what fewer of them do.
    fn effect(&self, means: &[Vec<f64>], factors: Factors, place: usize) -> f64 {
        let within = (0..=ALL).filter(|set| set & !factors == 0);
        within.map(|set| sign(factors, set) * means[set][self.projected(place, set)]).sum()
    }

    /// Returns the mean over all places that share the levels of some factors, at the first place of each.
    fn means(&self, factors: Factors) -> Vec<f64> {
        let mut sums = vec![0.0; self.values.len()];
        for (place, value) in self.values.iter().enumerate() {
            sums[self.projected(place, factors)] += value;
        }
        let count = self.places_of_each(factors) as f64;
        sums.into_iter().map(|sum| sum / count).collect()
    }

    /// Returns the first place that shares a place's levels of some factors.
    fn projected(&self, place: usize, factors: Factors) -> usize {
        let [_, second, third] = self.levels;
        let levels = [place / (second * third), place / third % second, place % third];
        let kept = |at: usize| if factors & (1 << at) == 0 { 0 } else { levels[at] };
        (kept(0) * second + kept(1)) * third + kept(2)
    }

    fn product(&self, factors: Factors, count: impl Fn(usize) -> usize) -> usize {
        let chosen = (0..3).filter(|at| factors & (1 << at) != 0);
        chosen.map(|at| count(self.levels[at])).product()
    }
}

/// Returns plus one where a set of factors is as large as another one within it, or larger by two, else minus one.
pub(crate) fn sign(larger: Factors, smaller: Factors) -> f64 {
    if (larger.count_ones() - smaller.count_ones()).is_multiple_of(2) { 1.0 } else { -1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_needs_a_number_in_every_place_and_a_factor_that_varies() {
        assert!(CrossedTable::new([2, 1, 2], vec![1.0; 4]).is_some());
        assert!(CrossedTable::new([2, 2, 2], vec![1.0; 7]).is_none());
        assert!(CrossedTable::new([2, 1, 1], vec![1.0, f64::NAN]).is_none());
        assert!(CrossedTable::new([1, 1, 1], vec![1.0]).is_none());
        assert!(CrossedTable::new([0, 2, 2], vec![]).is_none());
    }

    #[test]
    fn squares_of_a_table_add_up_to_its_own() {
        // Any numbers: what all sets of factors do is all that differs from the mean.
        let values: Vec<f64> = (0..24).map(|at| f64::from(at * at % 17) + 0.3).collect();
        let table = CrossedTable::new([2, 3, 4], values.clone()).unwrap();
        let mean = values.iter().sum::<f64>() / 24.0;
        let total: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let squares = table.mean_squares();
        let sum: f64 = squares.iter().map(|one| one.value * one.freedom as f64).sum();
        assert!((sum - total).abs() < 1e-9, "{sum} {total}");
        // 1, 2, 1·2, 3, 1·3, 2·3, 1·2·3: 23 together.
        let freedoms: Vec<usize> = squares.iter().map(|one| one.freedom).collect();
        assert_eq!(freedoms, [1, 2, 2, 3, 3, 6, 6]);
    }
}
