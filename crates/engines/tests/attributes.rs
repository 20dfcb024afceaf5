//! What the recorded graph counts to, against what torchvision 0.24 and timm 1.0 count.

use formbench_engines::inspect;
use formbench_protocol::{Architecture, ArchitectureKind, Input, Subject};

/// Name, input in pixels, trainable parameters, millions of MACs of convolution and linear layers at
/// batch 1.
const COUNTS: &str = include_str!("data/architectures.csv");

/// Returns the row of a network: resolution, parameters, million MACs.
fn counts(name: &str) -> Option<(u32, u64, f64)> {
    let mut rows = COUNTS.lines().skip(1).map(|row| row.split(',').collect::<Vec<_>>());
    let row = rows.find(|row| row[0] == name)?;
    Some((row[1].parse().ok()?, row[2].parse().ok()?, row[3].parse().ok()?))
}

fn subject(architecture: Architecture, resolution: u32) -> Subject {
    Subject { architecture, weights_seed: 1, input: Input { batch: 1, resolution, seed: 7 } }
}

#[test]
fn parameters_and_macs_of_networks_are_the_references() {
    let mut compared = 0;
    let networks = formbench_engines::architectures().into_iter();
    for info in networks.filter(|info| info.kind == ArchitectureKind::Network) {
        let Some((resolution, parameters, million_macs)) = counts(&info.name) else { continue };
        let architecture = Architecture::Network { name: info.name.clone() };
        let inspection = inspect(&subject(architecture, resolution)).expect("it is recorded");
        let attributes = &inspection.attributes;
        assert_eq!(attributes.parameters, parameters, "{}", info.name);
        assert_eq!(info.parameters, Some(parameters), "{}", info.name);
        // The reference is rounded to a tenth of a million.
        let counted = (attributes.macs as f64 / 1e5).round() / 10.0;
        assert_eq!(counted, million_macs, "{}", info.name);
        compared += 1;
    }
    // resnet18, 34, 50 and 101, and mobilenet-v2.
    assert!(compared >= 5, "{compared}");
}

#[test]
fn a_depthwise_bottleneck_is_pointwise_and_depthwise() {
    let name = "depthwise-bottleneck".to_owned();
    let pattern = Architecture::Pattern { name, depth: 4, width: 8 };
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
