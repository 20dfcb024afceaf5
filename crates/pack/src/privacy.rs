//! What of a run may not travel unasked: paths, names of a user or a machine, variables that formbench does not record.
//!
//! A cell's name is a key, and a pack's tables are those of the run to the bit: so what is private is not replaced, it is
//! refused, and the user decides.

use std::collections::BTreeMap;

use formbench_analysis::Run;
use formbench_store::{
    AttributesRow, CacheRow, CellRow, CheckRow, ColumnFacts, ColumnType, ExperimentRow, MemberRow,
    OperatorRow, RefusalRow, RooflineRow,
};
use serde_json::{Map, Value};

use crate::PackError;

/// Columns whose values begin with `/` where a model's graph says so, and are no paths.
const GRAPH_NAMES: [&str; 5] = ["inputs", "kind", "nodes", "operator", "operator_mix"];

/// First parts of paths that are alike on every machine and hold nothing of a user.
const SYSTEM: [&str; 10] =
    ["bin", "dev", "etc", "lib", "lib32", "lib64", "proc", "sbin", "sys", "usr"];

/// Names that say nothing about anybody.
const COMMON: [&str; 3] = ["localhost", "root", "user"];

/// Fewest letters of a name that is looked for.
const SHORTEST_NAME: usize = 3;

/// Who packs, and where.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// Names of the user and of the machine in its network.
    pub names: Vec<String>,
    /// Says whether formbench records a variable of the environment.
    pub is_recorded: fn(&str) -> bool,
}

/// A private part of a text, and what it is.
type Found = (String, &'static str);

impl Surroundings {
    /// Fails if a table of the run or its finals, or a question that goes along, has something private.
    ///
    /// # Errors
    /// [`PackError::Private`] says where, and what.
    pub(crate) fn check(
        &self,
        run: &Run,
        questions: &BTreeMap<String, Vec<u8>>,
    ) -> Result<(), PackError> {
        self.check_run(run, "")?;
        for of in &run.finals {
            self.check_run(of, &format!(" of final `{}`", of.host.run))?;
        }
        for (name, bytes) in questions {
            for (number, line) in (1..).zip(String::from_utf8_lossy(bytes).lines()) {
                let found = self.name_in(line).or_else(|| path_in(line));
                refuse(found, || format!("line {number} of `{name}`"))?;
            }
        }
        Ok(())
    }

    fn check_run(&self, run: &Run, of: &str) -> Result<(), PackError> {
        for (table, texts) in texts(run) {
            for (column, text) in texts {
                let found = match column.column_type {
                    ColumnType::String | ColumnType::StringList => self.found(&column, &text),
                    _ => None,
                };
                refuse(found, || format!("column `{}` of table `{table}`{of}", column.name))?;
            }
        }
        Ok(())
    }

    fn found(&self, column: &ColumnFacts, text: &str) -> Option<Found> {
        let variable = || {
            let variables: Map<String, Value> = serde_json::from_str(text).ok()?;
            let name = variables.into_iter().map(|(name, _)| name);
            Some((
                name.into_iter().find(|name| !(self.is_recorded)(name))?,
                "a variable that formbench does not record",
            ))
        };
        let path = || if GRAPH_NAMES.contains(&column.name) { None } else { path_in(text) };
        let unrecorded = if column.name == "environment" { variable() } else { None };
        unrecorded.or_else(|| self.name_in(text)).or_else(path)
    }

    fn name_in(&self, text: &str) -> Option<Found> {
        let is_telling = |name: &&String| {
            name.len() >= SHORTEST_NAME && !COMMON.contains(&name.to_lowercase().as_str())
        };
        let name = self.names.iter().filter(is_telling).find(|name| has_word(text, name))?;
        Some((name.clone(), "a name of this machine or of who uses it"))
    }
}

fn refuse(found: Option<Found>, place: impl FnOnce() -> String) -> Result<(), PackError> {
    match found {
        Some((found, what)) => Err(PackError::Private { place: place(), found, what }),
        None => Ok(()),
    }
}

/// The columns of a row with their values.
type Texts = Vec<(ColumnFacts, String)>;

/// Returns the rows of every table that has texts beside keys, by name of the table.
fn texts(run: &Run) -> Vec<(&'static str, Texts)> {
    let mut rows = vec![("host", run.host.texts())];
    let mut add =
        |table, of_table: Vec<Texts>| rows.extend(of_table.into_iter().map(|of| (table, of)));
    add("experiments", run.experiments.iter().map(ExperimentRow::texts).collect());
    add("members", run.members.iter().map(MemberRow::texts).collect());
    add("cells", run.cells.values().map(CellRow::texts).collect());
    add("attributes", run.attributes.iter().map(AttributesRow::texts).collect());
    add("rooflines", run.rooflines.iter().map(RooflineRow::texts).collect());
    add("caches", run.caches.iter().map(CacheRow::texts).collect());
    add("checks", run.checks.iter().map(CheckRow::texts).collect());
    add("operators", run.operators.iter().map(OperatorRow::texts).collect());
    add("refusals", run.refusals.iter().map(RefusalRow::texts).collect());
    rows
}

/// Returns whether a text has a word, with no letter or digit just before or after it.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        [before, after].into_iter().flatten().all(|c| !c.is_alphanumeric())
    })
}

