use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{ChiSquared, Distribution};

use crate::Estimate;
use crate::crossed::{CrossedTable, Factors, MeanSquare, sign};
use crate::quantile::interpolated;

/// Splits the variance of a table's values into what each factor does alone, what factors do together, and the error of
/// measuring, by the method of moments: each mean square is set equal to what is expected of it, if all effects are drawn
/// independently (the model of random effects). One value in each place cannot tell what all factors do together from the
/// error of measuring, which is therefore given.
///
/// Intervals are generalised confidence intervals: mean squares of normally distributed effects are independent chi-squares
/// times what is expected of them, so that every draw of chi-squares gives variances that would have led to what was seen.
///
/// # Source
/// Searle, Casella and McCulloch 1992, chapter 4, for the moments; Weerahandi 1993 and 1995 for the intervals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VarianceSplit {
    /// Draws of an interval.
    pub draws: u32,
    /// Share of intervals that contain the true value, below 1.
    pub confidence: f64,
    /// Seed of the draws.
    pub seed: u64,
}

impl Default for VarianceSplit {
    fn default() -> Self {
        Self { draws: 10_000, confidence: 0.95, seed: 1 }
    }
}

/// A part of a variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VariancePart {
    /// The factors that act together; none of the error of measuring.
    pub factors: [bool; 3],
    /// What the moments give, which is below 0 where chance was larger than the part.
    pub moment: f64,
    /// The part: what the moments give, or 0 if that is below.
    pub variance: Estimate,
    /// Its share of the sum of all parts.
    pub share: Estimate,
    /// Degrees of freedom of its mean square; of the error, which is given, none.
    pub freedom: usize,
}

impl VarianceSplit {
    /// Returns the parts of a table's variance without intervals, one for each set of factors that vary, single ones first,
    /// and the error of measuring last. `error` is the mean variance of a value for its error.
    pub fn description(table: &CrossedTable, error: f64) -> Vec<VariancePart> {
        let squares = table.mean_squares();
        let values: Vec<f64> = squares.iter().map(|square| square.value).collect();
        let moments = moments(table, &squares, &values, error);
        let shares = shares(&moments);
        let freedoms = squares.iter().map(|square| square.freedom).chain([0]);
        let sets = squares.iter().map(|square| square.factors).chain([0]);
        let numbers = moments.iter().zip(&shares).zip(sets.zip(freedoms));
        let part = |((moment, share), (factors, freedom)): ((&f64, &f64), (Factors, usize))| {
            VariancePart {
                factors: [0, 1, 2].map(|at| factors & (1 << at) != 0),
                moment: *moment,
                variance: alone(moment.max(0.0)),
                share: alone(*share),
                freedom,
            }
        };
        let mut parts: Vec<VariancePart> = numbers.map(part).collect();
        parts.sort_by_key(order);
        parts
    }

    /// Returns the same parts with intervals.
    pub fn estimate(&self, table: &CrossedTable, error: f64) -> Vec<VariancePart> {
        let squares = table.mean_squares();
        let mut drawn = self.draw(table, &squares, error);
        let mut parts = Self::description(table, error);
        for part in &mut parts {
            let set = (0..3).filter(|at| part.factors[*at]).map(|at| 1 << at).sum::<Factors>();
            let place = squares.iter().position(|square| square.factors == set);
            let [variances, shares] = &mut drawn[place.unwrap_or(squares.len())];
            part.variance = self.interval(part.variance.value, variances);
            part.share = self.interval(part.share.value, shares);
        }
        parts
    }

    /// Returns what each part and its share is in every draw, the error last.
    fn draw(&self, table: &CrossedTable, squares: &[MeanSquare], error: f64) -> Vec<[Vec<f64>; 2]> {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        let chances: Vec<Option<ChiSquared<f64>>> =
            squares.iter().map(|square| ChiSquared::new(square.freedom as f64).ok()).collect();
        let mut drawn = vec![[Vec::new(), Vec::new()]; squares.len() + 1];
        for _ in 0..self.draws {
            let expected: Vec<f64> = (squares.iter().zip(&chances))
                .map(|(square, chance)| {
                    let drawn = chance.map_or(1.0, |chance| chance.sample(&mut rng));
                    square.value * square.freedom as f64 / drawn
                })
                .collect();
            let moments = moments(table, squares, &expected, error);
            let parts = moments.iter().zip(shares(&moments));
            for ([variances, of_all], (moment, share)) in drawn.iter_mut().zip(parts) {
                variances.push(moment.max(0.0));
                of_all.push(share);
            }
        }
        drawn
    }

    /// Returns a value between what the lowest and the highest draws leave out.
    fn interval(&self, value: f64, drawn: &mut [f64]) -> Estimate {
        drawn.sort_unstable_by(f64::total_cmp);
        let tail = (1.0 - self.confidence) / 2.0;
        let at = |q| interpolated(drawn.len(), q, |at| drawn[at]).unwrap_or(value);
        Estimate { value, low: at(tail).min(value), high: at(1.0 - tail).max(value) }
    }
}

