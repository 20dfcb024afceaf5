use std::sync::Arc;

use burn::tensor::{DType, TensorData, f16};
use prost::bytes::Bytes;

use super::schema::{
    DataType, DimensionProto, TensorProto, TensorShapeProto, TensorTypeProto, TypeProto,
    ValueInfoProto,
};
use crate::{Element, OnnxError, Value};

/// Lends the bytes of a constant without copying them.
struct Shared(Arc<TensorData>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Returns a constant of the graph under its name; its bytes are shared, not copied.
///
/// # Errors
/// If the bytes do not fit the value's kind of elements and shape.
pub fn constant(value: &Value, data: &Arc<TensorData>) -> Result<TensorProto, OnnxError> {
    let (found, expected) = (data.as_bytes().len(), value.bytes());
    if !holds(data.dtype, value.element) || found != expected {
        let reason = format!(
            "a constant of {:?} in {expected} bytes expected, got {} in {found} bytes",
            value.element,
            data.dtype.name()
        );
        return Err(OnnxError::Unsupported { node: value.name.clone(), reason });
    }
    let raw_data = Bytes::from_owner(Shared(data.clone()));
    let tensor = tensor(data_type(value.element), dims(&value.shape), raw_data);
    Ok(TensorProto { name: Some(value.name.clone()), ..tensor })
}

/// Returns a list of integers without a name.
pub fn integers(numbers: &[i64]) -> TensorProto {
    let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    tensor(DataType::Int64, dims(&[numbers.len()]), bytes.into())
}

/// Returns one number of a kind, without a name and without axes.
pub fn scalar(element: Element, number: f32) -> TensorProto {
    let bytes = match element {
        Element::F32 => number.to_le_bytes().to_vec(),
        Element::F16 => f16::from_f32(number).to_le_bytes().to_vec(),
        Element::F64 => f64::from(number).to_le_bytes().to_vec(),
        Element::I64 => (number as i64).to_le_bytes().to_vec(),
        Element::I32 => (number as i32).to_le_bytes().to_vec(),
        Element::I8 => (number as i8).to_le_bytes().to_vec(),
        Element::U8 => vec![number as u8],
        Element::Bool => vec![u8::from(number != 0.0)],
    };
    tensor(data_type(element), Vec::new(), bytes.into())
}

/// Returns name, element and shape of a value.
pub fn value_info(value: &Value) -> ValueInfoProto {
    let size = |size| DimensionProto { dim_value: Some(size), dim_param: None };
    let shape = TensorShapeProto { dim: dims(&value.shape).into_iter().map(size).collect() };
    let elem_type = Some(data_type(value.element).into());
    let tensor_type = Some(TensorTypeProto { elem_type, shape: Some(shape) });
    ValueInfoProto { name: Some(value.name.clone()), r#type: Some(TypeProto { tensor_type }) }
}

/// Returns sizes as ONNX has them.
pub fn dims(shape: &[usize]) -> Vec<i64> {
    shape.iter().map(|size| *size as i64).collect()
}

/// Returns the kind of element as ONNX has it.
pub fn data_type(element: Element) -> DataType {
    match element {
        Element::F32 => DataType::Float,
        Element::F16 => DataType::Float16,
        Element::F64 => DataType::Double,
        Element::I8 => DataType::Int8,
        Element::U8 => DataType::Uint8,
        Element::I64 => DataType::Int64,
        Element::I32 => DataType::Int32,
        Element::Bool => DataType::Bool,
    }
}

fn tensor(data_type: DataType, dims: Vec<i64>, raw_data: Bytes) -> TensorProto {
    let raw_data = Some(raw_data);
    TensorProto { dims, data_type: Some(data_type.into()), raw_data, ..TensorProto::default() }
}

fn holds(dtype: DType, element: Element) -> bool {
    match element {
        Element::F32 => dtype == DType::F32,
        Element::F16 => dtype == DType::F16,
        Element::F64 => dtype == DType::F64,
        Element::I8 => dtype == DType::I8,
        Element::U8 => dtype == DType::U8,
        Element::I64 => dtype == DType::I64,
        Element::I32 => dtype == DType::I32,
        Element::Bool => dtype.is_bool(),
    }
}
