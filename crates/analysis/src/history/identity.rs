//! What a cell is, whichever versions measured it.

use formbench_protocol::DeviceKind;
use formbench_store::{AttributesRow, CellKind, CellRow, InputShape};

use crate::Run;
use crate::series::{engine_label, input_words};

/// What a cell is without what changes with versions: engine's version, build and instruction set, and formbench's
/// version, which its key has as well. The host is not in it either.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellIdentity {
    /// Registry name of the engine.
    pub engine: String,
    /// Engine with its options; a software adapter is named.
    pub setting: String,
    /// Kind of device that executes.
    pub device_kind: DeviceKind,
    /// Kind of architecture.
    pub kind: CellKind,
    /// Label of the architecture: its name, and depth and width of a pattern.
    pub architecture: String,
    /// What an inference is given.
    pub input: InputShape,
    /// Threads that the engine may compute on.
    pub threads: u32,
    /// Seed of what fills the inputs, and of the weights.
    pub seeds: [u64; 2],
    /// Parameters and multiply-accumulates of a file, which may have been replaced by another of the same name.
    file: Option<[u64; 2]>,
}

impl CellIdentity {
    /// Returns what a run's cell is.
    pub fn of(run: &Run, cell: &CellRow) -> Self {
        let attributes = run.attributes_of(cell).filter(|_| cell.kind == CellKind::File);
        let size = |row: &AttributesRow| [row.parameters, row.macs];
        Self {
            engine: cell.engine.clone(),
            setting: engine_label(cell),
            device_kind: cell.device_kind,
            kind: cell.kind,
            architecture: cell.architecture(),
            input: cell.input_shape(),
            threads: cell.threads,
            seeds: [cell.input_seed, cell.weights_seed],
            file: attributes.map(size),
        }
    }

    /// Returns what an inference is given in words: its batch unless that is 1, its pixels, or its tensors.
    pub fn input_words(&self) -> String {
        let [batch, pixels, tensors] = input_words(&self.input);
        let batch = batch.filter(|_| self.input.batch != Some(1));
        [batch, pixels, tensors].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// Returns the cell's name without its engine, such as `resnet18, 224 × 224 pixels, 1 thread`.
    pub fn name(&self) -> String {
        let threads = if self.threads == 1 { "thread" } else { "threads" };
        let threads = format!("{} {threads}", self.threads);
        let parts = [self.architecture.clone(), self.input_words(), threads];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell() -> CellRow {
        let (name, engine) = ("resnet18".to_owned(), "tract".to_owned());
        let (batch, resolution) = (Some(1), Some(224));
        CellRow {
            name,
            engine,
            options: "{}".to_owned(),
            batch,
            resolution,
            threads: 1,
            ..CellRow::default()
        }
    }

    fn identity(cell: &CellRow) -> CellIdentity {
        CellIdentity::of(&Run::default(), cell)
    }

    #[test]
    fn versions_do_not_tell_cells_apart_and_everything_else_does() {
        let one = cell();
        let later = CellRow {
            cell: "another key".to_owned(),
            engine_version: "0.24".to_owned(),
            engine_build: "another".to_owned(),
            instruction_set: "avx2".to_owned(),
            ..one.clone()
        };
        assert_eq!(identity(&one), identity(&later));
        let others = [
            CellRow { kind: CellKind::Pattern, ..one.clone() },
            CellRow { name: "resnet34".to_owned(), ..one.clone() },
            CellRow { depth: Some(8), width: Some(16.5), ..one.clone() },
            CellRow { engine: "openvino".to_owned(), ..one.clone() },
            CellRow { options: r#"{"a":1}"#.to_owned(), ..one.clone() },
            CellRow { device_kind: DeviceKind::SoftwareAdapter, ..one.clone() },
            CellRow { threads: 2, ..one.clone() },
            CellRow { batch: Some(2), ..one.clone() },
            CellRow { resolution: Some(96), ..one.clone() },
            CellRow { input_seed: 8, ..one.clone() },
            CellRow { weights_seed: 8, ..one.clone() },
        ];
        for other in others {
            assert_ne!(identity(&one), identity(&other), "{other:?}");
        }
    }

    #[test]
    fn a_name_says_a_batch_that_is_not_1() {
        assert_eq!(identity(&cell()).name(), "resnet18, 224 × 224 pixels, 1 thread");
        let two = CellRow { batch: Some(2), threads: 2, ..cell() };
        assert_eq!(identity(&two).name(), "resnet18, batch 2, 224 × 224 pixels, 2 threads");
    }
}
