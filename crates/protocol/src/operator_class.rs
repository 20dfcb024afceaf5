use std::fmt::{self, Display};

use serde::{Deserialize, Serialize};

/// What kind of work an operator is: the parts that the time of an inference is split into.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum OperatorClass {
    /// A convolution that mixes channels and positions, grouped ones included.
    DenseConvolution,
    /// A 1×1 convolution in one group: channels are mixed at each position alone.
    PointwiseConvolution,
    /// A convolution with filters of its own for each channel.
    DepthwiseConvolution,
    /// A product of two activations.
    MatrixProduct,
    /// A product with a constant matrix.
    Linear,
    /// Batch or layer normalisation, or one over neighbouring channels.
    Normalisation,
    /// A function of each element, or a softmax.
    Activation,
    /// Mean or maximum over windows, planes or axes.
    Pool,
    /// Inputs are added, multiplied, compared or put one after the other.
    Combination,
    /// Elements are moved, picked, padded, resized or converted, and nothing is computed.
    Movement,
    /// Not known.
    #[default]
    Other,
}

impl OperatorClass {
    /// All of them, in the order of tables.
    pub const ALL: [Self; 11] = [
        Self::DenseConvolution,
        Self::PointwiseConvolution,
        Self::DepthwiseConvolution,
        Self::MatrixProduct,
        Self::Linear,
        Self::Normalisation,
        Self::Activation,
        Self::Pool,
        Self::Combination,
        Self::Movement,
        Self::Other,
    ];

    /// Returns the words of tables and figures.
    pub fn label(self) -> &'static str {
        match self {
            Self::DenseConvolution => "dense convolution",
            Self::PointwiseConvolution => "pointwise convolution",
            Self::DepthwiseConvolution => "depthwise convolution",
            Self::MatrixProduct => "matrix product",
            Self::Linear => "linear",
            Self::Normalisation => "normalisation",
            Self::Activation => "activation",
            Self::Pool => "pool",
            Self::Combination => "add and concatenate",
            Self::Movement => "movement of data",
            Self::Other => "other",
        }
    }
}

/// What the time of an inference goes to, by the operators that an engine makes of a graph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InferencePart {
    /// Operators that stand for nodes of the graph, by the work of the heaviest.
    Work(OperatorClass),
    /// Operators of the engine's own, which stand for no node.
    Own,
    /// What is left beside the operators.
    #[default]
    Between,
}

impl InferencePart {
    /// All of them, in the order of tables.
    pub const ALL: [Self; OperatorClass::ALL.len() + 2] = {
        let mut all = [Self::Between; OperatorClass::ALL.len() + 2];
        let mut at = 0;
        while at < OperatorClass::ALL.len() {
            all[at] = Self::Work(OperatorClass::ALL[at]);
            at += 1;
        }
        all[at] = Self::Own;
        all
    };

    /// Returns the word of tables and claims.
    pub fn label(self) -> &'static str {
        match self {
            Self::Work(class) => class.label(),
            Self::Own => "own",
            Self::Between => "between",
        }
    }

    /// Returns the part of a word.
    pub fn of_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.label() == label)
    }
}

impl Display for InferencePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}
