//! The claims of the experiments' folder.

use std::path::Path;

use formbench_analysis::{Run, Verdict, VerdictKind};
use formbench_experiment::{
    ClaimWords, Claimant, Claims, ExperimentError, claims_files, experiment_files, read_claims,
};
use formbench_protocol::ArchitectureKind;

/// Returns the claims of every set below `root`, validated, the study's first; none where there is no such folder. They may
/// name `figures`.
///
/// # Errors
/// A file cannot be read or is wrong.
pub fn claims(root: &Path, figures: &[&str]) -> Result<Vec<Claims>, ExperimentError> {
    if !root.is_dir() {
        return Ok(Vec::new());
    }
    let files = claims_files(root)?;
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let words = words(root, figures)?;
    let claims = files.iter().map(|path| read_claims(path, &words));
    let mut claims = claims.collect::<Result<Vec<Claims>, ExperimentError>>()?;
    claims.sort_by_key(|claims| claims.claimed_by);
    Ok(claims)
}

/// Returns the verdicts of a run on all claims. Claims of formbench's own, which are about few experiments each, are left out
/// where the run has nothing that they can be judged by.
pub fn verdicts(run: &Run, claims: &[Claims]) -> Vec<Verdict> {
    let all: Vec<Verdict> =
        claims.iter().flat_map(|claims| formbench_analysis::verdicts(run, claims)).collect();
    let is_shown = |of_claim: &&[Verdict]| {
        let is_tested = |one: &Verdict| one.verdict != VerdictKind::NotTestable;
        of_claim.iter().any(|one| one.claimed_by == Claimant::Study || is_tested(one))
    };
    all.chunk_by(|a, b| a.claim == b.claim).filter(is_shown).flatten().cloned().collect()
}

/// Returns what claims may name; which engines exist only a worker knows.
fn words(root: &Path, figures: &[&str]) -> Result<ClaimWords, ExperimentError> {
    let architectures = formbench_architectures::registry();
    let names = |kind| {
        let of_kind = architectures.iter().filter(|info| info.kind == kind);
        of_kind.map(|info| info.name.clone()).collect()
    };
    let files = experiment_files(root)?;
    let experiment = |path: &Path| {
        let below = path.strip_prefix(root).unwrap_or(path);
        below.with_extension("").to_string_lossy().into_owned()
    };
    Ok(ClaimWords {
        patterns: names(ArchitectureKind::Pattern),
        networks: names(ArchitectureKind::Network),
        experiments: files.iter().map(|path| experiment(path)).collect(),
        figures: figures.iter().map(|&figure| figure.to_owned()).collect(),
        engines: Vec::new(),
    })
}
