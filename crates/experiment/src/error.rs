use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::Profile;

/// Why experiments cannot be read or planned.
#[derive(Debug, thiserror::Error)]
pub enum ExperimentError {
    /// A file or folder is missing or may not be read.
    #[error("{}: cannot be read", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system reported.
        #[source]
        source: io::Error,
    },
    /// A file looks like an experiment and would be passed over.
    #[error("{}: would not be measured; {remedy}", path.display())]
    PassedOver {
        /// The file.
        path: PathBuf,
        /// How to turn the file into an experiment.
        remedy: &'static str,
    },
    /// A file contains something that is not allowed.
    #[error("{}:{location}: {message}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Where in the file.
        location: Location,
        /// What is wrong there, and what was expected.
        message: String,
    },
    /// Two experiments mean different files by one path.
    #[error("`{path}` is one file in one experiment and another one in another; rename one")]
    TwoFiles {
        /// The path as both write it.
        path: String,
    },
    /// Every cell is filtered away or belongs to a larger profile.
    #[error(
        "nothing to measure: profile `{profile}` and the filters leave no cell; \
         loosen a filter or take a larger profile"
    )]
    NothingToMeasure {
        /// The profile asked for.
        profile: Profile,
    },
}

/// A place in a text; displayed as `line:column`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Location {
    /// The first character of a text.
    pub(crate) const START: Self = Self { line: 1, column: 1 };

    /// Returns the place right after `text`.
    pub(crate) fn after(text: &str) -> Self {
        let last_line = text.rsplit('\n').next().unwrap_or_default();
        Self { line: text.matches('\n').count() + 1, column: last_line.chars().count() + 1 }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}
