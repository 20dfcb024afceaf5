use std::fs;
use std::path::{Path, PathBuf};

use crate::ExperimentError;

/// Name of the file that holds a set's claims.
const CLAIMS: &str = "claims.yaml";

/// Name of the file beside the sets that holds the profiles.
pub const PROFILES: &str = "profiles.yaml";

/// Returns the experiments' files in order of name: the `.yaml` files in the folders of `root`,
/// except `claims.yaml`, which is no experiment.
///
/// # Errors
/// A folder cannot be read, or a file that looks like an experiment would be passed over: it lies
/// beside the sets, or its name ends in `.yml`.
pub fn experiment_files(root: &Path) -> Result<Vec<PathBuf>, ExperimentError> {
    let (sets, beside): (Vec<_>, Vec<_>) =
        entries(root)?.into_iter().partition(|path| path.is_dir());
    let passed_over = |path, remedy| ExperimentError::PassedOver { path, remedy };
    if let Some(path) = beside.into_iter().find(|path| is_yaml(path) && !is_called(path, PROFILES))
    {
        return Err(passed_over(path, "move it into a set, a folder beside it"));
    }
    let mut files = Vec::new();
    for set in sets {
        files.extend(
            entries(&set)?.into_iter().filter(|path| is_yaml(path) && !is_called(path, CLAIMS)),
        );
    }
    match files.iter().find(|path| has_ending(path, "yml")) {
        Some(path) => Err(passed_over(path.clone(), "let its name end in `.yaml`")),
        None => Ok(files),
    }
}

/// Returns the sets' claims in order of name: `claims.yaml` of each folder of `root` that has one.
///
/// # Errors
/// A folder cannot be read.
pub fn claims_files(root: &Path) -> Result<Vec<PathBuf>, ExperimentError> {
    let sets = entries(root)?.into_iter().filter(|path| path.is_dir());
    Ok(sets.map(|set| set.join(CLAIMS)).filter(|path| path.is_file()).collect())
}

fn is_yaml(path: &Path) -> bool {
    has_ending(path, "yaml") || has_ending(path, "yml")
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|found| found == ending)
}

fn is_called(path: &Path, name: &str) -> bool {
    path.file_name().is_some_and(|found| found == name)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, ExperimentError> {
    let unreadable = |source| ExperimentError::Unreadable { path: folder.to_owned(), source };
    let mut paths = fs::read_dir(folder)
        .map_err(unreadable)?
        .map(|entry| entry.map(|entry| entry.path()).map_err(unreadable))
        .collect::<Result<Vec<PathBuf>, ExperimentError>>()?;
    paths.sort();
    Ok(paths)
}
