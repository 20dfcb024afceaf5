//! Runs that never happened, of hosts whose truth is known.
//!
//! What it gives, for tests of packs and of hosts side by side:
//! - [`Imagined`]: how many hosts, architectures and engines, how they are measured, and the standard deviation of each
//!   part of a log speed-up; [`Imagined::default`] is 40 architectures on 4 engines and a baseline: 200 cells.
//! - [`Imagined::truth`]: the parts as drawn; [`Truth::log_speed_up`] is what a cell's log speed-up truly is, and
//!   [`Truth::lines`] says it all in words.
//! - [`Imagined::write`]: the finished run of one host, as a folder. Hosts have names and fingerprints of their own.
//!
//! Another crate's tests take it in by `#[path = "../../pack/tests/synthetic/mod.rs"] mod synthetic;`. It needs
//! `formbench-protocol`, `formbench-store`, `rand`, `rand_chacha`, `rand_distr` and `sha2`.

mod measured;
mod truth;

use std::path::{Path, PathBuf};

use formbench_protocol::DeviceKind;
use formbench_store::{
    AttributesRow, CellKind, CellRow, ExperimentRow, HostRow, MemberRow, RunFolder,
};
use sha2::{Digest, Sha256};

pub use truth::{Parts, Truth};

/// Engines in the order in which they take part; the first is the baseline.
pub const ENGINES: [&str; 6] =
    ["pytorch", "onnxruntime", "openvino", "tract", "burn/candle", "burn/flex"];

/// The one experiment of every imagined run.
pub const EXPERIMENT: &str = "imagined/hosts";

/// What it asks.
pub const QUESTION: &str = "Do hosts that never were agree?";

/// When the run of the first host starts; each further host's starts a second later.
const START_UNIX_NS: u64 = 1_795_000_000_000_000_000;

/// A fleet that never was.
#[derive(Clone, Debug)]
pub struct Imagined {
    /// Machines, each with one run.
    pub hosts: usize,
    /// Networks that each of them measures.
    pub architectures: usize,
    /// Engines beside the baseline, at most five.
    pub engines: usize,
    /// Rounds of every cell.
    pub rounds: u32,
    /// Blocks of every cell and round.
    pub blocks: u32,
    /// How far apart log speed-ups are, by what makes them so, and log latencies from round to round.
    pub sd: Parts,
    /// Hosts from this number on have another version of every engine.
    pub newer_from: usize,
    /// Seed of all that is drawn.
    pub seed: u64,
}

impl Default for Imagined {
    fn default() -> Self {
        Self {
            hosts: 10,
            architectures: 40,
            engines: 4,
            rounds: 4,
            blocks: 2,
            sd: Parts::default(),
            newer_from: usize::MAX,
            seed: 1,
        }
    }
}

impl Imagined {
    /// Returns the parts of all log speed-ups, drawn once for all hosts.
    pub fn truth(&self) -> Truth {
        Truth::draw(self)
    }

    /// Returns the name of a host.
    pub fn host_name(host: usize) -> String {
        format!("imagined-{host:04}-4core")
    }

    /// Returns the version of every engine on a host.
    pub fn version(&self, host: usize) -> &'static str {
        if host >= self.newer_from { "2.0.0" } else { "1.0.0" }
    }

    /// Returns the folder of a host's finished run, written below `runs`.
    pub fn write(&self, truth: &Truth, host: usize, runs: &Path) -> PathBuf {
        let folder = RunFolder::create(runs, "2026-11-18", &Self::host_name(host)).unwrap();
        let cells = self.cells(host);
        let rows: Vec<CellRow> = cells.iter().map(|(.., row)| row.clone()).collect();
        let members: Vec<MemberRow> = rows.iter().map(member).collect();
        let row = host_row(host, folder.name());
        folder.write_attributes(&self.attributes()).unwrap();
        folder.write_plan(&row, &[self.experiment()], &members, &rows).unwrap();
        folder.write_measured(self.measured(truth, host, &cells)).unwrap();
        folder.path().to_owned()
    }

    /// Returns the numbers of architecture and engine of each cell of a host with its row, in the order of keys.
    fn cells(&self, host: usize) -> Vec<(usize, usize, CellRow)> {
        let places = (0..self.architectures)
            .flat_map(|at| (0..=self.engines).map(move |engine| (at, engine)));
        let mut cells: Vec<_> =
            places.map(|(at, engine)| (at, engine, self.cell(host, at, engine))).collect();
        cells.sort_by(|(.., one), (.., other)| one.cell.cmp(&other.cell));
        cells
    }

    fn cell(&self, host: usize, architecture: usize, engine: usize) -> CellRow {
        let (name, engine) = (architecture_name(architecture), ENGINES[engine]);
        let version = self.version(host);
        CellRow {
            cell: short_hash(&format!("{host} {name} {engine} {version}")),
            kind: CellKind::Network,
            name,
            engine: engine.into(),
            engine_version: version.into(),
            options: "{}".into(),
            device: "cpu".into(),
            device_kind: DeviceKind::Cpu,
            batch: Some(1),
            resolution: Some(224),
            input_seed: 7,
            weights_seed: 1,
            threads: 1,
            ..CellRow::default()
        }
    }

    fn attributes(&self) -> Vec<AttributesRow> {
        let row = |at: usize| AttributesRow {
            name: architecture_name(at),
            batch: Some(1),
            resolution: Some(224),
            parameters: 1_000_000 * (at as u64 + 1),
            macs: 100_000_000 * (at as u64 + 1),
            flops: 200_000_000 * (at as u64 + 1),
            operator_mix: "{}".into(),
            ..AttributesRow::default()
        };
        (0..self.architectures).map(row).collect()
    }

    fn experiment(&self) -> ExperimentRow {
        ExperimentRow {
            experiment: EXPERIMENT.into(),
            question: QUESTION.into(),
            figures: vec!["network-speedup".into()],
            baseline: ENGINES[0].into(),
            rounds: self.rounds,
            blocks: self.blocks,
            ratio_half_width: 0.02,
            ..ExperimentRow::default()
        }
    }
}

/// Returns the name of an architecture.
pub fn architecture_name(number: usize) -> String {
    format!("imagined-net-{number:02}")
}

fn member(cell: &CellRow) -> MemberRow {
    MemberRow {
        experiment: EXPERIMENT.into(),
        cell: cell.cell.clone(),
        baseline: cell.engine == ENGINES[0],
    }
}

fn host_row(host: usize, run: &str) -> HostRow {
    let name = Imagined::host_name(host);
    HostRow {
        run: run.into(),
        fingerprint: short_hash(&name),
        cpu_model: format!("Imagined Processor {host}"),
        host: name,
        logical_cores: 4,
        memory_bytes: 8 << 30,
        l2_bytes: 1 << 20,
        l3_bytes: 32 << 20,
        os: "Nowhere 1".into(),
        kernel: "1.0".into(),
        rustc: "rustc 1.95.0".into(),
        harness_version: env!("CARGO_PKG_VERSION").into(),
        profile: "standard".into(),
        plan: short_hash("imagined"),
        started_unix_ns: START_UNIX_NS + 1_000_000_000 * host as u64,
        lock_hash: Some(short_hash("lock")),
        environment: Some("{}".into()),
        ..HostRow::default()
    }
}

/// Returns the first 16 hex digits of the text's SHA-256.
fn short_hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
