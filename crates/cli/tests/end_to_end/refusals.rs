use std::collections::BTreeMap;

use formbench_store::{RefusalRow, Run};

use crate::fixture::{Project, make_executable, stderr};

/// One healthy engine and one that fails in the stated way on its tenth inference.
fn failing(failure: &str) -> String {
    // Only what hangs is waited for; a healthy worker may take its time to start.
    let limit_s = if failure == "hang" { 2 } else { 20 };
    format!(
        "\
question: What does a failing engine cost the others?
architectures: [{{ network: [resnet18, mobilenet-v2] }}]
engines:
  - {{ engine: fake, options: {{ latency_ns: 400000 }} }}
  - {{ engine: fake, options: {{ latency_ns: 400000, failure: {failure}, after: 9 }} }}
baseline: {{ engine: fake, options: {{ latency_ns: 400000 }} }}
input: {{ resolution: 32 }}
budget: {{ limit_s: {limit_s}, rounds: 2 }}
figures: [network-latency]
"
    )
}

/// Runs a plan with a failing engine; the run succeeds, the healthy engine has all its samples.
fn refused(failure: &str) -> (Project, Vec<RefusalRow>) {
    let project = Project::new(&failing(failure));
    let output = project.run(&["run"]);
    assert!(output.status.success(), "{failure}: {}", stderr(&output));
    let run = project.data();
    let samples = samples_by_options(&run);
    // 2 networks × 2 rounds × 2 blocks, each a burst of 15 ms: 38 inferences of 0.4 ms.
    let healthy = samples.iter().find(|(options, _)| !options.contains("failure"));
    assert_eq!(healthy.map(|(_, count)| *count), Some(304), "{failure}: {samples:?}");
    assert_eq!(run.refusals.len(), 2, "{failure}: one refusal per network, {:?}", run.refusals);
    (project, run.refusals)
}

fn samples_by_options(run: &Run) -> BTreeMap<&str, usize> {
    let mut samples = BTreeMap::new();
    for (key, rounds) in &run.latencies {
        let count: usize = rounds.values().flat_map(|blocks| blocks.values()).map(Vec::len).sum();
        *samples.entry(run.cells[key].options.as_str()).or_default() += count;
    }
    samples
}

/// Asserts the kind and a part of the reason.
fn costs(failure: &str, kind: &str, reason: &str) -> Vec<RefusalRow> {
    let (_project, refusals) = refused(failure);
    for refusal in &refusals {
        assert_eq!(refusal.kind.label(), kind, "{failure}: {refusal:?}");
        assert!(refusal.reason.contains(reason), "{failure}: {refusal:?}");
    }
    refusals
}

#[test]
fn a_crash_costs_only_its_own_cell() {
    costs("crash", "crashed", "the worker ended during");
}

#[test]
fn an_engine_that_hangs_is_ended_at_its_limit() {
    costs("hang", "hung", "within 2.");
}

#[test]
fn a_worker_killed_for_memory_is_told_from_a_crash() {
    costs("killed", "out-of-memory", "as when memory runs out");
}

#[test]
fn an_engine_error_is_quoted() {
    costs("error", "failed", "fake: fails as it was told");
}

#[test]
fn an_engine_that_refuses_is_quoted_with_its_remedy() {
    let refusals = costs("refuse", "unsupported", "fake: refuses as it was told");
    assert_eq!(refusals[0].remedy.as_deref(), Some("leave out `failure: refuse`"));
}

#[test]
fn logits_that_change_while_timing_are_refused() {
    costs("unstable", "disagrees", "logits changed while timing");
}

#[test]
fn garbage_on_the_pipe_is_quoted() {
    costs("garbage", "nonsense", "library banner, not JSON");
}

#[test]
fn a_block_without_samples_is_nonsense() {
    costs("empty-block", "nonsense", "expected an answer to block");
}

#[test]
fn logits_that_disagree_are_refused_before_anything_is_timed() {
    let experiment = failing("wrong-logits").replace(", after: 9", "");
    let project = Project::new(&experiment);
    project.done(&["run"]);
    let run = project.data();
    assert_eq!(run.refusals.len(), 2);
    for refusal in &run.refusals {
        assert_eq!(refusal.kind.label(), "disagrees");
        // The fake engine adds 1 to the logit in the middle.
        assert!(refusal.reason.contains("differ from fake by 1.0e0 at class 500"), "{refusal:?}");
        assert!(!run.latencies.contains_key(&refusal.cell));
    }
}

#[test]
fn logits_that_are_not_numbers_are_refused() {
    let project = Project::new(&failing("nan").replace(", after: 9", ""));
    project.done(&["run"]);
    let refusals = project.data().refusals;
    assert!(refusals[0].reason.contains("`NaN`, expected a number"), "{refusals:?}");
}

#[test]
fn a_refusal_keeps_the_end_of_stderr() {
    let project = Project::new(&failing("error"));
    let worker = project.path("worker.sh");
    std::fs::write(&worker, SHELL_WORKER).unwrap();
    make_executable(&worker);
    describe_into(&project);
    let output = project.command(&["run"]).env("FORMBENCH_WORKER", &worker).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let refusals = project.data().refusals;
    assert_eq!(refusals.len(), 4);
    for refusal in &refusals {
        assert_eq!(refusal.kind.label(), "crashed");
        assert!(refusal.reason.contains("exit status: 3"), "{refusal:?}");
        assert_eq!(refusal.stderr_tail, "no such kernel");
    }
}

/// Describes itself as the fake worker does, and ends when it is asked for anything else.
const SHELL_WORKER: &str = "\
#!/bin/sh
read -r request
case $request in
  *describe*) cat description ;;
  *) echo 'no such kernel' >&2; exit 3 ;;
esac
";

fn describe_into(project: &Project) {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut worker = Command::new(crate::fixture::fake_worker())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    worker.stdin.take().unwrap().write_all(b"\"describe\"\n").unwrap();
    let output = worker.wait_with_output().unwrap();
    std::fs::write(project.path("description"), output.stdout).unwrap();
}
