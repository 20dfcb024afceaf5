//! Kinds of elements as the file numbers them.

use formbench_protocol::ElementType;

use crate::Element;
use crate::onnx::schema::DataType;

/// Names by number, in the words of this crate where it has one.
const NAMES: [&str; 17] = [
    "nothing",
    "f32",
    "u8",
    "i8",
    "u16",
    "i16",
    "i32",
    "i64",
    "text",
    "bool",
    "f16",
    "f64",
    "u32",
    "u64",
    "complex64",
    "complex128",
    "bf16",
];

/// Returns the kind of element that a number stands for, if graphs have that kind.
pub(super) fn element(number: i32) -> Option<Element> {
    match DataType::try_from(number) {
        Ok(DataType::Float) => Some(Element::F32),
        Ok(DataType::Float16) => Some(Element::F16),
        Ok(DataType::Double) => Some(Element::F64),
        Ok(DataType::Int8) => Some(Element::I8),
        Ok(DataType::Uint8) => Some(Element::U8),
        Ok(DataType::Int64) => Some(Element::I64),
        Ok(DataType::Int32) => Some(Element::I32),
        Ok(DataType::Bool) => Some(Element::Bool),
        _ => None,
    }
}

/// Returns the type that a number stands for, if an inference can be given it.
pub(super) fn element_type(number: i32) -> Option<ElementType> {
    let name = usize::try_from(number).ok().and_then(|number| NAMES.get(number))?;
    ElementType::ALL.into_iter().find(|one| one.label() == *name)
}

/// Returns the name of a kind of element.
pub(super) fn name(number: i32) -> String {
    let known = usize::try_from(number).ok().and_then(|number| NAMES.get(number));
    known.map_or_else(|| format!("elements of kind {number}"), |name| (*name).to_owned())
}
