//! Reproducible random numbers, independent of any backend's generator.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// Numbers drawn at a time.
const CHUNK: usize = 1024;

/// A sequence of random numbers that depends on its key alone.
pub struct Stream(ChaCha8Rng);

impl Stream {
    /// Returns the stream of a key: ChaCha8 seeded with the SHA-256 of the parts. Each part follows
    /// its length, so that no two keys give the same bytes.
    pub fn new(key: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in key {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self(ChaCha8Rng::from_seed(hash.finalize().into()))
    }

    /// Returns the next `count` numbers, uniform in `[centre - half_width, centre + half_width)`.
    ///
    /// Each number takes the high 24 bits of one little-endian word: the conversion to `f32` is
    /// exact.
    pub fn uniform(&mut self, count: usize, centre: f32, half_width: f32) -> Vec<f32> {
        let step = half_width / (1 << 23) as f32;
        let mut bytes = [0; 4 * CHUNK];
        let mut values = Vec::with_capacity(count);
        while values.len() < count {
            let drawn = &mut bytes[..4 * CHUNK.min(count - values.len())];
            self.0.fill_bytes(drawn);
            values.extend(drawn.chunks_exact(4).map(|word| {
                let word = u32::from_le_bytes([word[0], word[1], word[2], word[3]]);
                centre + step * ((word >> 8) as i32 - (1 << 23)) as f32
            }));
        }
        values
    }

    /// Returns the next `count` whole numbers, each from `first` to `last` equally likely but for 2⁻⁶⁴ times the width
    /// of the range; only `first` if `last` is below it.
    pub fn whole(&mut self, count: usize, first: i64, last: i64) -> Vec<i64> {
        let width = (i128::from(last) - i128::from(first)).max(0) as u128 + 1;
        let mut next = || {
            let mut word = [0; 8];
            self.0.fill_bytes(&mut word);
            let step = (u128::from(u64::from_le_bytes(word)) * width) >> 64;
            (i128::from(first) + step as i128) as i64
        };
        (0..count).map(|_| next()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_do_not_depend_on_how_many_are_drawn_at_once() {
        let whole = Stream::new(&[b"key"]).uniform(2500, 0.0, 1.0);
        let mut stream = Stream::new(&[b"key"]);
        let mut pieces = stream.uniform(7, 0.0, 1.0);
        pieces.extend(stream.uniform(2493, 0.0, 1.0));
        assert_eq!(whole, pieces);
    }

    #[test]
    fn numbers_have_the_mean_and_deviation_of_their_interval() {
        let values = Stream::new(&[b"key"]).uniform(100_000, 5.0, 2.0);
        let mean = values.iter().map(|v| f64::from(*v)).sum::<f64>() / 1e5;
        let variance = values.iter().map(|v| (f64::from(*v) - mean).powi(2)).sum::<f64>() / 1e5;
        // Standard error of the mean: 2 / sqrt(3) / sqrt(1e5) = 0.0037.
        assert!((mean - 5.0).abs() < 0.015, "{mean}");
        // Uniform of half width 2: variance 2 * 2 / 3.
        assert!((variance - 4.0 / 3.0).abs() < 0.02, "{variance}");
        assert!(values.iter().all(|v| (3.0..7.0).contains(v)));
    }

    #[test]
    fn parts_of_a_key_do_not_run_together() {
        let first = Stream::new(&[b"ab", b"c"]).uniform(4, 0.0, 1.0);
        let second = Stream::new(&[b"a", b"bc"]).uniform(4, 0.0, 1.0);
        assert_ne!(first, second);
    }
}
