//! What every architecture costs, as a table to sort.

use std::cmp::Reverse;

use anyhow::Result;
use formbench_campaign::AttributeCache;
use formbench_measure::WorkerCommand;
use formbench_protocol::{
    Architecture, ArchitectureInfo, ArchitectureKind, Attributes, Images, Origin, Subject, Width,
};
use serde_json::{Value, json};

use crate::arguments::{ListArguments, SortKey};
use crate::exit::Exit;
use crate::output;

/// At which depth and width patterns are listed.
const PATTERN: (u32, u32) = (8, 32);
/// At which height and width patterns are listed, in pixels.
const PATTERN_RESOLUTION: u32 = 224;

/// One architecture with its cost.
struct Entry {
    architecture: Architecture,
    origin: Option<Origin>,
    resolution: u32,
    attributes: Attributes,
}

/// Prints what the architectures of a listing cost: networks at the resolution that they were
/// published for, patterns at depth 8, width 32 and 224 pixels.
///
/// # Errors
/// The worker does not answer, or cannot record one of them.
pub fn execute(
    worker: &WorkerCommand,
    architectures: &[ArchitectureInfo],
    list: &ListArguments,
) -> Result<Exit> {
    let mut entries = entries(worker, architectures)?;
    if let Some(key) = list.sort {
        entries.sort_by_key(|entry| Reverse(entry.number(key)));
    }
    match (list.json, list.csv) {
        (true, _) => output::json(
            &json!({ "architectures": entries.iter().map(Entry::json).collect::<Value>() }),
        )?,
        (_, true) => output::csv(HEAD, entries.iter().map(Entry::exact))?,
        _ => output::table(HEAD, entries.iter().map(Entry::row))?,
    }
    Ok(Exit::Done)
}

fn entries(worker: &WorkerCommand, architectures: &[ArchitectureInfo]) -> Result<Vec<Entry>> {
    let mut costs = AttributeCache::of(worker);
    let entry = |info: &ArchitectureInfo| {
        let architecture = architecture(info);
        let resolution = info.resolution.unwrap_or(PATTERN_RESOLUTION);
        let input = Images { batch: 1, resolution, seed: 7 }.into();
        let subject = Subject { architecture, weights_seed: 1, input };
        let attributes = costs.attributes(&subject)?;
        let (architecture, origin) = (subject.architecture, info.origin);
        Ok(Entry { architecture, origin, resolution, attributes })
    };
    architectures.iter().map(entry).collect()
}

fn architecture(info: &ArchitectureInfo) -> Architecture {
    let name = info.name.clone();
    match info.kind {
        ArchitectureKind::Network => Architecture::Network { name },
        ArchitectureKind::Pattern => {
            let (depth, width) = PATTERN;
            Architecture::Pattern { name, depth, width: Width::whole(width) }
        }
    }
}

const HEAD: [&str; 12] = [
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

impl Entry {
    fn origin(&self) -> &'static str {
        match (&self.architecture, self.origin) {
            (_, Some(Origin::HandDesigned)) => "hand-designed",
            (_, Some(Origin::Searched)) => "searched",
            (_, None) => "pattern",
        }
    }

    fn number(&self, key: SortKey) -> u64 {
        let attributes = &self.attributes;
        match key {
            SortKey::Parameters => attributes.parameters,
            SortKey::Macs => attributes.macs,
            SortKey::Operators => attributes.operators,
            SortKey::LongestPath => attributes.longest_path,
            // Exact enough to sort by.
            SortKey::Parallelism => (attributes.parallelism() * 1e6) as u64,
            SortKey::Intensity => (attributes.intensity() * 1e6) as u64,
            SortKey::Depthwise => (attributes.share(attributes.depthwise_macs) * 1e9) as u64,
            SortKey::WeightBytes => attributes.weight_bytes,
            SortKey::PeakActivationBytes => attributes.peak_activation_bytes,
        }
    }

    fn row(&self) -> [String; 12] {
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
    fn exact(&self) -> [String; 12] {
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

    fn json(&self) -> Value {
        json!({
            "architecture": self.architecture.to_string(),
            "origin": self.origin,
            "resolution": self.resolution,
            "attributes": self.attributes,
            "intensity": self.attributes.intensity(),
            "parallelism": self.attributes.parallelism(),
        })
    }
}
