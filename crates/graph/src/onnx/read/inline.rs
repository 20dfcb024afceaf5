//! Functions that a file defines are written out where they are called: not every engine knows them.

use std::collections::HashMap;

use prost::Message;

use super::wire::{self, Field, fields};
use crate::ReadError;
use crate::onnx::schema::OperatorSetIdProto;

/// Numbers of fields: of the model, its graph, a function, a node, and an attribute.
const GRAPH: usize = 7;
const FUNCTION: usize = 25;
const OPSET: usize = 8;
const GRAPH_NODE: usize = 1;
const FUNCTION_NAME: usize = 1;
const FUNCTION_INPUT: usize = 4;
const FUNCTION_OUTPUT: usize = 5;
const FUNCTION_NODE: usize = 7;
const FUNCTION_OPSET: usize = 9;
const FUNCTION_DOMAIN: usize = 10;
const FUNCTION_DEFAULT: usize = 11;
const INPUT: usize = 1;
const OUTPUT: usize = 2;
const NAME: usize = 3;
const KIND: usize = 4;
const ATTRIBUTE: usize = 5;
const DOMAIN: usize = 7;
const ATTRIBUTE_NAME: usize = 1;
const ATTRIBUTE_GRAPHS: [usize; 2] = [6, 11];
const ATTRIBUTE_OF_CALL: usize = 21;

/// Functions that may call each other, and nodes that they may become in all.
const DEEPEST: usize = 32;
const MOST_NODES: usize = 1_000_000;
/// Bytes that they may become: what a message can hold.
const MOST_BYTES: usize = i32::MAX as usize;

/// A function of the file.
struct Function<'f> {
    inputs: Vec<&'f [u8]>,
    outputs: Vec<&'f [u8]>,
    /// Attributes that hold where a call does not state them, by name.
    defaults: HashMap<&'f [u8], &'f [u8]>,
    nodes: Vec<&'f [u8]>,
    opsets: Vec<OperatorSetIdProto>,
}

/// What functions are called by: domain and name.
type Called<'f> = (&'f [u8], &'f [u8]);

/// Returns a file whose nodes are no functions of its own; a file without functions is returned as it is.
///
/// # Errors
/// It is no ONNX file; a function calls itself, has branches or loops, or is of other versions of operators than the file.
pub fn inline(bytes: Vec<u8>) -> Result<Vec<u8>, ReadError> {
    let model = fields(&bytes)?;
    let mut functions = HashMap::new();
    for field in model.iter().filter(|field| field.number == FUNCTION) {
        let (called, function) = function(field.content)?;
        if functions.insert(called, function).is_some() {
            return Err(refusal(b"", called, "is defined several times"));
        }
    }
    if functions.is_empty() {
        return Ok(bytes);
    }
    let of_number = |number: usize| model.iter().filter(move |field| field.number == number);
    let opsets = of_number(OPSET).map(|field| opset(field.content)).collect::<Result<_, _>>()?;
    let mut inlined = Inlined { functions: &functions, opsets, calls: 0, nodes: 0 };
    let mut whole = Vec::with_capacity(bytes.len());
    for field in &model {
        match field.number {
            FUNCTION => {}
            GRAPH => wire::put(GRAPH, &inlined.graph(field.content)?, &mut whole)?,
            _ => whole.extend_from_slice(field.whole),
        }
    }
    Ok(whole)
}

fn function(bytes: &[u8]) -> Result<(Called<'_>, Function<'_>), ReadError> {
    let fields = fields(bytes)?;
    let all = |number: usize| -> Vec<&[u8]> {
        fields.iter().filter(|field| field.number == number).map(|field| field.content).collect()
    };
    let one = |number: usize| all(number).first().copied().unwrap_or_default();
    let mut defaults = HashMap::new();
    for attribute in all(FUNCTION_DEFAULT) {
        defaults.insert(first(attribute, ATTRIBUTE_NAME)?.unwrap_or_default(), attribute);
    }
    let function = Function {
        inputs: all(FUNCTION_INPUT),
        outputs: all(FUNCTION_OUTPUT),
        defaults,
        nodes: all(FUNCTION_NODE),
        opsets: all(FUNCTION_OPSET).into_iter().map(opset).collect::<Result<_, _>>()?,
    };
    Ok(((one(FUNCTION_DOMAIN), one(FUNCTION_NAME)), function))
}

/// A file whose functions are being written out.
struct Inlined<'f> {
    functions: &'f HashMap<Called<'f>, Function<'f>>,
    /// Versions of operators that the file has.
    opsets: Vec<OperatorSetIdProto>,
    /// Calls so far, which number the names of values in them.
    calls: usize,
    nodes: usize,
}

