use std::path::{Path, PathBuf};

use crate::parquet::if_present;
use crate::{CacheRow, StoreError, durable, parquet, part};

/// Hex digits of a model's hash that name its file.
const NAMED_BY: usize = 16;

/// Cache counts that took long to obtain: one file per model, named by the hash of the model's
/// content.
#[derive(Clone, Debug)]
pub struct CacheFolder {
    path: PathBuf,
}

impl CacheFolder {
    /// Returns the folder at `path`, which need not exist yet.
    pub fn at(path: &Path) -> Self {
        Self { path: path.into() }
    }

    /// Returns every row of a model, none where it has no file.
    ///
    /// # Errors
    /// [`StoreError`] if the file cannot be read.
    pub fn rows(&self, model_sha256: &str) -> Result<Vec<CacheRow>, StoreError> {
        let rows = if_present(parquet::read::<CacheRow>(&self.file(model_sha256)))?;
        let of_model = rows.unwrap_or_default().into_iter();
        Ok(of_model.filter(|row| row.model_sha256 == model_sha256).collect())
    }

    /// Keeps a row; one with the same key is replaced. Returns once the row survives a power cut.
    ///
    /// # Errors
    /// [`StoreError`] if the model's file cannot be read or written.
    pub fn keep(&self, row: CacheRow) -> Result<(), StoreError> {
        let path = self.file(&row.model_sha256);
        let mut rows = if_present(parquet::read::<CacheRow>(&path))?.unwrap_or_default();
        rows.retain(|other| other.key != row.key);
        rows.push(row);
        rows.sort_by(|a, b| order(a).cmp(&order(b)));
        durable::create_folder(&self.path)?;
        durable::write(&path, &parquet::encode(&path, rows)?)
    }

    fn file(&self, model_sha256: &str) -> PathBuf {
        let name = model_sha256.get(..NAMED_BY).unwrap_or(model_sha256);
        part::table_path(&self.path, name)
    }
}

/// Returns what rows are sorted by: equal rows make equal files, whatever order they came in.
fn order(row: &CacheRow) -> (&str, &str, u64, &str) {
    (&row.engine, &row.options, row.cache_bytes, &row.key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(key: &str, engine: &str, llc_misses: u64) -> CacheRow {
        let model_sha256 = "0123456789abcdef0123".to_owned();
        let (key, engine) = (key.to_owned(), engine.to_owned());
        CacheRow { key, engine, model_sha256, llc_misses, ..CacheRow::default() }
    }

    #[test]
    fn a_row_is_kept_once_and_rows_are_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let caches = CacheFolder::at(&folder.path().join("cache"));
        for row in [row("b", "tract", 1), row("a", "openvino", 2), row("b", "tract", 3)] {
            caches.keep(row).unwrap();
        }
        let kept = caches.rows("0123456789abcdef0123").unwrap();
        assert_eq!(kept, [row("a", "openvino", 2), row("b", "tract", 3)]);
        let names: Vec<_> = std::fs::read_dir(folder.path().join("cache"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(names, ["0123456789abcdef.parquet"]);
    }

    #[test]
    fn another_model_has_no_rows() {
        let folder = tempfile::tempdir().unwrap();
        let caches = CacheFolder::at(folder.path());
        assert!(caches.rows("0123456789abcdef0123").unwrap().is_empty());
        caches.keep(row("a", "tract", 1)).unwrap();
        // It shares the digits that name the file.
        assert!(caches.rows("0123456789abcdef9999").unwrap().is_empty());
    }
}
