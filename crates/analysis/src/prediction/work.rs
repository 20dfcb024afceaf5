use formbench_protocol::{Inspection, OperatorClass};

/// What an operator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OperatorWork {
    /// Which kind of work it is.
    pub class: OperatorClass,
    /// Multiply-accumulates.
    pub macs: u64,
    /// Bytes that it reads and writes.
    pub bytes: u64,
}

impl OperatorWork {
    /// Returns what each of a graph's nodes does.
    pub fn of(graph: &Inspection) -> Vec<Self> {
        let work = |layer: &formbench_protocol::Layer| Self {
            class: layer.class,
            macs: layer.macs,
            bytes: layer.working_set_bytes(),
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
        let amount = if self.is_product() && self.macs > 0 { self.macs } else { self.bytes };
        (amount.max(1) as f64).ln()
    }

    /// Returns where it lies among operators of its kind: logarithms of multiply-accumulates and bytes.
    pub(super) fn place(&self) -> [f64; 2] {
        let log = |count: u64| (count.max(1) as f64).ln();
        if self.is_product() { [log(self.macs), log(self.bytes)] } else { [0.0, log(self.bytes)] }
    }
}
