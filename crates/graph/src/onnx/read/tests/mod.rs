//! Files as other writers make them.

mod constants;
mod fixing;
mod forms;
mod inlining;
mod outlining;
mod refusals;
mod stated;

use prost::Message;

use crate::onnx::schema::{
    AttributeProto, DataType, DimensionProto, GraphProto, ModelProto, NodeProto,
    OperatorSetIdProto, TensorProto, TensorShapeProto, TensorTypeProto, TypeProto, ValueInfoProto,
};
use crate::{Graph, ReadError};

/// A file that takes `images` and gives `logits`, of opset 17.
fn file(images: &[&str], logits: &[&str], nodes: Vec<NodeProto>) -> ModelProto {
    let graph = GraphProto {
        node: nodes,
        input: vec![info("images", images)],
        output: vec![info("logits", logits)],
        ..GraphProto::default()
    };
    ModelProto { graph: Some(graph), ..of_opset(17) }
}

fn of_opset(version: i64) -> ModelProto {
    let import = OperatorSetIdProto { domain: None, version: Some(version) };
    ModelProto { ir_version: Some(8), opset_import: vec![import], ..ModelProto::default() }
}

/// A value of 32-bit floats; sizes that are no numbers are names, a `?` is neither.
fn info(name: &str, sizes: &[&str]) -> ValueInfoProto {
    let dimension = |size: &&str| match size.parse() {
        Ok(size) => DimensionProto { dim_value: Some(size), dim_param: None },
        Err(_) if *size == "?" => DimensionProto::default(),
        Err(_) => DimensionProto { dim_value: None, dim_param: Some((*size).to_owned()) },
    };
    let shape = TensorShapeProto { dim: sizes.iter().map(dimension).collect() };
    let elem_type = Some(DataType::Float.into());
    let tensor_type = Some(TensorTypeProto { elem_type, shape: Some(shape) });
    ValueInfoProto { name: Some(name.to_owned()), r#type: Some(TypeProto { tensor_type }) }
}

/// A node whose name is its kind; names are parted by blanks, and a `_` is an input left out.
fn node(kind: &str, inputs: &str, outputs: &str) -> NodeProto {
    let names = |names: &str| names.split(' ').map(|name| name.replace('_', "")).collect();
    NodeProto {
        input: names(inputs),
        output: names(outputs),
        name: Some(kind.to_lowercase()),
        op_type: Some(kind.to_owned()),
        ..NodeProto::default()
    }
}

/// A node with attributes that are lists.
fn with(kind: &str, inputs: &str, outputs: &str, lists: &[(&str, &[i64])]) -> NodeProto {
    let attribute = lists.iter().map(|(name, ints)| ints_attribute(name, ints)).collect();
    NodeProto { attribute, ..node(kind, inputs, outputs) }
}

fn ints_attribute(name: &str, ints: &[i64]) -> AttributeProto {
    let i = (ints.len() == 1).then(|| ints[0]);
    AttributeProto { name: Some(name.to_owned()), ints: ints.to_vec(), i, ..Default::default() }
}

/// A constant of integers, in one axis.
fn integers(name: &str, numbers: &[i64]) -> TensorProto {
    TensorProto {
        name: Some(name.to_owned()),
        dims: vec![numbers.len() as i64],
        data_type: Some(DataType::Int64.into()),
        int64_data: numbers.to_vec(),
        ..TensorProto::default()
    }
}

/// A constant of ones.
fn ones(name: &str, dims: &[i64]) -> TensorProto {
    TensorProto {
        name: Some(name.to_owned()),
        dims: dims.to_vec(),
        data_type: Some(DataType::Float.into()),
        float_data: vec![1.0; dims.iter().product::<i64>() as usize],
        ..TensorProto::default()
    }
}

/// The file with constants.
fn holding(mut file: ModelProto, constants: Vec<TensorProto>) -> ModelProto {
    file.graph.as_mut().unwrap().initializer.extend(constants);
    file
}

fn read(file: &ModelProto) -> Result<Graph, ReadError> {
    super::read(&file.encode_to_vec())
}

fn error(file: &ModelProto) -> String {
    read(file).unwrap_err().to_string()
}

/// Kind and shape of what each node of a graph writes.
fn nodes(graph: &Graph) -> Vec<(&str, Vec<usize>)> {
    let nodes = graph.nodes.iter();
    nodes.map(|node| (node.operator.kind(), graph.value(node.output).shape.clone())).collect()
}
