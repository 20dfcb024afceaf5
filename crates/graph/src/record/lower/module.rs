use burn_ir::{InterpolateModeIr, InterpolateOpIr, LinearOpIr, ModuleOperationIr};

use super::lowering::{Lowered, Lowering, Missing};
use super::pool::{self, symmetric};
use crate::{Binary, ConvolutionOperator, Interpolation, Operator, PoolOperator};

/// The convolution that an operation describes, transposed or not: different types with these
/// fields.
macro_rules! convolution {
    ($of:ident) => {
        ConvolutionOperator {
            kernel: [$of.weight.shape[2], $of.weight.shape[3]],
            stride: $of.options.stride,
            padding: symmetric($of.options.padding),
            dilation: $of.options.dilation,
            groups: $of.options.groups,
        }
    };
}

/// The pool that an operation describes, whether or not it gives indices too.
macro_rules! pool {
    ($of:ident) => {
        PoolOperator {
            kernel: $of.kernel_size,
            stride: $of.stride,
            padding: symmetric($of.padding),
            dilation: $of.dilation,
            ceil: $of.ceil_mode,
        }
    };
}

/// Adds an operation that is a layer of its own.
pub(super) fn lower(to: &mut Lowering<'_>, operation: &ModuleOperationIr) -> Lowered {
    use ModuleOperationIr as Module;
    match operation {
        Module::Conv2d(of) => {
            let inputs = to.values([&of.x, &of.weight].into_iter().chain(&of.bias))?;
            to.emit(Operator::Conv(convolution!(of)), inputs, &of.out)
        }
        Module::ConvTranspose2d(of) => {
            let inputs = to.values([&of.x, &of.weight].into_iter().chain(&of.bias))?;
            let (convolution, output_padding) = (convolution!(of), of.options.padding_out);
            to.emit(Operator::ConvTranspose { convolution, output_padding }, inputs, &of.out)
        }
        Module::Linear(of) => linear(to, of),
        Module::Embedding(of) => {
            let inputs = to.values([&of.weights, &of.indices])?;
            to.emit(Operator::Gather { axis: 0 }, inputs, &of.out)
        }
        Module::AvgPool2d(of) => pool::average(to, of),
        Module::AdaptiveAvgPool2d(of) => pool::adaptive(to, of),
        Module::MaxPool2d(of) => pool::max(to, pool!(of), &of.x, &of.out),
        Module::MaxPool2dWithIndices(of) => pool::max(to, pool!(of), &of.x, &of.out),
        Module::Interpolate(of) => interpolate(to, of),
        _ => Err(Missing::Operator),
    }
}

/// Adds a linear layer, whose weight is `[in, out]`: one operator on matrices, else two.
fn linear(to: &mut Lowering<'_>, of: &LinearOpIr) -> Lowered {
    let inputs = to.values([&of.x, &of.weight].into_iter().chain(&of.bias))?;
    if of.x.shape.rank() == 2 {
        return to.emit(Operator::Gemm { transpose_b: false }, inputs, &of.out);
    }
    let [x, weight, bias @ ..] = &inputs[..] else { return Err(Missing::Operator) };
    let (factors, shape) = (vec![*x, *weight], of.out.shape.to_vec());
    let product = to.emit_inner(Operator::MatMul, factors, shape, of.out.dtype)?;
    match bias {
        [bias] => to.emit(Operator::Binary(Binary::Add), vec![product, *bias], &of.out),
        _ => {
            to.alias(&of.out, product);
            Ok(())
        }
    }
}

fn interpolate(to: &mut Lowering<'_>, of: &InterpolateOpIr) -> Lowered {
    let mode = match of.options.mode {
        InterpolateModeIr::Nearest => Interpolation::Nearest,
        InterpolateModeIr::Bilinear => Interpolation::Linear,
        InterpolateModeIr::Bicubic => Interpolation::Cubic,
        InterpolateModeIr::Lanczos3 => {
            let case = "there is no operator for Lanczos3; use nearest, bilinear or bicubic";
            return Err(Missing::Case(case.to_owned()));
        }
    };
    // Nearest pixels have no corners to align.
    let align_corners = of.options.align_corners && mode != Interpolation::Nearest;
    let input = to.value(&of.x)?;
    to.emit(Operator::Resize { mode, align_corners }, vec![input], &of.out)
}
