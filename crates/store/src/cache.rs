use crate::table::table;
use crate::{CacheSource, CellKind, CellRow};

table! {
    /// One row per cell and last-level cache: what one warm inference asked of the caches, as a
    /// simulation or the processor's own counters say.
    "caches" => CacheRow {
        /// 16 hex digits: hash of all that decides the counts.
        key: String,
        /// Kind of architecture: `network`, `pattern` or `file`; with name, depth, width, batch,
        /// resolution, inputs, engine, its version, build and options, and threads, key from `cells`.
        kind: CellKind,
        /// Registry name of the network or pattern; path of the file as its experiment writes it.
        name: String,
        /// Blocks over all stages; null for a network and for a file.
        depth: Option<u32> [blocks],
        /// Channels out of the first stage; null for a network and for a file.
        width: Option<f64> [channels],
        /// Images per inference; null where it is given other inputs than square RGB images.
        batch: Option<u32> [images],
        /// Height and width of the images; null where it is given other inputs.
        resolution: Option<u32> [pixels],
        /// Inputs that are not square RGB images, as `cells` has them; null where they are.
        inputs: Option<String>,
        /// SHA-256 of the architecture's ONNX file, weights included, in hex digits.
        model_sha256: String,
        /// Registry name of the engine.
        engine: String,
        /// Version of the engine.
        engine_version: String,
        /// What the engine says of how it was built; empty if it says nothing.
        engine_build: String,
        /// The engine's settings as a JSON object, keys in order.
        options: String,
        /// Threads the engine may compute on.
        threads: u32 [threads],
        /// Where the counts come from: `counters` of the processor, or a `simulation`.
        source: CacheSource,
        /// What counted: `callgrind` or `perf_event`.
        tool: String,
        /// Version of the tool; of the kernel for its counters.
        tool_version: String,
        /// Vector instructions that the engine computed with while it was counted; empty where none
        /// is known. A simulator may offer fewer than the processor.
        instruction_set: String,
        /// Last-level cache.
        cache_bytes: u64 [bytes],
        /// Ways of a set of the simulated last-level cache; null for counters.
        associativity: Option<u32> [ways],
        /// Line of the simulated caches; null for counters.
        line_bytes: Option<u32> [bytes],
        /// Each of the two simulated first-level caches; null for counters.
        l1_bytes: Option<u64> [bytes],
        /// Consecutive inferences that the counts are of.
        inferences: u64 [inferences],
        /// Instructions executed; null for counters.
        instructions: Option<u64> [instructions],
        /// Data read and written, in accesses; null for counters.
        data_references: Option<u64> [references],
        /// Accesses to instructions and data that miss the first level; null for counters.
        l1_misses: Option<u64> [misses],
        /// Accesses that reach the last level: in a simulation, those that miss the first; with
        /// counters, reads alone.
        llc_references: u64 [references],
        /// Of those, accesses that miss the last level.
        llc_misses: u64 [misses],
    }
}

impl CacheRow {
    /// Returns whether the row states what the cell's inferences ask of the caches.
    pub fn is_of(&self, cell: &CellRow) -> bool {
        let form = (self.kind, &self.name, self.depth, self.width);
        let input = (self.batch, self.resolution, &self.inputs);
        let engine = (&self.engine, &self.engine_version, &self.engine_build, &self.options);
        form == (cell.kind, &cell.name, cell.depth, cell.width)
            && input == (cell.batch, cell.resolution, &cell.inputs)
            && self.threads == cell.threads
            && engine == (&cell.engine, &cell.engine_version, &cell.engine_build, &cell.options)
    }

    /// Returns the row under the name of `cell`, whose counts are the same.
    #[must_use]
    pub fn named_as(&self, cell: &CellRow) -> Self {
        Self {
            kind: cell.kind,
            name: cell.name.clone(),
            depth: cell.depth,
            width: cell.width,
            batch: cell.batch,
            resolution: cell.resolution,
            inputs: cell.inputs.clone(),
            engine: cell.engine.clone(),
            engine_version: cell.engine_version.clone(),
            engine_build: cell.engine_build.clone(),
            options: cell.options.clone(),
            threads: cell.threads,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell() -> CellRow {
        CellRow {
            kind: CellKind::Pattern,
            name: "plain".into(),
            depth: Some(8),
            width: Some(32.0),
            engine: "tract".into(),
            engine_version: "0.23.0".into(),
            options: "{}".into(),
            batch: Some(1),
            resolution: Some(64),
            threads: 1,
            ..CellRow::default()
        }
    }

    #[test]
    fn a_row_is_of_the_cells_of_its_architecture_input_and_engine() {
        let row = CacheRow::default().named_as(&cell());
        assert!(row.is_of(&cell()));
        let others = [
            CellRow { depth: Some(20), ..cell() },
            CellRow { resolution: Some(96), ..cell() },
            CellRow { inputs: Some("[]".into()), ..cell() },
            CellRow { threads: 2, ..cell() },
            CellRow { engine_version: "0.24.0".into(), ..cell() },
            CellRow { options: r#"{"optimize":"none"}"#.into(), ..cell() },
        ];
        for other in others {
            assert!(!row.is_of(&other), "{other:?}");
        }
        // The seed of the pixels does not change where data lie.
        assert!(row.is_of(&CellRow { input_seed: 8, ..cell() }));
    }
}
