//! Files that are whole or absent after a kill or a power cut, never half.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::StoreError;

/// End of a temporary name: never `.parquet`, so a reader's glob never meets a half file.
pub(crate) const TEMPORARY_SUFFIX: &str = ".tmp";

/// Puts `bytes` at `path` and returns once they survive a power cut; replaces an older file whole.
///
/// One writer per folder: the temporary name derives from the final one.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let temporary = temporary(path);
    write_synced(&temporary, bytes)
        .and_then(|()| fs::rename(&temporary, path))
        .inspect_err(|_| drop(fs::remove_file(&temporary)))
        .map_err(StoreError::io("write", path))?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Creates the folder unless it is there and returns once its name survives a power cut.
pub(crate) fn create_folder(folder: &Path) -> Result<(), StoreError> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(StoreError::io("create folder", folder))?;
    folder.parent().map_or(Ok(()), sync_folder)
}

/// Returns once the names in `folder` survive a power cut.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let synced = File::open(here).and_then(|handle| handle.sync_all());
    synced.map_err(StoreError::io("sync folder", folder))
}

fn temporary(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}{TEMPORARY_SUFFIX}"))
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_leaves_the_file_and_no_temporary_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cells.parquet");
        write(&path, b"old").unwrap();
        write(&path, b"new").unwrap();
        let names: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["cells.parquet"]);
        assert_eq!(fs::read(path).unwrap(), b"new");
    }

    #[test]
    fn a_temporary_name_is_hidden_and_not_parquet() {
        let name = temporary(Path::new("runs/samples.parquet"));
        assert_eq!(name, Path::new("runs/.samples.parquet.tmp"));
    }

    #[test]
    fn the_folder_of_a_bare_name_is_the_current_one() {
        sync_folder(Path::new("data").parent().unwrap()).unwrap();
    }

    #[test]
    fn a_failed_write_names_the_file() {
        let error = write(Path::new("/nonexistent/cells.parquet"), b"").unwrap_err();
        assert_eq!(error.to_string(), "/nonexistent/cells.parquet: cannot write");
    }
}
