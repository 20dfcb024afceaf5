//! What architectures cost, as rows of a table.

use formbench_protocol::{Architecture, Attributes, Origin};
use serde_json::{Value, json};

/// One architecture with its cost.
#[derive(Clone, Debug)]
pub struct ArchitectureCost {
    /// The architecture.
    pub architecture: Architecture,
    /// Who designed it; none for a pattern.
    pub origin: Option<Origin>,
    /// Height and width of its images in pixels.
    pub resolution: u32,
    /// What it costs.
    pub attributes: Attributes,
}

impl ArchitectureCost {
    /// Heads of the columns of a table.
    pub const HEAD: [&str; 12] = [
        "architecture",
        "origin",
        "pixels",
        "parameters",
        "MACs",
        "operators",
        "longest path",
        "parallelism",
        "intensity",
        "depthwise",
        "weight bytes",
        "peak activation bytes",
    ];

    /// Returns the row of a table that people read.
    pub fn rounded(&self) -> [String; 12] {
        let attributes = &self.attributes;
        let millions = |count: u64| format!("{:.1} M", count as f64 / 1e6);
        let bytes = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
        let depthwise = 100.0 * attributes.share(attributes.depthwise_macs);
        [
            self.architecture.to_string(),
            self.origin().to_owned(),
            self.resolution.to_string(),
            millions(attributes.parameters),
            millions(attributes.macs),
            attributes.operators.to_string(),
            attributes.longest_path.to_string(),
            format!("{:.2}", attributes.parallelism()),
            format!("{:.1}", attributes.intensity()),
            format!("{depthwise:.1} %"),
            bytes(attributes.weight_bytes),
            bytes(attributes.peak_activation_bytes),
        ]
    }

    /// Returns the row with nothing rounded away.
    pub fn exact(&self) -> [String; 12] {
        let attributes = &self.attributes;
        [
            self.architecture.to_string(),
            self.origin().to_owned(),
            self.resolution.to_string(),
            attributes.parameters.to_string(),
            attributes.macs.to_string(),
            attributes.operators.to_string(),
            attributes.longest_path.to_string(),
            attributes.parallelism().to_string(),
            attributes.intensity().to_string(),
            attributes.share(attributes.depthwise_macs).to_string(),
            attributes.weight_bytes.to_string(),
            attributes.peak_activation_bytes.to_string(),
        ]
    }

    /// Returns everything as JSON.
    pub fn json(&self) -> Value {
        json!({
            "architecture": self.architecture.to_string(),
            "origin": self.origin,
            "resolution": self.resolution,
            "attributes": self.attributes,
            "intensity": self.attributes.intensity(),
            "parallelism": self.attributes.parallelism(),
        })
    }

    fn origin(&self) -> &'static str {
        match self.origin {
            Some(Origin::HandDesigned) => "hand-designed",
            Some(Origin::Searched) => "searched",
            None => "pattern",
        }
    }
}
