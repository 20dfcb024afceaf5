use std::collections::{HashMap, HashSet};

use super::broadcast::elements;
use super::numbers::Constant;
use super::rule::{self, Becomes, Computed};
use super::source::{Source, source};
use super::{element, file, fold, shape};
use crate::onnx::schema::{GraphProto, NodeProto, TensorProto, ValueInfoProto};
use crate::{Element, Graph, Node, Operator, ReadError, Value, ValueId};

/// Elements of one value: 32 GiB of floats. Counts of what computes on them fit into 64 bits.
const MOST_ELEMENTS: usize = 1 << 33;

/// Shapes and elements that a file states of its values, by their names.
pub(super) type Stated = HashMap<String, (Vec<usize>, Element)>;

/// How the constants of a file are read.
pub(super) type ReadConstant = fn(&TensorProto) -> Result<Constant, ReadError>;

/// The graph so far.
pub(super) struct Reader {
    graph: Graph,
    opset: i64,
    /// Values by their names in the file.
    ids: HashMap<String, ValueId>,
    /// Values that no graph can hold: errors as soon as they are read.
    unreadable: HashMap<String, ReadError>,
    /// Names of nodes.
    taken: HashSet<String>,
    stated: Stated,
}

impl Reader {
    /// Returns a reader that knows the constants and inputs of a file.
    ///
    /// # Errors
    /// An input's shape is not fixed, or two values have one name.
    pub fn new(
        file: &GraphProto,
        opset: i64,
        stated: Stated,
        constant: ReadConstant,
    ) -> Result<Self, ReadError> {
        let (graph, ids) = (Graph::default(), HashMap::new());
        let mut reader =
            Self { graph, opset, ids, unreadable: HashMap::new(), taken: HashSet::new(), stated };
        for tensor in &file.initializer {
            reader.initializer(tensor, constant)?;
        }
        for info in file::inputs(file) {
            let input = reader.input(info)?;
            reader.graph.inputs.push(input);
        }
        Ok(reader)
    }

    /// Adds a node of the file, or what it stands for.
    ///
    /// # Errors
    /// The node cannot be read.
    pub fn node(&mut self, node: &NodeProto, place: usize) -> Result<(), ReadError> {
        let pairs = pairs(node);
        if pairs.is_empty() {
            return self.one(node, place);
        }
        pairs.iter().try_for_each(|pair| self.one(pair, place))
    }

    fn one(&mut self, node: &NodeProto, place: usize) -> Result<(), ReadError> {
        let inputs = node.input.iter().map(|name| self.read(name));
        let inputs = inputs.collect::<Result<Vec<_>, ReadError>>()?;
        let source = source(node, place, self.opset, &self.graph, inputs);
        let outputs = match rule::outputs(&source) {
            Ok(outputs) => outputs,
            Err(error) => self.other(node, &source).ok_or(error)?,
        };
        let behind = node.output.iter().skip(outputs.len()).filter(|name| !name.is_empty());
        let without_rule =
            |name: &String| (name.clone(), source.error(format!("gives no `{name}` here")));
        self.unreadable.extend(behind.map(without_rule));
        let name = source.name;
        for (output, becomes) in node.output.iter().zip(outputs) {
            self.output(output, becomes, &name)?;
        }
        Ok(())
    }

    /// Returns what a node without a rule gives, if the file states the shape of all of it. The first output stands for the
    /// node; the others are given by nothing.
    fn other(&self, node: &NodeProto, source: &Source<'_>) -> Option<Vec<Becomes>> {
        let inputs: Vec<ValueId> = source.inputs.iter().copied().flatten().collect();
        let first = node.output.iter().position(|name| !name.is_empty());
        let outputs = node.output.iter().enumerate().map(|(at, name)| {
            // What has no name is dropped.
            let nothing = (Vec::new(), Element::F32);
            let (shape, element) =
                if name.is_empty() { nothing } else { self.stated.get(name)?.clone() };
            let operator = Operator::Other { kind: node.op_type().to_owned() };
            let inputs = if Some(at) == first { inputs.clone() } else { Vec::new() };
            Some(Becomes::Computed(Computed { operator, inputs, shape, element }))
        });
        outputs.collect()
    }

    /// Returns the graph, without constants that only settings were read from.
    ///
    /// # Errors
    /// An output is written by no node.
    pub fn finish(mut self, file: &GraphProto) -> Result<Graph, ReadError> {
        for info in &file.output {
            let output = self.read(info.name())?.ok_or_else(|| unwritten(info.name()))?;
            self.graph.outputs.push(output);
        }
        Ok(without_unused(self.graph))
    }

    fn initializer(
        &mut self,
        tensor: &TensorProto,
        constant: ReadConstant,
    ) -> Result<(), ReadError> {
        match constant(tensor) {
            Ok(constant) => self.known(tensor.name(), constant),
            Err(error) => {
                self.unreadable.insert(tensor.name().to_owned(), error);
                Ok(())
            }
        }
    }

    fn input(&mut self, info: &ValueInfoProto) -> Result<ValueId, ReadError> {
        let value = format!("input `{}`", info.name());
        let kind = shape::elements(info);
        let element = element::element(kind).ok_or_else(|| ReadError::Element {
            value: value.clone(),
            found: element::name(kind),
            expected: "f32, f16, f64, i64, i32, i8, u8 or bool",
        })?;
        let shape = shape::fixed(info).ok_or_else(|| ReadError::Shape {
            value,
            found: shape::shown(info),
            expected: "a shape of fixed sizes".to_owned(),
            remedy: "give it one by `onnx::fix_input`",
        })?;
        let name = info.name().to_owned();
        self.value(Value { name, shape, element, constant: None })
    }

