use burn::tensor::backend::Backend;
use burn::tensor::ops::{BoolTensor, FloatTensor, IntTensor};
use burn::tensor::{Bool, Int, Shape, Tensor, TensorData, TensorPrimitive};
use formbench_graph::{Element, Value};
use formbench_protocol::{Array, Elements};

/// A backend's tensor of floats.
pub(super) type Float<B> = FloatTensor<B>;

/// A tensor on the device; what has no axes in the graph has one of size 1 here.
pub(super) enum Held<B: Backend> {
    Float(FloatTensor<B>),
    Int(IntTensor<B>),
    Bool(BoolTensor<B>),
}

impl<B: Backend> Clone for Held<B> {
    fn clone(&self) -> Self {
        match self {
            Self::Float(tensor) => Self::Float(tensor.clone()),
            Self::Int(tensor) => Self::Int(tensor.clone()),
            Self::Bool(tensor) => Self::Bool(tensor.clone()),
        }
    }
}

impl<B: Backend> Held<B> {
    /// Returns a constant of the graph; nothing for a value that is none, or that no backend holds.
    pub(super) fn constant(value: &Value, device: &B::Device) -> Result<Option<Self>, String> {
        let Some(data) = &value.constant else { return Ok(None) };
        let unread = |error| format!("constant `{}`: {error:?}", value.name);
        let shape = axes(&value.shape);
        Ok(match value.element {
            Element::F32 => {
                let numbers = data.to_vec::<f32>().map_err(unread)?;
                Some(Self::Float(floats::<B>(numbers, &shape, device)))
            }
            Element::I64 => {
                let numbers = data.to_vec::<i64>().map_err(unread)?;
                Some(Self::Int(integers::<B>(numbers, &shape, device)))
            }
            Element::I32 => {
                let numbers = data.to_vec::<i32>().map_err(unread)?.into_iter().map(i64::from);
                Some(Self::Int(integers::<B>(numbers.collect(), &shape, device)))
            }
            Element::Bool => {
                let truths = data.to_vec::<bool>().map_err(unread)?;
                Some(Self::Bool(booleans::<B>(truths, &shape, device)))
            }
            Element::F16 | Element::F64 | Element::I8 | Element::U8 => None,
        })
    }

    /// Returns what an inference is given.
    pub(super) fn array(array: &Array, device: &B::Device) -> Result<Self, String> {
        let shape = axes(&array.shape);
        match &array.elements {
            Elements::F32(numbers) => Ok(Self::Float(floats::<B>(numbers.clone(), &shape, device))),
            Elements::I64(numbers) => Ok(Self::Int(integers::<B>(numbers.clone(), &shape, device))),
            Elements::I32(numbers) => {
                let wide = numbers.iter().map(|number| i64::from(*number)).collect();
                Ok(Self::Int(integers::<B>(wide, &shape, device)))
            }
            Elements::Bool(truths) => Ok(Self::Bool(booleans::<B>(truths.clone(), &shape, device))),
            other => Err(format!("inputs of {} are not run", other.element_type().label())),
        }
    }

    /// Returns the elements, readable on the host.
    pub(super) fn into_array(self, value: &Value) -> Result<Array, String> {
        let failed = |error| format!("{error:?}");
        let flat = Shape::new([value.elements()]);
        let elements = match self {
            Self::Float(tensor) => {
                let tensor = TensorPrimitive::Float(B::float_reshape(tensor, flat));
                let data = Tensor::<B, 1>::from_primitive(tensor).try_into_data();
                let data = data.map_err(|error| format!("{error:?}"))?;
                Elements::F32(data.into_vec().map_err(failed)?)
            }
            Self::Int(tensor) => {
                let tensor = Tensor::<B, 1, Int>::from_primitive(B::int_reshape(tensor, flat));
                let data = tensor.try_into_data().map_err(|error| format!("{error:?}"))?;
                Elements::I64(data.convert::<i64>().into_vec().map_err(failed)?)
            }
            Self::Bool(tensor) => {
                let tensor = Tensor::<B, 1, Bool>::from_primitive(B::bool_reshape(tensor, flat));
                let data = tensor.try_into_data().map_err(|error| format!("{error:?}"))?;
                Elements::Bool(data.convert::<bool>().into_vec().map_err(failed)?)
            }
        };
        let elements = match (value.element, elements) {
            (Element::I32, Elements::I64(numbers)) => {
                Elements::I32(numbers.into_iter().map(|number| number as i32).collect())
            }
            (_, elements) => elements,
        };
        Ok(Array { shape: value.shape.clone(), elements })
    }

