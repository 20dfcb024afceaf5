use std::collections::{HashMap, HashSet};

use super::draft::{Draft, DraftNode};
use super::lower::Signature;
use super::names::Names;
use super::{Constant, Origin};
use crate::{Graph, GraphRecordError, Node, Value, ValueId};

/// Returns the graph of a draft, with names for all that it holds.
///
/// # Errors
/// The output is not computed from the input.
pub(crate) fn graph(
    draft: &Draft,
    signature: &Signature<'_>,
    names: &Names,
) -> Result<Graph, GraphRecordError> {
    let nothing = || signature.nothing();
    let output = draft.output().ok_or_else(nothing)?;
    draft.producer(output).ok_or_else(nothing)?;
    let mut naming = Naming::new(draft, names);
    let input = naming.value(ValueId(0), signature.input_name.to_owned());
    naming.taken.insert(signature.output_name.to_owned());
    for node in draft.nodes() {
        let is_output = node.output == output;
        naming.node(node, is_output.then_some(signature.output_name));
    }
    let outputs = vec![naming.ids[&output]];
    let Naming { values, nodes, .. } = naming;
    Ok(Graph { values, nodes, inputs: vec![input], outputs })
}

struct Naming<'a> {
    draft: &'a Draft,
    names: &'a Names,
    taken: HashSet<String>,
    kinds: HashMap<String, usize>,
    ids: HashMap<ValueId, ValueId>,
    values: Vec<Value>,
    nodes: Vec<Node>,
}

impl<'a> Naming<'a> {
    fn new(draft: &'a Draft, names: &'a Names) -> Self {
        let (values, nodes) = (Vec::new(), Vec::new());
        let (kinds, ids) = (HashMap::new(), HashMap::new());
        Self { draft, names, taken: HashSet::new(), kinds, ids, values, nodes }
    }

    fn node(&mut self, node: &DraftNode, output_name: Option<&str>) {
        let inputs = node.inputs.iter().map(|id| self.input(*id)).collect();
        let constants = node.inputs.iter().filter_map(|id| self.draft.constant(*id));
        let name = match self.names.module(constants) {
            Some(module) => self.unique(module),
            None => self.numbered(node.operator.kind()),
        };
        let output = output_name.unwrap_or(&name).to_owned();
        let output = self.value(node.output, output);
        self.nodes.push(Node { name, operator: node.operator.clone(), inputs, output });
    }

    /// Returns the id of a value that a node reads: a constant is named at its first reader.
    fn input(&mut self, id: ValueId) -> ValueId {
        if let Some(known) = self.ids.get(&id) {
            return *known;
        }
        let name = match self.draft.constant(id) {
            Some(constant) => self.constant(constant),
            None => self.numbered("Value"),
        };
        self.value(id, name)
    }

    fn constant(&mut self, constant: &Constant) -> String {
        match (self.names.of(constant), &constant.derived_from, &constant.origin) {
            (Some(path), _, _) => self.unique(path.to_string()),
            (None, Some(path), Origin::Reshaped(_)) => self.unique(path.to_string()),
            (None, Some(path), _) => self.unique(format!("{path}.folded")),
            (None, None, _) => self.numbered("Constant"),
        }
    }

    fn value(&mut self, id: ValueId, name: String) -> ValueId {
        let value = self.draft.value(id);
        let constant = value.constant.as_ref().map(Constant::data);
        let (shape, element) = (value.shape.clone(), value.element);
        self.taken.insert(name.clone());
        self.values.push(Value { name, shape, element, constant });
        let known = ValueId(self.values.len() - 1);
        self.ids.insert(id, known);
        known
    }

    fn unique(&mut self, name: String) -> String {
        let numbered = (1..).map(|number| format!("{name}_{number}"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        let free = names.find(|name| !self.taken.contains(name)).unwrap_or(name);
        self.taken.insert(free.clone());
        free
    }

    fn numbered(&mut self, kind: &str) -> String {
        let number = self.kinds.entry(kind.to_owned()).or_default();
        let name = format!("{kind}_{number}");
        *number += 1;
        self.unique(name)
    }
}
