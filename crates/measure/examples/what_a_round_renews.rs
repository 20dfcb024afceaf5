//! What differs between rounds: processes, loads of the model within one, or where its addresses lie?
//!
//! `cargo run --release --example what_a_round_renews -- target/release/formbench-worker mobilenet-v2`
//! measures a network on three engines in eight processes with five loads each; under `setarch -R` once more,
//! addresses are the same in every process. A load's latency is the median over bursts during which the host was
//! quiet, and a load waits for them.

use std::error::Error;
use std::io::Write;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use formbench_experiment::{Budget, Cell, EngineSetting};
use formbench_measure::host::SpeedProbe;
use formbench_measure::{
    AllowedProcessors, BURST, CellProcess, Host, ProcessorSet, RunCell, WorkerCommand,
};
use formbench_protocol::{Architecture, Description, Images, Options};
use formbench_statistics::{QuietLevel, Speed, counting, median_ns};

const ENGINES: [&str; 3] = ["openvino", "onnxruntime", "tract"];
const PROCESSES: usize = 8;
const LOADS: usize = 5;
/// Quiet bursts that a load's latency is made of.
const BURSTS: usize = 24;
/// How long a load waits for them.
const PATIENCE: Duration = Duration::from_secs(8);
/// Quiet bursts without which a load says nothing.
const LEAST_BURSTS: usize = 6;

const BUDGET: Budget = Budget {
    rounds: 1,
    most_rounds: 1,
    blocks: 1,
    block_inferences: 1,
    block_s: 0.015,
    warm_up_inferences: 5,
    warm_up_s: 0.3,
    warm_up_cap_s: 1.0,
    warm_up_stable_within: 0.05,
    limit_s: 120.0,
    cell_limit_s: 600.0,
    ratio_half_width: 0.02,
};

/// What loads have shown, by process: the logarithm of a median latency, and the variance that the scatter of
/// its bursts gives it.
type Loads = Vec<Vec<(f64, f64)>>;

struct Nest {
    worker: WorkerCommand,
    processors: Option<ProcessorSet>,
    probe: SpeedProbe,
    readings: Vec<Speed>,
    /// Seconds that processes took to start and to load first, and that further loads took.
    cost_s: [Vec<f64>; 2],
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let program = arguments.next().ok_or("name the worker, then networks")?.into();
    let worker = WorkerCommand { program };
    let description = worker.describe()?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "| network | engine | loads | bursts alone | between loads | between processes | process s | load s |\n\
         |---|---|--:|--:|--:|--:|--:|--:|"
    )?;
    for network in arguments {
        for engine in ENGINES {
            let cell = cell(&network, engine, &description).ok_or("an engine is missing")?;
            let mut nest = Nest {
                worker: worker.clone(),
                processors: AllowedProcessors::here().map(|allowed| allowed.choose(1, 0)),
                probe: SpeedProbe::new(Host::here().l3_bytes),
                readings: Vec::new(),
                cost_s: [Vec::new(), Vec::new()],
            };
            let loads = nest.measure(&cell)?;
            let [bursts, between_loads, between_processes] = spreads(&loads);
            let [process_s, load_s] = nest.cost_s.each_ref().map(|costs| middle(costs));
            let count: usize = loads.iter().map(Vec::len).sum();
            writeln!(
                out,
                "| {network} | {engine} | {count} | {:.1} % | {:.1} % | {:.1} % | {process_s:.1} | {load_s:.1} |",
                100.0 * bursts,
                100.0 * between_loads,
                100.0 * between_processes
            )?;
        }
    }
    Ok(())
}

