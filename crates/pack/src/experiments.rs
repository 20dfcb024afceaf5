//! The questions that made a run, and the claims of their sets.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use formbench_analysis::Run;
use formbench_experiment::question_in;

use crate::name::{CLAIMS, EXPERIMENTS, Role, of_experiment};

/// The files of a run's experiments.
#[derive(Debug, Default)]
pub(crate) struct Questions {
    /// Their content, by their names in a pack.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What is not among them, and why; a line each.
    pub absent: Vec<String>,
}

impl Questions {
    /// Returns the run's experiments and the claims of their sets, each from the first of `folders` that has it. A file
    /// that asks something else than the run did is not what made the run.
    pub(crate) fn of(run: &Run, folders: &[&Path]) -> Self {
        let mut questions = Self::default();
        let asked: BTreeMap<&str, &str> = run
            .experiments
            .iter()
            .map(|row| (row.experiment.as_str(), row.question.as_str()))
            .collect();
        for (experiment, question) in &asked {
            let name = of_experiment(experiment);
            match found(&name, Role::Experiment, folders, question) {
                Ok(bytes) => drop(questions.files.insert(name, bytes)),
                Err(why) => questions.absent.push(format!("experiment `{experiment}`: {why}")),
            }
        }
        let sets: BTreeSet<&str> =
            asked.keys().filter_map(|name| Some(name.split_once('/')?.0)).collect();
        for set in sets {
            let name = format!("{EXPERIMENTS}/{set}/{CLAIMS}");
            if Role::of(&name) == Some(Role::Claims) {
                questions.files.extend(first(&name, folders).map(|bytes| (name, bytes)));
            }
        }
        questions
    }
}

/// Returns the file of an experiment that asks `question`.
fn found(name: &str, role: Role, folders: &[&Path], question: &str) -> Result<Vec<u8>, String> {
    if Role::of(name) != Some(role) {
        return Err(
            "its name has other characters than letters, digits, `.`, `_` and `-`".to_owned()
        );
    }
    let bytes = first(name, folders).ok_or("there is no such file")?;
    let source = String::from_utf8_lossy(&bytes);
    match question_in(Path::new(name), &source) {
        Ok(asked) if asked == question => Ok(bytes),
        Ok(_) => Err("the file asks something else now".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// Returns the content of the first file of that name below `folders`, which stand for the pack's folder of experiments.
fn first(name: &str, folders: &[&Path]) -> Option<Vec<u8>> {
    let below = Path::new(name).strip_prefix(EXPERIMENTS).ok()?;
    folders.iter().find_map(|folder| fs::read(folder.join(below)).ok())
}

#[cfg(test)]
mod tests {
    use formbench_store::ExperimentRow;

    use super::*;

    fn asked(experiments: &[(&str, &str)], folder: &Path) -> Questions {
        let row = |&(experiment, question): &(&str, &str)| ExperimentRow {
            experiment: experiment.into(),
            question: question.into(),
            ..ExperimentRow::default()
        };
        let experiments = experiments.iter().map(row).collect();
        Questions::of(&Run { experiments, ..Run::default() }, &[folder])
    }

    #[test]
    fn only_what_asks_the_run_s_question_made_the_run() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("own")).unwrap();
        let write =
            |name: &str, text: &str| fs::write(folder.path().join("own").join(name), text).unwrap();
        write("kept.yaml", "question: Is it fast?\n");
        write("changed.yaml", "question: Is it small?\n");
        write("broken.yaml", "question: [\n");
        write("claims.yaml", "claims: []\n");
        let names = ["kept", "changed", "broken", "gone"].map(|name| format!("own/{name}"));
        let rows: Vec<(&str, &str)> = names
            .iter()
            .map(|name| (name.as_str(), "Is it fast?"))
            .chain([("../../etc/x", "?")])
            .collect();
        let questions = asked(&rows, folder.path());
        let files: Vec<&str> = questions.files.keys().map(String::as_str).collect();
        assert_eq!(files, ["experiments/own/claims.yaml", "experiments/own/kept.yaml"]);
        let absent = questions.absent.join("\n");
        assert_eq!(questions.absent.len(), 4, "{absent}");
        assert!(absent.contains("`own/changed`: the file asks something else now"), "{absent}");
        assert!(absent.contains("`own/gone`: there is no such file"), "{absent}");
        assert!(absent.contains("`../../etc/x`: its name has other characters"), "{absent}");
    }
}
