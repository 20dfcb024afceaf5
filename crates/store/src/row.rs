//! The rows of every table. A column is one field here: its doc comment is its meaning in
//! `data/SCHEMA.md`, the word in brackets its unit.

use formbench_protocol::{Architecture, DeviceKind, Options, RefusalKind, Width};

use crate::table::{Table, table};
use crate::{
    AttributesRow, CacheRow, CellKind, CheckRow, InputShape, OperatorRow, RooflineRow, TableFacts,
    TurnRow,
};

/// Every table of a run, in the order of `data/SCHEMA.md`.
pub const TABLES: [TableFacts; 13] = [
    HostRow::FACTS,
    ExperimentRow::FACTS,
    MemberRow::FACTS,
    CellRow::FACTS,
    AttributesRow::FACTS,
    RooflineRow::FACTS,
    CacheRow::FACTS,
    CheckRow::FACTS,
    OperatorRow::FACTS,
    BlockRow::FACTS,
    TurnRow::FACTS,
    SampleRow::FACTS,
    RefusalRow::FACTS,
];

table! {
    /// One row: the machine, and what ran on it and when.
    "host" => HostRow {
        /// Name of the run's folder: date, host, number of the run.
        run: String,
        /// Short name of the machine, fit for a file name.
        host: String,
        /// Hash of what makes timings of this machine comparable.
        fingerprint: String,
        /// Processor as the system names it.
        cpu_model: String,
        /// Logical processors that the system shows.
        logical_cores: u32 [cores],
        /// Main memory.
        memory_bytes: u64 [bytes],
        /// Second-level cache of one core; 0 where unknown.
        l2_bytes: u64 [bytes],
        /// Last-level cache; 0 where unknown.
        l3_bytes: u64 [bytes],
        /// Operating system and its version.
        os: String,
        /// Version of the kernel.
        kernel: String,
        /// Version of the compiler that built the worker.
        rustc: String,
        /// Version of formbench.
        harness_version: String,
        /// Name of the budget profile: `quick`, `standard` or `full`.
        profile: String,
        /// Hash of the plan's cells and budgets: the same plan goes on in the same folder.
        plan: String,
        /// Start of the run, since 1970-01-01 UTC.
        started_unix_ns: u64 [ns],
        /// Whether a software graphics adapter was allowed to be timed.
        software_gpu: bool,
        /// Revision of the processor's microcode; null where unknown.
        microcode: Option<String>,
        /// Governors of the processors' clocks, joined with commas; null where the system hides
        /// them.
        governor: Option<String>,
        /// Whether processors may clock above their base; null where unknown.
        turbo: Option<bool>,
        /// Whether a core runs several threads at once, in the kernel's word, as `on` or
        /// `notsupported`; null where unknown.
        smt: Option<String>,
        /// Maker and product of a virtual machine, `unnamed` if it hides them, `none` on bare
        /// metal; null where unknown.
        hypervisor: Option<String>,
        /// C library and its version; null where unknown.
        libc: Option<String>,
        /// Hash of the `Cargo.lock` that formbench was built from, first 16 hex digits of its
        /// SHA-256; null before it was recorded.
        lock_hash: Option<String>,
        /// Environment variables that change how engines compute, as a JSON object, keys in order;
        /// null before they were recorded.
        environment: Option<String>,
        /// Logical processors that the command was allowed to use, joined with commas; null where unknown.
        allowed_processors: Option<String>,
        /// How many processors' time the command's control group was allowed; null where it was not limited.
        quota: Option<f64> [processors],
        /// Quiet level of the probe's part from memory in earlier runs on this host; null where there
        /// were none.
        quiet_memory_ns: Option<f64> [ns],
        /// Hash of which machine it is, of all that are alike: a run is of one. Null before it was recorded.
        machine: Option<String>,
    }
}

table! {
    /// One row per experiment: its question and the budget decided before the run.
    "experiments" => ExperimentRow {
        /// Path of the YAML file below `experiments`, without its ending.
        experiment: String,
        /// What the experiment asks.
        question: String,
        /// Names of the figures it asks for.
        figures: Vec<String>,
        /// Baseline that it asks for: the engine's label with its options.
        baseline: String,
        /// Whether another engine stands in for that baseline, which is absent here; the members
        /// marked as baseline are then of the stand-in.
        stand_in: bool,
        /// Rounds per cell.
        rounds: u32 [rounds],
        /// Blocks per cell and round.
        blocks: u32 [blocks],
        /// Least inferences per block, of those that count.
        block_inferences: u64 [inferences],
        /// Least duration of a cell's bursts in a block.
        block_ns: u64 [ns],
        /// Least inferences of a warm-up.
        warm_up_inferences: u64 [inferences],
        /// Least duration of a warm-up.
        warm_up_ns: u64 [ns],
        /// Longest duration of a warm-up.
        warm_up_cap_ns: u64 [ns],
        /// Largest relative spread of the last medians of a warm-up that counts as stable.
        warm_up_stable_within: f64 [ratio],
        /// Longest wait for one answer of a worker.
        limit_ns: u64 [ns],
        /// Longest duration of all rounds of a cell.
        cell_limit_ns: u64 [ns],
        /// Half-width of the interval on the speed-up at which sampling may stop.
        ratio_half_width: f64 [ratio],
    }
}

