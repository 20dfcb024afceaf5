//! What a history finds in runs whose truth is known.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod imagined;

use formbench_analysis::history::{Changes, NumberKind, StepVerdict, VersionHistory, VersionStep};
use imagined::{Story, VERSIONS};

/// Three runs of each of five versions; the fourth version makes the third of ten networks 5 % slower.
const STORY: Story =
    Story { seed: 1, networks: 10, runs: 3, rounds: 12, turns: 10, slower: Some((3, 2, 1.05)) };

fn history(story: &Story) -> VersionHistory {
    let mut history = VersionHistory::default();
    // The latest run first: time orders them, not who adds them.
    imagined::runs(story).iter().rev().for_each(|run| history.add(run, |_| true));
    history
}

fn changes(story: &Story) -> Changes {
    history(story).changes(false)
}

fn changed(changes: &Changes) -> Vec<&VersionStep> {
    let is_change = |step: &&VersionStep| step.verdict != StepVerdict::NoChangeShown;
    changes.steps.iter().filter(is_change).collect()
}

/// Returns in how many of so many stories the slow-down is found, and in how many anything else is.
fn found(story: &Story, seeds: u64) -> [usize; 2] {
    let mut counts = [0; 2];
    for seed in 0..seeds {
        let changes = changes(&Story { seed, ..*story });
        let (slow, others): (Vec<_>, Vec<_>) = changed(&changes).into_iter().partition(is_it);
        counts[0] += usize::from(slow.len() == 1);
        counts[1] += usize::from(!others.is_empty());
    }
    counts
}

/// Returns whether a step is the one that is slower.
fn is_it(step: &&VersionStep) -> bool {
    step.architecture == "network-2"
        && step.engine == "openvino"
        && step.to.engine.version == VERSIONS[3]
        && step.verdict == StepVerdict::Slower
}

#[test]
fn one_slow_down_of_5_percent_is_found_and_none_other() {
    let changes = changes(&STORY);
    // Four steps of ten networks; the baseline has one version and no step.
    assert_eq!(changes.steps.len(), 40);
    let found = changed(&changes);
    assert_eq!(found.len(), 1, "{found:#?}");
    let step = found[0];
    assert!(is_it(&step), "{step:#?}");
    assert_eq!(step.labels(), [VERSIONS[2], VERSIONS[3]]);
    assert_eq!(
        (step.by, step.measure()),
        (NumberKind::QuietSpeedUp, "speed-up over pytorch 2.9.1+cu128".to_owned())
    );
    assert_eq!((step.rounds, step.from_runs.len()), ([36, 36], 3));
    assert!(step.time[1] < 1.05 && 1.05 < step.time[2], "{step:#?}");
    assert!(step.is_slower_by(0.03) && !step.is_slower_by(0.2), "{step:#?}");
}

#[test]
fn it_is_found_whatever_the_noise_and_hardly_ever_another() {
    let [found, others] = found(&STORY, 60);
    // Found in 99 % of them, false alarms in 5 % at most, 3 of 60; three deviations more are 8.
    assert!(found >= 57 && others <= 8, "found in {found} of 60, others in {others}");
}

#[test]
fn where_nothing_changed_nothing_is_found() {
    let [_, alarms] = found(&Story { slower: None, ..STORY }, 60);
    assert!(alarms <= 8, "{alarms} of 60");
}

#[test]
fn a_host_that_drifts_is_in_latencies_and_not_in_speed_ups() {
    // Without a baseline that both sides have, only latencies are left.
    let mut history = VersionHistory::default();
    for mut run in imagined::runs(&Story { runs: 1, slower: None, ..STORY }) {
        run.members.iter_mut().for_each(|member| member.baseline = false);
        history.add(&run, |cell| cell.engine == "openvino");
    }
    let changes = history.changes(false);
    assert!(changes.steps.iter().all(|step| step.by == NumberKind::Latency), "{changes:#?}");
    assert!(changed(&changes).is_empty(), "{changes:#?}");
    let most = |steps: &[VersionStep]| {
        steps.iter().map(|step| step.time[0].ln().abs()).fold(0.0, f64::max)
    };
    let paired = self::changes(&Story { runs: 1, slower: None, ..STORY });
    assert!(most(&changes.steps) > 2.0 * most(&paired.steps));
}

#[test]
fn only_the_latest_step_is_looked_at_if_asked() {
    let changes = history(&STORY).changes(true);
    assert_eq!(changes.steps.len(), 10);
    assert!(changes.steps.iter().all(|step| step.to.engine.version == VERSIONS[4]));
    assert!(changed(&changes).is_empty(), "{changes:#?}");
}

#[test]
fn a_run_counts_once_however_often_it_is_given() {
    let runs = imagined::runs(&Story { networks: 1, ..STORY });
    let mut history = VersionHistory::default();
    runs.iter().chain(&runs).for_each(|run| history.add(run, |_| true));
    assert_eq!(history.runs(), 15);
    assert_eq!(history.changes(false).cells[0].points.len(), 15);
}

