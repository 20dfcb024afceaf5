use formbench_protocol::Images;

use crate::node::{Fault, Node};

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

/// Returns the height and width of images in pixels.
pub(crate) fn resolution(node: &Node) -> Result<u32, Fault> {
    node.whole("resolution", 32..=1024)
}
