use formbench_experiment::{Budget, Cell, EngineSetting};
use formbench_measure::{RunCell, short_hash};
use formbench_protocol::{Architecture, EngineInfo, Images, Options};

/// What a known latency may cost.
pub const BUDGET: Budget = Budget {
    rounds: 3,
    most_rounds: 3,
    blocks: 4,
    block_inferences: 10,
    block_s: 0.1,
    warm_up_inferences: 10,
    warm_up_s: 0.1,
    warm_up_cap_s: 1.0,
    warm_up_stable_within: 0.02,
    limit_s: 30.0,
    cell_limit_s: 60.0,
    ratio_half_width: 0.02,
};

/// Returns a cell of the instrument; cells of other names are other cells, though they be the same.
pub fn cell(instrument: &EngineInfo, name: &str, options: Options, budget: Budget) -> RunCell {
    let cell = Cell {
        architecture: Architecture::Network { name: "resnet18".to_owned() },
        engine: EngineSetting { engine: instrument.identity.name.clone(), options },
        input: Images { batch: 1, resolution: 32, seed: 7 }.into(),
        weights_seed: 1,
        threads: 1,
    };
    let key = short_hash(&format!("{name}\n{cell:?}"));
    let reference = Some(instrument.clone());
    RunCell { key, cell, engine: instrument.clone(), reference, budget }
}