#[test]
fn another_host_has_a_history_of_its_own() {
    let mut history = VersionHistory::default();
    for (at, mut run) in
        imagined::runs(&Story { networks: 1, runs: 1, ..STORY }).into_iter().enumerate()
    {
        if at % 2 == 1 {
            (run.host.fingerprint, run.host.host) = ("beef".to_owned(), "elsewhere".to_owned());
        }
        history.add(&run, |_| true);
    }
    let changes = history.changes(false);
    // Versions 1, 3 and 5 on one host, 2 and 4 on the other.
    let hosts: Vec<&str> = changes.steps.iter().map(|step| step.host.as_str()).collect();
    assert_eq!(hosts, ["elsewhere", "nowhere", "nowhere"]);
}

#[test]
fn a_baseline_of_another_version_leaves_latencies() {
    let mut history = VersionHistory::default();
    for (at, mut run) in
        imagined::runs(&Story { networks: 1, runs: 1, ..STORY }).into_iter().enumerate()
    {
        let pytorch = run.cells.values_mut().filter(|cell| cell.engine == "pytorch" && at > 1);
        pytorch.for_each(|cell| cell.engine_version = "2.10.0+cu128".to_owned());
        history.add(&run, |_| true);
    }
    let changes = history.changes(false);
    let by: Vec<_> = changes.steps.iter().map(|step| (step.engine.as_str(), step.by)).collect();
    use NumberKind::{Latency, QuietSpeedUp};
    let openvino = [QuietSpeedUp, Latency, QuietSpeedUp, QuietSpeedUp].map(|by| ("openvino", by));
    assert_eq!(by, [&[("pytorch", Latency)][..], &openvino].concat());
}

#[test]
fn a_version_of_formbench_is_a_step_by_latencies() {
    // It may start the baseline in another way, too.
    let mut history = VersionHistory::default();
    let story = Story { networks: 1, runs: 1, slower: None, ..STORY };
    for (at, mut run) in imagined::runs(&story).into_iter().enumerate() {
        run.cells.values_mut().for_each(|cell| cell.engine_version = "1".to_owned());
        run.host.harness_version = if at < 2 { "0.9.0" } else { "0.10.0" }.to_owned();
        history.add(&run, |_| true);
    }
    let changes = history.changes(false);
    let steps: Vec<_> =
        changes.steps.iter().map(|step| (step.engine.as_str(), step.by, step.labels())).collect();
    let labels = ["formbench 0.9.0", "formbench 0.10.0"].map(str::to_owned);
    let step = |engine| (engine, NumberKind::Latency, labels.clone());
    assert_eq!(steps, [step("pytorch"), step("openvino")]);
    assert_eq!(changes.steps[0].from_runs.len(), 2);
    let panels = history.panels(&changes);
    assert_eq!(panels[0].versions, ["(0.9.0)", "(0.10.0)"]);
}

#[test]
fn runs_of_one_version_show_what_runs_differ_by() {
    let changes = changes(&STORY);
    let of = |kind| changes.scatter.iter().find(|one| one.of == kind).unwrap();
    let quiet = of(NumberKind::QuietSpeedUp);
    // Ten speed-ups in fifteen runs; runs differ by √2 × 0.3 %, hours by up to 10 %.
    assert_eq!((quiet.repeated, quiet.runs), (10, 15));
    assert!(quiet.seen_sd.unwrap() < 0.01, "{quiet:?}");
    let latencies = of(NumberKind::Latency);
    assert!((0.03..0.10).contains(&latencies.seen_sd.unwrap()), "{latencies:?}");
    assert_eq!(of(NumberKind::SpeedUp).seen_sd, None);
    assert!(
        changes.closing()[1].contains("10\u{a0}numbers in 15\u{a0}runs"),
        "{:?}",
        changes.closing()
    );
}

#[test]
fn a_course_has_a_longer_name_only_beside_another_of_its_architecture() {
    let mut history = VersionHistory::default();
    let story = Story { networks: 3, runs: 1, ..STORY };
    for (at, mut run) in imagined::runs(&story).into_iter().enumerate() {
        for cell in run.cells.values_mut() {
            // The second is the first on two threads; the third is so on four, and was measured once.
            cell.threads = match cell.name.as_str() {
                "network-1" => 2,
                "network-2" => 4,
                _ => 1,
            };
            let is_left_out = cell.threads == 4 && at > 0;
            cell.name = if is_left_out { format!("other-{at}") } else { "network".to_owned() };
        }
        history.add(&run, |cell| cell.name == "network");
    }
    let panels = history.panels(&history.changes(false));
    let names: Vec<&str> = panels[0].courses.iter().map(|course| course.name.as_str()).collect();
    let name = |threads| format!("network, 224 × 224 pixels, {threads}");
    assert_eq!(names, [name("1 thread"), name("2 threads")]);
}

#[test]
fn courses_are_relative_to_the_first_version() {
    let history = history(&STORY);
    let panels = history.panels(&history.changes(false));
    // The baseline has one version.
    assert_eq!(panels.len(), 1);
    let panel = &panels[0];
    assert_eq!(
        (panel.setting.as_str(), panel.versions.as_slice()),
        ("openvino", &VERSIONS.map(str::to_owned)[..])
    );
    let slow = panel.courses.iter().find(|course| course.is_changed).unwrap();
    assert_eq!(slow.name, "network-2");
    let times: Vec<f64> = slow.places.iter().map(|place| place.time.value).collect();
    assert_eq!((times.len(), times[0]), (5, 1.0));
    assert!(times[1].max(times[2]) < 1.025 && times[3].min(times[4]) > 1.025, "{times:?}");
    assert_eq!(panel.courses.iter().filter(|course| course.is_changed).count(), 1);
}