table! {
    /// One row per experiment and cell that it compares.
    "members" => MemberRow {
        /// Key into `experiments`.
        experiment: String,
        /// Key into `cells`.
        cell: String,
        /// Whether the experiment's speed-ups are relative to this cell's engine.
        baseline: bool,
    }
}

table! {
    /// One row per cell: architecture × engine × options × input × threads.
    "cells" => CellRow {
        /// Key of the cell, 16 hex digits: hash of all that defines it, host and harness included.
        cell: String,
        /// Kind of architecture: `network`, `pattern` or `file`.
        kind: CellKind,
        /// Registry name of the network or pattern; path of the file as its experiment writes it.
        name: String,
        /// Blocks over all stages; null for a network and for a file.
        depth: Option<u32> [blocks],
        /// Channels out of the first stage; null for a network and for a file.
        width: Option<f64> [channels],
        /// Registry name of the engine.
        engine: String,
        /// Version of the engine.
        engine_version: String,
        /// What the engine says of how it was built; empty if it says nothing.
        engine_build: String,
        /// Vector instructions that the engine computes with here; empty where none is known.
        instruction_set: String,
        /// The engine's settings as a JSON object, keys in order.
        options: String,
        /// Device that executes, as the engine names it.
        device: String,
        /// Kind of device, as `cpu` or `software-adapter`.
        device_kind: DeviceKind,
        /// Images per inference; null where it is given other inputs than square RGB images.
        batch: Option<u32> [images],
        /// Height and width of the images; null where it is given other inputs.
        resolution: Option<u32> [pixels],
        /// Inputs that are not square RGB images, as a JSON array: name, extents, type and what fills
        /// them; null where they are.
        inputs: Option<String>,
        /// Seed of what fills the inputs.
        input_seed: u64,
        /// Seed of the weights.
        weights_seed: u64,
        /// Threads the engine may compute on.
        threads: u32 [threads],
    }
}

table! {
    /// One row per block: bursts of consecutive inferences of one cell in one round, in turn with those of other cells.
    "blocks" => BlockRow {
        /// Key into `cells`.
        cell: String,
        /// Number of the round, from 0; a round is one fresh process per cell.
        round: u32,
        /// Number of the block within the cell's round, from 0.
        block: u32,
        /// Place of the cell in the first turn of its group in this block, from 0.
        position: u32,
        /// Process id of the worker.
        process: u32,
        /// Start of the command that took the block, since 1970-01-01 UTC: a run that was
        /// interrupted has several, and rounds that they share are not paired.
        session_unix_ns: u64 [ns],
        /// Start of the block, since 1970-01-01 UTC.
        started_unix_ns: u64 [ns],
        /// Duration of loading the model in this process, before any inference.
        load_ns: u64 [ns],
        /// Latency of the first inference in this process, which is no sample.
        first_inference_ns: u64 [ns],
        /// Inferences of the warm-up.
        warm_up_inferences: u64 [inferences],
        /// Duration of the warm-up.
        warm_up_ns: u64 [ns],
        /// Whether the warm-up became stable before its cap.
        warm_up_stable: bool,
        /// Duration of the block's bursts by the wall clock, without the turns of other cells.
        wall_ns: u64 [ns],
        /// Processor time of the worker's threads during the block's bursts.
        cpu_ns: u64 [ns],
        /// Largest resident memory of the worker so far.
        peak_rss_bytes: u64 [bytes],
        /// Time of the host's processors from before the block's first turn to after its last, turns of other
        /// cells included, that the hypervisor gave to others, in whole ticks of the kernel; null where
        /// unknown, as in all that follows.
        steal_ns: Option<u64> [ns],
        /// Processor time of everything on the host meanwhile, in whole ticks of the kernel.
        host_busy_ns: Option<u64> [ns],
        /// Mean number of running or waiting threads of the host over the minute before the block.
        load_1m: Option<f64> [threads],
        /// Time meanwhile in which a thread of the host waited for a processor.
        psi_cpu_ns: Option<u64> [ns],
        /// Time meanwhile in which a thread of the host waited for memory.
        psi_memory_ns: Option<u64> [ns],
        /// Time meanwhile in which a thread of the host waited for a disk.
        psi_io_ns: Option<u64> [ns],
        /// Time during the block that the worker's threads were ready and waited for a processor,
        /// all together.
        run_queue_ns: Option<u64> [ns],
        /// Times that a thread of the worker gave its processor up.
        voluntary_switches: Option<u64> [switches],
        /// Times that a thread of the worker lost its processor.
        involuntary_switches: Option<u64> [switches],
        /// Page faults of the worker that needed no disk.
        minor_faults: Option<u64> [faults],
        /// Page faults of the worker that needed a disk.
        major_faults: Option<u64> [faults],
        /// Clock of the host's fastest processor before the block.
        frequency_before_khz: Option<u64> [kHz],
        /// Clock of the host's fastest processor after the block.
        frequency_after_khz: Option<u64> [kHz],
        /// Temperature of the host's hottest zone after the block, in thousandths of a degree
        /// Celsius.
        temperature_millicelsius: Option<u64>,
        /// Times that a processor or its package was throttled for its heat during the block.
        throttles: Option<u64> [times],
        /// Time meanwhile that the command's control group was stopped because its quota was spent, on all
        /// processors together.
        quota_throttled_ns: Option<u64> [ns],
        /// Time from before the block's first turn to after its last, turns of other cells included; null in
        /// runs of version 0.1, whose blocks are one burst.
        span_ns: Option<u64> [ns],
        /// Logical processors that the worker may run on, joined with commas; null where it was
        /// free to run on any.
        processors: Option<String>,
        /// Whether the worker was stopped while others had their turns; null in runs of version 0.1,
        /// whose workers were not.
        stopped: Option<bool>,
    }
}

