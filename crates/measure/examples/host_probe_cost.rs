//! How long one look at host and worker takes; each block has two, outside its timed span.

use std::io::Write;
use std::time::Instant;

use formbench_measure::HostProbe;

const LOOKS: usize = 2_000;

fn main() -> std::io::Result<()> {
    // As many threads as an engine's pools have on a small machine.
    for _ in 0..8 {
        std::thread::spawn(std::thread::park);
    }
    let cost_us = || {
        let start = Instant::now();
        std::hint::black_box(HostProbe::start(std::process::id()).end());
        start.elapsed().as_secs_f64() * 1e6 / 2.0
    };
    let mut costs_us: Vec<f64> = (0..LOOKS).map(|_| cost_us()).collect();
    costs_us.sort_by(f64::total_cmp);
    let [median, p99] = [LOOKS / 2, LOOKS * 99 / 100].map(|at| costs_us[at]);
    writeln!(std::io::stdout(), "a look at 9 threads: median {median:.0} µs, p99 {p99:.0} µs")
}
