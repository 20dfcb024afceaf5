//! An engine that executes nothing: the harness tests itself with it.
//!
//! Its latencies and failures come from the job's options, so a test knows what must be measured:
//! - `latency_ns`: a number, or `100, 300` to cycle through several; default 0
//! - `load_ns`: the cost of preparing; default 0
//! - `time`: `virtual` (default; a clock of its own that only its latencies move) or `busy` (waits
//!   that long on the host's clock)
//! - `steps`: so much arithmetic is done in each inference, on the host's clock; default 0
//! - `failure`: what goes wrong, see [`FAILURES`]; `after`: on which inference, counted from 0

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use formbench_protocol::{
    Array, CLASSES, Device, DeviceKind, EngineKind, HARNESS_VERSION, Identity, Job, OperatorTime,
    OptionInfo, Options, Refusal, RefusalKind,
};
use serde_json::Value;

use crate::{Clock, Engine, Failure, Model, Session, TimedOperators, option};

/// The engine's registry name.
pub const NAME: &str = "fake";

/// What can go wrong: the process aborts, never answers, is killed as for memory, returns an error,
/// refuses to prepare, or gives logits that differ from the reference's, are not finite or change.
pub const FAILURES: [&str; 8] =
    ["crash", "hang", "killed", "error", "refuse", "wrong-logits", "nan", "unstable"];

/// The fake engine.
pub struct Fake;

impl Engine for Fake {
    fn name(&self) -> &'static str {
        NAME
    }

    fn identity(&self) -> Identity {
        Identity {
            name: NAME.to_owned(),
            version: HARNESS_VERSION.to_owned(),
            build: String::new(),
            instruction_set: String::new(),
            device: Device { name: "simulated".to_owned(), kind: DeviceKind::Simulated },
        }
    }

    fn kind(&self) -> EngineKind {
        EngineKind::Instrument
    }

    fn options(&self) -> Vec<OptionInfo> {
        vec![
            option::free("latency_ns", "0"),
            option::free("load_ns", "0"),
            option::words("time", &["virtual", "busy"]),
            option::free("steps", "0"),
            option::free("failure", "none"),
            option::free("after", "0"),
        ]
    }

    fn thread_variables(&self) -> &'static [&'static str] {
        &[]
    }

    fn reference(&self) -> &'static str {
        NAME
    }

    fn prepare(&self, job: &Job, _model: Model) -> Result<Box<dyn Session>, Refusal> {
        let session = FakeSession::new(job).map_err(|reason| {
            Refusal::new(RefusalKind::Unsupported, format!("{NAME}: {reason}"))
        })?;
        if session.failure.as_deref() == Some("refuse") {
            let refusal = Refusal::new(RefusalKind::Unsupported, "fake: refuses as it was told");
            return Err(refusal.remedy("leave out `failure: refuse`"));
        }
        session.spend(session.load_ns);
        Ok(Box::new(session))
    }
}

struct FakeSession {
    latencies_ns: Vec<u64>,
    virtual_now_ns: Option<Rc<Cell<u64>>>,
    steps: u64,
    failure: Option<String>,
    after: u64,
    load_ns: u64,
    inferences: u64,
    logits: Vec<f32>,
}

impl FakeSession {
    fn new(job: &Job) -> Result<Self, String> {
        let options = &job.options;
        let failure = word(options, "failure", &FAILURES)?;
        let steps = number(options, "steps")?;
        let is_busy = word(options, "time", &["virtual", "busy"])?.as_deref() == Some("busy");
        Ok(Self {
            latencies_ns: latencies(options)?,
            virtual_now_ns: (!is_busy && steps == 0).then(Rc::default),
            steps,
            failure,
            after: number(options, "after")?,
            load_ns: number(options, "load_ns")?,
            inferences: 0,
            logits: logits(job),
        })
    }

    /// Lets `ns` pass on the session's clock.
    fn spend(&self, ns: u64) {
        match &self.virtual_now_ns {
            Some(now) => now.set(now.get() + ns),
            None => busy_wait(Duration::from_nanos(ns)),
        }
    }

