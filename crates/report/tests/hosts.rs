//! What figures and the page of hosts side by side show of imagined runs.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod imagined;

use std::fs;
use std::path::Path;

use formbench_analysis::Run;
use formbench_analysis::hosts::{HostCollector, RunOfHost, SideBySide};
use formbench_report::render_hosts;
use formbench_store::CellRow;
use imagined::{Scope, Size};

const SIZE: Size = Size { rounds: 3, samples: 8, noise: 0.02 };
const FOLDER: &str = "over-burn-ndarray-1-thread";

/// Returns the run of the `at`-th host: what an engine gains on an architecture differs from host to host.
fn run(at: usize) -> Run {
    let mut run = imagined::run(&SIZE);
    let is_narrow = |cell: &CellRow| cell.width.is_none_or(|width| width == 32.0);
    let cells = &run.cells;
    run.members.retain(|member| is_narrow(&cells[&member.cell]));
    run.host.host = format!("imagined-{at:02}-2core");
    run.host.fingerprint = format!("{at:016x}");
    for (number, (key, cell)) in run.cells.iter().enumerate() {
        let slower = 1.0 + 0.07 * ((7 * at + 3 * number + at * number) % 11) as f64;
        if cell.engine == "burn/ndarray" {
            continue;
        }
        let blocks = run.latencies.get_mut(key).into_iter().flat_map(|rounds| rounds.values_mut());
        for turn in blocks.flat_map(|blocks| blocks.values_mut()).flat_map(|block| &mut block.turns)
        {
            turn.median_ns *= slower;
        }
    }
    run
}

fn side_by_side(hosts: usize) -> SideBySide {
    let mut collector = HostCollector::default();
    for at in 0..hosts {
        let run = run(at);
        collector.add(RunOfHost::of(&run, Path::new(&run.host.run), &[]));
    }
    collector.side_by_side()
}

/// Returns every file that rendering writes, by its path below the folder.
fn rendered(of: &SideBySide, name: &str) -> Vec<(String, Vec<u8>)> {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let files = render_hosts(of, &out, "formbench hosts").unwrap();
    let named = |path: &Path| path.strip_prefix(&out).unwrap().display().to_string();
    files.iter().map(|path| (named(path), fs::read(path).unwrap())).collect()
}

fn text(files: &[(String, Vec<u8>)], name: &str) -> String {
    let found = files.iter().find(|(path, _)| path.ends_with(name)).unwrap();
    String::from_utf8(found.1.clone()).unwrap()
}

#[test]
fn few_hosts_have_a_mark_each_and_many_a_band() {
    for (hosts, is_crowded) in [(2, false), (8, false), (9, true), (40, true)] {
        let files = rendered(&side_by_side(hosts), &format!("hosts-{hosts}"));
        assert_eq!(files.len(), 7, "{hosts}");
        let figure = text(&files, "speedup-across-hosts.svg");
        assert_eq!(figure.contains("dot: median over hosts"), is_crowded, "{hosts}");
        assert_eq!(figure.contains(">imagined-01-2core<"), !is_crowded, "{hosts}");
    }
}

#[test]
fn up_to_twenty_hosts_have_a_cell_for_each_pair() {
    for (hosts, has_cells) in [(3, true), (20, true), (21, false)] {
        let files = rendered(&side_by_side(hosts), &format!("pairs-{hosts}"));
        let figure = text(&files, "agreement-of-hosts.svg");
        assert_eq!(figure.contains("Below the diagonal"), has_cells, "{hosts}");
    }
}

#[test]
fn what_stands_in_for_a_baseline_is_a_baseline_of_its_own() {
    let mut collector = HostCollector::default();
    for fingerprint in ["a", "b"] {
        let mut run = imagined::paper(&SIZE, &Scope { grid: &[(8, 32)], patterns: 4, networks: 2 });
        run.host.fingerprint = fingerprint.to_string();
        collector.add(RunOfHost::of(&run, Path::new(&run.host.run), &[]));
    }
    let titles: Vec<String> =
        collector.side_by_side().families.iter().map(|family| family.title()).collect();
    assert_eq!(titles, ["over onnxruntime{graph_optimization=disabled}, 1 thread"]);
}

#[test]
fn a_plan_without_numbers_has_nothing_to_draw() {
    let mut collector = HostCollector::default();
    collector.add(RunOfHost::of(&imagined::empty(), Path::new("a"), &[]));
    assert_eq!(rendered(&collector.side_by_side(), "hosts-none").len(), 1);
}

#[test]
fn equal_hosts_give_equal_bytes() {
    let once = || rendered(&side_by_side(5), "hosts-again");
    assert_eq!(once(), once());
}

#[test]
fn one_host_has_no_figure_and_its_page_says_what_it_has_alone() {
    let files = rendered(&side_by_side(1), "hosts-1");
    assert_eq!(files.len(), 1);
    let page = text(&files, "README.md");
    assert!(
        page.contains("## What only one host has\n\n- over burn/ndarray, 1 thread: "),
        "{page}"
    );
}

#[test]
fn the_page_says_what_the_figures_say() {
    let files = rendered(&side_by_side(3), "hosts-page");
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let figures = ["speedup-across-hosts", "agreement-of-hosts", "variance-of-speedup"];
    for (figure, at) in figures.iter().zip([0, 2, 4]) {
        assert_eq!(names[at], format!("{FOLDER}/{figure}.svg"));
    }
    insta::assert_snapshot!(text(&files, "README.md"));
}
