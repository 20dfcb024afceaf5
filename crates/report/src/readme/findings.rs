//! What was found, a line each.

use formbench_analysis::number::{counted, fixed, percent, significant};
use formbench_analysis::speed_ups::{MEAN, mean_of_networks};
use formbench_analysis::{Agreement, EngineAgreement, Finding, Row, Verdict, cell_numbers};
use formbench_statistics::Found;

use super::{Committed, CommittedRun, ENGINE};
use crate::FigureTable;

/// What formbench takes as the native framework.
const BASELINE: &str = "pytorch";
/// A family whose design space people narrowed, step by step, by sampling: a search of another kind.
const REGNET: &str = "regnet";

pub(super) fn part(
    committed: &Committed,
    networks: &[FigureTable],
    agreement: Option<&Agreement>,
) -> String {
    let lines = [
        neighbours(&committed.networks, networks),
        patterns(&committed.sizes, "the depthwise bottleneck gains most", "by depth and width"),
        patterns(&committed.patterns, "it gains most at equal cost too", "at equal cost"),
        origins(&committed.networks, networks),
        attributes(networks),
        fastest(&committed.networks),
        agreement.map(|agreement| hosts(agreement, &committed.references)),
    ];
    let lines = lines.into_iter().flatten().map(|line| format!("- {line}\n"));
    lines.collect()
}

fn finding<'v>(verdicts: &'v [Verdict], claim: &str, check: &str) -> Option<&'v Finding> {
    let of_engine = |one: &&Verdict| one.claim == claim && one.engine == ENGINE;
    let verdict = verdicts.iter().find(of_engine)?;
    verdict.findings.iter().find(|one| one.check == check)
}

/// How many speed-ups of networks are as found, and what the mean would be without contention.
fn neighbours(run: &CommittedRun, networks: &[FigureTable]) -> Option<String> {
    let table = table(networks, "network-speedup")?;
    let rows: Vec<&Row> = table.rows.iter().filter(|row| !row.summary).collect();
    let as_found = rows.iter().filter(|row| row.as_found > 0).count();
    let mean = mean_of_networks(&run.run, "paper", ENGINE, |_, _| true).filter(|_| as_found > 0)?;
    let without = mean.without_contention.map_or_else(String::new, |without| {
        let [value, low, high] = without.map(|value| format!("{value:.2}"));
        format!(", and would be {value}\u{a0}× [{low}, {high}] without contention")
    });
    Some(format!(
        "**Measured between neighbours:** {as_found} of {} of networks are *as found* on a busy virtual \
         machine. On {ENGINE} their geometric mean is {}{without}. {}",
        counted(rows.len(), "speed-up"),
        interval(&mean),
        place(run),
    ))
}

/// Which pattern gains most by a check of claim C2.
fn patterns(run: &CommittedRun, check: &str, what: &str) -> Option<String> {
    let verdict = finding(&run.verdicts, "C2", check)?;
    let numbers = cell_numbers(&run.run, |cell| cell.engine == ENGINE);
    let found: Vec<&str> = numbers.iter().filter_map(|one| one.found).collect();
    let as_found = found.iter().filter(|found| **found == Found::AsFound.label()).count();
    let as_found = match as_found {
        0 => String::new(),
        all if all == found.len() => " Everything as found, on a busy host.".to_owned(),
        some => format!(" Of its {} {some} are as found.", counted(found.len(), "cell")),
    };
    Some(format!("**Patterns, {what} on {ENGINE}:** {}.{as_found} {}", verdict.says, place(run)))
}

/// What networks that people designed gain, and those that a search found.
fn origins(run: &CommittedRun, networks: &[FigureTable]) -> Option<String> {
    let table = table(networks, "network-speedup")?;
    let mean = |origin: &str| {
        let name = format!("{MEAN}, {origin}");
        let row = table.rows.iter().find(|row| row.group == name && is_engine(row))?;
        Some(format!("{} over {}", interval(row), counted(row.cells, "network")))
    };
    let without = mean_of_networks(&run.run, "paper", ENGINE, |name, is_searched| {
        is_searched && !name.starts_with(REGNET)
    });
    let without = without.map_or_else(String::new, |row| {
        format!(", {} without RegNet, which counts as searched", interval(&row))
    });
    Some(format!(
        "**Networks, on {ENGINE} and one thread:** geometric mean speed-up of hand-designed ones {}; of \
         searched ones {}{without}. {}",
        mean("hand-designed")?,
        mean("searched")?,
        place(run),
    ))
}

/// Which attribute correlates most with the speed-up, by engine.
fn attributes(networks: &[FigureTable]) -> Option<String> {
    let table = table(networks, "speedup-by-attribute")?;
    let strongest = |engine: &str| {
        let known = |row: &&Row| row.series.engine == engine && (row.low > 0.0 || row.high < 0.0);
        let rows = table.rows.iter().filter(known);
        rows.max_by(|a, b| a.value.abs().total_cmp(&b.value.abs()))
    };
    let of_engine = |engine: &'static str| {
        let row = strongest(engine)?;
        let [value, low, high] = [row.value, row.low, row.high].map(|value| fixed(value, 2));
        Some(format!("{engine} {} ({value} [{low}, {high}])", row.group))
    };
    let engines = ["openvino", "onnxruntime", "tract"].into_iter().filter_map(of_engine);
    let engines: Vec<String> = engines.collect();
    let networks = counted(table.rows.first()?.cells, "network");
    Some(format!(
        "**What correlates most with a network's speed-up** (Spearman's rank correlation over {networks}): on \
         {}.",
        engines.join(", on ")
    ))
}

/// Which network is the fastest.
fn fastest(run: &CommittedRun) -> Option<String> {
    let of_claim = |one: &&Verdict| one.claim == "C5" && one.engine == ENGINE;
    let found = run.verdicts.iter().find(of_claim)?.findings.first()?;
    Some(format!("**The fastest network on {ENGINE}, one thread:** {}. {}", found.says, place(run)))
}

/// How far two machines agree.
fn hosts(agreement: &Agreement, of: &[CommittedRun]) -> String {
    let Agreement { compared, share_agreeing, largest_difference, engines, .. } = agreement;
    let is_it = |one: &&EngineAgreement| one.engine == ENGINE && one.baseline == BASELINE;
    let rank = engines.iter().find(is_it).and_then(|one| one.rank_correlation);
    let rank = rank.map_or_else(String::new, |rank| {
        format!("on {ENGINE} their orders of the architectures correlate at {}; ", fixed(rank, 2))
    });
    let names: Vec<&str> = of.iter().take(2).map(|one| one.host.as_str()).collect();
    format!(
        "**Two machines** ({}): {rank}of {}, {} agree within their intervals, and the largest difference is {} \
         times.",
        names.join(", "),
        counted(compared.len(), "speed-up"),
        percent(*share_agreeing),
        significant(*largest_difference, 2),
    )
}

fn table<'t>(tables: &'t [FigureTable], figure: &str) -> Option<&'t FigureTable> {
    tables.iter().find(|table| table.set == "paper" && table.figure == figure)
}

fn is_engine(row: &Row) -> bool {
    row.series.engine == ENGINE
}

fn interval(row: &Row) -> String {
    let [value, low, high] = [row.value, row.low, row.high].map(|value| format!("{value:.2}"));
    format!("{value}\u{a0}× [{low}, {high}]")
}

fn place(run: &CommittedRun) -> String {
    format!("({})", run.host)
}
