use std::borrow::Cow;

use rand::{Rng, RngExt};
use rand_distr::{Beta, Distribution};

use crate::quantile::{quantile_ns, sorted};

/// Medians of bootstrap resamples of one set of samples, each drawn in constant time.
///
/// A resample of `n` values is never made. Drawing a value with replacement is reading the sorted
/// values at `floor(n * u)` for a uniform `u`, which rises with `u`; so the resample's k-th
/// smallest value is read at the k-th smallest of `n` uniforms, which is Beta(k, n - k + 1)
/// distributed. For even `n = 2m` the two middle values are needed jointly: given the (m + 1)-th
/// uniform `u`, the `m` uniforms below it are spread evenly over `[0, u)`, and the largest of them
/// is `u * v^(1/m)` for a uniform `v`.
pub(crate) struct MedianResampler<'a> {
    sorted: Cow<'a, [u64]>,
    upper_middle: Beta<f64>,
}

impl<'a> MedianResampler<'a> {
    /// Returns a resampler, or `None` without samples.
    pub(crate) fn new(samples: &'a [u64]) -> Option<Self> {
        let count = samples.len();
        let rank = count / 2 + 1;
        let upper_middle = Beta::new(rank as f64, (count + 1).checked_sub(rank)? as f64).ok()?;
        Some(Self { sorted: sorted(samples), upper_middle })
    }

    /// Returns the median of the samples themselves, in nanoseconds.
    pub(crate) fn median_ns(&self) -> f64 {
        quantile_ns(&self.sorted, 0.5).unwrap_or_default()
    }

    /// Returns the median of one resample, in nanoseconds.
    pub(crate) fn draw_ns(&self, rng: &mut impl Rng) -> f64 {
        let count = self.sorted.len();
        let upper = self.upper_middle.sample(rng);
        if count % 2 == 1 {
            return self.at(upper);
        }
        let below = rng.random::<f64>().powf(2.0 / count as f64);
        (self.at(upper) + self.at(upper * below)) / 2.0
    }

    /// Returns the sample below which the share `u` of all samples lies.
    fn at(&self, u: f64) -> f64 {
        let count = self.sorted.len();
        self.sorted[((count as f64 * u) as usize).min(count - 1)] as f64
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    /// Returns how often each median occurs among all `n^n` resamples, as a share.
    fn every_resample(samples: &[u64]) -> BTreeMap<u64, f64> {
        let count = samples.len();
        let resamples = count.pow(count as u32);
        let mut shares = BTreeMap::new();
        for number in 0..resamples {
            let digit = |place: u32| samples[number / count.pow(place) % count];
            let resample: Vec<u64> = (0..count as u32).map(digit).collect();
            let median = crate::median_ns(&resample).unwrap();
            *shares.entry((2.0 * median) as u64).or_insert(0.0) += 1.0 / resamples as f64;
        }
        shares
    }

    /// Asserts that drawn medians have the distribution of all resamples.
    fn draws_match_every_resample(samples: &[u64]) {
        const DRAWS: usize = 100_000;
        let resampler = MedianResampler::new(samples).unwrap();
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut drawn = BTreeMap::new();
        for _ in 0..DRAWS {
            *drawn.entry((2.0 * resampler.draw_ns(&mut rng)) as u64).or_insert(0.0) +=
                1.0 / DRAWS as f64;
        }
        let expected = every_resample(samples);
        assert!(drawn.keys().all(|median| expected.contains_key(median)), "{drawn:?}");
        for (median, share) in expected {
            // A share's standard deviation is at most sqrt(0.25 / 100 000) = 0.0016; 5 of them.
            let got = drawn.get(&median).copied().unwrap_or(0.0);
            assert!((got - share).abs() < 0.008, "{median}: {got} of {share}");
        }
    }

    #[test]
    fn an_odd_number_of_samples_matches_brute_force() {
        draws_match_every_resample(&[4]);
        draws_match_every_resample(&[30, 10, 20]);
        draws_match_every_resample(&[50, 10, 40, 20, 31]);
    }

    #[test]
    fn an_even_number_of_samples_matches_brute_force() {
        draws_match_every_resample(&[10, 20]);
        draws_match_every_resample(&[10, 100, 20, 35]);
        draws_match_every_resample(&[1, 2, 4, 8, 16, 32]);
    }

    #[test]
    fn no_samples_have_no_resampler() {
        assert!(MedianResampler::new(&[]).is_none());
    }
}
