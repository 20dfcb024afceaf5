//! The verdicts that are committed for a host and a set of experiments.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use formbench_analysis::{CommittedVerdicts, Run};

/// Folder of the committed verdicts, one file per host and set.
const FOLDER: &str = "data/verdicts";

/// Returns the committed verdicts of the run's host and where they are or would be; none if nobody
/// committed any, unless a file was named.
///
/// # Errors
/// The file is wrong, or the named one is not there.
pub fn read(
    named: Option<&PathBuf>,
    folder: &Path,
    run: &Run,
) -> Result<(PathBuf, Option<CommittedVerdicts>)> {
    let path = named.cloned().unwrap_or_else(|| default(folder, run));
    let text = match std::fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound && named.is_none() => {
            return Ok((path, None));
        }
        read => read.with_context(|| format!("cannot read `{}`", path.display()))?,
    };
    let kept = serde_json::from_str(&text)
        .with_context(|| format!("`{}` holds no verdicts", path.display()))?;
    Ok((path, Some(kept)))
}

/// Set of the runs that a host's own runs are held against.
const REFERENCE: &str = "reference";

/// Returns the file of a committed run, whose folder is `<set>/<host>`; of any other run the file of its host's reference run.
fn default(folder: &Path, run: &Run) -> PathBuf {
    let of_name = |name: &str| Path::new(FOLDER).join(format!("{name}.json"));
    let name_of = |path: &Path| Some(path.file_name()?.to_str()?.to_owned());
    let is_committed = |name: &String| *name != run.host.run;
    match (name_of(folder).filter(is_committed), folder.parent().and_then(name_of)) {
        (Some(host), Some(set)) if set == REFERENCE => of_name(&host),
        (Some(host), Some(set)) => of_name(&format!("{host}-{set}")),
        _ => of_name(&run.host.host),
    }
}
