//! What nodes compute, with ONNX's meaning: each variant is one ONNX operator, or a family of them.

/// What a node computes.
#[derive(Clone, Debug, PartialEq)]
pub enum Operator {
    /// Two-dimensional convolution. Reads `[n, c_in, h, w]`, `[c_out, c_in / groups, k_h, k_w]`, and
    /// perhaps a bias `[c_out]`.
    Conv(ConvolutionOperator),
    /// Transposed two-dimensional convolution. Reads `[n, c_in, h, w]`,
    /// `[c_in, c_out / groups, k_h, k_w]`, and perhaps a bias `[c_out]`.
    ConvTranspose {
        /// As of the convolution that it transposes.
        convolution: ConvolutionOperator,
        /// What is added to one side of the output, `[height, width]`.
        output_padding: [usize; 2],
    },
    /// Inference batch normalisation. Reads input, scale, bias, mean, variance; all but the first
    /// `[channels]`.
    BatchNormalization {
        /// What is added to the variance.
        epsilon: f32,
    },
    /// Normalisation over the last axes. Reads input, scale, bias.
    LayerNormalization {
        /// First of the axes.
        axis: usize,
        /// What is added to the variance.
        epsilon: f32,
    },
    /// `a · b + c` on matrices. Reads `[n, k]`, `[k, m]` or `[m, k]`, and perhaps `[m]`.
    Gemm {
        /// Whether the second is `[m, k]`.
        transpose_b: bool,
    },
    /// Matrix product over the last two axes.
    MatMul,
    /// Largest of each window.
    MaxPool(PoolOperator),
    /// Mean of each window.
    AveragePool {
        /// The windows.
        pool: PoolOperator,
        /// Whether padding counts as zeros.
        count_include_pad: bool,
    },
    /// Mean of each plane, `[n, c, h, w]` to `[n, c, 1, 1]`.
    GlobalAveragePool,
    /// A function of each element.
    Unary(Unary),
    /// A function of each pair of elements; shapes are broadcast.
    Binary(Binary),
    /// `min(max(x, low), high)`.
    Clip {
        /// Smallest value that comes out.
        low: f32,
        /// Largest value that comes out; infinite if nothing is cut.
        high: f32,
    },
    /// `max(0, min(1, alpha · x + beta))`.
    HardSigmoid {
        /// Slope.
        alpha: f32,
        /// Offset.
        beta: f32,
    },
    /// `x` where positive, else `alpha · x`.
    LeakyRelu {
        /// Slope of the negative side.
        alpha: f32,
    },
    /// `x` where positive, else a slope of the channel's own times `x`. Reads input, slope.
    PRelu,
    /// Exponentials that add up to one along an axis.
    Softmax {
        /// The axis.
        axis: usize,
    },
    /// One number of all along some axes.
    Reduce {
        /// Which number.
        reduction: Reduction,
        /// The axes, ascending.
        axes: Vec<usize>,
        /// Whether the axes stay with size 1.
        keep_dims: bool,
    },
    /// All inputs one after the other.
    Concat {
        /// Along which axis.
        axis: usize,
    },
    /// A part of each axis.
    Slice {
        /// First index of each axis.
        starts: Vec<i64>,
        /// Index behind the last of each axis.
        ends: Vec<i64>,
        /// Steps of each axis.
        steps: Vec<i64>,
    },
    /// A constant around the input.
    Pad {
        /// Elements before the first of each axis.
        before: Vec<usize>,
        /// Elements behind the last of each axis.
        after: Vec<usize>,
        /// The constant.
        value: f32,
    },
    /// The same elements in another shape, that of the output.
    Reshape,
    /// The axes in another order.
    Transpose {
        /// Which axis of the input each axis of the output is.
        permutation: Vec<usize>,
    },
    /// Repeats along axes of size 1, to the output's shape.
    Expand,
    /// Picks indices along an axis. Reads data, indices.
    Gather {
        /// The axis.
        axis: usize,
    },
    /// Picks from two inputs by a third. Reads condition, then, else.
    Where,
    /// Converts each element to the output's kind.
    Cast,
    /// Divides by a scale, adds a zero point and rounds to the output's kind. Reads input, scale, and perhaps a zero point,
    /// either of one element or of one for each index of an axis.
    QuantizeLinear,
    /// The inverse: subtracts a zero point and multiplies by a scale. Reads as `QuantizeLinear`.
    DequantizeLinear,
    /// Index of the largest along an axis.
    ArgMax {
        /// The axis.
        axis: usize,
        /// Whether the axis stays with size 1.
        keep_dims: bool,
    },
    /// Index of the smallest along an axis.
    ArgMin {
        /// The axis.
        axis: usize,
        /// Whether the axis stays with size 1.
        keep_dims: bool,
    },
    /// Divides by a power of the squares of neighbouring channels.
    Lrn {
        /// Channels of a window.
        size: usize,
        /// Scale of the squares.
        alpha: f32,
        /// The power.
        beta: f32,
        /// What is added to the squares.
        bias: f32,
    },
    /// An operator of a file that is none of these: what it gives is known from what the file states, and nothing else.
    Other {
        /// Its name in the file.
        kind: String,
    },
    /// Another height and width, that of the output.
    Resize {
        /// How new pixels are made.
        mode: Interpolation,
        /// Whether the corners of both images fall together.
        align_corners: bool,
    },
}

