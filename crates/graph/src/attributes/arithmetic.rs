use crate::{
    Binary, Element, Graph, Interpolation, Node, Operator, PoolOperator, Reduction, Unary,
};

/// Returns a node's multiply-accumulates.
pub fn macs(graph: &Graph, node: &Node) -> u64 {
    let input = |index: usize| graph.value(node.inputs[index]);
    let filter = || input(1).shape[1..].iter().product::<usize>();
    let output = graph.value(node.output).elements();
    let macs = match node.operator {
        Operator::Conv(_) => output * filter(),
        Operator::ConvTranspose { .. } => input(0).elements() * filter(),
        Operator::Gemm { .. } | Operator::MatMul => output * input(0).shape.last().unwrap_or(&1),
        _ => 0,
    };
    macs as u64
}

/// Returns a node's floating-point operations: none if it works on integers or booleans.
pub fn flops(graph: &Graph, node: &Node) -> u64 {
    let first = node.inputs.first().map(|id| graph.value(*id).element);
    let is_of_floats = first.is_some_and(Element::is_float) || is_dequantizing(&node.operator);
    if !is_of_floats {
        return 0;
    }
    let elements = graph.value(node.output).elements() as u64;
    match &node.operator {
        Operator::Conv(_) | Operator::ConvTranspose { .. } | Operator::Gemm { .. } => {
            let bias = if node.inputs.len() == 3 { elements } else { 0 };
            2 * macs(graph, node) + bias
        }
        Operator::MatMul => 2 * macs(graph, node),
        Operator::Reduce { reduction, .. } => {
            reducing(*reduction, graph.value(node.inputs[0]).elements() as u64, elements)
        }
        Operator::GlobalAveragePool | Operator::ArgMax { .. } | Operator::ArgMin { .. } => {
            graph.value(node.inputs[0]).elements() as u64
        }
        operator => elements * per_element(operator),
    }
}

fn is_dequantizing(operator: &Operator) -> bool {
    *operator == Operator::DequantizeLinear
}

/// Operations for each element of the output.
fn per_element(operator: &Operator) -> u64 {
    match operator {
        // A window of n elements has n − 1 comparisons, or n − 1 additions and a division.
        Operator::MaxPool(pool) => window(pool) - 1,
        Operator::AveragePool { pool, .. } => window(pool),
        // Scale and shift.
        Operator::BatchNormalization { .. } => 2,
        // Sum, difference to the mean, its square and their sum, division, scale, shift.
        Operator::LayerNormalization { .. } => 7,
        // Maximum, difference to it, exponential, sum, division.
        Operator::Softmax { .. } => 5,
        Operator::Clip { low, high } => u64::from(low.is_finite()) + u64::from(high.is_finite()),
        // Slope, offset, two bounds.
        Operator::HardSigmoid { .. } => 4,
        // Comparison, slope.
        Operator::LeakyRelu { .. } | Operator::PRelu => 2,
        // Division, rounding, zero point, two bounds; zero point and product.
        Operator::QuantizeLinear => 5,
        Operator::DequantizeLinear => 2,
        // A square and a sum for each channel of the window, then scale, offset, power and division.
        Operator::Lrn { size, .. } => 2 * *size as u64 + 4,
        Operator::Unary(unary) => unary_flops(*unary),
        Operator::Binary(Binary::And | Binary::Or) => 0,
        Operator::Binary(_) => 1,
        // n pixels have n products with weights and n − 1 sums.
        Operator::Resize { mode: Interpolation::Linear, .. } => 7,
        Operator::Resize { mode: Interpolation::Cubic, .. } => 31,
        _ => 0,
    }
}

fn unary_flops(unary: Unary) -> u64 {
    match unary {
        Unary::Not => 0,
        // 1 / (1 + exp(−x))
        Unary::Sigmoid => 4,
        // log(1 + exp(x))
        Unary::Softplus => 3,
        // x · max(0, min(1, x / 6 + 1 / 2))
        Unary::HardSwish => 5,
        _ => 1,
    }
}

/// Combining n elements into one takes n − 1 operations; a mean divides the result.
fn reducing(reduction: Reduction, inputs: u64, outputs: u64) -> u64 {
    match reduction {
        Reduction::Mean => inputs,
        _ => inputs.saturating_sub(outputs),
    }
}

fn window(pool: &PoolOperator) -> u64 {
    pool.kernel.iter().product::<usize>() as u64
}
