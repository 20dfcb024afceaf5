//! The verdicts that are committed for a host.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use formbench_analysis::{CommittedVerdicts, Run};

/// Folder of the committed verdicts, one file per host.
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

/// Returns the file of a committed run's folder, which has the host's present name, else the file
/// of the host that the run itself names.
fn default(folder: &Path, run: &Run) -> PathBuf {
    let of_name = |name: &str| Path::new(FOLDER).join(format!("{name}.json"));
    let of_folder = folder.file_name().and_then(|name| name.to_str()).map(of_name);
    of_folder.filter(|path| path.is_file()).unwrap_or_else(|| of_name(&run.host.host))
}
