//! What is compared: architectures on engines with each value of each option.

use formbench_experiment::{Budget, Cell, EngineSetting, Filter};
use formbench_measure::RunCell;
use formbench_protocol::{
    Architecture, ArchitectureInfo, ArchitectureKind, Description, EngineInfo, EngineKind, Images,
    Input, Options, Width,
};
use serde_json::json;

use super::ParityRequest;

/// Patterns are compared at one depth and width.
pub(super) const DEPTH: u32 = 8;
pub(super) const WIDTH: u32 = 32;
/// Of patterns, in pixels.
const RESOLUTION: u32 = 224;
/// The option whose other values are not single precision.
const PRECISION: &str = "precision";

/// An answer may take long: software adapters tune their kernels at first.
const BUDGET: Budget = Budget {
    rounds: 1,
    most_rounds: 1,
    blocks: 1,
    block_inferences: 1,
    block_s: 0.0,
    warm_up_inferences: 0,
    warm_up_s: 0.0,
    warm_up_cap_s: 0.0,
    warm_up_stable_within: 1.0,
    limit_s: 600.0,
    cell_limit_s: 600.0,
    ratio_half_width: 1.0,
};

/// Returns every architecture that is asked for on every engine with each of its options' values.
pub(super) fn cells(description: &Description, parity: &ParityRequest) -> Vec<RunCell> {
    let filter = Filter { engines: parity.engines.clone(), ..Filter::default() };
    let mut cells = Vec::new();
    for (architecture, input) in architectures(description, parity) {
        for info in description.engines.iter().filter(|info| info.kind == EngineKind::Engine) {
            let settings = if parity.defaults { vec![Options::new()] } else { settings(info) };
            for options in settings {
                cells.push(cell(&architecture, info, options, description, &input));
            }
        }
    }
    cells.retain(|cell| filter.takes_engine(&cell.cell.engine.to_string()));
    cells
}

/// Returns the files that are named, and the architectures of the registry whose names contain another of
/// the words, each with what it is given; without words, the whole registry.
fn architectures(description: &Description, parity: &ParityRequest) -> Vec<(Architecture, Input)> {
    let ParityRequest { files, parts, .. } = parity;
    let mut found = files.clone();
    if files.is_empty() || !parts.is_empty() {
        let filter = Filter { architectures: parts.clone(), ..Filter::default() };
        let mut registry = registry(description);
        registry.retain(|(architecture, _)| filter.takes_architecture(&architecture.to_string()));
        found.extend(registry.into_iter().map(|(architecture, own)| {
            let resolution = parity.resolution.unwrap_or(own);
            (architecture, Images { batch: parity.batch, resolution, seed: 7 }.into())
        }));
    }
    found
}

/// Returns every architecture of the registry with its own resolution in pixels.
fn registry(description: &Description) -> Vec<(Architecture, u32)> {
    let sized = |info: &ArchitectureInfo| {
        let (name, width) = (info.name.clone(), Width::whole(WIDTH));
        let architecture = match info.kind {
            ArchitectureKind::Network => Architecture::Network { name },
            ArchitectureKind::Pattern => Architecture::Pattern { name, depth: DEPTH, width },
        };
        (architecture, info.resolution.unwrap_or(RESOLUTION))
    };
    description.architectures.iter().map(sized).collect()
}

/// Returns the engine as it is, and with each value of each option that is not its default.
fn settings(info: &EngineInfo) -> Vec<Options> {
    let mut settings = vec![Options::new()];
    for option in info.options.iter().filter(|option| option.name != PRECISION) {
        let others = option.values.iter().filter(|value| **value != option.default);
        settings.extend(others.map(|value| Options::from([(option.name.clone(), json!(value))])));
    }
    settings
}

fn cell(
    architecture: &Architecture,
    info: &EngineInfo,
    options: Options,
    description: &Description,
    input: &Input,
) -> RunCell {
    let cell = Cell {
        architecture: architecture.clone(),
        engine: EngineSetting { engine: info.identity.name.clone(), options },
        input: input.clone(),
        weights_seed: 1,
        threads: 1,
    };
    let of_name = |name: &str| description.engines.iter().find(|info| info.identity.name == name);
    let reference = of_name(info.reference_for(architecture)).cloned();
    RunCell { key: String::new(), cell, engine: info.clone(), reference, budget: BUDGET }
}
