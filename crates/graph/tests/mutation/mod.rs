//! Files of models with bytes that are wrong, missing or too many.

use std::fs;
use std::path::{Path, PathBuf};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Returns the small files of many kinds that engines are tested with.
pub fn files() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../engines/tests/data/kinds");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|ending| ending == "onnx")).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Mutations that follow from a seed.
pub struct Mutations(ChaCha8Rng);

impl Mutations {
    /// Returns the mutations of a seed.
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Returns a file with one to four parts of it cut, doubled or changed.
    pub fn of(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        let mut below = |limit: usize| self.0.next_u32() as usize % limit.max(1);
        for _ in 0..1 + below(4) {
            let at = below(bytes.len());
            match below(6) {
                0 => bytes.truncate(at),
                1 => {
                    let end = (at + below(16)).min(bytes.len());
                    bytes.drain(at..end);
                }
                2 => {
                    let part = bytes[at..(at + below(64)).min(bytes.len())].to_vec();
                    bytes.splice(at..at, part);
                }
                3 if at < bytes.len() => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][below(5)],
                _ if at < bytes.len() => bytes[at] ^= 1 << below(8),
                _ => {}
            }
        }
        bytes
    }
}
