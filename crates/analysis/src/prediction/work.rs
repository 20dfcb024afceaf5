use formbench_protocol::{Inspection, Layer, OperatorClass};

/// By how much positions count beside amounts of work in the distance of operators.
const POSITIONS_WEIGHT: f64 = 0.7;

/// What an operator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OperatorWork {
    /// Which kind of work it is.
    pub class: OperatorClass,
    /// What kind of work it reads first; none if it reads an input of the graph.
    pub after: Option<OperatorClass>,
    /// Multiply-accumulates.
    pub macs: u64,
    /// Floating-point operations.
    pub flops: u64,
    /// Bytes that it reads and writes.
    pub bytes: u64,
    /// Positions of its output: pixels, or tokens.
    pub positions: u64,
}

impl OperatorWork {
    /// Returns what each of a graph's nodes does.
    pub fn of(graph: &Inspection) -> Vec<Self> {
        let work = |layer: &Layer| Self {
            class: layer.class,
            after: layer.sources.first().map(|source| graph.layers[*source].class),
            macs: layer.macs,
            flops: layer.flops,
            bytes: layer.working_set_bytes(),
            positions: layer.positions(),
        };
        // What neither computes nor moves anything takes no time.
        graph.layers.iter().map(work).filter(|work| work.macs + work.bytes > 0).collect()
    }

    /// Returns whether it multiplies and accumulates.
    fn is_product(&self) -> bool {
        matches!(
            self.class,
            OperatorClass::DenseConvolution
                | OperatorClass::PointwiseConvolution
                | OperatorClass::DepthwiseConvolution
                | OperatorClass::MatrixProduct
                | OperatorClass::Linear
        )
    }

    /// Returns the logarithm of what its time grows with: the multiply-accumulates of a product, else bytes.
    pub(super) fn log_amount(&self) -> f64 {
        log(if self.is_product() && self.macs > 0 { self.macs } else { self.bytes })
    }

    /// Returns where it lies among operators of its kind: logarithms of what it computes, of the bytes that it moves, and of its
    /// positions.
    pub(super) fn place(&self) -> [f64; 3] {
        let computed = if self.is_product() { self.macs } else { self.flops };
        [log(computed), log(self.bytes), POSITIONS_WEIGHT * log(self.positions)]
    }
}

fn log(count: u64) -> f64 {
    (count.max(1) as f64).ln()
}
