//! Files with bytes that are wrong, missing or too many: each is an error or a graph, none a panic or a hang.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod mutation;

use std::path::Path;
use std::time::{Duration, Instant};

use formbench_graph::{ReadError, attributes, onnx};
use formbench_protocol::{DeclaredSize, Inspection, Interface};
use mutation::{Mutations, files};

/// Mutations of all files together.
const MUTATIONS: usize = 100_000;
/// No file of a few kilobytes may take longer.
const LONGEST: Duration = Duration::from_secs(10);

/// Bytes of constants beyond which outlines leave them out: these files have few of more.
const BEYOND: usize = 64;

/// All that is done with a file before an engine sees it, and counting: with its weights and by its outline.
fn counted(bytes: &[u8]) -> [Result<Inspection, ReadError>; 2] {
    let nowhere = Path::new("/nowhere");
    let whole = || {
        let whole = onnx::inline(onnx::embed(bytes.to_vec(), nowhere)?)?;
        let interface = onnx::interface(&onnx::outline(&whole, nowhere, usize::MAX)?)?;
        onnx::read_stated(&fixed(&whole, &interface)?, &whole)
    };
    let by_outline = || {
        let outline = onnx::outline(bytes, nowhere, BEYOND)?;
        let interface = onnx::interface(&outline)?;
        outline.graph(|bytes| fixed(bytes, &interface))
    };
    // What is no file can be wrong in many ways, and which is met first depends on the bytes behind it.
    let without_reason = |error| match error {
        ReadError::NotOnnx { .. } => ReadError::NotOnnx { reason: String::new() },
        other => other,
    };
    [whole(), by_outline()]
        .map(|graph| graph.map(|it| attributes::inspect(&it)).map_err(without_reason))
}

fn fixed(bytes: &[u8], interface: &Interface) -> Result<Vec<u8>, ReadError> {
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
    onnx::fix_inputs(bytes, &given)
}

#[test]
fn no_mutation_of_a_file_panics_or_hangs_and_outlines_count_as_the_files_do() {
    let files = files();
    assert!(files.len() >= 19);
    let mut mutations = Mutations::new(7);
    let mut counts = [0_usize; 2];
    for at in 0..MUTATIONS {
        let bytes = mutations.of(files[at % files.len()].clone());
        let start = Instant::now();
        let [whole, by_outline] = counted(&bytes);
        assert!(start.elapsed() < LONGEST, "mutation {at} took {:?}", start.elapsed());
        assert_eq!(by_outline, whole, "mutation {at}");
        counts[usize::from(whole.is_ok())] += 1;
    }
    // The mutations reach both ends: most break a file, and some leave one that is counted.
    assert!(counts.iter().all(|count| *count > MUTATIONS / 100), "{counts:?}");
}
