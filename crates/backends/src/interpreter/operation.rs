use burn::tensor::backend::Backend;
use burn::tensor::ops::{
    ConvOptions, ConvTransposeOptions, FloatTensor, InterpolateMode, InterpolateOptions,
};
use burn::tensor::{BoolDType, Element as _, FloatDType, IntDType, Shape, Slice};
use formbench_graph::{
    Binary, ConvolutionOperator, Element, Graph, Interpolation, Node, Operator, OperatorPadding,
    PoolOperator, Reduction, Unary,
};

use super::held::{Float, Held, axes};

/// One node of a graph on a device.
pub(super) struct Operation<'a, B: Backend> {
    pub(super) graph: &'a Graph,
    pub(super) node: &'a Node,
    /// Scale and shift, if it is a batch normalisation of constant statistics.
    pub(super) normalization: Option<&'a [Float<B>; 2]>,
    pub(super) device: &'a B::Device,
}

type Done<B> = Result<Held<B>, String>;

impl<B: Backend> Operation<'_, B> {
    /// Returns what the node writes.
    pub(super) fn run(&self, inputs: Vec<Held<B>>) -> Done<B> {
        let mut inputs = Inputs(inputs.into_iter());
        match &self.node.operator {
            Operator::Conv(of) => self.convolution(*of, inputs),
            Operator::ConvTranspose { convolution, output_padding } => {
                let (x, weight) = (inputs.float()?, inputs.float()?);
                let ConvolutionOperator { stride, padding, dilation, groups, .. } = *convolution;
                let padding = [padding.top, padding.left];
                let options =
                    ConvTransposeOptions::new(stride, padding, *output_padding, dilation, groups);
                Ok(Held::Float(B::conv_transpose2d(x, weight, inputs.float_if_any()?, options)))
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
            Operator::MaxPool(of) => {
                let x = inputs.float()?;
                let PoolOperator { kernel, stride, padding, dilation, ceil } = *of;
                let (x, around) = self.padded(x, padding, f32::NEG_INFINITY);
                self.cut(B::max_pool2d(x, kernel, stride, around, dilation, ceil))
            }
            Operator::AveragePool { pool, count_include_pad } => {
                let x = inputs.float()?;
                let (x, around) = self.padded(x, pool.padding, 0.0);
                let PoolOperator { kernel, stride, ceil, .. } = *pool;
                let counts = *count_include_pad;
                self.cut(B::avg_pool2d(x, kernel, stride, around, counts, ceil))
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
    fn shape(&self, at: usize) -> &[usize] {
        self.node.inputs.get(at).map_or(&[], |id| &self.graph.value(*id).shape)
    }

    /// Returns the shape of the output.
    fn out(&self) -> &[usize] {
        &self.graph.value(self.node.output).shape
    }

    /// Returns what pools give without windows that begin behind the image, which are none in ONNX.
    fn cut(&self, pooled: FloatTensor<B>) -> Done<B> {
        let slices: Vec<Slice> =
            self.out().iter().map(|size| Slice::new(0, Some(*size as isize), 1)).collect();
        Ok(Held::Float(B::float_slice(pooled, &slices)))
    }

    fn convolution(&self, of: ConvolutionOperator, mut inputs: Inputs<B>) -> Done<B> {
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
    fn within(
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

    fn binary(&self, of: Binary, mut inputs: Inputs<B>) -> Done<B> {
        let (left, right) = (inputs.required()?, inputs.required()?);
        // Arithmetic is broadcast by backends, if both have as many axes; nothing else is.
        let rank = self.out().len().max(1);
        let with_rank = |held: Held<B>, shape: &[usize]| {
            let shape = axes(shape);
            let padded = [vec![1; rank - shape.len().min(rank)], shape.clone()].concat();
            if padded == shape { held } else { held.reshaped(&padded) }
        };
        let whole = |held: Held<B>, at: usize| held.expanded(self.shape(at), self.out());
        let is_bool = bool_dtype::<B>();
        match (left, right) {
            (left @ Held::Float(_), right @ Held::Float(_)) => {
                let (a, b) = match of {
                    Binary::Add | Binary::Sub | Binary::Mul | Binary::Div => {
                        (with_rank(left, self.shape(0)), with_rank(right, self.shape(1)))
                    }
                    _ => (whole(left, 0), whole(right, 1)),
                };
                let (a, b) = (a.float()?, b.float()?);
                Ok(match of {
                    Binary::Add => Held::Float(B::float_add(a, b)),
                    Binary::Sub => Held::Float(B::float_sub(a, b)),
                    Binary::Mul => Held::Float(B::float_mul(a, b)),
                    Binary::Div => Held::Float(B::float_div(a, b)),
                    Binary::Pow => Held::Float(B::float_powf(a, b)),
                    Binary::Max => {
                        let is_larger = B::float_greater(b.clone(), a.clone(), is_bool);
                        Held::Float(B::float_mask_where(a, is_larger, b))
                    }
                    Binary::Min => {
                        let is_smaller = B::float_lower(b.clone(), a.clone(), is_bool);
                        Held::Float(B::float_mask_where(a, is_smaller, b))
                    }
                    Binary::Equal => Held::Bool(B::float_equal(a, b, is_bool)),
                    Binary::Greater => Held::Bool(B::float_greater(a, b, is_bool)),
                    Binary::GreaterOrEqual => Held::Bool(B::float_greater_equal(a, b, is_bool)),
                    Binary::Less => Held::Bool(B::float_lower(a, b, is_bool)),
                    Binary::LessOrEqual => Held::Bool(B::float_lower_equal(a, b, is_bool)),
                    Binary::And | Binary::Or => return Err("expected truth values".to_owned()),
                })
            }
            (left @ Held::Bool(_), right @ Held::Bool(_)) => {
                let (a, b) = (whole(left, 0).bool()?, whole(right, 1).bool()?);
                Ok(Held::Bool(match of {
                    Binary::And => B::bool_and(a, b),
                    Binary::Or => B::bool_or(a, b),
                    Binary::Equal => B::bool_equal(a, b),
                    _ => return Err("is not run on truth values".to_owned()),
                }))
            }
            _ => Err("is run on floats alone, or on truth values".to_owned()),
        }
    }

    /// `max(x, 0) − slope · max(−x, 0)`, with a slope for each channel.
    fn prelu(&self, mut inputs: Inputs<B>) -> Done<B> {
        let x = inputs.float()?;
        let (rank, slope) = (self.out().len(), self.shape(1));
        let by_channel = match slope {
            [channels] if rank > 2 => {
                let mut shape = vec![1; rank];
                shape[1] = *channels;
                shape
            }
            other => [vec![1; rank - other.len().min(rank)], other.to_vec()].concat(),
        };
        let slope = inputs.required()?.reshaped(&by_channel).float()?;
        let negative = B::relu(B::float_neg(x.clone()));
        Ok(Held::Float(B::float_sub(B::relu(x), B::float_mul(negative, slope))))
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
struct Inputs<B: Backend>(std::vec::IntoIter<Held<B>>);

impl<B: Backend> Inputs<B> {
    fn next(&mut self) -> Option<Held<B>> {
        self.0.next()
    }

    fn required(&mut self) -> Result<Held<B>, String> {
        self.next().ok_or_else(|| "an input is missing".to_owned())
    }

    fn float(&mut self) -> Result<FloatTensor<B>, String> {
        self.required()?.float()
    }

    fn float_if_any(&mut self) -> Result<Option<FloatTensor<B>>, String> {
        self.next().map(Held::float).transpose()
    }
}

fn unary<B: Backend>(of: Unary, x: Held<B>) -> Done<B> {
    let x = match (of, x) {
        (Unary::Not, x) => return Ok(Held::Bool(B::bool_not(x.bool()?))),
        (_, x) => x.float()?,
    };
    Ok(Held::Float(match of {
        Unary::Abs => B::float_abs(x),
        Unary::Ceil => B::float_ceil(x),
        Unary::Cos => B::float_cos(x),
        Unary::Erf => B::float_erf(x),
        Unary::Exp => B::float_exp(x),
        Unary::Floor => B::float_floor(x),
        Unary::HardSwish => {
            let gate = B::hard_sigmoid(x.clone(), (1.0_f32 / 6.0).into(), 0.5_f32.into());
            B::float_mul(x, gate)
        }
        Unary::Log => B::float_log(x),
        Unary::Neg | Unary::Not => B::float_neg(x),
        Unary::Reciprocal => B::float_recip(x),
        Unary::Relu => B::relu(x),
        Unary::Round => B::float_round(x),
        Unary::Sigmoid => B::sigmoid(x),
        Unary::Sign => B::float_sign(x),
        Unary::Sin => B::float_sin(x),
        // log(1 + exp(x)), written so that large x do not overflow.
        Unary::Softplus => {
            let small = B::float_exp(B::float_neg(B::float_abs(x.clone())));
            B::float_add(B::relu(x), B::float_log1p(small))
        }
        Unary::Sqrt => B::float_sqrt(x),
        Unary::Tanh => B::float_tanh(x),
    }))
}

fn clipped<B: Backend>(x: Held<B>, low: f32, high: f32) -> Done<B> {
    let x = x.float()?;
    Ok(Held::Float(match (low.is_finite(), high.is_finite()) {
        (true, true) => B::float_clamp(x, low.into(), high.into()),
        (true, false) => B::float_clamp_min(x, low.into()),
        (false, true) => B::float_clamp_max(x, high.into()),
        (false, false) => x,
    }))
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

fn float_dtype<B: Backend>() -> FloatDType {
    B::FloatElem::dtype().into()
}

fn int_dtype<B: Backend>() -> IntDType {
    B::IntElem::dtype().into()
}

fn bool_dtype<B: Backend>() -> BoolDType {
    B::BoolElem::dtype().into()
}
