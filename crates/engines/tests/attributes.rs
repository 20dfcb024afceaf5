//! What the recorded graph counts to, against what torchvision 0.24 and timm 1.0 count.

use formbench_architectures::blueprint;
use formbench_engines::inspect;
use formbench_protocol::{Architecture, ArchitectureKind, Images, Subject, Width};

/// Name, input in pixels, trainable parameters, millions of MACs of convolution and linear layers at
/// batch 1, and who designed it.
const COUNTS: &str = include_str!("data/architectures.csv");

/// Returns the row of a network: resolution, parameters, million MACs.
fn counts(name: &str) -> Option<(u32, u64, f64)> {
    let mut rows = COUNTS.lines().skip(1).map(|row| row.split(',').collect::<Vec<_>>());
    let row = rows.find(|row| row[0] == name)?;
    Some((row[1].parse().ok()?, row[2].parse().ok()?, row[3].parse().ok()?))
}

fn subject(architecture: Architecture, resolution: u32) -> Subject {
    Subject {
        architecture,
        weights_seed: 1,
        input: Images { batch: 1, resolution, seed: 7 }.into(),
    }
}

#[test]
fn parameters_and_macs_of_networks_are_the_references() {
    let names: Vec<&str> = COUNTS.lines().skip(1).filter_map(|row| row.split(',').next()).collect();
    assert_eq!(names.len(), 30);
    for name in names {
        let (resolution, parameters, million_macs) = counts(name).expect("it has a row");
        let architecture = Architecture::Network { name: name.to_owned() };
        let inspection = inspect(&subject(architecture, resolution)).expect("it is recorded");
        let attributes = &inspection.attributes;
        assert_eq!(attributes.parameters, parameters, "{name}");
        let difference = attributes.macs as f64 / 1e6 / million_macs - 1.0;
        assert!(difference.abs() <= 0.001, "{name}: {difference:+.5}");
    }
}

#[test]
fn networks_were_designed_by_whom_the_reference_says() {
    let infos = formbench_engines::architectures();
    for row in COUNTS.lines().skip(1) {
        let (name, origin) = (row.split(',').next(), row.split(',').next_back());
        let info = infos.iter().find(|info| Some(info.name.as_str()) == name);
        let found = info.and_then(|info| info.origin).expect("a network has an origin");
        assert_eq!(serde_json::to_value(found).ok(), origin.map(Into::into), "{row}");
    }
}

#[test]
fn what_is_recorded_costs_what_its_blueprint_costs() {
    for info in formbench_engines::architectures() {
        let resolution = info.resolution.unwrap_or(224);
        let (name, width) = (info.name, Width::whole(16));
        let architecture = match info.kind {
            ArchitectureKind::Network => Architecture::Network { name },
            ArchitectureKind::Pattern => Architecture::Pattern { name, depth: 8, width },
        };
        let expected = blueprint(&architecture).expect("it exists").cost(resolution as usize);
        let expected = expected.expect("it takes its own images");
        let label = architecture.to_string();
        let found = inspect(&subject(architecture, resolution)).expect("it is recorded").attributes;
        assert_eq!((found.parameters, found.macs), (expected.parameters, expected.macs), "{label}");
    }
}

#[test]
fn a_depthwise_bottleneck_is_pointwise_and_depthwise() {
    let name = "depthwise-bottleneck".to_owned();
    let pattern = Architecture::Pattern { name, depth: 4, width: Width::whole(8) };
    let attributes = inspect(&subject(pattern, 64)).expect("it is recorded").attributes;
    // Stem 7×7 from 3 to 8 channels at 32×32. Blocks c_in → c_out from a side s (16, 16, 8, 4) by
    // stride (1, 2, 2, 2): expansion s²·6·c_in², depthwise (s / stride)²·9·6·c_in, projection
    // (s / stride)²·6·c_in·c_out.
    let dense = 32 * 32 * 49 * 3 * 8;
    let blocks = [(8_u64, 8_u64, 16_u64, 1_u64), (8, 16, 16, 2), (16, 32, 8, 2), (32, 64, 4, 2)];
    let depthwise: u64 = blocks.iter().map(|(c, _, s, t)| (s / t).pow(2) * 9 * 6 * c).sum();
    let pointwise: u64 =
        blocks.iter().map(|(c, o, s, t)| s.pow(2) * 6 * c * c + (s / t).pow(2) * 6 * c * o).sum();
    assert_eq!(attributes.dense_macs, dense);
    assert_eq!(attributes.depthwise_macs, depthwise);
    assert_eq!(attributes.pointwise_macs, pointwise);
    assert_eq!(attributes.macs, dense + depthwise + pointwise + 64 * 1000);
}