    /// Returns the same elements in another shape.
    pub(super) fn reshaped(self, shape: &[usize]) -> Self {
        let shape = Shape::from(axes(shape));
        match self {
            Self::Float(tensor) => Self::Float(B::float_reshape(tensor, shape)),
            Self::Int(tensor) => Self::Int(B::int_reshape(tensor, shape)),
            Self::Bool(tensor) => Self::Bool(B::bool_reshape(tensor, shape)),
        }
    }

    /// Returns the tensor repeated along axes of size 1, some of which may be missing in front.
    pub(super) fn expanded(self, from: &[usize], to: &[usize]) -> Self {
        let (from, to) = (axes(from), axes(to));
        let padded = [vec![1; to.len().saturating_sub(from.len())], from.clone()].concat();
        let same_rank = if padded == from { self } else { self.reshaped(&padded) };
        if padded == to {
            return same_rank;
        }
        let shape = Shape::from(to);
        match same_rank {
            Self::Float(tensor) => Self::Float(B::float_expand(tensor, shape)),
            Self::Int(tensor) => Self::Int(B::int_expand(tensor, shape)),
            Self::Bool(tensor) => Self::Bool(B::bool_expand(tensor, shape)),
        }
    }

    /// Returns the axes in another order.
    pub(super) fn permuted(self, axes: &[usize]) -> Self {
        match self {
            Self::Float(tensor) => Self::Float(B::float_permute(tensor, axes)),
            Self::Int(tensor) => Self::Int(B::int_permute(tensor, axes)),
            Self::Bool(tensor) => Self::Bool(B::bool_permute(tensor, axes)),
        }
    }

    pub(super) fn float(self) -> Result<FloatTensor<B>, String> {
        match self {
            Self::Float(tensor) => Ok(tensor),
            Self::Int(_) | Self::Bool(_) => Err("expected floats".to_owned()),
        }
    }

    pub(super) fn int(self) -> Result<IntTensor<B>, String> {
        match self {
            Self::Int(tensor) => Ok(tensor),
            Self::Float(_) | Self::Bool(_) => Err("expected whole numbers".to_owned()),
        }
    }

    pub(super) fn bool(self) -> Result<BoolTensor<B>, String> {
        match self {
            Self::Bool(tensor) => Ok(tensor),
            Self::Float(_) | Self::Int(_) => Err("expected truth values".to_owned()),
        }
    }
}

/// Returns a shape, which on backends has one axis at least.
pub(super) fn axes(shape: &[usize]) -> Vec<usize> {
    if shape.is_empty() { vec![1] } else { shape.to_vec() }
}

/// Returns floats on the device.
pub(super) fn floats<B: Backend>(
    numbers: Vec<f32>,
    shape: &[usize],
    device: &B::Device,
) -> FloatTensor<B> {
    let data = TensorData::new(numbers, Shape::from(shape.to_vec()));
    B::float_from_data(data, device)
}

fn integers<B: Backend>(numbers: Vec<i64>, shape: &[usize], device: &B::Device) -> IntTensor<B> {
    let count = numbers.len();
    let flat = Tensor::<B, 1, Int>::from_data(TensorData::new(numbers, [count]), device);
    B::int_reshape(flat.into_primitive(), Shape::from(shape.to_vec()))
}

fn booleans<B: Backend>(truths: Vec<bool>, shape: &[usize], device: &B::Device) -> BoolTensor<B> {
    let count = truths.len();
    let flat = Tensor::<B, 1, Bool>::from_data(TensorData::new(truths, [count]), device);
    B::bool_reshape(flat.into_primitive(), Shape::from(shape.to_vec()))
}
