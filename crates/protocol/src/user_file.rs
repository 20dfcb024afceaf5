use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A user's own file: a model, or an array that fills an input.
///
/// Two are equal if path and content are, wherever they lie on this machine.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UserFile {
    /// Path as its author wrote it.
    pub path: String,
    /// SHA-256 of the content, in hex digits; empty if any content will do, which nothing that is kept says.
    pub sha256: String,
    /// Where it lies on this machine: no part of its identity, and in no data.
    #[serde(default)]
    pub place: PathBuf,
}

impl UserFile {
    /// Returns the file of a path whose content, whatever it is, is read once: it need not be recognised.
    pub fn of_any_content(path: String, place: PathBuf) -> Self {
        Self { path, sha256: String::new(), place }
    }

    /// Returns whether a content may be any.
    pub fn may_have_any_content(&self) -> bool {
        self.sha256.is_empty()
    }

    /// Returns the file without its place: what is the same on every machine.
    #[must_use]
    pub fn without_place(&self) -> Self {
        Self { place: PathBuf::new(), ..self.clone() }
    }

    fn identity(&self) -> (&str, &str) {
        (&self.path, &self.sha256)
    }
}

impl PartialEq for UserFile {
    fn eq(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }
}

impl Eq for UserFile {}

impl Hash for UserFile {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.identity().hash(state);
    }
}

impl Ord for UserFile {
    fn cmp(&self, other: &Self) -> Ordering {
        self.identity().cmp(&other.identity())
    }
}

impl PartialOrd for UserFile {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::Architecture;

    fn file(sha256: &str, place: &str) -> UserFile {
        UserFile { path: "own/x.onnx".into(), sha256: sha256.into(), place: place.into() }
    }

    #[test]
    fn a_file_is_its_path_and_content_wherever_it_lies() {
        let files = [file("a1", "/here"), file("a1", "/there"), file("b2", "/here")];
        let distinct: HashSet<&UserFile> = files.iter().collect();
        assert_eq!(distinct.len(), 2);
        assert!(files[0] < files[2]);
    }

    #[test]
    fn a_file_of_any_content_says_so() {
        let any = UserFile::of_any_content("own/x.onnx".to_owned(), "/here".into());
        assert!(any.may_have_any_content() && !file("a1", "/here").may_have_any_content());
    }

    #[test]
    fn a_file_crosses_the_pipe_with_its_place_and_is_shown_as_its_path() {
        let architecture = Architecture::File(file("a1", "/here"));
        let text = serde_json::to_string(&architecture).unwrap();
        let expected = r#"{"file":{"path":"own/x.onnx","sha256":"a1","place":"/here"}}"#;
        assert_eq!(text, expected);
        let Architecture::File(read) = serde_json::from_str(&text).unwrap() else {
            panic!("a file");
        };
        assert_eq!(read.place, PathBuf::from("/here"));
        assert_eq!(
            (architecture.to_string(), architecture.name()),
            ("own/x.onnx".into(), "own/x.onnx")
        );
    }
}
