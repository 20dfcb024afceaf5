//! What each architecture of the registry costs.

use formbench_analysis::ArchitectureCost;
use formbench_measure::{WorkerCommand, WorkerError};
use formbench_protocol::{
    Architecture, ArchitectureInfo, ArchitectureKind, Images, Subject, Width,
};

use crate::AttributeCache;

/// At which depth and width patterns are listed.
const PATTERN: (u32, u32) = (8, 32);
/// At which height and width patterns are listed, in pixels.
const PATTERN_RESOLUTION: u32 = 224;

/// Returns what architectures cost: networks at the resolution that they were published for, patterns at depth 8,
/// width 32 and 224 pixels.
///
/// # Errors
/// The worker does not answer, or cannot record one of them.
pub fn costs(
    worker: &WorkerCommand,
    architectures: &[ArchitectureInfo],
) -> Result<Vec<ArchitectureCost>, WorkerError> {
    let mut costs = AttributeCache::of(worker);
    let entry = |info: &ArchitectureInfo| {
        let architecture = architecture(info);
        let resolution = info.resolution.unwrap_or(PATTERN_RESOLUTION);
        let input = Images { batch: 1, resolution, seed: 7 }.into();
        let subject = Subject { architecture, weights_seed: 1, input };
        let attributes = costs.attributes(&subject)?;
        let (architecture, origin) = (subject.architecture, info.origin);
        Ok(ArchitectureCost { architecture, origin, resolution, attributes })
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
