//! Files with bytes that are wrong, missing or too many: each is an error or a graph, none a panic or a hang.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod mutation;

use std::path::Path;
use std::time::{Duration, Instant};

use formbench_graph::{ReadError, attributes, onnx};
use formbench_protocol::DeclaredSize;
use mutation::{Mutations, files};

/// Mutations of all files together.
const MUTATIONS: usize = 100_000;
/// No file of a few kilobytes may take longer.
const LONGEST: Duration = Duration::from_secs(10);

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

#[test]
fn no_mutation_of_a_file_panics_or_hangs() {
    let files = files();
    assert!(files.len() >= 19);
    let mut mutations = Mutations::new(7);
    let mut counts = [0_usize; 2];
    for at in 0..MUTATIONS {
        let bytes = mutations.of(files[at % files.len()].clone());
        let start = Instant::now();
        let outcome = counted(bytes);
        assert!(start.elapsed() < LONGEST, "mutation {at} took {:?}", start.elapsed());
        counts[usize::from(outcome.is_ok())] += 1;
    }
    // The mutations reach both ends: most break a file, and some leave one that is counted.
    assert!(counts.iter().all(|count| *count > MUTATIONS / 100), "{counts:?}");
}
