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
const IR_VERSION: usize = 1;
const GRAPH: usize = 7;
const INPUT: usize = 11;
const OUTPUT: usize = 12;
const VALUE_INFO: usize = 13;

/// The first version of the format in which a constant need not be an input too.
const CONSTANTS_APART: usize = 4;

const OTHER_SHAPE: &str = "measure it with that shape, or export it with axes that are not fixed";
const NO_LOGITS: &str = "only logits of whole images can be compared";

/// Returns a file whose one input is images of a given shape, which the file may leave open in part, mended as
/// [`fix_inputs`] does.
///
/// # Shapes
/// - `images`: `[batch, channels, height, width]`
///
/// # Errors
/// As [`fix_inputs`]. The file has more than one input, or its input holds other elements than 32-bit floats. Of several
/// images, an output's first size is not their number.
pub fn fix_input(bytes: &[u8], images: &[usize]) -> Result<Vec<u8>, ReadError> {
    let (graph, _) = file::model(bytes)?;
    let given = one_input(&file::inputs(&graph))?;
    check_floats(given)?;
    let batch = images.first().copied().unwrap_or_default();
    for output in &graph.output {
        check_output(output, batch)?;
    }
    let outputs = graph.output.iter().map(|output| described(output, logits(output, batch)));
    mended(bytes, &graph, &[(given.name(), images)], outputs.collect())
}

/// Returns a file whose inputs have given shapes, which the file may leave open in part; in the file's order.
///
/// What the file says badly is mended: constants that are listed as inputs are inputs no more, since engines cannot
/// compute with them beforehand, and what it states of the values between its nodes is dropped, since it is often
/// symbolic or wrong and follows from the inputs. Everything else stays as it is, except the sizes of the inputs.
///
/// # Errors
/// It is no ONNX file, refers to another one, or has an operator of another domain or settings that contradict each
/// other. It has other inputs than these, or an input of another fixed shape.
pub fn fix_inputs(bytes: &[u8], shapes: &[(&str, &[usize])]) -> Result<Vec<u8>, ReadError> {
    let (graph, _) = file::model(bytes)?;
    let outputs = graph.output.iter().map(|output| described(output, shape::sizes(output)));
    mended(bytes, &graph, shapes, outputs.collect())
}

fn mended(
    bytes: &[u8],
    graph: &GraphProto,
    shapes: &[(&str, &[usize])],
    outputs: Vec<ValueInfoProto>,
) -> Result<Vec<u8>, ReadError> {
    if graph.output.is_empty() {
        return Err(ReadError::Count { what: "outputs", names: Vec::new() });
    }
    let inputs = file::inputs(graph);
    check_names(&inputs, shapes)?;
    let fixed = |(info, (_, shape)): (&&ValueInfoProto, &(&str, &[usize]))| {
        check_input(info, shape)?;
        Ok(described(info, Some(shape.iter().copied().map(Some).collect())))
    };
    let inputs = inputs.iter().zip(shapes).map(fixed).collect::<Result<_, ReadError>>()?;
    Mended { inputs, outputs }.within(bytes, graph)
}

/// What replaces the inputs and the outputs.
struct Mended {
    /// Those that are no constants.
    inputs: Vec<ValueInfoProto>,
    outputs: Vec<ValueInfoProto>,
}

impl Mended {
    fn within(&self, bytes: &[u8], graph: &GraphProto) -> Result<Vec<u8>, ReadError> {
        let has_constants = graph.input.len() > self.inputs.len();
        let mut mended = Vec::with_capacity(bytes.len());
        for field in fields(bytes)? {
            match field.number {
                GRAPH => wire::put(GRAPH, &self.within_graph(field.content)?, &mut mended)?,
                // Readers of older versions take constants from the inputs alone.
                IR_VERSION if has_constants => {
                    let version = field.value()?.max(CONSTANTS_APART);
                    wire::put_number(IR_VERSION, version, &mut mended)?;
                }
                _ => mended.extend_from_slice(field.whole),
            }
        }
        Ok(mended)
    }

