//! What the probe's pages do to its readings: the medians of its parts, for several fresh probes on pages of either
//! kind.

use std::io::Write;
use std::time::Duration;

use formbench_measure::host::{Host, Pages, SpeedProbe};

const PROBES: usize = 5;
/// Readings of each part.
const READINGS: usize = 200;
const PAUSE: Duration = Duration::from_micros(500);

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout();
    writeln!(
        out,
        "| pages | median of the fastest part | of the slowest | slowest over fastest |\n|---|--:|--:|--:|"
    )?;
    for _ in 0..PROBES {
        for pages in [Pages::Small, Pages::Huge] {
            let medians_us = medians_us(SpeedProbe::with_pages(Host::here().l3_bytes, pages));
            let (fastest, slowest) = medians_us
                .iter()
                .fold((f64::MAX, 0.0_f64), |(low, high), &us| (us.min(low), us.max(high)));
            writeln!(
                out,
                "| {pages:?} | {fastest:.0} µs | {slowest:.0} µs | {:.2} |",
                slowest / fastest
            )?;
        }
    }
    Ok(())
}

/// Returns the median reading of each part of the probe's memory, in microseconds. The parts take turns.
fn medians_us(mut probe: SpeedProbe) -> Vec<f64> {
    let mut parts: Vec<Vec<u64>> = vec![Vec::new(); probe.parts()];
    for _ in 0..READINGS {
        for readings in &mut parts {
            readings.push(probe.read(None).memory_ns);
            std::thread::sleep(PAUSE);
        }
    }
    parts
        .into_iter()
        .map(|mut readings| {
            readings.sort_unstable();
            readings[readings.len() / 2] as f64 / 1e3
        })
        .collect()
}
