use formbench_protocol::RefusalKind;
use formbench_store::Sample;
use std::collections::{BTreeMap, BTreeSet};

use crate::fixture::{EXPERIMENT, Project, make_executable, stderr};

#[test]
fn a_run_holds_every_sample_of_its_plan() {
    let project = Project::new(EXPERIMENT);
    project.done(&["run", "--profile", "quick"]);
    let run = project.data();
    // 3 architectures × 2 engines.
    assert_eq!(run.cells.len(), 6);
    // × 4 rounds × 2 blocks.
    assert_eq!(run.blocks.len(), 48);
    assert!(run.refusals.is_empty());
    for (key, rounds) in &run.latencies {
        let latency_ns =
            if run.cells[key].options.contains("1000000") { 1_000_000 } else { 500_000 };
        // 2 blocks of one burst each, which lasts 15 ms.
        assert_eq!(rounds.len(), 4);
        let blocks: Vec<_> = rounds.values().flat_map(|blocks| blocks.values()).collect();
        let burst = vec![Sample { turn: Some(0), latency_ns }; 15_000_000 / latency_ns as usize];
        assert!(blocks.iter().all(|samples| **samples == burst), "{rounds:?}");
        assert_eq!(blocks.len(), 8);
    }
}

#[test]
fn engines_take_turns_in_rotated_order() {
    let third = "  - { engine: fake, options: { latency_ns: 250000 } }\nbaseline:";
    let project = Project::new(&EXPERIMENT.replacen("baseline:", third, 1));
    project.done(&["run"]);
    let run = project.data();
    let mut turns = BTreeMap::<_, Vec<_>>::new();
    for block in &run.blocks {
        let group = (run.cells[&block.cell].architecture(), block.round);
        let turn = (block.started_unix_ns, block.position, block.cell.as_str());
        turns.entry(group).or_default().push(turn);
    }
    let mut first = BTreeMap::<&str, u32>::new();
    for (group, turns) in &mut turns {
        turns.sort_unstable();
        let positions: Vec<u32> = turns.iter().map(|(_, position, _)| *position).collect();
        // Three engines with two blocks each, in the order of time.
        assert_eq!(positions, [0, 1, 2, 0, 1, 2], "{group:?}");
        // Who was last in the first block is first in the second.
        assert_eq!(turns[2].2, turns[3].2, "{group:?}");
        *first.entry(turns[0].2).or_default() += 1;
    }
    // Four rounds over three engines: one of them is first twice, the others once.
    assert_eq!(first.len(), 9);
    assert!(first.values().all(|count| (1..=2).contains(count)), "{first:?}");
}

#[test]
fn every_round_of_a_cell_has_a_process_of_its_own() {
    let project = Project::new(EXPERIMENT);
    project.done(&["run"]);
    let run = project.data();
    let turns: BTreeSet<_> = run.blocks.iter().map(|block| (&block.cell, block.round)).collect();
    let processes: BTreeSet<_> = run.blocks.iter().map(|block| block.process).collect();
    assert_eq!(processes.len(), turns.len());
}

#[test]
fn half_the_latency_is_twice_the_speed() {
    let project = Project::new(EXPERIMENT);
    project.done(&["run"]);
    let shown: serde_json::Value =
        serde_json::from_str(&project.done(&["show", "--json"])).unwrap();
    let lines = shown["lines"].as_array().unwrap();
    let speed_ups: Vec<_> = lines.iter().filter_map(|line| line["speed_up"].as_array()).collect();
    // Every latency is exact, so the interval has no width.
    assert_eq!(speed_ups.len(), 3);
    for speed_up in speed_ups {
        for bound in speed_up {
            assert!((bound.as_f64().unwrap() - 2.0).abs() < 1e-9, "{speed_up:?}");
        }
    }
}

#[test]
fn a_finished_plan_is_measured_again_only_when_asked() {
    let project = Project::new(EXPERIMENT);
    project.done(&["run"]);
    let before = project.data();
    let again = project.run(&["run"]);
    assert!(stderr(&again).contains("every cell of this plan is measured"), "{}", stderr(&again));
    assert_eq!(project.data(), before);
    let fresh = project.done(&["run", "--fresh"]);
    assert!(fresh.trim().ends_with("-2"), "{fresh}");
}

#[test]
fn one_round_knows_no_spread_of_processes_and_gets_two_more() {
    let project = Project::new(&format!("{EXPERIMENT}budget: {{ rounds: 1 }}\n"));
    project.done(&["run"]);
    let run = project.data();
    // Three rounds that say the same are enough; two might agree by luck.
    let rounds: Vec<usize> = run.latencies.values().map(|rounds| rounds.len()).collect();
    assert_eq!(rounds, [3; 6]);
}

