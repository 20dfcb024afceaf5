//! The claims of the experiments' folder.

use std::path::Path;

use formbench_experiment::{
    ClaimWords, Claims, ExperimentError, claims_files, experiment_files, read_claims,
};
use formbench_protocol::ArchitectureKind;
use formbench_report::{FIGURES, Run, Verdict};

/// Returns the claims of every set below `root`, validated; none where there is no such folder.
///
/// # Errors
/// A file cannot be read or is wrong.
pub fn claims(root: &Path) -> Result<Vec<Claims>, ExperimentError> {
    if !root.is_dir() {
        return Ok(Vec::new());
    }
    let files = claims_files(root)?;
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let words = words(root)?;
    files.iter().map(|path| read_claims(path, &words)).collect()
}

/// Returns the verdicts of a run on all claims.
pub fn verdicts(run: &Run, claims: &[Claims]) -> Vec<Verdict> {
    claims.iter().flat_map(|claims| formbench_report::verdicts(run, claims)).collect()
}

/// Returns what claims may name; which engines exist only a worker knows.
fn words(root: &Path) -> Result<ClaimWords, ExperimentError> {
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
        figures: FIGURES.iter().map(|figure| figure.name.to_owned()).collect(),
        engines: Vec::new(),
    })
}
