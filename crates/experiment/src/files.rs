use std::fs;
use std::path::{Path, PathBuf};

use crate::ExperimentError;

/// Name of the file that holds a set's claims.
const CLAIMS: &str = "claims.yaml";

/// Returns the experiments' files in order of name: the `.yaml` files in the folders of `root`, but
/// not `claims.yaml`, which is no experiment.
///
/// # Errors
/// A folder cannot be read.
pub fn experiment_files(root: &Path) -> Result<Vec<PathBuf>, ExperimentError> {
    let mut files = Vec::new();
    for set in entries(root)?.into_iter().filter(|path| path.is_dir()) {
        files.extend(entries(&set)?.into_iter().filter(|path| is_experiment(path)));
    }
    Ok(files)
}

/// Returns the sets' claims in order of name: `claims.yaml` of each folder of `root` that has one.
///
/// # Errors
/// A folder cannot be read.
pub fn claims_files(root: &Path) -> Result<Vec<PathBuf>, ExperimentError> {
    let sets = entries(root)?.into_iter().filter(|path| path.is_dir());
    Ok(sets.map(|set| set.join(CLAIMS)).filter(|path| path.is_file()).collect())
}

fn is_experiment(path: &Path) -> bool {
    let is_yaml = path.extension().is_some_and(|ending| ending == "yaml");
    is_yaml && path.file_name().is_some_and(|name| name != CLAIMS)
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
