//! Elements of constants, as the rules and the folding need them.

use std::sync::Arc;

use burn::tensor::{TensorData, f16};

use crate::{Element, Value};

/// Elements in row-major order; integers and booleans are all wide, floats all 32-bit ones, so that the last bits of
/// a 64-bit constant are lost: none of what is counted or folded needs them.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Numbers {
    /// Floats.
    Floats(Vec<f32>),
    /// Integers, and booleans as 0 and 1.
    Integers(Vec<i64>),
}

/// A tensor whose elements are known.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Constant {
    /// Row-major shape.
    pub shape: Vec<usize>,
    /// What it holds.
    pub element: Element,
    /// As many numbers as the shape has places.
    pub numbers: Numbers,
}

impl Constant {
    /// Returns a list of integers.
    pub fn integers(numbers: Vec<i64>) -> Self {
        let shape = vec![numbers.len()];
        Self { shape, element: Element::I64, numbers: Numbers::Integers(numbers) }
    }

    /// Returns the value of a graph with these elements.
    pub fn value(self, name: String) -> Value {
        let Self { shape, element, numbers } = self;
        let data = match (element, numbers) {
            (Element::F32, numbers) => TensorData::new(numbers.floats(), shape.clone()),
            (Element::F16, numbers) => {
                let halves = numbers.floats().into_iter().map(f16::from_f32);
                TensorData::new(halves.collect::<Vec<f16>>(), shape.clone())
            }
            (Element::F64, numbers) => {
                let doubles = numbers.floats().into_iter().map(f64::from);
                TensorData::new(doubles.collect::<Vec<f64>>(), shape.clone())
            }
            (Element::I8, numbers) => {
                let narrow = numbers.integers().into_iter().map(|number| number as i8);
                TensorData::new(narrow.collect::<Vec<i8>>(), shape.clone())
            }
            (Element::U8, numbers) => {
                let narrow = numbers.integers().into_iter().map(|number| number as u8);
                TensorData::new(narrow.collect::<Vec<u8>>(), shape.clone())
            }
            (Element::I64, numbers) => TensorData::new(numbers.integers(), shape.clone()),
            (Element::I32, numbers) => {
                let narrow = numbers.integers().into_iter().map(|number| number as i32);
                TensorData::new(narrow.collect::<Vec<i32>>(), shape.clone())
            }
            (Element::Bool, numbers) => {
                let bools = numbers.integers().into_iter().map(|number| number != 0);
                TensorData::new(bools.collect::<Vec<bool>>(), shape.clone())
            }
        };
        Value { name, shape, element, constant: Some(Arc::new(data)) }
    }

    /// Returns the elements of a value, if it is a constant.
    pub fn of(value: &Value) -> Option<Self> {
        let data = value.constant.as_ref()?;
        let numbers = match value.element {
            Element::F32 => Numbers::Floats(data.as_slice::<f32>().ok()?.to_vec()),
            Element::F16 => {
                let halves = data.as_slice::<f16>().ok()?.iter();
                Numbers::Floats(halves.map(|number| number.to_f32()).collect())
            }
            Element::F64 => {
                let doubles = data.as_slice::<f64>().ok()?.iter();
                Numbers::Floats(doubles.map(|number| *number as f32).collect())
            }
            Element::I8 => wide(data.as_slice::<i8>().ok()?),
            Element::U8 => wide(data.as_slice::<u8>().ok()?),
            Element::I64 => Numbers::Integers(data.as_slice::<i64>().ok()?.to_vec()),
            Element::I32 => wide(data.as_slice::<i32>().ok()?),
            Element::Bool => wide(data.as_slice::<bool>().ok()?),
        };
        Some(Self { shape: value.shape.clone(), element: value.element, numbers })
    }
}

impl Numbers {
    /// Returns them as floats.
    pub fn floats(self) -> Vec<f32> {
        match self {
            Self::Floats(floats) => floats,
            Self::Integers(integers) => integers.into_iter().map(|number| number as f32).collect(),
        }
    }

    /// Returns them as integers, towards zero.
    pub fn integers(self) -> Vec<i64> {
        match self {
            Self::Floats(floats) => floats.into_iter().map(|number| number as i64).collect(),
            Self::Integers(integers) => integers,
        }
    }

    /// Returns the numbers at some places, in the order of the places.
    pub fn picked(&self, places: impl Iterator<Item = usize>) -> Self {
        match self {
            Self::Floats(floats) => Self::Floats(places.map(|at| floats[at]).collect()),
            Self::Integers(integers) => Self::Integers(places.map(|at| integers[at]).collect()),
        }
    }
}

fn wide<T: Copy + Into<i64>>(numbers: &[T]) -> Numbers {
    Numbers::Integers(numbers.iter().map(|number| (*number).into()).collect())
}
