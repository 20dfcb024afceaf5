use burn::tensor::f16;

use super::broadcast::elements;
use super::element;
use super::numbers::{Constant, Numbers};
use super::shape::listed;
use crate::onnx::schema::TensorProto;
use crate::{Element, ReadError};

/// Returns the elements of a constant in the file.
///
/// # Errors
/// It has elements of a kind that no graph has, or not as many as its shape states.
pub(super) fn read(tensor: &TensorProto) -> Result<Constant, ReadError> {
    with(tensor, |element, _| numbers(tensor, element))
}

/// Returns the elements of a constant in an outline: zeros for those that it leaves out.
///
/// # Errors
/// As [`read`].
pub(super) fn read_outlined(tensor: &TensorProto) -> Result<Constant, ReadError> {
    if !tensor.left_out() {
        return read(tensor);
    }
    // No memory is touched for zeros.
    with(tensor, |element, count| match element.is_float() {
        true => Numbers::Floats(vec![0.0; count]),
        false => Numbers::Integers(vec![0; count]),
    })
}

/// Returns a constant with numbers that follow from its kind of element and the elements of its shape.
fn with(
    tensor: &TensorProto,
    numbers: impl FnOnce(Element, usize) -> Numbers,
) -> Result<Constant, ReadError> {
    let refuse =
        |reason: String| ReadError::Constant { constant: tensor.name().to_owned(), reason };
    let kind = tensor.data_type.unwrap_or_default();
    let element = element::element(kind).ok_or_else(|| {
        refuse(format!(
            "holds {}, expected f32, f16, f64, i64, i32, i8, u8 or bool",
            element::name(kind)
        ))
    })?;
    let shape =
        tensor.dims.iter().map(|size| usize::try_from(*size)).collect::<Result<Vec<_>, _>>();
    let shape = shape.map_err(|_| refuse(format!("has shape {:?}", tensor.dims)))?;
    let expected = elements(&shape);
    let numbers = numbers(element, expected.unwrap_or_default());
    let found = count(&numbers);
    if Some(found) != expected {
        return Err(refuse(format!("has {found} elements, expected those of {}", listed(&shape))));
    }
    Ok(Constant { shape, element, numbers })
}

/// The elements lie in a field of their kind, or as bytes, low byte first.
fn numbers(tensor: &TensorProto, element: Element) -> Numbers {
    let bytes = tensor.raw_data.as_deref();
    match (element, bytes) {
        (Element::F32, None) => Numbers::Floats(tensor.float_data.clone()),
        (Element::F64, None) => {
            Numbers::Floats(tensor.double_data.iter().map(|number| *number as f32).collect())
        }
        // The bits of each, in a number of its own.
        (Element::F16, None) => {
            let halves = tensor.int32_data.iter().map(|bits| f16::from_bits(*bits as u16).to_f32());
            Numbers::Floats(halves.collect())
        }
        (Element::I64, None) => Numbers::Integers(tensor.int64_data.clone()),
        (Element::I32 | Element::I8 | Element::U8 | Element::Bool, None) => {
            Numbers::Integers(tensor.int32_data.iter().copied().map(i64::from).collect())
        }
        (Element::F32, Some(bytes)) => Numbers::Floats(each(bytes, f32::from_le_bytes)),
        (Element::F16, Some(bytes)) => {
            Numbers::Floats(each(bytes, |bytes| f16::from_le_bytes(bytes).to_f32()))
        }
        (Element::F64, Some(bytes)) => {
            Numbers::Floats(each(bytes, |bytes| f64::from_le_bytes(bytes) as f32))
        }
        (Element::I64, Some(bytes)) => Numbers::Integers(each(bytes, i64::from_le_bytes)),
        (Element::I32, Some(bytes)) => {
            Numbers::Integers(each(bytes, |bytes| i32::from_le_bytes(bytes).into()))
        }
        (Element::I8, Some(bytes)) => {
            Numbers::Integers(each(bytes, |bytes| i8::from_le_bytes(bytes).into()))
        }
        (Element::U8 | Element::Bool, Some(bytes)) => {
            Numbers::Integers(bytes.iter().copied().map(i64::from).collect())
        }
    }
}

/// Calls a function with the bits of each 32-bit float in bytes.
pub(super) fn each_float_bits(bytes: &[u8], see: impl FnMut(u32)) {
    let (chunks, _) = bytes.as_chunks();
    chunks.iter().map(|chunk| u32::from_le_bytes(*chunk)).for_each(see);
}

/// Bytes that are left over make no element.
fn each<const N: usize, T>(bytes: &[u8], number: impl Fn([u8; N]) -> T) -> Vec<T> {
    let (chunks, _) = bytes.as_chunks::<N>();
    chunks.iter().map(|chunk| number(*chunk)).collect()
}

fn count(numbers: &Numbers) -> usize {
    match numbers {
        Numbers::Floats(floats) => floats.len(),
        Numbers::Integers(integers) => integers.len(),
    }
}
