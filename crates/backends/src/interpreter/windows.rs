//! Convolutions and pools, and what is around an image.

use burn::tensor::backend::Backend;
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions, FloatTensor};
use burn::tensor::{Shape, Slice};
use formbench_graph::{ConvolutionOperator, OperatorPadding, PoolOperator};

use super::held::Held;
use super::operation::{Done, Inputs, Operation, float_dtype};

impl<B: Backend> Operation<'_, B> {
    /// Returns what pools give without windows that begin behind the image, which are none in ONNX.
    fn cut(&self, pooled: FloatTensor<B>) -> Done<B> {
        let slices: Vec<Slice> =
            self.out().iter().map(|size| Slice::new(0, Some(*size as isize), 1)).collect();
        Ok(Held::Float(B::float_slice(pooled, &slices)))
    }

    pub(super) fn convolution(&self, of: ConvolutionOperator, mut inputs: Inputs<B>) -> Done<B> {
        let (x, weight) = (inputs.float()?, inputs.float()?);
        let (x, around) = self.padded(x, of.padding, 0.0);
        let options = ConvOptions::new(of.stride, around, of.dilation, of.groups);
        Ok(Held::Float(B::conv2d(x, weight, inputs.float_if_any()?, options)))
    }

    /// Returns an image with what is around it, unless the operation can put as much around it on both sides itself.
    fn padded(
        &self,
        x: FloatTensor<B>,
        padding: OperatorPadding,
        value: f32,
    ) -> (FloatTensor<B>, [usize; 2]) {
        let OperatorPadding { top, left, bottom, right } = padding;
        if (top, left) == (bottom, right) {
            return (x, [top, left]);
        }
        let mut shape = self.shape(0).to_vec();
        shape[2] += top + bottom;
        shape[3] += left + right;
        (self.within(x, &[0, 0, top, left], &shape, value), [0, 0])
    }

    /// Returns a tensor of a value with `x` in it, so many elements behind the first of each axis.
    pub(super) fn within(
        &self,
        x: FloatTensor<B>,
        before: &[usize],
        shape: &[usize],
        value: f32,
    ) -> FloatTensor<B> {
        let whole = B::float_full(
            Shape::from(shape.to_vec()),
            value.into(),
            self.device,
            float_dtype::<B>(),
        );
        let slices: Vec<Slice> = before
            .iter()
            .zip(self.shape(0))
            .map(|(before, size)| Slice::new(*before as isize, Some((before + size) as isize), 1))
            .collect();
        B::float_slice_assign(whole, &slices, x)
    }

    pub(super) fn transposed(
        &self,
        of: ConvolutionOperator,
        output_padding: [usize; 2],
        mut inputs: Inputs<B>,
    ) -> Done<B> {
        let (x, weight) = (inputs.float()?, inputs.float()?);
        let ConvolutionOperator { stride, padding, dilation, groups, .. } = of;
        let padding = [padding.top, padding.left];
        let options = ConvTransposeOptions::new(stride, padding, output_padding, dilation, groups);
        Ok(Held::Float(B::conv_transpose2d(x, weight, inputs.float_if_any()?, options)))
    }

    pub(super) fn largest(&self, of: PoolOperator, mut inputs: Inputs<B>) -> Done<B> {
        let x = inputs.float()?;
        let PoolOperator { kernel, stride, padding, dilation, ceil } = of;
        let (x, around) = self.padded(x, padding, f32::NEG_INFINITY);
        self.cut(B::max_pool2d(x, kernel, stride, around, dilation, ceil))
    }

    pub(super) fn mean(
        &self,
        of: PoolOperator,
        count_include_pad: bool,
        mut inputs: Inputs<B>,
    ) -> Done<B> {
        let x = inputs.float()?;
        let PoolOperator { kernel, stride, padding, ceil, .. } = of;
        let (x, around) = self.padded(x, padding, 0.0);
        self.cut(B::avg_pool2d(x, kernel, stride, around, count_include_pad, ceil))
    }
}
