use crate::Graph;

/// Returns how many nodes are on the longest path.
pub fn longest(graph: &Graph) -> u64 {
    // Nodes up to each value; none up to inputs and constants.
    let mut depths = vec![0; graph.values.len()];
    for node in &graph.nodes {
        let before = node.inputs.iter().map(|id| depths[id.0]).max().unwrap_or(0);
        depths[node.output.0] = before + 1;
    }
    depths.into_iter().max().unwrap_or(0)
}
