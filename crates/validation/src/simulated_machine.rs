//! A machine whose noise is known and whose clock is virtual: the conductor works on it as on any
//! other, so that what it finds can be held against what is true.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use formbench_experiment::{Budget, EngineSetting};
use formbench_measure::{
    AllowedProcessors, Launcher, ProbeStart, Process, ProcessorSet, RunCell, WorkerResult,
    nanoseconds,
};
use formbench_protocol::{
    Architecture, BUFFERS, BlockRequest, CLASSES, Device, DeviceKind, EngineInfo, EngineKind,
    Identity, Images, Output, Precision, Prepared, TakenBlock, WarmedUp,
};
use formbench_statistics::Speed;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use serde_json::json;

/// What the one engine of a simulated machine is called.
const ENGINE: &str = "imagined";

/// The option that sets how long one inference takes on a quiet machine, in nanoseconds.
const LATENCY: &str = "latency_ns";
/// The option that sets how much of the memory's slow-down an inference bears: by its logarithm, 1 by default.
const SENSITIVITY: &str = "sensitivity";
/// Starting a process and loading its model, in seconds.
const START_S: f64 = 0.3;
/// How long the parts of the probe's work take on a quiet machine, in nanoseconds.
const PROBE_NS: [f64; 2] = [3e5, 5e5];
/// By how much an interruption lengthens an inference.
const INTERRUPTION: f64 = 0.5;

/// How a machine disturbs what runs on it. Shares are standard deviations of the logarithm of a
/// latency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noise {
    /// Processes of one cell differ by their memory's layout.
    pub process: f64,
    /// The machine's speed wanders, as when neighbours come and go.
    pub wandering: f64,
    /// How long the wandering remembers, in seconds.
    pub memory_s: f64,
    /// Single inferences differ.
    pub inference: f64,
    /// Share of inferences that are hit by an interruption, which makes them half as long again.
    pub interrupted: f64,
    /// The machine slows down steadily by this share each second.
    pub drift_per_s: f64,
    /// Neighbours that read memory slow it down: the mean logarithm by which, of which what is below 0 is
    /// a quiet machine.
    pub contention: f64,
    /// How much that varies.
    pub contention_sd: f64,
    /// How long neighbours stay, in seconds.
    pub contention_memory_s: f64,
}

impl Noise {
    /// A machine that nothing disturbs.
    pub const NONE: Self = Self {
        process: 0.0,
        wandering: 0.0,
        memory_s: 1.0,
        inference: 0.0,
        interrupted: 0.0,
        drift_per_s: 0.0,
        contention: 0.0,
        contention_sd: 0.0,
        contention_memory_s: 1.0,
    };

    /// A machine between neighbours that read memory: a fifth of the time they do not, and stay for a third of a
    /// second. Inferences are slowed down by a seventh in the mean, and processes differ as they were found to
    /// (METHODOLOGY, "What a round is").
    pub const NEIGHBOURS: Self = Self {
        process: 0.016,
        wandering: 0.02,
        memory_s: 2.0,
        inference: 0.02,
        contention: 0.126,
        contention_sd: 0.15,
        contention_memory_s: 0.3,
        ..Self::NONE
    };
}

/// A machine that runs imagined engines, whose latency is their option `latency_ns`; see [`SimulatedMachine::cell`].
pub struct SimulatedMachine {
    noise: Noise,
    now_s: Cell<f64>,
    /// Logarithm of how much slower than usual the machine is, its drift left out.
    wandering: Cell<f64>,
    /// How far contention is from its mean, in standard deviations.
    neighbours: Cell<f64>,
    rng: RefCell<ChaCha8Rng>,
    processes: Cell<u32>,
}

impl SimulatedMachine {
    /// Returns a machine that has just started; equal seeds give equal noise.
    pub fn new(noise: Noise, seed: u64) -> Self {
        Self {
            noise,
            now_s: Cell::new(0.0),
            wandering: Cell::new(0.0),
            neighbours: Cell::new(0.0),
            rng: RefCell::new(ChaCha8Rng::seed_from_u64(seed)),
            processes: Cell::new(0),
        }
    }

