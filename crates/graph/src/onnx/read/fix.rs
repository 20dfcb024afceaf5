use prost::Message;

use super::wire::{self, fields};
use super::{element, file, shape};
use crate::ReadError;
use crate::onnx::schema::{
    DataType, DimensionProto, GraphProto, TensorShapeProto, TensorTypeProto, TypeProto,
    ValueInfoProto,
};
use crate::onnx::tensor::dims;

/// Numbers of fields: of the model, and of its graph.
const GRAPH: usize = 7;
const INPUT: usize = 11;
const OUTPUT: usize = 12;
const VALUE_INFO: usize = 13;

const OTHER_SHAPE: &str = "measure it with that shape, or export it with axes that are not fixed";
const NO_LOGITS: &str = "only logits of whole images can be compared";

/// Returns a file whose one input has a given shape, which the file may leave open in part.
///
/// Everything stays as it is, except the sizes of the input and the output, and what the file
/// states of values between. A file whose input has that shape already is returned unchanged.
///
/// # Shapes
/// - `input`: `[batch, channels, height, width]`
///
/// # Errors
/// It is no ONNX file, refers to another one, or has an operator of another domain. It has more
/// than one input or output, an input of another fixed shape, or, of several images, an output whose first size is
/// not their number. It takes or gives other elements than 32-bit floats.
pub fn fix_input(bytes: &[u8], input: &[usize]) -> Result<Vec<u8>, ReadError> {
    let (graph, _) = file::model(bytes)?;
    let given = one("inputs", &file::inputs(&graph))?.clone();
    let output = one("outputs", &graph.output.iter().collect::<Vec<_>>())?.clone();
    check_input(&given, input)?;
    let batch = input.first().copied().unwrap_or_default();
    check_output(&output, batch)?;
    if shape::fixed(&given).is_some() {
        return Ok(bytes.to_vec());
    }
    let sizes = dims(input).into_iter().map(Some);
    let fixed = Fixed {
        input: described(&given, Some(sizes.collect())),
        output: described(&output, output_sizes(&output, batch)),
    };
    fixed.within(bytes, &graph)
}

/// What replaces the input and the output.
struct Fixed {
    input: ValueInfoProto,
    output: ValueInfoProto,
}

impl Fixed {
    fn within(&self, bytes: &[u8], graph: &GraphProto) -> Result<Vec<u8>, ReadError> {
        let mut fixed = Vec::with_capacity(bytes.len());
        for field in fields(bytes)? {
            match field.number {
                GRAPH => wire::put(GRAPH, &self.within_graph(field.content, graph)?, &mut fixed)?,
                _ => fixed.extend_from_slice(field.whole),
            }
        }
        Ok(fixed)
    }

    fn within_graph(&self, bytes: &[u8], graph: &GraphProto) -> Result<Vec<u8>, ReadError> {
        let mut fixed = Vec::with_capacity(bytes.len());
        // Of several inputs all but one are constants, whose sizes are right.
        let mut inputs = graph.input.iter();
        for field in fields(bytes)? {
            let is_it = |info: &ValueInfoProto| info.name == self.input.name;
            match field.number {
                INPUT if inputs.next().is_some_and(is_it) => {
                    wire::put(INPUT, &self.input.encode_to_vec(), &mut fixed)?;
                }
                OUTPUT => wire::put(OUTPUT, &self.output.encode_to_vec(), &mut fixed)?,
                VALUE_INFO => {}
                _ => fixed.extend_from_slice(field.whole),
            }
        }
        Ok(fixed)
    }
}

fn one<'i>(
    what: &'static str,
    infos: &[&'i ValueInfoProto],
) -> Result<&'i ValueInfoProto, ReadError> {
    match infos {
        [one] => Ok(one),
        several => {
            let names = several.iter().map(|info| info.name().to_owned()).collect();
            Err(ReadError::Count { what, names })
        }
    }
}

fn check_input(info: &ValueInfoProto, expected: &[usize]) -> Result<(), ReadError> {
    let value = format!("input `{}`", info.name());
    check_element(info, &value)?;
    let Some(sizes) = shape::sizes(info) else { return Ok(()) };
    let fits = |(size, expected): (&Option<usize>, &usize)| size.is_none_or(|it| it == *expected);
    if sizes.len() == expected.len() && sizes.iter().zip(expected).all(fits) {
        return Ok(());
    }
    let (found, expected) = (shape::shown(info), shape::listed(expected));
    Err(ReadError::Shape { value, found, expected, remedy: OTHER_SHAPE })
}

fn check_output(info: &ValueInfoProto, batch: usize) -> Result<(), ReadError> {
    let value = format!("output `{}`", info.name());
    check_element(info, &value)?;
    match shape::sizes(info).as_deref() {
        // All that one image gives is of that image.
        None | Some([None, ..]) => Ok(()),
        Some(_) if batch == 1 => Ok(()),
        Some([Some(images), ..]) if *images == batch => Ok(()),
        Some(_) => {
            let (found, expected) = (shape::shown(info), format!("[{batch}, …]"));
            Err(ReadError::Shape { value, found, expected, remedy: NO_LOGITS })
        }
    }
}

fn check_element(info: &ValueInfoProto, value: &str) -> Result<(), ReadError> {
    let found = shape::elements(info);
    if found == DataType::Float as i32 {
        return Ok(());
    }
    let found = element::name(found);
    Err(ReadError::Element { value: value.to_owned(), found, expected: "f32" })
}

/// The sizes of the output, as far as the file states them: those that depend on the images stay open, but for the batch
/// of logits.
fn output_sizes(info: &ValueInfoProto, batch: usize) -> Option<Vec<Option<i64>>> {
    let sizes = shape::sizes(info)?;
    let is_logits = sizes.len() == 2;
    let size = |(at, size): (usize, &Option<usize>)| {
        let stated = size.map(|size| size as i64);
        stated.or((at == 0 && is_logits).then_some(batch as i64))
    };
    Some(sizes.iter().enumerate().map(size).collect())
}

fn described(info: &ValueInfoProto, sizes: Option<Vec<Option<i64>>>) -> ValueInfoProto {
    let dimension = |dim_value| DimensionProto { dim_value, dim_param: None };
    let shape = |sizes: Vec<Option<i64>>| TensorShapeProto {
        dim: sizes.into_iter().map(dimension).collect(),
    };
    let elem_type = Some(DataType::Float.into());
    let tensor_type = Some(TensorTypeProto { elem_type, shape: sizes.map(shape) });
    ValueInfoProto { name: info.name.clone(), r#type: Some(TypeProto { tensor_type }) }
}
