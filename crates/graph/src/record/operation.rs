use std::sync::Arc;

use burn_ir::OperationIr;

use super::Constant;

/// An operation that depends on the input, with the constants that it reads.
#[derive(Debug)]
pub(crate) struct Logged {
    /// The operation.
    pub(crate) operation: OperationIr,
    /// Its constant inputs, kept for it.
    pub(crate) constants: Vec<Arc<Constant>>,
}

/// Returns an operation's name, such as `CumSum`: the innermost variant.
///
/// `Debug` writes an operation as `NumericFloat(F32, CumSum(DimOpIr { … }))`, and Burn has no
/// shorter way to name one.
pub(crate) fn name(operation: &OperationIr) -> String {
    let text = format!("{operation:?}");
    let variants = text.split(" {").next().unwrap_or_default();
    let variants = variants.rsplit_once('(').map_or(variants, |(variants, _)| variants);
    variants.rsplit(['(', ' ']).next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use burn::tensor::{DType, Shape};
    use burn_ir::{
        BoolOperationIr, DimOpIr, NumericOperationIr, TensorId, TensorIr, TensorStatus, UnaryOpIr,
    };

    use super::*;

    fn tensor() -> TensorIr {
        let (id, shape) = (TensorId::new(1), Shape::new([2]));
        TensorIr { id, shape, status: TensorStatus::ReadOnly, dtype: DType::F32 }
    }

    #[test]
    fn the_innermost_variant_names_an_operation() {
        let sum = NumericOperationIr::CumSum(DimOpIr { input: tensor(), out: tensor(), axis: 0 });
        assert_eq!(name(&OperationIr::NumericFloat(DType::F32, sum)), "CumSum");
        let not = BoolOperationIr::Not(UnaryOpIr { input: tensor(), out: tensor() });
        assert_eq!(name(&OperationIr::Bool(not)), "Not");
    }
}
