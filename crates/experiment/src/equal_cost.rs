//! `match: { macs: 300e6 }`: the width that makes patterns cost the same.

use formbench_protocol::CostTarget;

use crate::node::{Fault, Node};

/// Largest cost that can be asked for.
const MOST: f64 = 1e15;

/// Returns the cost that widths are to be chosen for.
pub(crate) fn read(node: &Node) -> Result<CostTarget, Fault> {
    let fields = node.fields("match", &["macs", "parameters"])?;
    let macs = fields.read("macs", |node| count("macs", node))?;
    let parameters = fields.read("parameters", |node| count("parameters", node))?;
    match (macs, parameters) {
        (Some(macs), None) => Ok(CostTarget::Macs(macs)),
        (None, Some(parameters)) => Ok(CostTarget::Parameters(parameters)),
        _ => Err(fields.fault("match: expected either `macs` or `parameters`")),
    }
}

/// Returns a whole number, which may be written as `300e6`.
fn count(what: &str, node: &Node) -> Result<u64, Fault> {
    let number = node.positive(what, MOST)?;
    if number.fract() == 0.0 {
        Ok(number as u64)
    } else {
        Err(node.unexpected(what, "a whole number, as `300e6`"))
    }
}
