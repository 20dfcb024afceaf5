//! What a file states of its values.

use crate::onnx::schema::{DimensionProto, TensorTypeProto, ValueInfoProto};

/// Returns the sizes of a value's axes, with nothing for an axis that is not fixed. Returns nothing
/// at all if the file does not state how many axes there are.
pub(super) fn sizes(info: &ValueInfoProto) -> Option<Vec<Option<usize>>> {
    let shape = tensor_type(info)?.shape.as_ref()?;
    Some(shape.dim.iter().map(size).collect())
}

/// Returns the sizes of a value's axes with the names of those that are not fixed, which may be empty.
pub(super) fn named_sizes(info: &ValueInfoProto) -> Option<Vec<(Option<usize>, String)>> {
    let shape = tensor_type(info)?.shape.as_ref()?;
    let named = |of: &DimensionProto| (size(of), of.dim_param.clone().unwrap_or_default());
    Some(shape.dim.iter().map(named).collect())
}

/// Returns the shape of a value if all its sizes are fixed.
pub(super) fn fixed(info: &ValueInfoProto) -> Option<Vec<usize>> {
    sizes(info)?.into_iter().collect()
}

/// Returns the kind of elements that the file states for a value, as a number; 0 if the file states
/// none, or the value is no tensor.
pub(super) fn elements(info: &ValueInfoProto) -> i32 {
    tensor_type(info).and_then(|tensor| tensor.elem_type).unwrap_or_default()
}

/// Returns the shape as the file states it, such as `[batch, 3, 224, 224]`.
pub(super) fn shown(info: &ValueInfoProto) -> String {
    let dimension = |dimension: &DimensionProto| match (size(dimension), &dimension.dim_param) {
        (Some(size), _) => size.to_string(),
        (None, Some(name)) => name.clone(),
        (None, None) => "?".to_owned(),
    };
    let shape = tensor_type(info).and_then(|tensor| tensor.shape.as_ref());
    shape.map_or("of unknown shape".to_owned(), |shape| {
        format!("[{}]", shape.dim.iter().map(dimension).collect::<Vec<_>>().join(", "))
    })
}

/// Returns a shape as text, such as `[1, 3, 224, 224]`.
pub(super) fn listed(shape: &[usize]) -> String {
    format!("[{}]", shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", "))
}

fn tensor_type(info: &ValueInfoProto) -> Option<&TensorTypeProto> {
    info.r#type.as_ref()?.tensor_type.as_ref()
}

/// Sizes that are not fixed are left out or named; some writers put 0 or −1 instead.
fn size(dimension: &DimensionProto) -> Option<usize> {
    let size = dimension.dim_value.filter(|size| *size > 0)?;
    usize::try_from(size).ok()
}