/// Returns the first path in a text that says something of the machine it is of.
fn path_in(text: &str) -> Option<Found> {
    let starts = text.char_indices().filter(|(at, c)| "/~\\".contains(*c) && begins(text, *at));
    let paths = starts.map(|(at, _)| &text[at..]).map(|rest| {
        let end = rest.find(|c: char| c.is_whitespace() || "\"'`<>|;,:()[]{}".contains(c));
        &rest[..end.unwrap_or(rest.len())]
    });
    let path = paths.into_iter().find(|path| is_telling_path(path))?;
    Some((path.to_owned(), "a path of a machine"))
}

/// Returns whether a path may begin at a place: not within a word, nor within an address of the web.
fn begins(text: &str, at: usize) -> bool {
    let before = &text[..at];
    let is_address = before.ends_with(':') && text[at..].starts_with("//");
    let is_drive = text[at..].starts_with('\\') && {
        let drive = before.strip_suffix(':').and_then(|rest| rest.chars().next_back());
        drive.is_some_and(|letter| letter.is_ascii_alphabetic())
    };
    let boundary = before
        .chars()
        .next_back()
        .is_none_or(|c| c.is_whitespace() || "\"'`=:([{<,;|>@".contains(c));
    is_drive
        || before.ends_with("file://")
        || (boundary && !is_address && !text[at..].starts_with('\\'))
}

fn is_telling_path(path: &str) -> bool {
    if path.starts_with('\\') || path.starts_with("~/") {
        return path.len() > 2;
    }
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    path.starts_with('/') && parts.len() > 1 && !parts[0].is_empty() && !SYSTEM.contains(&parts[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_found_wherever_they_stand() {
        let paths = [
            ("/home/jo/model.onnx", "/home/jo/model.onnx"),
            (r#"{"LD_PRELOAD":"/opt/own/alloc.so"}"#, "/opt/own/alloc.so"),
            ("cannot read `/srv/lab/x`: denied", "/srv/lab/x"),
            ("File \"/data/a/b.py\", line 3", "/data/a/b.py"),
            ("PATH=/usr/bin:/home/jo/bin", "/home/jo/bin"),
            ("see file:///home/jo/x", "/home/jo/x"),
            ("~/model.onnx", "~/model.onnx"),
            (r"C:\Users\jo\x.onnx", r"\Users\jo\x.onnx"),
        ];
        for (text, path) in paths {
            assert_eq!(path_in(text).map(|(found, _)| found).as_deref(), Some(path), "{text}");
        }
    }

    #[test]
    fn what_is_no_path_of_a_machine_may_travel() {
        let texts = [
            "",
            "own/model.onnx",
            "and/or",
            "1/2",
            "images/s",
            "https://spdx.org/licenses/MIT",
            "/usr/lib/libc.so.6",
            "/proc/self/maps",
            "//",
            "/",
            "a \\ b",
            "n/a",
            "/s",
            "~",
        ];
        for text in texts {
            assert_eq!(path_in(text), None, "{text}");
        }
    }

    #[test]
    fn a_name_is_found_as_a_word_alone() {
        let names = vec!["jo".to_owned(), "joan".to_owned(), "root".to_owned()];
        let of = Surroundings { names, is_recorded: |_| true };
        assert_eq!(of.name_in("by joan").map(|(name, _)| name).as_deref(), Some("joan"));
        // Two letters are no name, `root` is everybody, and a word that has the name in it is another word.
        for text in ["by jo", "by root", "joanna", "xjoan"] {
            assert_eq!(of.name_in(text), None, "{text}");
        }
    }
}
