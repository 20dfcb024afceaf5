//! A neighbour that reads memory, to see what it does to numbers.
//!
//! `cargo run --release --example memory_hog -- 50 1` reads memory on processor 1 for half of the time, until it is
//! killed. The time is cut into stretches of 0.2 s, in each of which it reads first and then sleeps.

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use formbench_measure::ProcessorSet;

/// How long it reads and sleeps once.
const STRETCH: Duration = Duration::from_millis(200);
/// Numbers that it reads, more than a cache holds: 256 MiB.
const NUMBERS: usize = 32 << 20;
/// Numbers between two looks at the clock: 1 MiB.
const CHUNK: usize = 128 << 10;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut number = || arguments.next().ok_or("name the share of the time in % and the processor");
    let (percent, processor): (u32, usize) = (number()?.parse()?, number()?.parse()?);
    let busy = STRETCH * percent.min(100) / 100;
    let numbers = vec![1_u64; NUMBERS];
    ProcessorSet::within(Some(&ProcessorSet::one(processor)), || {
        loop {
            let start = Instant::now();
            for chunk in numbers.chunks_exact(CHUNK).cycle() {
                if start.elapsed() >= busy {
                    break;
                }
                black_box(chunk.iter().sum::<u64>());
            }
            std::thread::sleep(STRETCH.saturating_sub(start.elapsed()));
        }
    })
}
