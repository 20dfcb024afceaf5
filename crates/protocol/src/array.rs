use half::f16;
use serde::{Deserialize, Serialize};

use crate::ElementType;

/// A tensor with its elements: what goes into an engine, and what comes out of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// Its extents; empty for a scalar.
    pub shape: Vec<usize>,
    /// Its elements in row order, as many as the extents say.
    pub elements: Elements,
}

/// Elements of one type, named as in Rust.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each is the type of its name")]
pub enum Elements {
    F16(Vec<f16>),
    F32(Vec<f32>),
    F64(Vec<f64>),
    I8(Vec<i8>),
    I16(Vec<i16>),
    I32(Vec<i32>),
    I64(Vec<i64>),
    U8(Vec<u8>),
    U16(Vec<u16>),
    U32(Vec<u32>),
    U64(Vec<u64>),
    Bool(Vec<bool>),
}

/// Elements of any type as they cross the pipe and are compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Values {
    /// Of floating-point types, in single precision.
    Floats(Vec<f32>),
    /// Of whole numbers and truth values; what is above the range of the type is its largest.
    Whole(Vec<i64>),
}

/// Evaluates an expression with the vector of whichever type elements have.
#[macro_export]
macro_rules! of_each_type {
    ($elements:expr, $vector:ident => $result:expr) => {
        match $elements {
            $crate::Elements::F16($vector) => $result,
            $crate::Elements::F32($vector) => $result,
            $crate::Elements::F64($vector) => $result,
            $crate::Elements::I8($vector) => $result,
            $crate::Elements::I16($vector) => $result,
            $crate::Elements::I32($vector) => $result,
            $crate::Elements::I64($vector) => $result,
            $crate::Elements::U8($vector) => $result,
            $crate::Elements::U16($vector) => $result,
            $crate::Elements::U32($vector) => $result,
            $crate::Elements::U64($vector) => $result,
            $crate::Elements::Bool($vector) => $result,
        }
    };
}

impl Array {
    /// Returns an array of 32-bit floats.
    pub fn floats(shape: &[usize], floats: Vec<f32>) -> Self {
        Self { shape: shape.to_vec(), elements: Elements::F32(floats) }
    }

    /// Returns the elements if they are 32-bit floats.
    pub fn as_floats(&self) -> Option<&[f32]> {
        match &self.elements {
            Elements::F32(floats) => Some(floats),
            _ => None,
        }
    }
}

impl Elements {
    /// Returns their type.
    pub fn element_type(&self) -> ElementType {
        match self {
            Self::F16(_) => ElementType::F16,
            Self::F32(_) => ElementType::F32,
            Self::F64(_) => ElementType::F64,
            Self::I8(_) => ElementType::I8,
            Self::I16(_) => ElementType::I16,
            Self::I32(_) => ElementType::I32,
            Self::I64(_) => ElementType::I64,
            Self::U8(_) => ElementType::U8,
            Self::U16(_) => ElementType::U16,
            Self::U32(_) => ElementType::U32,
            Self::U64(_) => ElementType::U64,
            Self::Bool(_) => ElementType::Bool,
        }
    }

    /// Returns the bytes of all elements, in the order of this machine; a truth value has one.
    pub fn bytes(&self) -> &[u8] {
        of_each_type!(self, vector => bytemuck::cast_slice(vector))
    }

    /// Returns the elements of a type that lie in bytes, in the order of this machine; bytes that are left over make
    /// none.
    pub fn from_bytes(element_type: ElementType, bytes: &[u8]) -> Self {
        match element_type {
            ElementType::F16 => Self::F16(collected(bytes)),
            ElementType::F32 => Self::F32(collected(bytes)),
            ElementType::F64 => Self::F64(collected(bytes)),
            ElementType::I8 => Self::I8(collected(bytes)),
            ElementType::I16 => Self::I16(collected(bytes)),
            ElementType::I32 => Self::I32(collected(bytes)),
            ElementType::I64 => Self::I64(collected(bytes)),
            ElementType::U8 => Self::U8(collected(bytes)),
            ElementType::U16 => Self::U16(collected(bytes)),
            ElementType::U32 => Self::U32(collected(bytes)),
            ElementType::U64 => Self::U64(collected(bytes)),
            ElementType::Bool => Self::Bool(bytes.iter().map(|byte| *byte != 0).collect()),
        }
    }