#[test]
fn a_limited_run_ends_in_time_and_says_what_it_did_not_come_to() {
    let project = Project::new(EXPERIMENT);
    project.done(&["run", "--budget", "1ms"]);
    let run = project.data();
    // The first group's first round begins before the millisecond is over; the others never do.
    assert_eq!(run.latencies.len(), 2);
    assert_eq!(run.refusals.len(), 4);
    assert!(
        run.refusals.iter().all(|row| row.kind == RefusalKind::TimeLimit),
        "{:?}",
        run.refusals
    );
    let output = project.run(&["run", "--budget", "soon"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
}

#[test]
fn a_cell_stops_when_its_time_is_spent() {
    let project = Project::new(EXPERIMENT);
    let profiles = crate::fixture::PROFILES.replace("cell_limit_s: 60", "cell_limit_s: 0.000001");
    std::fs::write(project.path("experiments/profiles.yaml"), profiles).unwrap();
    project.done(&["run"]);
    let run = project.data();
    // Each cell has its first round and then a reason why it has no more.
    assert_eq!(run.refusals.len(), 6);
    assert!(run.refusals.iter().all(|refusal| refusal.kind == RefusalKind::TimeLimit));
    assert!(run.latencies.values().all(|rounds| rounds.len() == 1));
}

#[test]
fn a_fresh_run_that_was_not_finished_goes_on() {
    let project = Project::new(EXPERIMENT);
    project.done(&["run"]);
    let first = project.run_folder();
    // A finished run with a block taken away is one that was interrupted.
    let part = first.join("samples");
    std::fs::create_dir_all(&part).unwrap();
    std::fs::write(part.join("0123456789abcdef-r0-b0.parquet"), "torn").unwrap();
    assert!(!project.run(&["run", "--fresh"]).status.success(), "it goes on with the torn run");
    std::fs::remove_dir_all(&part).unwrap();
    assert!(project.done(&["run", "--fresh"]).trim().ends_with("-2"));
}

#[test]
fn a_missing_worker_ends_the_run_and_refuses_nothing() {
    let project = Project::new(EXPERIMENT);
    let worker = project.path("worker");
    std::fs::write(&worker, SELF_REMOVING).unwrap();
    make_executable(&worker);
    let output = project
        .command(&["run"])
        .env("FORMBENCH_WORKER", &worker)
        .env("REAL", crate::fixture::fake_worker())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    assert!(stderr(&output).contains("did not start"), "{}", stderr(&output));
    assert!(project.data().refusals.is_empty());
    project.done(&["run"]);
    assert_eq!(project.data().blocks.len(), 48);
}

/// Describes itself as the fake worker does and is gone afterwards.
const SELF_REMOVING: &str = "#!/bin/sh\nrm \"$0\"\nexec \"$REAL\"\n";

#[test]
fn figures_of_a_run_are_a_function_of_its_data() {
    let project = Project::new(EXPERIMENT);
    project.done(&["run"]);
    let files = project.done(&["figures", "-o", "first"]);
    project.done(&["figures", "-o", "second"]);
    let names = [
        "set/speedup-by-pattern.svg",
        "set/speedup-by-pattern.png",
        "set/network-latency.svg",
        "set/network-latency.png",
    ];
    for name in names {
        assert!(files.contains(name), "{name} is not among\n{files}");
        let [first, second] = ["first", "second"]
            .map(|folder| std::fs::read(project.path(folder).join(name)).unwrap());
        assert_eq!(first, second, "{name}");
    }
}

#[test]
fn a_finished_run_goes_on_where_intervals_are_wide_if_asked() {
    // Real time is never the same twice.
    let real = EXPERIMENT.replace("00000 }", "00000, time: busy }");
    let project = Project::new(&format!("{real}budget: {{ ratio_half_width: 0.0001 }}\n"));
    let profiles = project.path("experiments/profiles.yaml");
    let many =
        std::fs::read_to_string(&profiles).unwrap().replace("most_rounds: 4", "most_rounds: 999");
    std::fs::write(&profiles, many).unwrap();
    project.done(&["run", "--budget", "3s"]);
    let before = project.data();
    project.done(&["run", "--budget", "3s"]);
    assert_eq!(project.data(), before, "a finished run is left alone");
    project.done(&["run", "--budget", "3s", "--more"]);
    let after = project.data();
    assert!(after.blocks.len() > before.blocks.len());
    assert!(before.blocks.iter().all(|block| after.blocks.contains(block)));
    assert_eq!(after.turns.len(), after.blocks.len());
}
