//! The key of a cell: what has to be equal for two measurements to be of the same thing.

use std::collections::{BTreeMap, HashMap};

use formbench_experiment::{Budget, Cell, Plan};
use formbench_protocol::{
    Architecture, Description, EngineInfo, HARNESS_VERSION, Refusal, RefusalKind,
};
use serde_json::json;

use crate::host::{Host, short_hash};

/// A cell with everything that a run needs to know of it.
#[derive(Clone, Debug, PartialEq)]
pub struct RunCell {
    /// 16 hex digits.
    pub key: String,
    /// What is measured.
    pub cell: Cell,
    /// The engine as the worker describes it.
    pub engine: EngineInfo,
    /// The engine whose logits its own must agree with, if the worker has it.
    pub reference: Option<EngineInfo>,
    /// What it may cost.
    pub budget: Budget,
}

impl RunCell {
    /// Returns why the engine reported beforehand that it cannot be timed here.
    pub fn known_refusal(&self, software_gpu: bool) -> Option<&Refusal> {
        let forgiven =
            |refusal: &&Refusal| software_gpu && refusal.kind == RefusalKind::SoftwareAdapter;
        self.engine.refusal.as_ref().filter(|refusal| !forgiven(refusal))
    }

    /// Returns the environment that gives a worker's thread pools the cell's size.
    pub fn thread_variables(&self) -> BTreeMap<String, String> {
        let threads = self.cell.threads.to_string();
        let names = self.engine.thread_variables.iter();
        names.map(|name| (name.clone(), threads.clone())).collect()
    }

    /// Returns the name of the engine whose logits its own must agree with.
    pub fn reference_name(&self) -> &str {
        self.engine.reference_for(&self.cell.architecture)
    }
}

/// Returns the plan's cells with their keys, in the plan's order; cells of engines that the worker
/// does not describe are left out, and a validated plan has none.
pub fn run_cells(plan: &Plan, description: &Description, host: &Host) -> Vec<RunCell> {
    let engines: HashMap<&str, &EngineInfo> =
        description.engines.iter().map(|info| (info.identity.name.as_str(), info)).collect();
    let with_engine = |(index, cell): (usize, &Cell)| {
        let engine = (*engines.get(cell.engine.engine.as_str())?).clone();
        let reference = engines.get(engine.reference_for(&cell.architecture));
        let reference = reference.map(|info| (*info).clone());
        let key = key(cell, &engine, host);
        Some(RunCell { key, cell: cell.clone(), engine, reference, budget: plan.budget_of(index) })
    };
    plan.cells.iter().enumerate().filter_map(with_engine).collect()
}

/// Returns the architecture as it is on every machine.
fn anywhere(architecture: &Architecture) -> Architecture {
    match architecture {
        Architecture::File(file) => Architecture::File(file.without_place()),
        defined => defined.clone(),
    }
}

fn key(cell: &Cell, engine: &EngineInfo, host: &Host) -> String {
    let identity = &engine.identity;
    let parts = json!([
        anywhere(&cell.architecture),
        cell.weights_seed,
        identity.name,
        identity.version,
        identity.build,
        identity.instruction_set,
        identity.device,
        cell.engine.options,
        cell.input.without_places(),
        cell.threads,
        host.fingerprint,
        HARNESS_VERSION,
    ]);
    short_hash(&parts.to_string())
}

#[cfg(test)]
mod tests {
    use formbench_protocol::UserFile;

    use super::*;

    #[test]
    fn a_key_holds_what_a_file_is_and_not_where_it_lies() {
        let part = |sha256: &str, place: &str| {
            let (path, sha256) = ("own/x.onnx".to_owned(), sha256.to_owned());
            let file = Architecture::File(UserFile { path, sha256, place: place.into() });
            json!(anywhere(&file)).to_string()
        };
        assert_eq!(part("a1", "/home/me/own/x.onnx"), part("a1", "/srv/own/x.onnx"));
        assert_ne!(part("a1", "/home/me/own/x.onnx"), part("b2", "/home/me/own/x.onnx"));
    }
}