    /// Returns a cell for such machines: how long one of its inferences takes on a quiet machine, in nanoseconds, and
    /// how much of the memory's slow-down it bears, by the logarithm: 1 as much as memory itself.
    pub fn cell(key: &str, quiet_ns: f64, sensitivity: f64, budget: Budget) -> RunCell {
        let engine = engine();
        let options =
            [(LATENCY.to_owned(), json!(quiet_ns)), (SENSITIVITY.to_owned(), json!(sensitivity))];
        let cell = formbench_experiment::Cell {
            architecture: Architecture::Network { name: "resnet18".to_owned() },
            engine: EngineSetting { engine: ENGINE.to_owned(), options: options.into() },
            input: Images { batch: 1, resolution: 32, seed: 7 }.into(),
            weights_seed: 1,
            threads: 1,
        };
        RunCell { key: key.to_owned(), cell, reference: Some(engine.clone()), engine, budget }
    }

    fn normal(&self) -> f64 {
        StandardNormal.sample(&mut *self.rng.borrow_mut())
    }

    /// Lets time pass, over which the machine's speed wanders and neighbours come and go: Ornstein-Uhlenbeck
    /// processes.
    fn pass(&self, seconds: f64) {
        self.now_s.set(self.now_s.get() + seconds);
        let moved = |value: f64, sd: f64, memory_s: f64| {
            let kept = (-seconds / memory_s).exp();
            kept * value + sd * (1.0 - kept * kept).sqrt() * self.normal()
        };
        let Noise { wandering, memory_s, contention_memory_s, .. } = self.noise;
        self.wandering.set(moved(self.wandering.get(), wandering, memory_s));
        self.neighbours.set(moved(self.neighbours.get(), 1.0, contention_memory_s));
    }

    /// Returns the logarithm of how much slower memory is.
    fn contention(&self) -> f64 {
        let Noise { contention, contention_sd, .. } = self.noise;
        (contention + contention_sd * self.neighbours.get()).max(0.0)
    }

    /// Returns the latency of one inference, in nanoseconds, and lets it pass.
    fn infer(&self, quiet_ns: f64, sensitivity: f64) -> u64 {
        let Noise { inference, interrupted, drift_per_s, .. } = self.noise;
        let drift = drift_per_s * self.now_s.get() + sensitivity * self.contention();
        let is_interrupted = self.rng.borrow_mut().random::<f64>() < interrupted;
        let hit = if is_interrupted { 1.0 + INTERRUPTION } else { 1.0 };
        let slower = (self.wandering.get() + drift + inference * self.normal()).exp() * hit;
        let latency_ns = (quiet_ns * slower).round();
        self.pass(latency_ns * 1e-9);
        latency_ns as u64
    }
}

impl Launcher for SimulatedMachine {
    fn start<'c>(
        &'c self,
        cell: &'c RunCell,
        _processors: Option<&ProcessorSet>,
    ) -> WorkerResult<Box<dyn Process + 'c>> {
        self.processes.set(self.processes.get() + 1);
        let option = |name| cell.cell.engine.options.get(name).and_then(|value| value.as_f64());
        let (latency_ns, sensitivity) = (option(LATENCY), option(SENSITIVITY).unwrap_or(1.0));
        let layout = (self.noise.process * self.normal()).exp();
        let quiet_ns = latency_ns.unwrap_or(1.0) * layout;
        let id = self.processes.get();
        Ok(Box::new(SimulatedProcess { machine: self, cell, quiet_ns, sensitivity, id }))
    }

    fn processors(&self) -> Option<&AllowedProcessors> {
        None
    }

    fn speed(&self, _processors: Option<&ProcessorSet>) -> Speed {
        let [registers_ns, memory_ns] = PROBE_NS;
        Speed { registers_ns: self.infer(registers_ns, 0.0), memory_ns: self.infer(memory_ns, 1.0) }
    }

    fn now(&self) -> Duration {
        Duration::from_secs_f64(self.now_s.get())
    }

    fn is_interrupted(&self) -> bool {
        false
    }
}

fn engine() -> EngineInfo {
    EngineInfo {
        identity: Identity {
            name: ENGINE.to_owned(),
            version: "1".to_owned(),
            build: String::new(),
            instruction_set: String::new(),
            device: Device { name: "simulated".to_owned(), kind: DeviceKind::Simulated },
        },
        kind: EngineKind::Instrument,
        options: vec![],
        thread_variables: vec![],
        reference: ENGINE.to_owned(),
        runs_modules: false,
        takes_files: true,
        known_defect: None,
        refusal: None,
    }
}

