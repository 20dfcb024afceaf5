//! Networks consist of the layers that independent definitions of them consist of: the tables in
//! `layers/`, made by `layers/from_reference.py` from the implementations that each names.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use formbench_architectures::{blueprint, registry};
use formbench_blueprint::{
    Activation, Blueprint, ConvolutionLayer, Operation, Pool, PoolKind, Shape,
};
use formbench_protocol::{Architecture, ArchitectureInfo, ArchitectureKind};

#[test]
fn every_network_has_the_layers_of_its_table() {
    let mut wrong = Vec::new();
    let networks = networks();
    assert!(networks.len() >= 71, "{} tables", networks.len());
    for info in networks {
        let [found, expected] = [found(&info), table(&info.name)];
        if found != expected {
            wrong.push(format!("{}\n{}", info.name, difference(&found, &expected)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_network_has_the_parameters_and_macs_of_its_table() {
    for info in networks() {
        let text = text(&info.name);
        let count = |key: &str| -> u64 {
            let rest = text.lines().next().unwrap().split(key).nth(1).unwrap();
            rest.trim().split([',', ' ']).next().unwrap().parse().unwrap()
        };
        let cost = network(&info.name).cost(info.resolution.unwrap() as usize).unwrap();
        assert_eq!(cost.parameters, count("parameters"), "{}", info.name);
        assert_eq!(cost.macs, count("macs"), "{}", info.name);
    }
}

/// Layers with how often they occur.
type Layers = BTreeMap<String, u64>;

/// Returns the networks that have a table, each of which is a network's.
fn networks() -> Vec<ArchitectureInfo> {
    let files = std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path());
    let tables = files.filter(|path| path.extension().is_some_and(|end| end == "txt"));
    let info = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let is_it =
            |info: &ArchitectureInfo| info.kind == ArchitectureKind::Network && info.name == name;
        registry().into_iter().find(is_it).unwrap_or_else(|| panic!("no network `{name}`"))
    };
    tables.map(info).collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/layers")
}

fn network(name: &str) -> Blueprint {
    blueprint(&Architecture::Network { name: name.to_owned() }).unwrap()
}

fn text(name: &str) -> String {
    let path = folder().join(name).with_extension("txt");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn table(name: &str) -> Layers {
    let text = text(name);
    let rows = text.lines().skip(2).filter(|line| !line.is_empty());
    let row = |line: &str| {
        let (count, layer) = line.split_once(' ').unwrap();
        (layer.to_owned(), count.parse().unwrap())
    };
    rows.map(row).collect()
}

fn found(info: &ArchitectureInfo) -> Layers {
    let network = network(&info.name);
    let shapes = network.shapes(info.resolution.unwrap() as usize).unwrap();
    let mut layers = Layers::new();
    for (step, output) in network.steps().iter().zip(&shapes) {
        let before = step.inputs.first().map(|input| &network.steps()[*input].operation);
        let vector = matches!(before, Some(Operation::Linear { .. }));
        let channels_in = step.inputs.first().map_or(0, |input| shapes[*input].channels);
        for layer in rows(&step.operation, channels_in, *output, vector) {
            *layers.entry(layer).or_default() += 1;
        }
    }
    layers
}

/// Returns a layer as the tables write it, if they have its kind: attention has several rows.
fn rows(operation: &Operation, channels_in: usize, output: Shape, vector: bool) -> Vec<String> {
    let Shape { channels, size: [height, width] } = output;
    let size = if vector { "-".to_owned() } else { format!("{height}x{width}") };
    let tokens = height * width;
    let many = |number: usize| if number == 1 { "-".to_owned() } else { number.to_string() };
    if let Operation::Attention { heads } = operation {
        let each = channels / heads;
        return vec![
            format!("product {each} {tokens} - - - {heads} {tokens}"),
            format!("softmax - {tokens} - - - - {}", heads * tokens),
            format!("product {tokens} {each} - - - {heads} {tokens}"),
        ];
    }
    let row = match operation {
        Operation::Convolution(layer) => Some(format!("conv {} {size}", convolution(layer))),
        Operation::Linear { inputs, outputs } => {
            Some(format!("linear {inputs} {outputs} - - - - {}", many(tokens)))
        }
        Operation::LayerNorm { channels, .. } => {
            Some(format!("layer-norm - {channels} - - - - {}", many(tokens)))
        }
        Operation::Activation(Activation::Gelu) => {
            Some(format!("gelu - {channels} - - - - {}", many(tokens)))
        }
        Operation::Pool(Pool { kind, kernel, stride, .. }) => {
            let (kind, dilation) = match kind {
                PoolKind::Max => ("max-pool", "1"),
                PoolKind::Average | PoolKind::AverageWithPadding => ("average-pool", "-"),
            };
            let window = format!("{kernel}x{kernel} {stride} {dilation}");
            Some(format!("{kind} {channels_in} {channels} {window} - {size}"))
        }
        Operation::BatchNorm { .. } => Some(format!("batch-norm - {channels} - - - - {size}")),
        Operation::Activation(activation) => {
            Some(format!("{} - {channels} - - - - {size}", activation.name()))
        }
        _ => None,
    };
    row.into_iter().collect()
}

fn convolution(layer: &ConvolutionLayer) -> String {
    let ConvolutionLayer { channels: [from, to], kernel: [height, width], .. } = layer;
    let ConvolutionLayer { stride, dilation, groups, .. } = layer;
    format!("{from} {to} {height}x{width} {stride} {dilation} {groups}")
}

/// Returns the layers that one has more of than the other.
fn difference(found: &Layers, expected: &Layers) -> String {
    let more = |one: &Layers, other: &Layers, whose: &str| -> Vec<String> {
        let count = |layers: &Layers, layer| layers.get(layer).copied().unwrap_or(0);
        one.iter()
            .filter(|(layer, count_of_one)| **count_of_one > count(other, *layer))
            .map(|(layer, n)| format!("  {whose}: {} × {layer}", n - count(other, layer)))
            .collect()
    };
    let found_more = more(found, expected, "too many");
    [found_more, more(expected, found, "missing")].concat().join("\n")
}
