//! The table as a page, with all that a reader needs to judge it.

use formbench_measure::Host;
use formbench_protocol::HARNESS_VERSION;

use super::ours::INPUT;
use super::pair::ROUND_S;
use super::summary::FidelitySummary;
use super::table::{HEAD, row};
use super::tool::{SHORT_S, TOOLS, Tool, WHOLE_S};
use super::verdict::{FAITHFUL, JUDGED_FROM_NS};
use super::{FidelityLimits, FidelityLine};

/// What formbench's clock spans, on every engine.
const OUR_SPAN: &str = "images in the host's memory to logits in the host's memory: engines that do \
                        not read the images where they are get a copy of them each time, two buffers \
                        of images take turns, and the logits are copied out";

/// Returns the page.
pub fn page(
    lines: &[FidelityLine],
    summary: &FidelitySummary,
    limits: &FidelityLimits,
    host: &Host,
    today: &str,
) -> String {
    format!(
        "# Fidelity\n\nDoes formbench measure what an engine's own tool measures? {}\n\nMade by `make \
         fidelity` on {} ({}), {}, formbench {HARNESS_VERSION}.\n\n{}\n## How\n\n{}\n\n## What each \
         clock spans\n\n{}",
        summary.sentence(),
        host.slug,
        host.cpu_model,
        today,
        table(lines),
        method(limits),
        spans(lines),
    )
}

fn table(lines: &[FidelityLine]) -> String {
    let rows = lines.iter().map(|line| format!("| {} |\n", row(line).join(" | ")));
    let rows: String = rows.collect();
    format!("| {} |\n|---|---|---|--:|--:|--:|--:|---|\n{rows}", HEAD.join(" | "))
}

fn method(limits: &FidelityLimits) -> String {
    let FidelityLimits { threads, rounds, limit_s } = limits;
    format!(
        "Both sides load the same ONNX file (batch 1, {pixels} × {pixels} pixels, {threads} \
         {unit}), warm up and then wait for each other. They take turns in blocks of four: ours, \
         theirs, theirs, ours, and the next block the other way round, so that a machine whose \
         speed drifts over seconds favours neither. A turn is {SHORT_S} s and three inferences at \
         least, after one that is not counted, since it finds the other side's data in the caches; \
         a tool that is a command takes turns of {WHOLE_S} s, each in a fresh process. A round is \
         about {ROUND_S} s of turns. Each round has fresh processes on both sides; there are \
         {rounds} of them, and more until the interval is decided or the turns have taken \
         {limit_s} s. Other programs must not run meanwhile: they slow the two sides unequally.\n\n\
         A block's ratio is the geometric mean of our two medians over that of \
         theirs, a round's the median over its blocks, a pair's the geometric mean over its rounds. \
         Its 95 % interval comes from a bootstrap that draws rounds, then blocks within each. A \
         pair is *faithful* if the whole interval lies between {from} and {to}, and *differs* if \
         the whole interval lies outside; else it is *undecided*, and the table says about how many \
         more turns would decide it if the ratio stayed where it is. Latencies under {least_ms} ms \
         are not judged. The mean over pairs is of these pairs, not of engines or networks at large.",
        pixels = INPUT.resolution,
        unit = if *threads == 1 { "thread" } else { "threads" },
        from = FAITHFUL.start(),
        to = FAITHFUL.end(),
        least_ms = JUDGED_FROM_NS / 1e6,
    )
}

/// Returns what our clock spans, and that of each tool in the table.
fn spans(lines: &[FidelityLine]) -> String {
    let is_asked = |tool: &&Tool| lines.iter().any(|line| line.tool == **tool);
    let theirs = TOOLS.iter().filter(is_asked);
    let spans = theirs.map(|tool| format!("- {}, {}: {}.\n", tool.engine, tool.label, tool.span));
    std::iter::once(format!("- formbench: {OUR_SPAN}.\n")).chain(spans).collect()
}
