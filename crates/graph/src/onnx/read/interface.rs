//! What a file takes and gives, and what is to be said about it.

use std::collections::{HashMap, HashSet};

use formbench_protocol::{Declared, DeclaredSize, Interface, OutputCheck};

use super::constant::each_float_bits;
use super::outline::Outline;
use super::{element, file, shape};
use crate::ReadError;
use crate::onnx::schema::{DataType, GraphProto, NodeProto, ValueInfoProto};

/// The least positive 32-bit float that is normal, as bits: below it, some processors compute many times slower.
const LEAST_NORMAL: u32 = 0x0080_0000;
/// All bits of a float but its sign.
const MAGNITUDE: u32 = 0x7fff_ffff;
/// Share of the weights from which subnormal ones are said.
const MANY: f64 = 1e-4;
/// Operators that choose by value: what follows from them has no order of its own, or another size in every inference.
const CHOOSING: [&str; 4] = ["NonMaxSuppression", "NonZero", "TopK", "Unique"];
/// Operators that round to eight bits, or compute with such numbers alone.
const ROUNDING: [&str; 6] = [
    "ConvInteger",
    "DynamicQuantizeLinear",
    "MatMulInteger",
    "QLinearConv",
    "QLinearMatMul",
    "QuantizeLinear",
];

/// Returns what a file takes and gives, with a remark on each thing that is mended or deserves attention.
///
/// # Errors
/// It is no ONNX file, or has an operator of another domain or settings that contradict each other; or a file with weights can
/// no longer be read.
pub fn interface(outline: &Outline<'_>) -> Result<Interface, ReadError> {
    let (graph, _) = file::model(&outline.model)?;
    let inputs = file::inputs(&graph);
    let constants = graph.input.len() - inputs.len();
    let symbolic = graph.value_info.iter().filter(|info| shape::fixed(info).is_none()).count();
    let checks = checks(&graph);
    let remarks = [
        (constants > 0).then(|| {
            format!("{constants} constants are listed as inputs; they are constants for every engine here, so that it can compute with them beforehand")
        }),
        (symbolic > 0).then(|| {
            format!("what it states of {symbolic} values between its nodes is left out: it is not of fixed size")
        }),
        subnormal(&graph, outline)?,
        said(
            &graph,
            &checks,
            |check| check.eight_bit,
            "computed with eight-bit integers, so that engines may differ by a few of their steps",
        ),
        said(
            &graph,
            &checks,
            |check| check.set,
            "chosen by value, and compared as sets whose order is free",
        ),
    ];
    Ok(Interface {
        inputs: inputs.into_iter().map(declared).collect(),
        outputs: graph.output.iter().map(declared).collect(),
        checks,
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

/// Returns how each output is held against another engine's, by the nodes on the way to it; bodies of branches and loops are
/// not looked into.
fn checks(graph: &GraphProto) -> Vec<OutputCheck> {
    let givers = graph.node.iter().flat_map(|node| node.output.iter().map(move |it| (&**it, node)));
    // What is left out has an empty name.
    let givers: HashMap<&str, &NodeProto> = givers.filter(|(name, _)| !name.is_empty()).collect();
    let check = |output: &ValueInfoProto| {
        let (mut seen, mut open) = (HashSet::new(), vec![output.name()]);
        let mut check = OutputCheck::default();
        while let Some(name) = open.pop() {
            let Some(node) = givers.get(name).filter(|_| seen.insert(name)) else { continue };
            check.set |= CHOOSING.contains(&node.op_type());
            check.eight_bit |= ROUNDING.contains(&node.op_type());
            open.extend(node.input.iter().map(|input| &**input));
        }
        check
    };
    graph.output.iter().map(check).collect()
}

/// Says which outputs are checked in one way, if there are any.
fn said(
    graph: &GraphProto,
    checks: &[OutputCheck],
    is_so: impl Fn(&OutputCheck) -> bool,
    what: &str,
) -> Option<String> {
    let outputs = graph.output.iter().zip(checks).filter(|(_, check)| is_so(check));
    let names: Vec<String> = outputs.map(|(info, _)| format!("`{}`", info.name())).collect();
    (!names.is_empty()).then(|| format!("outputs {what}: {}", names.join(", ")))
}

/// Says what share of the weights is subnormal, if it is not nothing.
fn subnormal(graph: &GraphProto, outline: &Outline<'_>) -> Result<Option<String>, ReadError> {
    let (mut all, mut found) = (0_u64, 0_u64);
    let mut see = |bits: u32| {
        let magnitude = bits & MAGNITUDE;
        all += 1;
        found += u64::from(magnitude > 0 && magnitude < LEAST_NORMAL);
    };
    let kind = Some(DataType::Float.into());
    for tensor in graph.initializer.iter().filter(|tensor| tensor.data_type == kind) {
        match tensor.raw_data.as_deref() {
            Some(bytes) => each_float_bits(bytes, &mut see),
            None => tensor.float_data.iter().map(|float| float.to_bits()).for_each(&mut see),
        }
    }
    outline.each_floats(|bytes| each_float_bits(bytes, &mut see))?;
    let share = found as f64 / all.max(1) as f64;
    Ok((share >= MANY).then(|| {
        format!(
            "{:.2} % of its weights are subnormal (below 1.2e-38), with which some processors compute many times slower",
            share * 100.0
        )
    }))
}
