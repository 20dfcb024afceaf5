use std::path::Path;

use crate::experiment::read_question;
use crate::{ExperimentError, document};

/// Returns what the experiment in `source` asks; `path` is shown in errors. Nothing else in the text is looked at, so that
/// no engine or figure need be known.
///
/// # Errors
/// The text is no mapping, or has no question: the error says where.
pub fn question_in(path: &Path, source: &str) -> Result<String, ExperimentError> {
    document::parse(path, source, |node| {
        let entries = node.entries("experiment")?;
        let question = entries.iter().find(|entry| entry.name == "question");
        let missing = || node.fault("missing key `question` in the experiment");
        read_question(question.ok_or_else(missing)?.value)
    })
}