    fn within_graph(&self, bytes: &[u8]) -> Result<Vec<u8>, ReadError> {
        let mut mended = Vec::with_capacity(bytes.len());
        for field in fields(bytes)? {
            if ![INPUT, OUTPUT, VALUE_INFO].contains(&field.number) {
                mended.extend_from_slice(field.whole);
            }
        }
        let inputs = self.inputs.iter().map(|info| (INPUT, info));
        for (number, info) in inputs.chain(self.outputs.iter().map(|info| (OUTPUT, info))) {
            wire::put(number, &info.encode_to_vec(), &mut mended)?;
        }
        Ok(mended)
    }
}

fn one_input<'i>(inputs: &[&'i ValueInfoProto]) -> Result<&'i ValueInfoProto, ReadError> {
    match inputs {
        [one] => Ok(one),
        several => {
            let names = several.iter().map(|info| info.name().to_owned()).collect();
            Err(ReadError::Count { what: "inputs", names })
        }
    }
}

fn check_names(inputs: &[&ValueInfoProto], shapes: &[(&str, &[usize])]) -> Result<(), ReadError> {
    let found: Vec<String> = inputs.iter().map(|info| info.name().to_owned()).collect();
    let given: Vec<String> = shapes.iter().map(|(name, _)| (*name).to_owned()).collect();
    if found == given { Ok(()) } else { Err(ReadError::Inputs { found, given }) }
}

fn check_input(info: &ValueInfoProto, expected: &[usize]) -> Result<(), ReadError> {
    let Some(sizes) = shape::sizes(info) else { return Ok(()) };
    let fits = |(size, expected): (&Option<usize>, &usize)| size.is_none_or(|it| it == *expected);
    if sizes.len() == expected.len() && sizes.iter().zip(expected).all(fits) {
        return Ok(());
    }
    let value = format!("input `{}`", info.name());
    let (found, expected) = (shape::shown(info), shape::listed(expected));
    Err(ReadError::Shape { value, found, expected, remedy: OTHER_SHAPE })
}

fn check_output(info: &ValueInfoProto, batch: usize) -> Result<(), ReadError> {
    match shape::sizes(info).as_deref() {
        // All that one image gives is of that image.
        None | Some([None, ..]) => Ok(()),
        Some(_) if batch == 1 => Ok(()),
        Some([Some(images), ..]) if *images == batch => Ok(()),
        Some(_) => {
            let value = format!("output `{}`", info.name());
            let (found, expected) = (shape::shown(info), format!("[{batch}, …]"));
            Err(ReadError::Shape { value, found, expected, remedy: NO_LOGITS })
        }
    }
}

fn check_floats(info: &ValueInfoProto) -> Result<(), ReadError> {
    let found = shape::elements(info);
    if found == DataType::Float as i32 {
        return Ok(());
    }
    let (value, found) = (format!("input `{}`", info.name()), element::name(found));
    Err(ReadError::Element { value, found, expected: "f32" })
}

/// The sizes of an output of images, as far as the file states them: those that depend on the images stay open, but for the
/// batch of logits.
fn logits(info: &ValueInfoProto, batch: usize) -> Option<Vec<Option<usize>>> {
    let mut sizes = shape::sizes(info)?;
    if let [first @ None, _] = sizes.as_mut_slice() {
        *first = Some(batch);
    }
    Some(sizes)
}

/// Returns a value under its name and with its kind of elements, of other sizes.
fn described(info: &ValueInfoProto, sizes: Option<Vec<Option<usize>>>) -> ValueInfoProto {
    let dimension = |size: Option<usize>| {
        let dim_value = size.and_then(|size| dims(&[size]).first().copied());
        DimensionProto { dim_value, dim_param: None }
    };
    let shape = |sizes: Vec<Option<usize>>| TensorShapeProto {
        dim: sizes.into_iter().map(dimension).collect(),
    };
    let stated = info.r#type.as_ref().and_then(|of| of.tensor_type.as_ref());
    let elem_type = stated.and_then(|tensor| tensor.elem_type);
    let tensor_type = Some(TensorTypeProto { elem_type, shape: sizes.map(shape) });
    ValueInfoProto { name: info.name.clone(), r#type: Some(TypeProto { tensor_type }) }
}
