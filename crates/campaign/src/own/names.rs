//! What tables call files.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use super::CompareError;

/// Returns what tables call models: their own names, or if two have the same, as many folders in front as tell them apart.
///
/// # Errors
/// A file is missing, is no `.onnx`, or is given twice.
pub fn names(files: &[PathBuf]) -> Result<Vec<String>, CompareError> {
    names_of(files, ".onnx")
}

/// Returns what tables call files that end so.
pub(super) fn names_of(
    files: &[PathBuf],
    ending: &'static str,
) -> Result<Vec<String>, CompareError> {
    for file in files {
        if !file.is_file() {
            return Err(CompareError::NoFile { path: file.clone() });
        }
        if !file.to_string_lossy().ends_with(ending) {
            return Err(CompareError::OtherEnding { path: file.clone(), ending });
        }
    }
    // Without `..`, and without the root, which would lead out of the experiment's folder.
    let parts = |file: &PathBuf| -> Vec<String> {
        let path = plain(file).unwrap_or_else(|| file.clone());
        let named = path.components().filter(|part| matches!(part, Component::Normal(_)));
        named.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect()
    };
    let paths: Vec<Vec<String>> = files.iter().map(parts).collect();
    for (at, path) in paths.iter().enumerate() {
        if paths[..at].contains(path) {
            return Err(CompareError::Twice { path: files[at].clone() });
        }
    }
    let longest = paths.iter().map(Vec::len).max().unwrap_or_default();
    let ends = |count: usize| -> Vec<String> {
        paths.iter().map(|path| path[path.len().saturating_sub(count)..].join("/")).collect()
    };
    let are_distinct =
        |names: &Vec<String>| names.iter().collect::<BTreeSet<_>>().len() == names.len();
    // Whole paths are distinct.
    Ok((1..=longest).map(ends).find(are_distinct).unwrap_or_default())
}

/// Returns a path from the root on, without `.` and `..`.
pub fn plain(path: &Path) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    for component in std::path::absolute(path).ok()?.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            other => plain.push(other),
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_one_name_are_told_apart_by_their_folders() {
        let folder = tempfile::tempdir().unwrap();
        let file = |path: &str| {
            let place = folder.path().join(path);
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::fs::write(&place, "a model").unwrap();
            place
        };
        let (one, other, third) = (file("a/m.onnx"), file("b/m.onnx"), file("a/n.onnx"));
        assert_eq!(names(&[one.clone(), third]).unwrap(), ["m.onnx", "n.onnx"]);
        assert_eq!(names(&[one.clone(), other]).unwrap(), ["a/m.onnx", "b/m.onnx"]);
        let deep = [file("a/onnx/m.onnx"), file("b/onnx/m.onnx")];
        assert_eq!(names(&deep).unwrap(), ["a/onnx/m.onnx", "b/onnx/m.onnx"]);
        let around = folder.path().join("b/../a/m.onnx");
        for twice in [[one.clone(), one.clone()], [one, around]] {
            assert!(names(&twice).unwrap_err().to_string().contains("given twice"));
        }
        assert!(names(&[file("a/model.txt")]).is_err());
        assert!(names(&[folder.path().join("none.onnx")]).is_err());
    }
}
