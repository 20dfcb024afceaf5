//! How fast this machine can compute and move data, measured by formbench itself: the roof over
//! every engine's cells (Williams et al. 2009, doi:10.1145/1498765.1498785).

mod compute;
mod memory;

use std::sync::Barrier;
use std::thread::{ScopedJoinHandle, scope};
use std::time::Instant;

use formbench_protocol::{Roofline, RooflineRequest, Timed};

/// Returns repetitions of both kinds of work on as many threads as are asked for.
pub fn take(request: RooflineRequest) -> Roofline {
    let kernel = compute::widest();
    let threads = request.threads.max(1) as usize;
    Roofline {
        instruction_set: kernel.name().to_owned(),
        compute: on_every_thread(request, compute::set_up(kernel)),
        memory: on_every_thread(request, memory::set_up(threads)),
    }
}

/// One thread's share: data prepared before the clock starts, and the function that works on the
/// data and returns how much work it did.
type Share = (Vec<f32>, fn(&mut [f32]) -> u64);

/// What one thread did in one repetition.
struct Part {
    work: u64,
    start: Instant,
    end: Instant,
}

/// Returns the repetitions of the same share, run on every thread at once.
fn on_every_thread(request: RooflineRequest, set_up: impl Fn() -> Share + Sync) -> Vec<Timed> {
    let threads = request.threads.max(1) as usize;
    let barrier = Barrier::new(threads);
    let parts: Vec<Vec<Part>> = scope(|scope| {
        let run = || repeat(request.repetitions, set_up(), &barrier);
        let handles: Vec<ScopedJoinHandle<'_, Vec<Part>>> =
            (0..threads).map(|_| scope.spawn(run)).collect();
        handles.into_iter().map(|handle| handle.join().unwrap_or_default()).collect()
    });
    let of_all = |repetition| together(parts.iter().filter_map(|thread| thread.get(repetition)));
    (0..request.repetitions as usize).map(of_all).collect()
}

/// Repeats one thread's share, each time together with the other threads. A first pass, on memory
/// that nobody has used yet, does not count.
fn repeat(repetitions: u32, (mut data, work): Share, barrier: &Barrier) -> Vec<Part> {
    work(&mut data);
    let once = |_| {
        barrier.wait();
        let start = Instant::now();
        let done = work(std::hint::black_box(&mut data));
        Part { work: done, start, end: Instant::now() }
    };
    (0..repetitions).map(once).collect()
}

/// Returns the work of all threads, from the start of the first to the end of the last.
fn together<'p>(parts: impl Iterator<Item = &'p Part> + Clone) -> Timed {
    let start = parts.clone().map(|part| part.start).min();
    let end = parts.clone().map(|part| part.end).max();
    let duration = start.zip(end).map(|(start, end)| end - start).unwrap_or_default();
    let ns = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
    Timed { work: parts.map(|part| part.work).sum(), ns }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_repetition_has_work_and_time() {
        let roofline = take(RooflineRequest { threads: 2, repetitions: 2 });
        assert_eq!((roofline.compute.len(), roofline.memory.len()), (2, 2));
        for timed in roofline.compute.iter().chain(&roofline.memory) {
            assert!(timed.work > 0 && timed.ns > 0, "{timed:?}");
        }
        // No machine computes less than one FLOP per ten nanoseconds.
        assert!(roofline.compute.iter().all(|timed| timed.work > timed.ns / 10), "{roofline:?}");
    }

    #[test]
    fn the_work_of_all_threads_is_counted() {
        let share = || -> Share { (vec![0.0], |_| 7) };
        let taken = on_every_thread(RooflineRequest { threads: 3, repetitions: 2 }, share);
        assert_eq!(taken.iter().map(|timed| timed.work).collect::<Vec<_>>(), [21, 21]);
    }
}