    /// Returns a value by its name in the file; nothing for an empty one.
    fn read(&self, name: &str) -> Result<Option<ValueId>, ReadError> {
        if name.is_empty() {
            return Ok(None);
        }
        if let Some(error) = self.unreadable.get(name) {
            return Err(error.clone());
        }
        self.ids.get(name).copied().map(Some).ok_or_else(|| unwritten(name))
    }

    fn output(&mut self, name: &str, becomes: Becomes, node: &str) -> Result<(), ReadError> {
        match becomes {
            _ if name.is_empty() => Ok(()),
            Becomes::Same(id) => self.named(name, id),
            Becomes::Known(constant) => self.known(name, constant),
            Becomes::Computed(computed) => match self.folded(&computed) {
                Some(constant) => self.known(name, constant),
                None => self.computed(name, computed, node),
            },
        }
    }

    /// Returns what a node computes if all that it reads is constant.
    fn folded(&self, computed: &Computed) -> Option<Constant> {
        let mut values = computed.inputs.iter().map(|id| self.graph.value(*id));
        // Asked first: elements are copied.
        if values.any(|value| value.constant.is_none()) {
            return None;
        }
        let inputs = computed.inputs.iter().map(|id| Constant::of(self.graph.value(*id)));
        fold::fold(computed, &inputs.collect::<Option<Vec<_>>>()?)
    }

    fn computed(&mut self, name: &str, computed: Computed, node: &str) -> Result<(), ReadError> {
        let Computed { operator, inputs, shape, element } = computed;
        let output = self.value(Value { name: name.to_owned(), shape, element, constant: None })?;
        let node = self.free(node);
        self.graph.nodes.push(Node { name: node, operator, inputs, output });
        Ok(())
    }

    fn known(&mut self, name: &str, constant: Constant) -> Result<(), ReadError> {
        self.value(constant.value(name.to_owned())).map(|_| ())
    }

    fn value(&mut self, value: Value) -> Result<ValueId, ReadError> {
        let id = ValueId(self.graph.values.len());
        if elements(&value.shape).is_none_or(|elements| elements > MOST_ELEMENTS) {
            return Err(ReadError::Value { value: value.name, reason: "is larger than memory" });
        }
        self.named(&value.name, id)?;
        self.graph.values.push(value);
        Ok(id)
    }

    fn named(&mut self, name: &str, id: ValueId) -> Result<(), ReadError> {
        match self.ids.insert(name.to_owned(), id) {
            None => Ok(()),
            Some(_) => Err(ReadError::Value { value: name.to_owned(), reason: "is written twice" }),
        }
    }

    /// Returns a name for a node that no other has.
    fn free(&mut self, wish: &str) -> String {
        let numbered = (2..).map(|number| format!("{wish}_{number}"));
        let mut names = std::iter::once(wish.to_owned()).chain(numbered);
        names.find(|name| self.taken.insert(name.clone())).unwrap_or_default()
    }
}

/// Operators that read as many values as there are, two of which at a time graphs know.
const OF_MANY: [&str; 3] = ["Max", "Min", "Sum"];

/// Returns a node that reads more than two values as nodes that read two; nothing if it is none.
fn pairs(node: &NodeProto) -> Vec<NodeProto> {
    let [first, rest @ ..] = node.input.as_slice() else { return Vec::new() };
    let Some(output) = node.output.first() else { return Vec::new() };
    if rest.len() < 2 || !OF_MANY.contains(&node.op_type()) {
        return Vec::new();
    }
    let mut so_far = first.clone();
    let last = rest.len() - 1;
    let pair = |(at, next): (usize, &String)| {
        let written = if at == last { output.clone() } else { format!("{output}/{at}") };
        let input = vec![std::mem::replace(&mut so_far, written.clone()), next.clone()];
        NodeProto { input, output: vec![written], ..node.clone() }
    };
    rest.iter().enumerate().map(pair).collect()
}

fn unwritten(name: &str) -> ReadError {
    let reason = "is read, and nothing before writes it";
    ReadError::Value { value: name.to_owned(), reason }
}

/// Returns the graph with those of its constants alone that something reads.
fn without_unused(graph: Graph) -> Graph {
    let read = graph.nodes.iter().flat_map(|node| &node.inputs).chain(&graph.outputs);
    let read: HashSet<ValueId> = read.copied().collect();
    let mut new_ids = HashMap::new();
    let mut values = Vec::new();
    for (index, value) in graph.values.into_iter().enumerate() {
        if value.constant.is_none() || read.contains(&ValueId(index)) {
            new_ids.insert(ValueId(index), ValueId(values.len()));
            values.push(value);
        }
    }
    let new = |ids: Vec<ValueId>| ids.iter().map(|id| new_ids[id]).collect();
    let moved = |node: Node| Node {
        inputs: new(node.inputs.clone()),
        output: new_ids[&node.output],
        ..node
    };
    Graph {
        values,
        nodes: graph.nodes.into_iter().map(moved).collect(),
        inputs: new(graph.inputs),
        outputs: new(graph.outputs),
    }
}
