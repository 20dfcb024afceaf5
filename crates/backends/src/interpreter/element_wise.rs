//! Functions of each element and of each pair of elements.

use burn::tensor::backend::Backend;
use formbench_graph::{Binary, Unary};

use super::held::{Held, axes};
use super::operation::{Done, Inputs, Operation, bool_dtype};

impl<B: Backend> Operation<'_, B> {
    pub(super) fn binary(&self, of: Binary, mut inputs: Inputs<B>) -> Done<B> {
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
    pub(super) fn prelu(&self, mut inputs: Inputs<B>) -> Done<B> {
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
}

pub(super) fn unary<B: Backend>(of: Unary, x: Held<B>) -> Done<B> {
    if of == Unary::Not {
        return Ok(Held::Bool(B::bool_not(x.bool()?)));
    }
    let x = x.float()?;
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
        Unary::Neg => B::float_neg(x),
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
        Unary::Not => return Err("expected truth values".to_owned()),
    }))
}

pub(super) fn clipped<B: Backend>(x: Held<B>, low: f32, high: f32) -> Done<B> {
    let x = x.float()?;
    Ok(Held::Float(match (low.is_finite(), high.is_finite()) {
        (true, true) => B::float_clamp(x, low.into(), high.into()),
        (true, false) => B::float_clamp_min(x, low.into()),
        (false, true) => B::float_clamp_max(x, high.into()),
        (false, false) => x,
    }))
}