    /// Returns the elements as they are compared.
    pub fn values(&self) -> Values {
        fn whole<T: Copy + TryInto<i64>>(numbers: &[T]) -> Values {
            let wide = |number: &T| (*number).try_into().unwrap_or(i64::MAX);
            Values::Whole(numbers.iter().map(wide).collect())
        }
        match self {
            Self::F16(numbers) => Values::Floats(numbers.iter().map(|it| it.to_f32()).collect()),
            Self::F32(numbers) => Values::Floats(numbers.clone()),
            Self::F64(numbers) => Values::Floats(numbers.iter().map(|it| *it as f32).collect()),
            Self::I8(numbers) => whole(numbers),
            Self::I16(numbers) => whole(numbers),
            Self::I32(numbers) => whole(numbers),
            Self::I64(numbers) => whole(numbers),
            Self::U8(numbers) => whole(numbers),
            Self::U16(numbers) => whole(numbers),
            Self::U32(numbers) => whole(numbers),
            Self::U64(numbers) => whole(numbers),
            Self::Bool(truths) => whole(truths),
        }
    }
}

impl Values {
    /// Returns how many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Floats(floats) => floats.len(),
            Self::Whole(numbers) => numbers.len(),
        }
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Puts others of the same kind behind these; others of another kind are left out.
    pub fn extend(&mut self, others: Self) {
        match (self, others) {
            (Self::Floats(floats), Self::Floats(others)) => floats.extend(others),
            (Self::Whole(numbers), Self::Whole(others)) => numbers.extend(others),
            (Self::Floats(_), Self::Whole(_)) | (Self::Whole(_), Self::Floats(_)) => {}
        }
    }

    /// Returns the floats, if it is floats.
    pub fn floats(&self) -> Option<&[f32]> {
        match self {
            Self::Floats(floats) => Some(floats),
            Self::Whole(_) => None,
        }
    }
}

/// Bytes of a message need not lie where an element may.
fn collected<T: bytemuck::AnyBitPattern + bytemuck::NoUninit>(bytes: &[u8]) -> Vec<T> {
    let whole = bytes.len() / size_of::<T>() * size_of::<T>();
    bytemuck::pod_collect_to_vec(&bytes[..whole])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_of_every_type_are_their_bytes() {
        let bytes: Vec<u8> = (0..16).map(|at| at % 2).collect();
        for (element_type, count) in [
            (ElementType::F16, 8),
            (ElementType::F32, 4),
            (ElementType::F64, 2),
            (ElementType::I8, 16),
            (ElementType::I16, 8),
            (ElementType::I32, 4),
            (ElementType::I64, 2),
            (ElementType::U8, 16),
            (ElementType::U16, 8),
            (ElementType::U32, 4),
            (ElementType::U64, 2),
            (ElementType::Bool, 16),
        ] {
            let elements = Elements::from_bytes(element_type, &bytes);
            assert_eq!(elements.element_type(), element_type);
            assert_eq!(elements.bytes(), bytes);
            assert_eq!(elements.values().len(), count, "{element_type:?}");
        }
        // A byte that is left over makes no element.
        assert_eq!(Elements::from_bytes(ElementType::U16, &[1, 0, 9]), Elements::U16(vec![1]));
    }

    #[test]
    fn floats_are_compared_in_single_precision_and_whole_numbers_as_they_are() {
        let half = Elements::F16(vec![f16::from_f32(1.5)]);
        assert_eq!(half.values(), Values::Floats(vec![1.5]));
        let large = Elements::U64(vec![3, u64::MAX]);
        assert_eq!(large.values(), Values::Whole(vec![3, i64::MAX]));
        assert_eq!(Elements::Bool(vec![true, false]).values(), Values::Whole(vec![1, 0]));
        assert_eq!(Elements::I8(vec![-1]).values(), Values::Whole(vec![-1]));
    }

    #[test]
    fn values_of_one_kind_follow_each_other() {
        let mut values = Values::Floats(vec![1.0]);
        values.extend(Values::Floats(vec![2.0]));
        values.extend(Values::Whole(vec![3]));
        assert_eq!(values.floats(), Some(&[1.0, 2.0][..]));
    }
}
