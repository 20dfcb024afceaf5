use std::process::Command;

use crate::fixture::{EXPERIMENT, Project, stderr};

/// Returns a project that asks about one cache.
fn asking() -> Project {
    Project::new(&format!("{EXPERIMENT}cache: {{ l3_mib: 4 }}\n"))
}

fn has_valgrind() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok()
}

/// Returns the efficacies of the plain pattern's two cells.
fn efficacies(project: &Project) -> Vec<f64> {
    let printed = project.done(&["cache", "--json", "-a", "plain"]);
    let rows: Vec<serde_json::Value> = serde_json::from_str(&printed).unwrap();
    rows.iter().map(|row| row["efficacy"].as_f64().unwrap()).collect()
}

#[test]
fn a_run_says_what_is_not_simulated_and_goes_on() {
    let project = asking();
    let output = project.run(&["run"]);
    // 3 architectures × 2 engines × 1 cache.
    let said = "caches: 6 of 6 simulations are missing; `formbench cache`";
    assert!(output.status.success() && stderr(&output).contains(said), "{}", stderr(&output));
    assert!(project.data().caches.is_empty());
}

#[test]
fn asking_nothing_about_caches_is_an_error_with_a_remedy() {
    let output = Project::new(EXPERIMENT).run(&["cache"]);
    assert!(!output.status.success());
    assert!(stderr(&output).contains("`cache: { l3_mib: [4, 8, 48] }`"), "{}", stderr(&output));
}

#[test]
fn two_simulations_of_one_worker_agree_within_half_a_percent() {
    if !has_valgrind() {
        return;
    }
    let (first, second) = (efficacies(&asking()), efficacies(&asking()));
    assert_eq!((first.len(), second.len()), (2, 2));
    for (one, other) in first.iter().zip(&second) {
        assert!((one - other).abs() <= 0.005, "{first:?} {second:?}");
    }
}

#[test]
fn a_simulation_is_made_once_and_taken_in_by_a_run() {
    if !has_valgrind() {
        return;
    }
    let project = asking();
    efficacies(&project);
    let again = stderr(&project.run(&["cache", "-a", "plain"]));
    assert!(again.contains("0 simulated, 2 known before, 0 cells refused"), "{again}");
    project.done(&["run", "-a", "plain"]);
    assert_eq!(project.data().caches.len(), 2);
}
