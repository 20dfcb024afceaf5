//! How fast this machine can compute and move data, taken by formbench itself: the roof over every
//! engine's cells (Williams et al. 2009, doi:10.1145/1498765.1498785).

mod compute;
mod memory;

use std::sync::Barrier;
use std::thread::{ScopedJoinHandle, scope};
use std::time::Instant;

use formbench_protocol::{Roofline, RooflineRequest, Timed};

/// Returns repetitions of both kinds of work on as many threads as are asked for.
pub fn take(request: RooflineRequest) -> Roofline {
    let threads = request.threads.max(1) as usize;
    let kernel = compute::widest();
    let compute = repetitions(request, || on_every_thread(threads, compute::set_up(kernel)));
    let memory = repetitions(request, || on_every_thread(threads, memory::set_up(threads)));
    Roofline { instruction_set: kernel.name().to_owned(), compute, memory }
}

fn repetitions(request: RooflineRequest, mut once: impl FnMut() -> Timed) -> Vec<Timed> {
    (0..request.repetitions).map(|_| once()).collect()
}

/// One thread's share: what it prepares before the clock starts, and then does with it; returns its
/// work.
type Share = (Vec<f32>, fn(&mut [f32]) -> u64);

/// Runs the same share on every thread at once and returns the work of all, timed from the moment
/// that all are ready to the end of the last.
fn on_every_thread(threads: usize, set_up: impl Fn() -> Share + Sync) -> Timed {
    let barrier = Barrier::new(threads + 1);
    scope(|scope| {
        let run = || {
            let (mut data, work) = set_up();
            barrier.wait();
            let done = work(&mut data);
            std::hint::black_box(&data);
            done
        };
        let handles: Vec<ScopedJoinHandle<'_, u64>> =
            (0..threads).map(|_| scope.spawn(run)).collect();
        barrier.wait();
        let start = Instant::now();
        let work = handles.into_iter().map(|handle| handle.join().unwrap_or_default()).sum();
        let ns = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        Timed { work, ns }
    })
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
        // Nothing computes less than one FLOP per ten nanoseconds or moves less than that.
        assert!(roofline.compute.iter().all(|timed| timed.work > timed.ns / 10), "{roofline:?}");
    }

    #[test]
    fn the_work_of_all_threads_is_counted() {
        let share = || -> Share { (vec![0.0], |_| 7) };
        assert_eq!(on_every_thread(3, share).work, 21);
    }
}
