use formbench_protocol::OperatorClass;

use crate::{Graph, Node, Operator};

/// Returns what kind of work a node is.
pub fn class(graph: &Graph, node: &Node) -> OperatorClass {
    match &node.operator {
        Operator::Conv(convolution) | Operator::ConvTranspose { convolution, .. } => {
            let channels = graph.value(node.inputs[0]).shape[1];
            match (convolution.groups, convolution.kernel) {
                (groups, _) if groups > 1 && groups == channels => {
                    OperatorClass::DepthwiseConvolution
                }
                (1, [1, 1]) => OperatorClass::PointwiseConvolution,
                _ => OperatorClass::DenseConvolution,
            }
        }
        Operator::Gemm { .. } => OperatorClass::Linear,
        Operator::MatMul if node.inputs.iter().any(|id| graph.value(*id).constant.is_some()) => {
            OperatorClass::Linear
        }
        Operator::MatMul => OperatorClass::MatrixProduct,
        Operator::BatchNormalization { .. }
        | Operator::LayerNormalization { .. }
        | Operator::Lrn { .. } => OperatorClass::Normalisation,
        Operator::MaxPool(_)
        | Operator::AveragePool { .. }
        | Operator::GlobalAveragePool
        | Operator::Reduce { .. }
        | Operator::ArgMax { .. }
        | Operator::ArgMin { .. } => OperatorClass::Pool,
        Operator::Unary(_)
        | Operator::Clip { .. }
        | Operator::HardSigmoid { .. }
        | Operator::LeakyRelu { .. }
        | Operator::PRelu
        | Operator::Softmax { .. } => OperatorClass::Activation,
        Operator::Binary(_) | Operator::Concat { .. } | Operator::Where => {
            OperatorClass::Combination
        }
        Operator::Slice { .. }
        | Operator::Pad { .. }
        | Operator::Reshape
        | Operator::Transpose { .. }
        | Operator::Expand
        | Operator::Gather { .. }
        | Operator::Cast
        | Operator::QuantizeLinear
        | Operator::DequantizeLinear
        | Operator::Resize { .. } => OperatorClass::Movement,
        Operator::Other { .. } => OperatorClass::Other,
    }
}
