//! Broken files in engines that are native code: each is answered, or costs its own worker, and none hangs.

#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(clippy::print_stderr, reason = "a test says what it found")]

#[expect(dead_code, reason = "other tests ask for more")]
mod asked;
#[path = "../../graph/tests/mutation/mod.rs"]
mod mutation;

use std::collections::BTreeMap;
use std::fs;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use asked::{Worker, present_engines};
use formbench_engines::{Engine, interface};
use formbench_protocol::{
    Architecture, DeclaredSize, Fill, Input, InputTensor, Interface, Job, Reply, Request, Tensors,
    UserFile,
};
use mutation::{Mutations, files};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use sha2::{Digest, Sha256};

/// Files that are given to each engine; `FORMBENCH_BROKEN_FILES` asks for more.
const FILES: usize = 24;
/// Loading a model of a few kilobytes takes less on the slowest host.
const LONGEST: Duration = Duration::from_secs(60);
/// PyTorch takes seconds to start.
const SLOW: &str = "pytorch";

#[test]
fn a_broken_file_costs_its_own_worker_at_most() {
    let asked = std::env::var("FORMBENCH_BROKEN_FILES").ok().and_then(|text| text.parse().ok());
    let count: usize = asked.unwrap_or(FILES);
    let folder = tempfile::tempdir().unwrap();
    let files = files();
    let mut mutations = Mutations::new(11);
    let mut jobs = Vec::new();
    // What this project reads of a file is refused before an engine sees it: those files test nothing here.
    for at in 0.. {
        let bytes = mutations.of(files[at % files.len()].clone());
        let place = folder.path().join(format!("{at}.onnx"));
        fs::write(&place, &bytes).unwrap();
        let sha256 = format!("{:x}", Sha256::digest(&bytes));
        let file = UserFile { path: format!("{at}.onnx"), sha256, place };
        if let Some(input) = interface(&file).ok().as_ref().and_then(inputs) {
            jobs.push((file, input));
        }
        if jobs.len() == count {
            break;
        }
    }
    for engine in present_engines().iter().filter(|engine| engine.takes_files()) {
        let share = if engine.name() == SLOW { count.div_ceil(7) } else { count };
        let mut outcomes = BTreeMap::new();
        for (file, input) in &jobs[..share] {
            let outcome = outcome(engine.as_ref(), file, input);
            *outcomes.entry(outcome).or_insert(0) += 1;
        }
        eprintln!("{}: {outcomes:?}", engine.name());
        let answered = outcomes.iter().filter(|(outcome, _)| **outcome != Outcome::Died);
        // A mutation of a name or of a weight breaks nothing: some files are run.
        assert!(answered.map(|(_, count)| count).sum::<usize>() * 2 > share, "{}", engine.name());
    }
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Prepared,
    Refused,
    Died,
}

fn outcome(engine: &dyn Engine, file: &UserFile, input: &Input) -> Outcome {
    let job = Job {
        engine: engine.name().to_owned(),
        options: Default::default(),
        architecture: Architecture::File(file.clone()),
        weights_seed: 1,
        input: input.clone(),
        threads: 1,
        software_gpu: false,
    };
    let mut worker = Worker::start(engine, 1);
    let (send, reply) = mpsc::channel();
    let (path, stop) = (file.path.clone(), killer(&worker));
    thread::spawn(move || {
        let reply = worker.ask_if_alive(&Request::Prepare(Box::new(job)));
        // Nobody listens any more if it took too long.
        let _ = send.send(reply);
    });
    match reply.recv_timeout(LONGEST) {
        Ok(Some(Reply::Prepared(_))) => Outcome::Prepared,
        Ok(Some(Reply::Refused(_))) => Outcome::Refused,
        Ok(Some(other)) => panic!("{}: {path}: {other:?}", engine.name()),
        // It ended before it had read all, or with half a line: the other thread panics then.
        Ok(None) | Err(RecvTimeoutError::Disconnected) => Outcome::Died,
        Err(RecvTimeoutError::Timeout) => {
            stop();
            panic!("{}: {path}: no answer in {LONGEST:?}", engine.name())
        }
    }
}

/// Returns what kills a worker from another thread.
fn killer(worker: &Worker) -> impl FnOnce() + use<> {
    let process = Pid::from_raw(i32::try_from(worker.child.id()).unwrap());
    move || kill(process, Signal::SIGKILL).unwrap()
}

/// Returns inputs that a file takes, where all that it states can be filled.
fn inputs(interface: &Interface) -> Option<Input> {
    let size = |size: &DeclaredSize| match size {
        DeclaredSize::Fixed(size) => *size,
        DeclaredSize::Open(_) => 2,
    };
    let tensors = interface.inputs.iter().map(|declared| {
        let shape: Vec<u64> = declared.sizes.as_ref()?.iter().map(size).collect();
        let elements = shape.iter().try_fold(1_u64, |all, size| all.checked_mul(*size))?;
        (1..1 << 20).contains(&elements).then_some(InputTensor {
            name: declared.name.clone(),
            shape,
            element_type: declared.element_type?,
            fill: Fill::Zeros,
        })
    });
    let tensors = tensors.collect::<Option<Vec<_>>>()?;
    Some(Input::Tensors(Tensors { tensors, seed: 7 }))
}