/// Numbers of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvolutionOperator {
    /// Height and width of the kernel.
    pub kernel: [usize; 2],
    /// Steps down and across.
    pub stride: [usize; 2],
    /// Zeros around the input.
    pub padding: OperatorPadding,
    /// Distance of the kernel's elements.
    pub dilation: [usize; 2],
    /// Parts that channels are cut into.
    pub groups: usize,
}

/// Numbers of a pooling window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolOperator {
    /// Height and width of the window.
    pub kernel: [usize; 2],
    /// Steps down and across.
    pub stride: [usize; 2],
    /// What is around the input: minus infinity for a maximum, zeros for a mean.
    pub padding: OperatorPadding,
    /// Distance of the window's elements.
    pub dilation: [usize; 2],
    /// Whether a window that is only partly inside counts.
    pub ceil: bool,
}

/// Rows and columns around an image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OperatorPadding {
    /// Rows above.
    pub top: usize,
    /// Columns to the left.
    pub left: usize,
    /// Rows below.
    pub bottom: usize,
    /// Columns to the right.
    pub right: usize,
}

/// Functions of one element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the ONNX operator of its name")]
pub enum Unary {
    Abs,
    Ceil,
    Cos,
    Erf,
    Exp,
    Floor,
    HardSwish,
    Log,
    Neg,
    Not,
    Reciprocal,
    Relu,
    Round,
    Sigmoid,
    Sign,
    Sin,
    Softplus,
    Sqrt,
    Tanh,
}

/// Functions of two elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the ONNX operator of its name")]
pub enum Binary {
    Add,
    And,
    Div,
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Max,
    Min,
    Mul,
    Or,
    Pow,
    Sub,
}

/// What is kept of an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the ONNX operator `Reduce` and its name")]
pub enum Reduction {
    Max,
    Mean,
    Min,
    Prod,
    Sum,
}

/// How an image is resized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interpolation {
    /// The nearest pixel.
    Nearest,
    /// Weighted mean of the four nearest.
    Linear,
    /// Cubic through sixteen.
    Cubic,
}

impl Operator {
    /// Returns the name of the ONNX operator.
    pub fn kind(&self) -> &str {
        match self {
            Self::Conv(_) => "Conv",
            Self::ConvTranspose { .. } => "ConvTranspose",
            Self::BatchNormalization { .. } => "BatchNormalization",
            Self::LayerNormalization { .. } => "LayerNormalization",
            Self::Gemm { .. } => "Gemm",
            Self::MatMul => "MatMul",
            Self::MaxPool(_) => "MaxPool",
            Self::AveragePool { .. } => "AveragePool",
            Self::GlobalAveragePool => "GlobalAveragePool",
            Self::Unary(unary) => unary.kind(),
            Self::Binary(binary) => binary.kind(),
            Self::Clip { .. } => "Clip",
            Self::HardSigmoid { .. } => "HardSigmoid",
            Self::LeakyRelu { .. } => "LeakyRelu",
            Self::PRelu => "PRelu",
            Self::Softmax { .. } => "Softmax",
            Self::Reduce { reduction, .. } => reduction.kind(),
            Self::Concat { .. } => "Concat",
            Self::Slice { .. } => "Slice",
            Self::Pad { .. } => "Pad",
            Self::Reshape => "Reshape",
            Self::Transpose { .. } => "Transpose",
            Self::Expand => "Expand",
            Self::Gather { .. } => "Gather",
            Self::Where => "Where",
            Self::Cast => "Cast",
            Self::QuantizeLinear => "QuantizeLinear",
            Self::DequantizeLinear => "DequantizeLinear",
            Self::ArgMax { .. } => "ArgMax",
            Self::ArgMin { .. } => "ArgMin",
            Self::Lrn { .. } => "LRN",
            Self::Other { kind } => kind,
            Self::Resize { .. } => "Resize",
        }
    }
}

impl Unary {
    fn kind(self) -> &'static str {
        match self {
            Self::Abs => "Abs",
            Self::Ceil => "Ceil",
            Self::Cos => "Cos",
            Self::Erf => "Erf",
            Self::Exp => "Exp",
            Self::Floor => "Floor",
            Self::HardSwish => "HardSwish",
            Self::Log => "Log",
            Self::Neg => "Neg",
            Self::Not => "Not",
            Self::Reciprocal => "Reciprocal",
            Self::Relu => "Relu",
            Self::Round => "Round",
            Self::Sigmoid => "Sigmoid",
            Self::Sign => "Sign",
            Self::Sin => "Sin",
            Self::Softplus => "Softplus",
            Self::Sqrt => "Sqrt",
            Self::Tanh => "Tanh",
        }
    }
}

impl Binary {
    fn kind(self) -> &'static str {
        match self {
            Self::Add => "Add",
            Self::And => "And",
            Self::Div => "Div",
            Self::Equal => "Equal",
            Self::Greater => "Greater",
            Self::GreaterOrEqual => "GreaterOrEqual",
            Self::Less => "Less",
            Self::LessOrEqual => "LessOrEqual",
            Self::Max => "Max",
            Self::Min => "Min",
            Self::Mul => "Mul",
            Self::Or => "Or",
            Self::Pow => "Pow",
            Self::Sub => "Sub",
        }
    }
}

impl Reduction {
    fn kind(self) -> &'static str {
        match self {
            Self::Max => "ReduceMax",
            Self::Mean => "ReduceMean",
            Self::Min => "ReduceMin",
            Self::Prod => "ReduceProd",
            Self::Sum => "ReduceSum",
        }
    }
}
