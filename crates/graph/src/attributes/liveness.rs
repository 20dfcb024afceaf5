use crate::{Graph, Operator, ValueId};

/// A block of memory that one activation fills, and all that are views of it.
struct Buffer {
    bytes: u64,
    /// Index of the node that writes it.
    from: usize,
    /// Index of the last node that needs it.
    until: usize,
}

/// Returns the largest sum of the activations that are alive while one node runs.
pub fn peak_bytes(graph: &Graph) -> u64 {
    let buffers = buffers(graph);
    let steps = 0..graph.nodes.len().max(1);
    let alive = |step: usize| {
        let buffers = buffers.iter().filter(|buffer| (buffer.from..=buffer.until).contains(&step));
        buffers.map(|buffer| buffer.bytes).sum()
    };
    steps.map(alive).max().unwrap_or(0)
}

fn buffers(graph: &Graph) -> Vec<Buffer> {
    // Constants keep `None`: they are in no buffer.
    let mut buffer_of: Vec<Option<usize>> = vec![None; graph.values.len()];
    let mut buffers = Vec::new();
    for input in &graph.inputs {
        buffer_of[input.0] = Some(buffers.len());
        buffers.push(Buffer { bytes: bytes(graph, *input), from: 0, until: 0 });
    }
    for (step, node) in graph.nodes.iter().enumerate() {
        let read = node.inputs.iter().filter_map(|id| buffer_of[id.0]);
        let read: Vec<usize> = read.inspect(|buffer| buffers[*buffer].until = step).collect();
        let shared = read.first().filter(|_| node.operator == Operator::Reshape);
        buffer_of[node.output.0] = Some(shared.copied().unwrap_or(buffers.len()));
        if shared.is_none() {
            buffers.push(Buffer { bytes: bytes(graph, node.output), from: step, until: step });
        }
    }
    for buffer in graph.outputs.iter().filter_map(|id| buffer_of[id.0]) {
        buffers[buffer].until = graph.nodes.len();
    }
    buffers
}

fn bytes(graph: &Graph, id: ValueId) -> u64 {
    graph.value(id).bytes() as u64
}
