//! What a file takes and gives, and what is to be said about it.

use formbench_protocol::{Declared, DeclaredSize, Interface};

use super::constant::float_bits;
use super::{element, file, shape};
use crate::ReadError;
use crate::onnx::schema::{DataType, GraphProto, ValueInfoProto};

/// The least positive 32-bit float that is normal, as bits: below it, some processors compute many times slower.
const LEAST_NORMAL: u32 = 0x0080_0000;
/// All bits of a float but its sign.
const MAGNITUDE: u32 = 0x7fff_ffff;
/// Share of the weights from which subnormal ones are said.
const MANY: f64 = 1e-4;

/// Returns what a file takes and gives, with a remark on each thing that is mended or deserves attention.
///
/// # Errors
/// It is no ONNX file, refers to another one, or has an operator of another domain or settings that contradict each
/// other.
pub fn interface(bytes: &[u8]) -> Result<Interface, ReadError> {
    let (graph, _) = file::model(bytes)?;
    let inputs = file::inputs(&graph);
    let constants = graph.input.len() - inputs.len();
    let symbolic = graph.value_info.iter().filter(|info| shape::fixed(info).is_none()).count();
    let remarks = [
        (constants > 0).then(|| {
            format!("{constants} constants are listed as inputs; they are constants for every engine here, so that it can compute with them beforehand")
        }),
        (symbolic > 0).then(|| {
            format!("what it states of {symbolic} values between its nodes is left out: it is not of fixed size")
        }),
        subnormal(&graph),
    ];
    Ok(Interface {
        inputs: inputs.into_iter().map(declared).collect(),
        outputs: graph.output.iter().map(declared).collect(),
        remarks: remarks.into_iter().flatten().collect(),
    })
}

fn declared(info: &ValueInfoProto) -> Declared {
    let size = |(size, name): (Option<usize>, String)| match size {
        Some(size) => DeclaredSize::Fixed(size as u64),
        None => DeclaredSize::Open(name),
    };
    let sizes = shape::named_sizes(info);
    Declared {
        name: info.name().to_owned(),
        element_type: element::element_type(shape::elements(info)),
        sizes: sizes.map(|sizes| sizes.into_iter().map(size).collect()),
    }
}

/// Says what share of the weights is subnormal, if it is not nothing.
fn subnormal(graph: &GraphProto) -> Option<String> {
    let is_float = |tensor: &&crate::onnx::schema::TensorProto| {
        tensor.data_type == Some(DataType::Float.into())
    };
    let (mut all, mut found) = (0_u64, 0_u64);
    for tensor in graph.initializer.iter().filter(is_float) {
        let magnitudes = float_bits(tensor).into_iter().map(|bits| bits & MAGNITUDE);
        for magnitude in magnitudes {
            all += 1;
            found += u64::from(magnitude > 0 && magnitude < LEAST_NORMAL);
        }
    }
    let share = found as f64 / all.max(1) as f64;
    (share >= MANY).then(|| {
        format!(
            "{:.2} % of its weights are subnormal (below 1.2e-38), with which some processors compute many times slower",
            share * 100.0
        )
    })
}
