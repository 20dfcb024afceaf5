use std::path::PathBuf;

use crate::readme::MarkerError;

/// Why figures could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// An experiment of the run asks for a figure that does not exist here.
    #[error("{experiment}: unknown figure `{figure}`; known: {known}")]
    UnknownFigure {
        /// The experiment.
        experiment: String,
        /// What it asks for.
        figure: String,
        /// What exists.
        known: String,
    },
    /// A font that the report carries cannot be read.
    #[error("font `{font}` cannot be read; the build is damaged, build formbench again")]
    Font {
        /// File name.
        font: &'static str,
    },
    /// A picture could not be drawn.
    #[error("{path}: drawing failed: {cause}")]
    Draw {
        /// Where the picture was going.
        path: PathBuf,
        /// The error of plotters.
        cause: String,
    },
    /// A file could not be written.
    #[error("{path}: cannot be written")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The cells could not be written as comma-separated values.
    #[error("{path}: cannot be written")]
    Csv {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: csv::Error,
    },
    /// A generated part has no place in a text.
    #[error(transparent)]
    Marker(#[from] MarkerError),
}
