use burn::tensor::backend::Backend;
use burn::tensor::ops::{FloatTensor, InterpolateMode, InterpolateOptions};
use burn::tensor::{BoolDType, Element as _, FloatDType, IntDType, Slice};
use formbench_graph::{Element, Graph, Interpolation, Node, Operator, Reduction};

use super::element_wise::{clipped, unary};
use super::held::{Float, Held};

/// One node of a graph on a device.
pub(super) struct Operation<'a, B: Backend> {
    pub(super) graph: &'a Graph,
    pub(super) node: &'a Node,
    /// Scale and shift, if it is a batch normalisation of constant statistics.
    pub(super) normalization: Option<&'a [Float<B>; 2]>,
    pub(super) device: &'a B::Device,
}

pub(super) type Done<B> = Result<Held<B>, String>;

impl<B: Backend> Operation<'_, B> {
    /// Returns what the node writes.
    pub(super) fn run(&self, inputs: Vec<Held<B>>) -> Done<B> {
        let mut inputs = Inputs(inputs.into_iter());
        match &self.node.operator {
            Operator::Conv(of) => self.convolution(*of, inputs),
            Operator::ConvTranspose { convolution, output_padding } => {
                self.transposed(*convolution, *output_padding, inputs)
            }
            Operator::BatchNormalization { epsilon } => self.normalized(*epsilon, inputs),
            Operator::LayerNormalization { axis, epsilon } => {
                self.layer_normalized(*axis, *epsilon, inputs)
            }
            Operator::Gemm { transpose_b } => {
                let (a, b) = (inputs.float()?, inputs.float()?);
                let b = if *transpose_b { B::float_swap_dims(b, 0, 1) } else { b };
                let product = B::float_matmul(a, b);
                Ok(Held::Float(match inputs.next() {
                    None => product,
                    Some(bias) => {
                        let bias = bias.expanded(self.shape(2), self.out()).float()?;
                        B::float_add(product, bias)
                    }
                }))
            }
            Operator::MatMul => self.product(inputs),
            Operator::MaxPool(of) => self.largest(*of, inputs),
            Operator::AveragePool { pool, count_include_pad } => {
                self.mean(*pool, *count_include_pad, inputs)
            }
            Operator::GlobalAveragePool => {
                Ok(Held::Float(B::adaptive_avg_pool2d(inputs.float()?, [1, 1])))
            }
            Operator::Unary(of) => unary(*of, inputs.required()?),
            Operator::Binary(of) => self.binary(*of, inputs),
            Operator::Clip { low, high } => clipped::<B>(inputs.required()?, *low, *high),
            Operator::HardSigmoid { alpha, beta } => {
                let (alpha, beta) = ((*alpha).into(), (*beta).into());
                Ok(Held::Float(B::hard_sigmoid(inputs.float()?, alpha, beta)))
            }
            Operator::LeakyRelu { alpha } => {
                Ok(Held::Float(B::leaky_relu(inputs.float()?, (*alpha).into())))
            }
            Operator::PRelu => self.prelu(inputs),
            Operator::Softmax { axis } => Ok(Held::Float(B::softmax(inputs.float()?, *axis))),
            Operator::Reduce { reduction, axes, .. } => {
                let reduced = axes.iter().fold(inputs.float()?, |x, axis| match reduction {
                    Reduction::Max => B::float_max_dim(x, *axis),
                    Reduction::Mean => B::float_mean_dim(x, *axis),
                    Reduction::Min => B::float_min_dim(x, *axis),
                    Reduction::Prod => B::float_prod_dim(x, *axis),
                    Reduction::Sum => B::float_sum_dim(x, *axis),
                });
                Ok(Held::Float(reduced).reshaped(self.out()))
            }
            Operator::ArgMax { axis, .. } => {
                let index = B::float_argmax(inputs.float()?, *axis, int_dtype::<B>());
                Ok(Held::Int(index).reshaped(self.out()))
            }
            Operator::ArgMin { axis, .. } => {
                let index = B::float_argmin(inputs.float()?, *axis, int_dtype::<B>());
                Ok(Held::Int(index).reshaped(self.out()))
            }
            Operator::Concat { axis } => joined(*axis, inputs),
            Operator::Slice { starts, ends, steps } => {
                let bounds = starts.iter().zip(ends).zip(steps);
                let slices: Vec<Slice> = bounds
                    .zip(self.shape(0))
                    .map(|(((start, end), step), size)| {
                        let end = (*end).min(*size as i64);
                        Slice::new(*start as isize, Some(end as isize), *step as isize)
                    })
                    .collect();
                Ok(match inputs.required()? {
                    Held::Float(x) => Held::Float(B::float_slice(x, &slices)),
                    Held::Int(x) => Held::Int(B::int_slice(x, &slices)),
                    Held::Bool(x) => Held::Bool(B::bool_slice(x, &slices)),
                })
            }
            Operator::Pad { before, value, .. } => {
                Ok(Held::Float(self.within(inputs.float()?, before, self.out(), *value)))
            }
            Operator::Reshape => Ok(inputs.required()?.reshaped(self.out())),
            Operator::Transpose { permutation } => Ok(inputs.required()?.permuted(permutation)),
            Operator::Expand => Ok(inputs.required()?.expanded(self.shape(0), self.out())),
            Operator::Gather { axis } => self.gathered(*axis, inputs),
            Operator::Where => self.selected(inputs),
            Operator::Cast => self.cast(inputs.required()?),
            Operator::Resize { mode, align_corners } => {
                let mode = match mode {
                    Interpolation::Nearest => InterpolateMode::Nearest,
                    Interpolation::Linear => InterpolateMode::Bilinear,
                    Interpolation::Cubic => InterpolateMode::Bicubic,
                };
                let options = InterpolateOptions::new(mode).with_align_corners(*align_corners);
                let size = [self.out()[2], self.out()[3]];
                Ok(Held::Float(B::interpolate(inputs.float()?, size, options)))
            }
            Operator::Lrn { .. }
            | Operator::QuantizeLinear
            | Operator::DequantizeLinear
            | Operator::Other { .. } => Err("is not run".to_owned()),
        }
    }

    /// Returns the shape of an input.
    pub(super) fn shape(&self, at: usize) -> &[usize] {
        self.node.inputs.get(at).map_or(&[], |id| &self.graph.value(*id).shape)
    }

    /// Returns the shape of the output.
    pub(super) fn out(&self) -> &[usize] {
        &self.graph.value(self.node.output).shape
    }

    fn normalized(&self, epsilon: f32, mut inputs: Inputs<B>) -> Done<B> {
        let x = inputs.float()?;
        if let Some([factor, shift]) = self.normalization {
            let scaled = B::float_mul(x, factor.clone());
            return Ok(Held::Float(B::float_add(scaled, shift.clone())));
        }
        let mut by_channel = vec![1; self.out().len().max(2)];
        by_channel[1] = self.out()[1];
        let mut channel = || inputs.required()?.reshaped(&by_channel).float();
        let [scale, bias, mean, variance] = [channel()?, channel()?, channel()?, channel()?];
        let deviation = B::float_sqrt(B::float_add_scalar(variance, epsilon.into()));
        let normal = B::float_div(B::float_sub(x, mean), deviation);
        Ok(Held::Float(B::float_add(B::float_mul(normal, scale), bias)))
    }

    fn layer_normalized(&self, axis: usize, epsilon: f32, mut inputs: Inputs<B>) -> Done<B> {
        let inner: usize = self.out()[axis..].iter().product();
        let rows = [self.out()[..axis].iter().product::<usize>(), inner];
        let x = inputs.required()?.reshaped(&rows).float()?;
        let mut row = || inputs.required()?.reshaped(&[1, inner]).float();
        let [scale, bias] = [row()?, row()?];
        let mean = B::float_mean_dim(x.clone(), 1);
        let centred = B::float_sub(x, mean);
        let squares = B::float_mul(centred.clone(), centred.clone());
        let variance = B::float_mean_dim(squares, 1);
        let deviation = B::float_sqrt(B::float_add_scalar(variance, epsilon.into()));
        let normal = B::float_mul(B::float_div(centred, deviation), scale);
        Ok(Held::Float(B::float_add(normal, bias)).reshaped(self.out()))
    }

    /// The product of matrices in the last two axes; axes before them are broadcast.
    fn product(&self, mut inputs: Inputs<B>) -> Done<B> {
        let (left, right) = (self.shape(0), self.shape(1));
        if left.len() < 2 || right.len() < 2 {
            return Err("products of vectors are not run".to_owned());
        }
        let outer = &self.out()[..self.out().len() - 2];
        let whole = |shape: &[usize]| [outer, &shape[shape.len() - 2..]].concat();
        let a = inputs.required()?.expanded(left, &whole(left)).float()?;
        let b = inputs.required()?.expanded(right, &whole(right)).float()?;
        Ok(Held::Float(B::float_matmul(a, b)))
    }

    fn gathered(&self, axis: usize, mut inputs: Inputs<B>) -> Done<B> {
        let data = inputs.required()?;
        let count: usize = self.shape(1).iter().product();
        let indices = inputs.required()?.reshaped(&[count]).int()?;
        let picked = match data {
            Held::Float(x) => Held::Float(B::float_select(x, axis, indices)),
            Held::Int(x) => Held::Int(B::int_select(x, axis, indices)),
            Held::Bool(x) => Held::Bool(B::bool_select(x, axis, indices)),
        };
        Ok(picked.reshaped(self.out()))
    }

    fn selected(&self, mut inputs: Inputs<B>) -> Done<B> {
        let whole = |held: Held<B>, at: usize| held.expanded(self.shape(at), self.out());
        let condition = whole(inputs.required()?, 0).bool()?;
        match (whole(inputs.required()?, 1), whole(inputs.required()?, 2)) {
            (Held::Float(then), Held::Float(or)) => {
                Ok(Held::Float(B::float_mask_where(or, condition, then)))
            }
            (Held::Int(then), Held::Int(or)) => {
                Ok(Held::Int(B::int_mask_where(or, condition, then)))
            }
            _ => Err("is not run on truth values".to_owned()),
        }
    }

    fn cast(&self, x: Held<B>) -> Done<B> {
        let to = self.graph.value(self.node.output).element;
        let (float, int) = (float_dtype::<B>(), int_dtype::<B>());
        Ok(match (x, to) {
            (Held::Float(x), Element::I64 | Element::I32) => Held::Int(B::float_into_int(x, int)),
            (Held::Float(x), Element::Bool) => {
                let is_zero = B::float_equal_elem(x, 0.0.into(), bool_dtype::<B>());
                Held::Bool(B::bool_not(is_zero))
            }
            (Held::Int(x), Element::F32) => Held::Float(B::int_into_float(x, float)),
            (Held::Int(x), Element::Bool) => {
                let is_zero = B::int_equal_elem(x, 0.into(), bool_dtype::<B>());
                Held::Bool(B::bool_not(is_zero))
            }
            (Held::Bool(x), Element::F32) => Held::Float(B::bool_into_float(x, float)),
            (Held::Bool(x), Element::I64 | Element::I32) => Held::Int(B::bool_into_int(x, int)),
            (same, _) => same,
        })
    }
}