impl Inlined<'_> {
    fn graph(&mut self, bytes: &[u8]) -> Result<Vec<u8>, ReadError> {
        let mut graph = Vec::with_capacity(bytes.len());
        for field in fields(bytes)? {
            match field.number {
                GRAPH_NODE => self.node(field.content, 0, &mut graph)?,
                _ => graph.extend_from_slice(field.whole),
            }
        }
        Ok(graph)
    }

    /// Appends a node, or those of the function that it calls.
    fn node(&mut self, node: &[u8], depth: usize, to: &mut Vec<u8>) -> Result<(), ReadError> {
        let called =
            (first(node, DOMAIN)?.unwrap_or_default(), first(node, KIND)?.unwrap_or_default());
        let functions = self.functions;
        let Some(function) = functions.get(&called) else {
            self.nodes += 1;
            let attributes = fields(node)?.into_iter().filter(|field| field.number == ATTRIBUTE);
            for attribute in attributes {
                let parts = fields(attribute.content)?;
                if parts.iter().any(|part| ATTRIBUTE_GRAPHS.contains(&part.number)) {
                    let name = first(node, NAME)?.unwrap_or_default();
                    let reason =
                        "has branches or loops in a file with functions, which is not read";
                    return Err(refusal(name, called, reason));
                }
            }
            return wire::put(GRAPH_NODE, node, to);
        };
        let name = first(node, NAME)?.unwrap_or_default();
        let refuse = |reason: &'static str| Err(refusal(name, called, reason));
        let is_too_much = self.nodes + self.calls > MOST_NODES || to.len() > MOST_BYTES;
        if depth >= DEEPEST || is_too_much {
            return refuse("is a function that calls itself, or too many others");
        }
        if !function.opsets.iter().all(|opset| self.has(opset)) {
            return refuse("is a function of another version of operators than the file's");
        }
        self.calls += 1;
        let prefix = format!("call_{}/", self.calls);
        let names = names(function, node, prefix.as_bytes())?;
        for inner in &function.nodes {
            let Some(inner) = within(inner, function, node, &names)? else {
                return refuse("is a function with branches or loops");
            };
            self.node(&inner, depth + 1, to)?;
        }
        Ok(())
    }

    /// Returns whether the file has the version of a set of operators, or none of that set, which only functions use.
    fn has(&self, opset: &OperatorSetIdProto) -> bool {
        let of_set = self.opsets.iter().find(|other| other.domain() == opset.domain());
        of_set.is_none_or(|other| other.version() == opset.version())
    }
}

/// What values of a function are called where it is written out.
struct Names<'f> {
    outside: HashMap<&'f [u8], &'f [u8]>,
    prefix: &'f [u8],
}

impl Names<'_> {
    fn of(&self, name: &[u8]) -> Vec<u8> {
        match self.outside.get(name) {
            Some(outside) => outside.to_vec(),
            // An input that is left out has no name.
            None if name.is_empty() => Vec::new(),
            None => [self.prefix, name].concat(),
        }
    }
}

fn names<'f>(
    function: &Function<'f>,
    call: &'f [u8],
    prefix: &'f [u8],
) -> Result<Names<'f>, ReadError> {
    let fields = fields(call)?;
    let given = |number: usize| fields.iter().filter(move |field| field.number == number);
    let mut outside = HashMap::new();
    for (of, number) in [(&function.inputs, INPUT), (&function.outputs, OUTPUT)] {
        let given: Vec<&[u8]> = given(number).map(|field| field.content).collect();
        for (at, inner) in of.iter().enumerate() {
            match given.get(at) {
                Some(outer) if number == INPUT || !outer.is_empty() => {
                    outside.insert(*inner, *outer);
                }
                // What a call leaves out is no input there; an output keeps a name of its own.
                _ if number == INPUT => {
                    outside.insert(*inner, &[][..]);
                }
                _ => {}
            }
        }
    }
    Ok(Names { outside, prefix })
}

/// Returns a node of a function as a call has it; nothing if it has branches or loops.
fn within(
    node: &[u8],
    function: &Function<'_>,
    call: &[u8],
    names: &Names<'_>,
) -> Result<Option<Vec<u8>>, ReadError> {
    let mut inner = Vec::with_capacity(node.len());
    for field in fields(node)? {
        match field.number {
            INPUT | OUTPUT => wire::put(field.number, &names.of(field.content), &mut inner)?,
            NAME => wire::put(NAME, &[names.prefix, field.content].concat(), &mut inner)?,
            ATTRIBUTE => {
                let inside = fields(field.content)?;
                if inside.iter().any(|field| ATTRIBUTE_GRAPHS.contains(&field.number)) {
                    return Ok(None);
                }
                if let Some(attribute) = attribute(&field, function, call)? {
                    wire::put(ATTRIBUTE, &attribute, &mut inner)?;
                }
            }
            _ => inner.extend_from_slice(field.whole),
        }
    }
    Ok(Some(inner))
}

/// Returns an attribute, which may be one that the call states; nothing if the call does not.
fn attribute(
    field: &Field<'_>,
    function: &Function<'_>,
    call: &[u8],
) -> Result<Option<Vec<u8>>, ReadError> {
    let Some(referred) = first(field.content, ATTRIBUTE_OF_CALL)? else {
        return Ok(Some(field.content.to_vec()));
    };
    let mut stated = None;
    for given in fields(call)?.into_iter().filter(|field| field.number == ATTRIBUTE) {
        if first(given.content, ATTRIBUTE_NAME)? == Some(referred) {
            stated = Some(given.content);
        }
    }
    let Some(value) = stated.or_else(|| function.defaults.get(referred).copied()) else {
        return Ok(None);
    };
    let own_name = first(field.content, ATTRIBUTE_NAME)?.unwrap_or_default();
    let mut attribute = Vec::with_capacity(value.len());
    wire::put(ATTRIBUTE_NAME, own_name, &mut attribute)?;
    for part in fields(value)?.into_iter().filter(|part| part.number != ATTRIBUTE_NAME) {
        attribute.extend_from_slice(part.whole);
    }
    Ok(Some(attribute))
}

fn opset(bytes: &[u8]) -> Result<OperatorSetIdProto, ReadError> {
    OperatorSetIdProto::decode(bytes)
        .map_err(|error| ReadError::NotOnnx { reason: error.to_string() })
}

/// Returns the content of the first field of a number, if there is one.
fn first(message: &[u8], number: usize) -> Result<Option<&[u8]>, ReadError> {
    Ok(fields(message)?.into_iter().find(|field| field.number == number).map(|it| it.content))
}

fn refusal(node: &[u8], (domain, operator): Called<'_>, reason: &'static str) -> ReadError {
    ReadError::Operator { node: text(node), operator: text(operator), domain: text(domain), reason }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