/// Returns the variance of each set of factors, given its mean square, and the error last.
///
/// A mean square is expected to be the sum, over all sets that contain its factors, of their variances times the places
/// that share a level; so inclusion and exclusion of those sets leave its own.
fn moments(table: &CrossedTable, squares: &[MeanSquare], values: &[f64], error: f64) -> Vec<f64> {
    let of_set = |set: Factors| {
        let containing = squares.iter().zip(values).filter(|(other, _)| other.factors & set == set);
        let sum: f64 = containing.map(|(other, value)| sign(other.factors, set) * value).sum();
        let own = sum / table.places_of_each(set) as f64;
        if set == table.varying() { own - error } else { own }
    };
    squares.iter().map(|square| of_set(square.factors)).chain([error]).collect()
}

/// Returns the share of each part in all of them, where one below 0 is none.
fn shares(moments: &[f64]) -> Vec<f64> {
    let total: f64 = moments.iter().map(|moment| moment.max(0.0)).sum();
    let share = |moment: &f64| if total > 0.0 { moment.max(0.0) / total } else { 0.0 };
    moments.iter().map(share).collect()
}

fn alone(value: f64) -> Estimate {
    Estimate { value, low: value, high: value }
}

/// Sorts single factors first and the error of measuring last.
fn order(part: &VariancePart) -> (usize, [bool; 3]) {
    let count = part.factors.iter().filter(|acts| **acts).count();
    (if count == 0 { usize::MAX } else { count }, part.factors.map(|acts| !acts))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Effects of a table of two levels each: half the difference that factors make, by set of factors in bits.
    const HALVES: [f64; 8] = [0.7, 3.0, 2.0, 1.0, 1.0, 0.5, 0.5, 0.25];

    /// Returns the table to which each set adds its half where an even number of its factors is at the second level, and
    /// takes it away elsewhere.
    fn two_by_two_by_two() -> CrossedTable {
        let value = |place: usize| -> f64 {
            // The first factor is the highest bit of a place, and the lowest of a set.
            let levels = (place >> 2) | (place & 2) | ((place & 1) << 2);
            let sign =
                |set: usize| if (set & levels).count_ones().is_multiple_of(2) { 1.0 } else { -1.0 };
            (0..8).map(|set| sign(set) * HALVES[set]).sum()
        };
        CrossedTable::new([2, 2, 2], (0..8).map(value).collect()).unwrap()
    }

    #[test]
    fn parts_are_those_that_a_hand_works_out() {
        // A mean square is 8 times the square of its half, with one degree of freedom: 72 of the first factor, 32 of the
        // second, 8 of the third; 8, 2 and 2 of first and second, first and third, second and third; 0.5 of all.
        // All together: 0.5 less the error of 0.1. Two of them: (8 - 0.5) / 2 and (2 - 0.5) / 2.
        // Single ones: (72 - 8 - 2 + 0.5) / 4, (32 - 8 - 2 + 0.5) / 4, (8 - 2 - 2 + 0.5) / 4.
        let parts = VarianceSplit::description(&two_by_two_by_two(), 0.1);
        let expected = [
            ([true, false, false], 15.625),
            ([false, true, false], 5.625),
            ([false, false, true], 1.125),
            ([true, true, false], 3.75),
            ([true, false, true], 0.75),
            ([false, true, true], 0.75),
            ([true, true, true], 0.4),
            ([false, false, false], 0.1),
        ];
        let total: f64 = expected.iter().map(|(_, variance)| variance).sum();
        assert_eq!(parts.len(), expected.len());
        for (part, (factors, variance)) in parts.iter().zip(expected) {
            assert_eq!(part.factors, factors);
            assert!((part.variance.value - variance).abs() < 1e-12, "{part:?}");
            assert!((part.share.value - variance / total).abs() < 1e-12, "{part:?}");
            assert!(!part.variance.has_interval() && !part.share.has_interval());
        }
    }

    #[test]
    fn a_part_below_nothing_is_none_and_says_what_it_was() {
        let parts = VarianceSplit::description(&two_by_two_by_two(), 2.0);
        let all = parts[6];
        assert!((all.moment + 1.5).abs() < 1e-12 && all.variance.value == 0.0, "{all:?}");
        assert!((parts.iter().map(|part| part.share.value).sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_factor_of_one_level_has_no_part() {
        // Rows 1 5 and 2 4: mean squares 0 of the rows, 9 of the columns and 1 of both: (9 - 1) / 2 of the columns, and
        // (0 - 1) / 2 of the rows.
        let table = CrossedTable::new([2, 1, 2], vec![1.0, 5.0, 2.0, 4.0]).unwrap();
        let parts = VarianceSplit::description(&table, 0.0);
        let moments: Vec<_> = parts.iter().map(|part| (part.factors, part.moment)).collect();
        let [rows, columns] = [[true, false, false], [false, false, true]];
        let expected = [
            (rows, -0.5),
            (columns, 4.0),
            ([true, false, true], 1.0),
            ([false, false, false], 0.0),
        ];
        assert_eq!(moments, expected);
    }

    #[test]
    fn an_interval_holds_its_estimate_and_equal_seeds_give_equal_ends() {
        let table = two_by_two_by_two();
        let parts = VarianceSplit::default().estimate(&table, 0.1);
        assert_eq!(parts, VarianceSplit::default().estimate(&table, 0.1));
        for part in &parts {
            for of in [part.variance, part.share] {
                assert!(of.low <= of.value && of.value <= of.high, "{part:?}");
            }
            assert!((0.0..=1.0).contains(&part.share.low) && part.share.high <= 1.0);
        }
        // What is given is known.
        assert!(!parts[7].variance.has_interval());
    }
}
