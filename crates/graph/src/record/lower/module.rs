use burn_ir::{
    Conv2dOpIr, ConvTranspose2dOpIr, InterpolateModeIr, InterpolateOpIr, LinearOpIr,
    ModuleOperationIr, TensorIr,
};

use super::lowering::{Lowered, Lowering, Missing};
use super::pool::{self, symmetric};
use crate::{Binary, Convolution, Interpolation, Operator, Pool};

/// Adds an operation that is a layer of its own.
pub(super) fn lower(to: &mut Lowering<'_>, operation: &ModuleOperationIr) -> Lowered {
    use ModuleOperationIr as Module;
    match operation {
        Module::Conv2d(of) => convolution(to, of),
        Module::ConvTranspose2d(of) => transposed_convolution(to, of),
        Module::Linear(of) => linear(to, of),
        Module::Embedding(of) => {
            let inputs = to.values([&of.weights, &of.indices])?;
            to.emit(Operator::Gather { axis: 0 }, inputs, &of.out)
        }
        Module::AvgPool2d(of) => pool::average(to, of),
        Module::AdaptiveAvgPool2d(of) => pool::adaptive(to, of),
        Module::MaxPool2d(of) => {
            let (kernel, stride, padding) = (of.kernel_size, of.stride, symmetric(of.padding));
            let (dilation, ceil) = (of.dilation, of.ceil_mode);
            pool::max(to, Pool { kernel, stride, padding, dilation, ceil }, &of.x, &of.out)
        }
        Module::MaxPool2dWithIndices(of) => {
            let (kernel, stride, padding) = (of.kernel_size, of.stride, symmetric(of.padding));
            let (dilation, ceil) = (of.dilation, of.ceil_mode);
            pool::max(to, Pool { kernel, stride, padding, dilation, ceil }, &of.x, &of.out)
        }
        Module::Interpolate(of) => interpolate(to, of),
        _ => Err(Missing::Operator),
    }
}

fn convolution(to: &mut Lowering<'_>, of: &Conv2dOpIr) -> Lowered {
    let inputs = to.values([&of.x, &of.weight].into_iter().chain(&of.bias))?;
    let convolution = Convolution {
        kernel: kernel(&of.weight),
        stride: of.options.stride,
        padding: symmetric(of.options.padding),
        dilation: of.options.dilation,
        groups: of.options.groups,
    };
    to.emit(Operator::Conv(convolution), inputs, &of.out)
}

fn transposed_convolution(to: &mut Lowering<'_>, of: &ConvTranspose2dOpIr) -> Lowered {
    let inputs = to.values([&of.x, &of.weight].into_iter().chain(&of.bias))?;
    let convolution = Convolution {
        kernel: kernel(&of.weight),
        stride: of.options.stride,
        padding: symmetric(of.options.padding),
        dilation: of.options.dilation,
        groups: of.options.groups,
    };
    let output_padding = of.options.padding_out;
    to.emit(Operator::ConvTranspose { convolution, output_padding }, inputs, &of.out)
}

fn kernel(weight: &TensorIr) -> [usize; 2] {
    [weight.shape[2], weight.shape[3]]
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
