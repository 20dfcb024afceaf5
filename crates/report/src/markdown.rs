//! Texts and tables that several Markdown pages share.

use std::collections::BTreeSet;

use formbench_analysis::Run;
use formbench_analysis::number::significant;

const GIB: f64 = (1_u64 << 30) as f64;

/// Returns the machine and the versions of a run as a table.
pub(crate) fn machine(run: &Run) -> String {
    let host = &run.host;
    let rows = [
        ("run", host.run.clone()),
        ("profile", host.profile.clone()),
        ("processor", host.cpu_model.clone()),
        ("logical cores", host.logical_cores.to_string()),
        ("memory", format!("{} GiB", significant(host.memory_bytes as f64 / GIB, 3))),
        ("system", format!("{}, kernel {}", host.os, host.kernel)),
        ("formbench", format!("{}, built by {}", host.harness_version, host.rustc)),
    ];
    let rows = rows.iter().map(|(name, value)| format!("| {name} | {} |\n", cell_text(value)));
    format!("| machine | |\n|---|---|\n{}", rows.collect::<String>())
}

/// Returns the engines that were measured, with their versions and builds, as a table.
pub(crate) fn engines(run: &Run) -> String {
    let builds: BTreeSet<[&str; 4]> = run
        .cells
        .values()
        .filter(|cell| !run.blocks_of(&cell.cell).is_empty())
        .map(|cell| {
            [&cell.engine, &cell.engine_version, &cell.instruction_set, &cell.engine_build]
                .map(String::as_str)
        })
        .collect();
    let row = |build: [&str; 4]| {
        let [engine, version, instructions, build] = build.map(cell_text);
        format!("| {engine} | {version} | {instructions} | {build} |\n")
    };
    let rows: String = builds.into_iter().map(row).collect();
    format!("| engine | version | instructions | build |\n|---|---|---|---|\n{rows}")
}

/// Returns a text as Markdown that stays within its cell and means nothing but itself.
pub(crate) fn cell_text(text: &str) -> String {
    escaped(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Returns a line as Markdown that means nothing but itself.
pub(crate) fn escaped(line: &str) -> String {
    line.replace('|', "\\|").replace('<', "&lt;").replace('*', "\\*").replace('_', "\\_")
}
