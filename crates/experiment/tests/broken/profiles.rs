//! Profiles that are wrong.

use std::path::Path;

use formbench_experiment::parse_profiles;

#[test]
fn a_profile_without_a_key_is_refused() {
    let error = parse_profiles(Path::new("p.yaml"), "quick:\n  rounds: 2\n").unwrap_err();
    assert_eq!(error.to_string(), "p.yaml:2:3: missing key `most_rounds` in profile `quick`");
}

#[test]
fn an_unknown_profile_is_answered_with_the_nearest() {
    let error = parse_profiles(Path::new("p.yaml"), "quik: {}\n").unwrap_err();
    assert_eq!(
        error.to_string(),
        "p.yaml:1:1: unknown profiles key `quik`; known: quick, standard, full \
         (did you mean `quick`?)"
    );
}
