use burn_ir::{
    BaseOperationIr, FlipOpIr, MaskFillOpIr, MaskWhereOpIr, PermuteOpIr, RepeatDimOpIr, ShapeOpIr,
    SwapDimsOpIr,
};

use super::lowering::{Lowered, Lowering, Missing};
use super::{cast, gather, pad, slice};
use crate::{Binary, Operator};

/// Adds an operation that all tensors have.
pub(super) fn lower(to: &mut Lowering<'_>, operation: &BaseOperationIr) -> Lowered {
    use BaseOperationIr as Base;
    match operation {
        Base::Reshape(of) => shape(to, Operator::Reshape, of),
        Base::Expand(of) => shape(to, Operator::Expand, of),
        Base::SwapDims(of) => swap(to, of),
        Base::Permute(of) => permute(to, of),
        Base::Flip(of) => flip(to, of),
        Base::Slice(of) => slice::lower(to, of),
        Base::SliceAssign(of) => pad::lower(to, of),
        Base::Select(of) => gather::select(to, of),
        Base::Gather(of) => gather::gather(to, of),
        Base::MaskWhere(of) => mask_where(to, of),
        Base::MaskFill(of) => mask_fill(to, of),
        Base::Equal(of) => to.binary(Binary::Equal, &of.lhs, &of.rhs, &of.out),
        Base::EqualElem(of) => to.with_scalar(Binary::Equal, &of.lhs, of.rhs, &of.out),
        Base::RepeatDim(of) => repeat(to, of),
        Base::Cat(of) => {
            let inputs = to.values(&of.tensors)?;
            to.emit(Operator::Concat { axis: of.dim }, inputs, &of.out)
        }
        Base::Cast(of) => cast::lower(to, &of.input, &of.out),
        _ => Err(Missing::Operator),
    }
}

/// Adds an operator that only changes the shape; to the same shape it is none.
fn shape(to: &mut Lowering<'_>, operator: Operator, of: &ShapeOpIr) -> Lowered {
    let input = to.value(&of.input)?;
    if of.input.shape == of.out.shape {
        to.alias(&of.out, input);
        return Ok(());
    }
    to.emit(operator, vec![input], &of.out)
}

fn swap(to: &mut Lowering<'_>, of: &SwapDimsOpIr) -> Lowered {
    let input = to.value(&of.input)?;
    let mut permutation: Vec<usize> = (0..of.input.shape.rank()).collect();
    permutation.swap(of.dim1, of.dim2);
    to.emit(Operator::Transpose { permutation }, vec![input], &of.out)
}

fn permute(to: &mut Lowering<'_>, of: &PermuteOpIr) -> Lowered {
    let input = to.value(&of.input)?;
    to.emit(Operator::Transpose { permutation: of.axes.clone() }, vec![input], &of.out)
}

fn flip(to: &mut Lowering<'_>, of: &FlipOpIr) -> Lowered {
    let input = to.value(&of.input)?;
    let mut ranges: Vec<_> = of.input.shape.iter().map(|size| (0..*size, 1)).collect();
    for axis in &of.axes {
        ranges[*axis].1 = -1;
    }
    to.emit(slice::operator(&of.input.shape, &ranges), vec![input], &of.out)
}

fn mask_where(to: &mut Lowering<'_>, of: &MaskWhereOpIr) -> Lowered {
    let full = of.mask.shape == of.out.shape;
    let mut branch = |tensor| if full { to.operand(tensor) } else { to.value(tensor) };
    let (then, otherwise) = (branch(&of.value)?, branch(&of.tensor)?);
    let mask = to.value(&of.mask)?;
    to.emit(Operator::Where, vec![mask, then, otherwise], &of.out)
}

fn mask_fill(to: &mut Lowering<'_>, of: &MaskFillOpIr) -> Lowered {
    let full = of.mask.shape == of.out.shape;
    let otherwise = if full { to.operand(&of.tensor)? } else { to.value(&of.tensor)? };
    let then = to.scalar(of.value, &of.tensor);
    let mask = to.value(&of.mask)?;
    to.emit(Operator::Where, vec![mask, then, otherwise], &of.out)
}

/// Adds a repetition: of an axis of size 1 it is an expansion, else the tensor behind itself.
fn repeat(to: &mut Lowering<'_>, of: &RepeatDimOpIr) -> Lowered {
    let input = to.value(&of.tensor)?;
    if of.tensor.shape[of.dim] == 1 {
        return to.emit(Operator::Expand, vec![input], &of.out);
    }
    to.emit(Operator::Concat { axis: of.dim }, vec![input; of.times], &of.out)
}
