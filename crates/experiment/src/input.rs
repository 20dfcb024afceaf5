use std::ops::RangeInclusive;

use formbench_protocol::{ElementType, Fill, Images, InputTensor};

use crate::node::{Content, Fault, Node};
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

/// Returns the tensors that a list describes, in the model's order.
pub(crate) fn tensors(node: &Node) -> Result<Vec<InputTensor>, Fault> {
    let mut names = Vec::new();
    node.list("inputs", |node| {
        let tensor = tensor(node)?;
        if names.contains(&tensor.name) {
            return Err(node.fault(format!("inputs: `{}` is listed twice", tensor.name)));
        }
        names.push(tensor.name.clone());
        Ok(tensor)
    })
}

fn tensor(node: &Node) -> Result<InputTensor, Fault> {
    let fields = node.fields("tensor", &["name", "type", "shape", "fill"])?;
    let name = fields.require("name")?.text("name")?.to_owned();
    let element_type = fields.read("type", element_type)?.unwrap_or(ElementType::F32);
    let shape = fields.require("shape")?;
    let sizes = match &shape.content {
        // A scalar has no axes.
        Content::List(sizes) if sizes.is_empty() => Vec::new(),
        _ => shape.list("shape", |node| node.whole("shape", SIZES))?,
    };
    let elements = sizes.iter().try_fold(1_u64, |product, size| product.checked_mul(*size));
    if elements.is_none_or(|elements| elements > MOST_ELEMENTS) {
        return Err(shape.fault(format!("shape: expected at most {MOST_ELEMENTS} elements")));
    }
    let fill = fields.read("fill", |node| {
        node.text("fill")?.parse().map_err(|error| node.fault(format!("fill: {error}")))
    })?;
    let fill = fill.unwrap_or_else(|| Fill::usual(element_type, &sizes));
    Ok(InputTensor { name, shape: sizes, element_type, fill })
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
