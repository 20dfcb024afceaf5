//! Threads asked are threads used: CPU time over wall time of a block, engine by engine.

#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(clippy::print_stderr, reason = "a test says what it leaves out")]

mod asked;

use std::time::{Duration, Instant};

use asked::{Worker, present_engines};
use formbench_engines::Engine;
use formbench_protocol::{
    Architecture, BlockRequest, DeviceKind, Images, Job, Reply, Request, TakenBlock, Width,
};
use nix::time::{ClockId, clock_gettime};

/// Above this share of its threads, an engine uses more than it was asked to.
const TOO_MANY: f64 = 1.1;
/// Above this, a second thread took part.
const SECOND_TAKES_PART: f64 = 1.05;

/// Convolutions wide enough that every backend shares them out.
fn job(engine: &dyn Engine, threads: u32) -> Job {
    Job {
        engine: engine.name().to_owned(),
        options: Default::default(),
        architecture: Architecture::Pattern {
            name: "plain".to_owned(),
            depth: 4,
            width: Width::whole(64),
        },
        weights_seed: 1,
        input: Images { batch: 2, resolution: 128, seed: 7 }.into(),
        threads,
        software_gpu: true,
    }
}

/// Fresh workers that are asked, while the machine gives two processors, before a second thread is believed to take no
/// part.
const WORKERS: u32 = 10;
/// Fresh workers that are asked at most, whatever the machine gives.
const MOST_WORKERS: u32 = 30;
/// Processors that two computing threads get where the machine gives two: of fewer, an engine whose threads compute a part
/// of the time shows nothing.
const TWO: f64 = 1.9;

/// Returns the largest CPU time over wall time that workers used on two threads, asking the next only while none has
/// shown the second thread. A neighbour on the machine can take a processor away for seconds: nothing is returned if
/// it gave two to nobody.
fn processors_used_by_two(engine: &dyn Engine) -> Option<f64> {
    let (mut most, mut believed): (f64, u32) = (0.0, 0);
    for _ in 0..MOST_WORKERS {
        most = most.max(processors_used(engine, 2));
        believed += u32::from(machine_gives_two());
        if most > SECOND_TAKES_PART || believed == WORKERS {
            break;
        }
    }
    (most > SECOND_TAKES_PART || believed == WORKERS).then_some(most)
}

/// Returns whether two threads that do nothing but compute get two processors at this moment.
fn machine_gives_two() -> bool {
    let cpu = || Duration::from(clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).unwrap());
    let (began, before) = (Instant::now(), cpu());
    let spin = || {
        while began.elapsed() < Duration::from_millis(500) {
            std::hint::spin_loop();
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(spin);
        scope.spawn(spin);
    });
    (cpu() - before).as_secs_f64() > TWO * began.elapsed().as_secs_f64()
}

/// Returns the largest CPU time over wall time of three blocks of half a second.
fn processors_used(engine: &dyn Engine, threads: u32) -> f64 {
    let mut worker = Worker::start(engine, threads);
    let prepared = worker.ask(&Request::Prepare(Box::new(job(engine, threads))));
    assert!(matches!(prepared, Reply::Prepared(_)), "{prepared:?}");
    let request = BlockRequest { min_inferences: 2, min_ns: 500_000_000, max_inferences: 1000 };
    // The first block pays for what the engine sets up on its first inferences.
    worker.ask(&Request::Block(request));
    let used = (0..3).map(|_| match worker.ask(&Request::Block(request)) {
        Reply::Block(TakenBlock { cpu_ns, wall_ns, .. }) => cpu_ns as f64 / wall_ns as f64,
        other => panic!("{other:?}"),
    });
    used.fold(0.0, f64::max)
}

/// Returns how many processors an engine may occupy: its threads, and where the device is not the
/// processor itself one more, on which the host feeds the device's queue.
fn allowed(engine: &dyn Engine, threads: u32) -> f64 {
    let host = u32::from(engine.identity().device.kind != DeviceKind::Cpu);
    f64::from(threads + host) * TOO_MANY
}

#[test]
fn one_thread_asked_is_one_thread_used_and_two_are_two() {
    for engine in present_engines() {
        let one = processors_used(engine.as_ref(), 1);
        assert!(
            one <= allowed(engine.as_ref(), 1),
            "{} used {one:.2} processors for 1 thread",
            engine.name()
        );
        if std::thread::available_parallelism().unwrap().get() < 2 {
            continue;
        }
        // Where the machine gives no second processor, nothing can be known of it.
        let Some(two) = processors_used_by_two(engine.as_ref()) else {
            eprintln!(
                "left out: {} on two threads: the machine gives one processor",
                engine.name()
            );
            continue;
        };
        assert!(
            two <= allowed(engine.as_ref(), 2),
            "{} used {two:.2} for 2 threads",
            engine.name()
        );
        assert!(two > SECOND_TAKES_PART, "{} used {two:.2} for 2 threads", engine.name());
    }
}

#[test]
fn a_worker_whose_environment_has_other_threads_refuses() {
    let mut engines = present_engines();
    engines.retain(|engine| !engine.thread_variables().is_empty());
    for engine in engines {
        let mut worker = Worker::start(engine.as_ref(), 2);
        let reply = worker.ask(&Request::Prepare(Box::new(job(engine.as_ref(), 1))));
        match reply {
            Reply::Refused(refusal) => assert!(refusal.reason.contains("is not 1"), "{refusal}"),
            other => panic!("{}: {other:?}", engine.name()),
        }
    }
}
