use std::ops::RangeInclusive;
use std::path::Path;

use formbench_protocol::{ElementType, Fill, Images, InputTensor};

use crate::node::{Content, Fault, Node};
use crate::user_file;
use crate::vocabulary::unknown;

const DEFAULT_BATCH: u32 = 1;
const DEFAULT_SEED: u64 = 7;

/// Returns the images that an `input` mapping describes.
pub(crate) fn read(node: &Node) -> Result<Images, Fault> {
    let fields = node.fields("input", &["batch", "resolution", "seed"])?;
    let batch = fields.read("batch", |node| node.whole("batch", 1..=256))?;
    let seed = fields.read("seed", |node| node.whole("seed", 0..=u64::MAX))?;
    Ok(Images {
        batch: batch.unwrap_or(DEFAULT_BATCH),
        resolution: resolution(fields.require("resolution")?)?,
        seed: seed.unwrap_or(DEFAULT_SEED),
    })
}

/// Sizes of axes that a tensor may have.
const SIZES: RangeInclusive<u64> = 1..=1_000_000;
/// Elements that a tensor may have: a gigabyte of 32-bit floats.
const MOST_ELEMENTS: u64 = 1 << 28;

/// How the path of an array ends.
const ARRAY: &str = ".npy";

/// Returns the tensors that a list describes, in the model's order, at each of the sizes that it names. Paths of arrays are
/// relative to `folder`.
pub(crate) fn tensors(node: &Node, folder: &Path) -> Result<Vec<Vec<InputTensor>>, Fault> {
    let mut names = Vec::new();
    let inputs = node.list("inputs", |node| {
        let sizes = tensor(node, folder)?;
        if let Some(InputTensor { name, .. }) = sizes.first() {
            if names.contains(name) {
                return Err(node.fault(format!("inputs: `{name}` is listed twice")));
            }
            names.push(name.clone());
        }
        Ok(sizes)
    })?;
    let count = inputs.iter().map(Vec::len).max().unwrap_or_default();
    if let Some(other) = inputs.iter().find(|sizes| ![1, count].contains(&sizes.len())) {
        let (name, found) = (&other[0].name, other.len());
        return Err(node.fault(format!(
            "inputs: `{name}` has {found} shapes and another input {count}; list as many, or one"
        )));
    }
    let at = |size: usize| inputs.iter().map(|sizes| sizes[size % sizes.len()].clone()).collect();
    let all: Vec<Vec<InputTensor>> = (0..count).map(at).collect();
    match all.iter().enumerate().find(|(at, tensors)| all[..*at].contains(tensors)) {
        None => Ok(all),
        Some(_) => Err(node.fault("inputs: the same shapes are listed twice; list them once")),
    }
}

/// Returns a tensor, once for each of its shapes.
fn tensor(node: &Node, folder: &Path) -> Result<Vec<InputTensor>, Fault> {
    let fields = node.fields("tensor", &["name", "type", "shape", "fill"])?;
    let name = fields.require("name")?.text("name")?.to_owned();
    let element_type = fields.read("type", element_type)?.unwrap_or(ElementType::F32);
    let node = fields.require("shape")?;
    let shapes = match &node.content {
        Content::List(of) if of.iter().any(|one| matches!(one.content, Content::List(_))) => {
            node.list("shape", shape)?
        }
        _ => vec![shape(node)?],
    };
    let fill = fields.read("fill", |node| fill(node, folder))?;
    let tensor = |shape: Vec<u64>| {
        let fill = fill.clone().unwrap_or_else(|| Fill::usual(element_type, &shape));
        InputTensor { name: name.clone(), shape, element_type, fill }
    };
    Ok(shapes.into_iter().map(tensor).collect())
}

fn shape(node: &Node) -> Result<Vec<u64>, Fault> {
    let sizes = match &node.content {
        // A scalar has no axes.
        Content::List(sizes) if sizes.is_empty() => Vec::new(),
        _ => node.list("shape", |node| node.whole("shape", SIZES))?,
    };
    let elements = sizes.iter().try_fold(1_u64, |product, size| product.checked_mul(*size));
    if elements.is_none_or(|elements| elements > MOST_ELEMENTS) {
        return Err(node.fault(format!("shape: expected at most {MOST_ELEMENTS} elements")));
    }
    Ok(sizes)
}

fn fill(node: &Node, folder: &Path) -> Result<Fill, Fault> {
    let text = node.text("fill")?;
    if text.ends_with(ARRAY) {
        return user_file::read("fill", node, ARRAY, folder).map(Fill::Array);
    }
    text.parse().map_err(|error| node.fault(format!("fill: {error}")))
}

fn element_type(node: &Node) -> Result<ElementType, Fault> {
    let text = node.text("type")?;
    let known = ElementType::ALL.into_iter().find(|one| one.label() == text);
    known.ok_or_else(|| {
        let labels: Vec<&str> = ElementType::ALL.into_iter().map(ElementType::label).collect();
        node.fault(unknown("type", text, &labels))
    })
}

/// Returns the height and width of images in pixels.
pub(crate) fn resolution(node: &Node) -> Result<u32, Fault> {
    node.whole("resolution", 32..=1024)
}
