//! Files with bytes that are wrong, missing or too many: each is an error or a graph, none a panic or a hang.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use formbench_graph::{ReadError, attributes, onnx};
use formbench_protocol::DeclaredSize;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Mutations of all files together.
const MUTATIONS: usize = 100_000;
/// No file of a few kilobytes may take longer.
const LONGEST: Duration = Duration::from_secs(10);

fn files() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../engines/tests/data/kinds");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|ending| ending == "onnx")).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// All that is done with a file before an engine sees it, and counting.
fn counted(bytes: Vec<u8>) -> Result<u64, ReadError> {
    let whole = onnx::inline(onnx::embed(bytes, Path::new("/nowhere"))?)?;
    let interface = onnx::interface(&whole)?;
    let size = |size: &DeclaredSize| match size {
        DeclaredSize::Fixed(size) => *size as usize,
        DeclaredSize::Open(_) => 2,
    };
    let shape = |sizes: &Option<Vec<DeclaredSize>>| -> Vec<usize> {
        sizes.iter().flatten().map(size).collect()
    };
    let shapes: Vec<(String, Vec<usize>)> =
        interface.inputs.iter().map(|it| (it.name.clone(), shape(&it.sizes))).collect();
    let given: Vec<(&str, &[usize])> =
        shapes.iter().map(|(name, shape)| (name.as_str(), shape.as_slice())).collect();
    let graph = onnx::read_stated(&onnx::fix_inputs(&whole, &given)?, &whole)?;
    Ok(attributes::inspect(&graph).attributes.operators)
}

fn mutated(mut bytes: Vec<u8>, random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut below = |limit: usize| random.next_u32() as usize % limit.max(1);
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

#[test]
fn no_mutation_of_a_file_panics_or_hangs() {
    let files = files();
    assert!(files.len() >= 19);
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut counts = [0_usize; 2];
    for at in 0..MUTATIONS {
        let bytes = mutated(files[at % files.len()].clone(), &mut random);
        let start = Instant::now();
        let outcome = counted(bytes);
        assert!(start.elapsed() < LONGEST, "mutation {at} took {:?}", start.elapsed());
        counts[usize::from(outcome.is_ok())] += 1;
    }
    // The mutations reach both ends: most break a file, and some leave one that is counted.
    assert!(counts.iter().all(|count| *count > MUTATIONS / 100), "{counts:?}");
}