table! {
    /// One row per sample: one timed inference, in the order of cell, round, block and index.
    "samples" => SampleRow {
        /// Key into `cells`; with round and block, key into `blocks`.
        cell: String,
        /// Number of the round, from 0.
        round: u32,
        /// Number of the block within the cell's round, from 0.
        block: u32,
        /// Number of the turn within the block, from 0: a burst of consecutive inferences, whose first
        /// counts in no number, since it finds the data of whoever ran before it in the caches. Null in
        /// runs of version 0.1, whose blocks are one turn of which every inference counts.
        turn: Option<u32>,
        /// Number of the inference within the block, from 0.
        index: u32,
        /// Duration from host input to host-readable logits.
        latency_ns: u64 [ns],
    }
}

table! {
    /// One row per refusal: why a cell has no samples in a round.
    "refusals" => RefusalRow {
        /// Key into `cells`.
        cell: String,
        /// Number of the round, from 0.
        round: u32,
        /// Kind of refusal in one word, as `crashed` or `disagrees`.
        kind: RefusalKind,
        /// What happened, for people.
        reason: String,
        /// What would make the cell run; null where nothing is known.
        remedy: Option<String>,
        /// End of what the worker wrote to its standard error.
        stderr_tail: String,
        /// When it was recorded, since 1970-01-01 UTC.
        unix_ns: u64 [ns],
    }
}

impl CellRow {
    /// Returns the architecture's label, such as `resnet18`, `bottleneck-d14-w32` or `own/x.onnx`.
    pub fn architecture(&self) -> String {
        let name = self.name.clone();
        match self.form() {
            Some((depth, width)) => Architecture::Pattern { name, depth, width },
            // A file is labelled by its name alone, as a network is.
            None => Architecture::Network { name },
        }
        .to_string()
    }

    /// Returns what each inference is given, whatever the seed.
    pub fn input_shape(&self) -> InputShape {
        let (batch, resolution, inputs) = (self.batch, self.resolution, self.inputs.clone());
        InputShape { batch, resolution, inputs }
    }

    /// Returns the depth and width of a pattern, fit to be compared and sorted.
    pub fn form(&self) -> Option<(u32, Width)> {
        Some((self.depth?, Width::try_from(self.width?).ok()?))
    }

    /// Returns the engine's label with its options, such as `tract` or `onnxruntime{arena=false}`.
    pub fn engine_label(&self) -> String {
        match serde_json::from_str::<Options>(&self.options) {
            Ok(options) if options.is_empty() => self.engine.clone(),
            Ok(options) => format!("{}{{{}}}", self.engine, options_text(&options)),
            Err(_) => format!("{}{}", self.engine, self.options),
        }
    }
}

/// Returns the options as `name=value`, text without its quotes.
fn options_text(options: &Options) -> String {
    let texts = options.iter().map(|(name, value)| match value.as_str() {
        Some(text) => format!("{name}={text}"),
        None => format!("{name}={value}"),
    });
    texts.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_architecture_is_labelled_as_the_protocol_shows_it() {
        let network = CellRow { name: "plain".into(), ..CellRow::default() };
        assert_eq!(network.architecture(), "plain");
        let pattern = CellRow { depth: Some(8), width: Some(18.5), ..network };
        assert_eq!(pattern.architecture(), "plain-d8-w18.5");
    }

    #[test]
    fn an_engine_is_labelled_with_its_options() {
        let label = |options: &str| {
            let (engine, options) = ("onnxruntime".into(), options.into());
            CellRow { engine, options, ..CellRow::default() }.engine_label()
        };
        assert_eq!(label("{}"), "onnxruntime");
        let options = r#"{"graph_optimization":"disabled","intra_op":2}"#;
        assert_eq!(label(options), "onnxruntime{graph_optimization=disabled,intra_op=2}");
        assert_eq!(label("[1]"), "onnxruntime[1]");
    }

    #[test]
    fn no_two_tables_and_no_two_columns_share_a_name() {
        let mut names: Vec<_> = TABLES
            .iter()
            .flat_map(|table| table.columns.iter().map(|column| (table.name, column.name)))
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