/// What a node reads, in its order.
pub(super) struct Inputs<B: Backend>(std::vec::IntoIter<Held<B>>);

impl<B: Backend> Inputs<B> {
    fn next(&mut self) -> Option<Held<B>> {
        self.0.next()
    }

    pub(super) fn required(&mut self) -> Result<Held<B>, String> {
        self.next().ok_or_else(|| "an input is missing".to_owned())
    }

    pub(super) fn float(&mut self) -> Result<FloatTensor<B>, String> {
        self.required()?.float()
    }

    pub(super) fn float_if_any(&mut self) -> Result<Option<FloatTensor<B>>, String> {
        self.next().map(Held::float).transpose()
    }
}

fn joined<B: Backend>(axis: usize, inputs: Inputs<B>) -> Done<B> {
    let inputs: Vec<Held<B>> = inputs.0.collect();
    match inputs.first() {
        Some(Held::Float(_)) => {
            let all = inputs.into_iter().map(Held::float).collect::<Result<_, _>>()?;
            Ok(Held::Float(B::float_cat(all, axis)))
        }
        Some(Held::Int(_)) => {
            let all = inputs.into_iter().map(Held::int).collect::<Result<_, _>>()?;
            Ok(Held::Int(B::int_cat(all, axis)))
        }
        Some(Held::Bool(_)) => {
            let all = inputs.into_iter().map(Held::bool).collect::<Result<_, _>>()?;
            Ok(Held::Bool(B::bool_cat(all, axis)))
        }
        None => Err("joins nothing".to_owned()),
    }
}

pub(super) fn float_dtype<B: Backend>() -> FloatDType {
    B::FloatElem::dtype().into()
}

fn int_dtype<B: Backend>() -> IntDType {
    B::IntElem::dtype().into()
}

pub(super) fn bool_dtype<B: Backend>() -> BoolDType {
    B::BoolElem::dtype().into()
}