struct SimulatedProcess<'c> {
    machine: &'c SimulatedMachine,
    cell: &'c RunCell,
    quiet_ns: f64,
    sensitivity: f64,
    id: u32,
}

impl SimulatedProcess<'_> {
    /// Returns latencies until both minima are met, and what they sum up to.
    fn run(&self, inferences: u64, least_ns: u64) -> (Vec<u64>, u64) {
        let (mut samples_ns, mut wall_ns) = (Vec::new(), 0);
        while samples_ns.is_empty() || (samples_ns.len() as u64) < inferences || wall_ns < least_ns
        {
            let latency_ns = self.machine.infer(self.quiet_ns, self.sensitivity);
            samples_ns.push(latency_ns);
            wall_ns += latency_ns;
        }
        (samples_ns, wall_ns)
    }
}

impl Process for SimulatedProcess<'_> {
    fn id(&self) -> u32 {
        self.id
    }

    fn prepare(&mut self, _software_gpu: bool) -> WorkerResult<Prepared> {
        self.machine.pass(START_S);
        let first_inference_ns = self.machine.infer(self.quiet_ns, self.sensitivity);
        Ok(Prepared {
            identity: self.cell.engine.identity.clone(),
            precision: Precision::F32,
            load_ns: nanoseconds(START_S),
            first_inference_ns,
            outputs: vec![Output::logits(1, vec![1.0; BUFFERS as usize * CLASSES])],
        })
    }

    fn warm_up(&mut self) -> WorkerResult<WarmedUp> {
        let budget = &self.cell.budget;
        let (samples_ns, wall_ns) =
            self.run(budget.warm_up_inferences, nanoseconds(budget.warm_up_s));
        Ok(WarmedUp { inferences: samples_ns.len() as u64, wall_ns, stable: true })
    }

    fn burst(&mut self, request: BlockRequest) -> WorkerResult<TakenBlock> {
        let (samples_ns, wall_ns) = self.run(request.min_inferences, request.min_ns);
        Ok(TakenBlock { samples_ns, wall_ns, cpu_ns: wall_ns, peak_rss_bytes: 0 })
    }

    fn stop(&mut self) -> bool {
        true
    }

    fn go_on(&mut self) {}

    fn probe(&self) -> Option<ProbeStart> {
        None
    }

    fn end(self: Box<Self>) -> String {
        String::new()
    }

    fn kill(self: Box<Self>) -> String {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quiet_machine_takes_what_it_is_told() {
        let machine = SimulatedMachine::new(Noise::NONE, 1);
        assert_eq!([0, 1].map(|_| machine.infer(1e6, 1.0)), [1_000_000; 2]);
        assert_eq!(machine.now(), Duration::from_millis(2));
    }

    #[test]
    fn a_drifting_machine_slows_down_with_its_own_clock() {
        let machine = SimulatedMachine::new(Noise { drift_per_s: 0.01, ..Noise::NONE }, 1);
        machine.pass(10.0);
        // After 10 s at 1 % a second: e^0.1 = 1.10517 times as long.
        assert_eq!(machine.infer(1e6, 1.0), 1_105_171);
    }

    #[test]
    fn a_wandering_machine_keeps_its_spread() {
        let machine = SimulatedMachine::new(Noise { wandering: 0.05, ..Noise::NONE }, 3);
        let mut sum = 0.0;
        for _ in 0..20_000 {
            machine.pass(0.5);
            sum += machine.wandering.get().powi(2);
        }
        // Variance 0.05² = 0.0025; neighbours correlate by e^-0.5, so 20 000 count as about 9 000,
        // of which the standard error is 0.0025 · √(2 / 9000) = 0.00004.
        let variance = sum / 20_000.0;
        assert!((variance - 0.0025).abs() < 0.0002, "{variance}");
    }

    #[test]
    fn neighbours_slow_down_what_reads_memory() {
        let noise = Noise { contention: 0.1, ..Noise::NONE };
        let machine = SimulatedMachine::new(noise, 1);
        // e^0.1 and e^0.2 times as long, and the probe's registers not at all.
        assert_eq!([1.0, 2.0].map(|by| machine.infer(1e6, by)), [1_105_171, 1_221_403]);
        assert_eq!(machine.speed(None).registers_ns, 300_000);
        assert_eq!(machine.speed(None).memory_ns, 552_585);
    }
}