impl Nest {
    fn measure(&mut self, cell: &RunCell) -> Result<Loads, Box<dyn Error>> {
        let interrupt = AtomicBool::new(false);
        let worker = self.worker.clone();
        // The host's quiet level.
        for _ in 0..400 {
            self.readings.push(self.probe.read(self.processors.as_ref()));
        }
        let mut loads = Vec::new();
        for _ in 0..PROCESSES {
            let start = Instant::now();
            let mut process =
                CellProcess::start(&worker, cell, self.processors.as_ref(), &interrupt)?;
            let mut of_process = Vec::new();
            for load in 0..LOADS {
                let began = Instant::now();
                process.prepare(false)?;
                if load == 0 {
                    self.cost_s[0].push(start.elapsed().as_secs_f64());
                } else {
                    self.cost_s[1].push(began.elapsed().as_secs_f64());
                }
                process.warm_up()?;
                of_process.extend(self.load(&mut process)?);
            }
            process.end();
            loads.push(of_process);
        }
        Ok(loads)
    }

    /// Returns the logarithm of a load's latency with its variance; nothing if the host was not quiet enough.
    fn load(
        &mut self,
        process: &mut CellProcess<'_>,
    ) -> Result<Option<(f64, f64)>, Box<dyn Error>> {
        let (start, mut bursts) = (Instant::now(), Vec::new());
        let mut before = self.probe.read(self.processors.as_ref());
        while bursts.len() < BURSTS && start.elapsed() < PATIENCE {
            let taken = process.burst(BURST)?;
            let after = self.probe.read(self.processors.as_ref());
            self.readings.push(after);
            let level = QuietLevel::of(&self.readings, None).ok_or("too few readings")?;
            let median = median_ns(counting(&taken.samples_ns)).ok_or("an empty burst")?;
            if level.conditions([before, after]).is_quiet() {
                bursts.push(median.ln());
            }
            before = after;
        }
        if bursts.len() < LEAST_BURSTS {
            return Ok(None);
        }
        let median = middle(&bursts);
        let deviations: Vec<f64> = bursts.iter().map(|value| (value - median).abs()).collect();
        let deviation = 1.4826 * middle(&deviations);
        // Of a median, π/2 times that of a mean.
        let variance = std::f64::consts::FRAC_PI_2 * deviation.powi(2) / bursts.len() as f64;
        Ok(Some((median, variance)))
    }
}

/// Returns three standard deviations: of a load by its bursts alone, between the loads of a process beyond that, and
/// between processes beyond both.
fn spreads(processes: &Loads) -> [f64; 3] {
    let loads: Vec<&Vec<(f64, f64)>> = processes.iter().filter(|loads| loads.len() > 1).collect();
    let bursts = mean(loads.iter().flat_map(|loads| loads.iter().map(|load| load.1)));
    let within = mean(loads.iter().map(|loads| variance(loads.iter().map(|load| load.0))));
    let means: Vec<f64> = loads.iter().map(|loads| mean(loads.iter().map(|load| load.0))).collect();
    let of_means = mean(loads.iter().map(|loads| within / loads.len() as f64));
    let beyond = variance(means.into_iter()) - of_means;
    [bursts, within - bursts, beyond].map(|variance| variance.max(0.0).sqrt())
}

fn variance(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let centre = mean(values.clone());
    let count = values.clone().count();
    values.map(|value| (value - centre).powi(2)).sum::<f64>() / (count.max(2) - 1) as f64
}

fn mean(values: impl Iterator<Item = f64> + Clone) -> f64 {
    values.clone().sum::<f64>() / values.count().max(1) as f64
}

fn middle(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

fn cell(network: &str, engine: &str, description: &Description) -> Option<RunCell> {
    let info = description.engines.iter().find(|info| info.identity.name == engine)?.clone();
    let cell = Cell {
        architecture: Architecture::Network { name: network.to_owned() },
        engine: EngineSetting { engine: engine.to_owned(), options: Options::new() },
        input: Images { batch: 1, resolution: 224, seed: 7 }.into(),
        weights_seed: 1,
        threads: 1,
    };
    Some(RunCell { key: String::new(), cell, engine: info, reference: None, budget: BUDGET })
}
