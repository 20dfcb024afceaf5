use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Architecture, Input, OperatorClass};

/// What is inspected without being timed: an architecture with its weights at one input shape.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    /// What would be executed.
    pub architecture: Architecture,
    /// Seed of the deterministic weights.
    pub weights_seed: u64,
    /// What an inference would be given.
    pub input: Input,
}

/// What an architecture costs, in total and operator by operator.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// Of the whole graph.
    pub attributes: Attributes,
    /// Of each operator, in the order of execution.
    pub layers: Vec<Layer>,
}

/// Counts of one inference, all images of its batch together, on the graph as it is exported: no
/// engine's own fusion is assumed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Attributes {
    /// Trainable parameters; running statistics of a normalisation are not.
    pub parameters: u64,
    /// Multiply-accumulates of convolutions and matrix products; padding positions count.
    pub macs: u64,
    /// Of those, MACs of convolutions with one filter per channel.
    pub depthwise_macs: u64,
    /// Of those, MACs of ungrouped 1×1 convolutions.
    pub pointwise_macs: u64,
    /// Of those, MACs of all other convolutions.
    pub dense_macs: u64,
    /// Floating-point operations: two for each MAC, and those of every other operator.
    pub flops: u64,
    /// Bytes that operators read: activations and weights, once for each operator.
    pub bytes_read: u64,
    /// Bytes that operators write.
    pub bytes_written: u64,
    /// Bytes of all constants.
    pub weight_bytes: u64,
    /// Largest sum of the activations that are alive at once, in the order of execution.
    pub peak_activation_bytes: u64,
    /// Largest sum of inputs, weights and outputs of one operator.
    pub largest_working_set_bytes: u64,
    /// Operators.
    pub operators: u64,
    /// Operators by kind, named as in ONNX.
    pub operator_mix: BTreeMap<String, u64>,
    /// Operators of which only the bytes are counted, by kind: what they compute is not known here.
    #[serde(default)]
    pub uncounted: BTreeMap<String, u64>,
    /// Operators on the longest path from input to output.
    pub longest_path: u64,
}

impl Attributes {
    /// Returns FLOPs for each byte that operators read or write; 0 if nothing is moved.
    pub fn intensity(&self) -> f64 {
        ratio(self.flops, self.bytes_read + self.bytes_written)
    }

    /// Returns how many operators there are for each one on the longest path: how many could run at
    /// once on average.
    pub fn parallelism(&self) -> f64 {
        ratio(self.operators, self.longest_path)
    }

    /// Returns a part of the MACs as a share of all.
    pub fn share(&self, macs: u64) -> f64 {
        ratio(macs, self.macs)
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// What one operator costs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// Path of the module whose parameters it uses, or its kind with a number.
    pub name: String,
    /// Kind of operator, named as in ONNX.
    pub kind: String,
    /// What kind of work it is.
    #[serde(default)]
    pub class: OperatorClass,
    /// Settings in short, such as `3×3, stride 2, groups 32`; empty if it has none.
    pub detail: String,
    /// Positions of the operators whose results it reads, each once, ascending.
    #[serde(default)]
    pub sources: Vec<usize>,
    /// Shape of each activation that it reads.
    pub inputs: Vec<Vec<u64>>,
    /// Shape of what it writes.
    pub output: Vec<u64>,
    /// Trainable parameters that no operator before it uses.
    pub parameters: u64,
    /// Multiply-accumulates.
    pub macs: u64,
    /// Floating-point operations.
    pub flops: u64,
    /// Bytes read: activations and weights.
    pub bytes_read: u64,
    /// Bytes written.
    pub bytes_written: u64,
}

impl Layer {
    /// Returns the bytes that are touched while it runs.
    pub fn working_set_bytes(&self) -> u64 {
        self.bytes_read + self.bytes_written
    }

    /// Returns how many positions its output has: pixels of an image, tokens of a sequence; 1 of what has none.
    pub fn positions(&self) -> u64 {
        let is_convolution = matches!(
            self.class,
            OperatorClass::DenseConvolution
                | OperatorClass::PointwiseConvolution
                | OperatorClass::DepthwiseConvolution
        );
        match self.output.as_slice() {
            [_, tokens, _] if !is_convolution => *tokens,
            [_, _, sizes @ ..] => sizes.iter().product(),
            _ => 1,
        }
    }
}

impl Inspection {
    /// Returns the share of MACs in operators whose working set fits into `cache_bytes`.
    pub fn macs_within(&self, cache_bytes: u64) -> f64 {
        let within = self.layers.iter().filter(|layer| layer.working_set_bytes() <= cache_bytes);
        self.attributes.share(within.map(|layer| layer.macs).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_all_macs_and_nothing_is_no_share() {
        let layer = |macs, bytes_read| Layer { macs, bytes_read, ..Layer::default() };
        let attributes = Attributes { macs: 400, ..Attributes::default() };
        let inspection = Inspection { attributes, layers: vec![layer(100, 10), layer(300, 20)] };
        // The first of the two fits into 15 bytes: 100 of 400.
        assert_eq!(inspection.macs_within(15), 0.25);
        assert_eq!(Inspection::default().macs_within(15), 0.0);
        assert_eq!(Attributes::default().intensity(), 0.0);
    }

    #[test]
    fn positions_are_pixels_or_tokens() {
        let of = |class, output: &[u64]| {
            Layer { class, output: output.to_vec(), ..Layer::default() }.positions()
        };
        assert_eq!(of(OperatorClass::Pool, &[1, 8, 7, 5]), 35);
        assert_eq!(of(OperatorClass::Linear, &[1, 128, 768]), 128);
        assert_eq!(of(OperatorClass::DenseConvolution, &[1, 768, 128]), 128);
        assert_eq!((of(OperatorClass::Linear, &[1, 1000]), of(OperatorClass::Other, &[])), (1, 1));
    }
}