    /// Fails as the options state, once enough inferences have passed.
    fn fail(&self) -> Result<Vec<f32>, Failure> {
        let mut logits = self.logits.clone();
        match self.failure.as_deref() {
            Some(_) if self.inferences < self.after => {}
            Some("crash") => std::process::abort(),
            Some("hang") => loop {
                std::thread::sleep(Duration::from_secs(1));
            },
            Some("killed") => kill_this_process(),
            Some("error") => return Err(Failure::new("fake: fails as it was told")),
            Some("wrong-logits") => logits[CLASSES / 2] += 1.0,
            Some("nan") => logits[0] = f32::NAN,
            Some("unstable") => logits[0] += self.inferences as f32,
            _ => {}
        }
        Ok(logits)
    }
}

impl Session for FakeSession {
    fn infer(&mut self, _inputs: &[Array]) -> Result<Vec<Array>, Failure> {
        let cycle = self.latencies_ns.len() as u64;
        work(self.steps);
        self.spend(self.latencies_ns[(self.inferences % cycle) as usize]);
        let logits = self.fail();
        self.inferences += 1;
        let logits = logits?;
        Ok(vec![Array::floats(&[logits.len() / CLASSES, CLASSES], logits)])
    }

    /// Three quarters of an inference are an operator of the node `stem`, an eighth one that stands for no node, and a
    /// sixteenth is between them.
    fn operator_times(&mut self, inputs: &[Array]) -> Result<TimedOperators, Failure> {
        let clock = self.clock();
        let start_ns = clock.now_ns();
        self.infer(inputs)?;
        let took_ns = (clock.now_ns() - start_ns) as f64;
        let operator = |name: &str, share: f64| OperatorTime {
            name: name.to_owned(),
            kind: "Fake".to_owned(),
            nodes: vec![name.to_owned()],
            ns: share * took_ns,
        };
        let operators = vec![operator("stem", 0.75), operator("fake", 0.125)];
        Ok(TimedOperators { operators, span_ns: 0.9375 * took_ns })
    }

    fn clock(&self) -> Clock {
        self.virtual_now_ns
            .as_ref()
            .map_or_else(Clock::monotonic, |now| Clock::Virtual(now.clone()))
    }
}

/// Takes so many steps of arithmetic, each of which waits for the one before: about a nanosecond each.
fn work(steps: u64) {
    let step = |x: u64, _| x.wrapping_mul(6_364_136_223_846_793_005).rotate_left(17);
    std::hint::black_box((0..std::hint::black_box(steps)).fold(1, step));
}

/// Logits that depend on the job's architecture, input and weights alone, as an engine's do.
fn logits(job: &Job) -> Vec<f32> {
    let name = job.architecture.to_string();
    let sum = name.bytes().fold(job.weights_seed, |sum, byte| sum * 31 % 9973 + u64::from(byte));
    let phase = (sum + job.input.seed()) as f32;
    let images = job.input.images().map_or(1, |images| images.batch as usize);
    let count = CLASSES * images;
    (0..count).map(|index| (phase + index as f32).sin()).collect()
}

fn latencies(options: &Options) -> Result<Vec<u64>, String> {
    let wrong = || "`latency_ns` takes nanoseconds, or several with commas between".to_owned();
    let list = match options.get("latency_ns") {
        None => vec![0],
        Some(Value::String(list)) => {
            let numbers = list.split(',').map(|number| number.trim().parse().ok());
            numbers.collect::<Option<_>>().ok_or_else(wrong)?
        }
        Some(one) => vec![one.as_u64().ok_or_else(wrong)?],
    };
    Ok(list)
}

fn number(options: &Options, name: &str) -> Result<u64, String> {
    let wrong = || format!("`{name}` takes a whole number from 0");
    options.get(name).map_or(Ok(0), |value| value.as_u64().ok_or_else(wrong))
}

fn word(options: &Options, name: &str, known: &[&str]) -> Result<Option<String>, String> {
    match options.get(name).map(|value| value.as_str().unwrap_or_default()) {
        None => Ok(None),
        Some(value) if known.contains(&value) => Ok(Some(value.to_owned())),
        Some(value) => Err(format!("unknown {name} `{value}`; known: {}", known.join(", "))),
    }
}

/// Occupies the processor; sleeping would measure the scheduler.
fn busy_wait(duration: Duration) {
    let start = Instant::now();
    while start.elapsed() < duration {
        std::hint::spin_loop();
    }
}

/// Ends the process as the kernel does when memory runs out.
fn kill_this_process() -> ! {
    let id = std::process::id().to_string();
    // The signal arrives before or after the child is reaped; either way nothing more is answered.
    let _ = std::process::Command::new("kill").args(["-9", &id]).status();
    std::process::abort()
}
