use super::file;
use super::numbers::Constant;
use super::shape::listed;
use crate::onnx::schema::{AttributeProto, NodeProto};
use crate::{Element, Graph, ReadError, Value, ValueId};

/// Sizes of axes, steps and windows are smaller; products of two of them are numbers too.
const LARGEST: usize = i32::MAX as usize;

/// A node of the file with what it reads.
pub(super) struct Source<'f> {
    /// The node as the file has it.
    pub node: &'f NodeProto,
    /// Its name, or its kind and place if it has none.
    pub name: String,
    /// Version of the operators.
    pub opset: i64,
    /// The graph so far.
    pub graph: &'f Graph,
    /// What it reads; nothing where an input is left out.
    pub inputs: Vec<Option<ValueId>>,
}

/// Why a node is not read.
type Found<T> = Result<T, ReadError>;

impl Source<'_> {
    /// Returns the name of the operator.
    pub fn kind(&self) -> &str {
        self.node.op_type()
    }

    /// Returns the error that something about the node is not read.
    pub fn error(&self, reason: impl Into<String>) -> ReadError {
        let (node, operator) = (self.name.clone(), self.kind().to_owned());
        ReadError::Node { node, operator, reason: reason.into() }
    }

    /// Returns the error that the operator is not one that is read.
    pub fn unknown(&self) -> ReadError {
        ReadError::Operator {
            node: self.name.clone(),
            operator: self.kind().to_owned(),
            domain: "ai.onnx".to_owned(),
            reason: "is not among those that graphs have; `crates/graph/README.md` lists them",
        }
    }

    /// Returns whether an input is there.
    pub fn has(&self, index: usize) -> bool {
        self.inputs.get(index).copied().flatten().is_some()
    }

    /// Returns an input.
    pub fn id(&self, index: usize) -> Found<ValueId> {
        let given = self.inputs.get(index).copied().flatten();
        given.ok_or_else(|| self.error(format!("its input {index} is left out")))
    }

    /// Returns the value of an input.
    pub fn value(&self, index: usize) -> Found<&Value> {
        self.id(index).map(|id| self.graph.value(id))
    }

    /// Returns the shape of an input.
    pub fn shape(&self, index: usize) -> Found<&[usize]> {
        self.value(index).map(|value| value.shape.as_slice())
    }

    /// Returns the shape of an input that has so many axes.
    pub fn shape_of<const RANK: usize>(&self, index: usize) -> Found<[usize; RANK]> {
        let shape = self.shape(index)?;
        shape.try_into().map_err(|_| {
            let found = listed(shape);
            self.error(format!("its input {index} is {found}, expected {RANK} axes"))
        })
    }

    /// Returns all inputs, none of which may be left out.
    ///
    /// # Errors
    /// There are fewer or more than so many.
    pub fn ids(&self, expected: std::ops::RangeInclusive<usize>) -> Found<Vec<ValueId>> {
        let given = self.inputs.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        if !expected.contains(&given) {
            let (least, most) = (expected.start(), expected.end());
            return Err(self.error(format!("reads {given} values, expected {least} to {most}")));
        }
        (0..given).map(|index| self.id(index)).collect()
    }

    /// Returns the elements of an input that must not depend on the graph's input; nothing if it is
    /// left out.
    pub fn constant(&self, index: usize) -> Found<Option<Constant>> {
        if !self.has(index) {
            return Ok(None);
        }
        let value = self.value(index)?;
        let constant = Constant::of(value).ok_or_else(|| {
            self.error(format!("its input `{}` is computed from the images", value.name))
        });
        constant.map(Some)
    }

    /// Returns the integers of a constant input, if it is there.
    pub fn integers(&self, index: usize) -> Found<Option<Vec<i64>>> {
        Ok(self.constant(index)?.map(|constant| constant.numbers.integers()))
    }

    /// Returns the number of a constant input, if it is there.
    pub fn number(&self, index: usize) -> Found<Option<f32>> {
        let numbers = self.constant(index)?.map(|constant| constant.numbers.floats());
        numbers.map_or(Ok(None), |numbers| match numbers.as_slice() {
            [number] => Ok(Some(*number)),
            _ => Err(self.error(format!("its input {index} is no single number"))),
        })
    }

    /// Returns the integers that an attribute or, since an opset, an input holds.
    pub fn integers_since(&self, opset: i64, name: &str, index: usize) -> Found<Option<Vec<i64>>> {
        if self.opset >= opset { self.integers(index) } else { Ok(self.ints(name)) }
    }

    /// Returns an attribute.
    pub fn attribute(&self, name: &str) -> Option<&AttributeProto> {
        self.node.attribute.iter().find(|attribute| attribute.name() == name)
    }

    /// Returns an attribute that is a number, or what holds without it.
    pub fn int(&self, name: &str, default: i64) -> i64 {
        self.attribute(name).and_then(|attribute| attribute.i).unwrap_or(default)
    }

    /// Returns an attribute that is a number, or what holds without it.
    pub fn float(&self, name: &str, default: f32) -> f32 {
        self.attribute(name).and_then(|attribute| attribute.f).unwrap_or(default)
    }

    /// Returns an attribute that is a list, if it is there.
    pub fn ints(&self, name: &str) -> Option<Vec<i64>> {
        self.attribute(name).map(|attribute| attribute.ints.clone())
    }

    /// Returns an attribute that is a word, or what holds without it.
    pub fn text(&self, name: &str, default: &str) -> String {
        let given = self.attribute(name).and_then(|attribute| attribute.s.as_deref());
        given.map_or_else(|| default.to_owned(), |text| String::from_utf8_lossy(text).into_owned())
    }

    /// Refuses an attribute that is set to something else than what holds without it.
    pub fn expect_int(&self, name: &str, expected: i64) -> Found<()> {
        match self.int(name, expected) {
            found if found == expected => Ok(()),
            found => Err(self.error(format!("its `{name}` is {found}, expected {expected}"))),
        }
    }

    /// Refuses a word that is not among those expected.
    pub fn expect_text(&self, name: &str, expected: &[&str]) -> Found<String> {
        let found = self.text(name, expected.first().copied().unwrap_or_default());
        if expected.contains(&found.as_str()) {
            return Ok(found);
        }
        let expected = expected.join("` or `");
        Err(self.error(format!("its `{name}` is `{found}`, expected `{expected}`")))
    }

    /// Returns an axis, which may be counted from behind, of so many.
    pub fn axis(&self, axis: i64, rank: usize) -> Found<usize> {
        let counted = if axis < 0 { axis + rank as i64 } else { axis };
        let found = usize::try_from(counted).ok().filter(|axis| *axis < rank);
        found.ok_or_else(|| self.error(format!("has no axis {axis} among {rank}")))
    }

    /// Returns axes, ascending and each once.
    pub fn axes(&self, axes: &[i64], rank: usize) -> Found<Vec<usize>> {
        let mut axes =
            axes.iter().map(|axis| self.axis(*axis, rank)).collect::<Found<Vec<usize>>>()?;
        axes.sort_unstable();
        axes.dedup();
        Ok(axes)
    }

    /// Returns numbers that may be neither negative nor larger than any tensor's.
    pub fn sizes(&self, what: &str, numbers: &[i64]) -> Found<Vec<usize>> {
        let size = |number: &i64| {
            let size = usize::try_from(*number).ok().filter(|size| *size <= LARGEST);
            size.ok_or_else(|| self.error(format!("its {what} are {numbers:?}, expected sizes")))
        };
        numbers.iter().map(size).collect()
    }

    /// Returns what the first input holds.
    pub fn element(&self) -> Found<Element> {
        self.value(0).map(|value| value.element)
    }
}

/// Returns the node at a place of the file.
pub(super) fn source<'f>(
    node: &'f NodeProto,
    place: usize,
    opset: i64,
    graph: &'f Graph,
    inputs: Vec<Option<ValueId>>,
) -> Source<'f> {
    Source { node, name: file::node_name(node, place), opset, graph, inputs }
}
