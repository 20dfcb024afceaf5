//! The names that files of a pack may have. No other name is written or unpacked, so none leads out of a folder.

use formbench_analysis::RESULTS;
use formbench_store::{TABLES, TableFacts};

/// What describes the pack, by RO-Crate.
pub(crate) const METADATA: &str = "ro-crate-metadata.json";
/// The hash of every other file, a line each, as in BagIt.
pub(crate) const MANIFEST: &str = "manifest-sha256.txt";
/// The machine, for people.
pub(crate) const HOST_CARD: &str = "host.json";
/// Folder of the questions.
pub(crate) const EXPERIMENTS: &str = "experiments";
/// Name of a set's claims.
pub(crate) const CLAIMS: &str = "claims.yaml";
/// Folder of the finals.
pub(crate) const FINALS: &str = "finals";

/// End of the name of a table's file.
const PARQUET: &str = ".parquet";
/// End of the name of an experiment.
const YAML: &str = ".yaml";
/// Longest name of a file or folder, in bytes.
const LONGEST: usize = 120;
/// Names that mean a device to Windows, whatever their ending; `com` and `lpt` with a digit are others.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// What a file of a pack is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Metadata,
    Manifest,
    HostCard,
    Results,
    /// A table of the run, or of one of its finals.
    Table(&'static TableFacts),
    Claims,
    Experiment,
}

impl Role {
    /// Returns what the file of that name is; nothing if no pack has such a file.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let parts: Vec<&str> = name.split('/').collect();
        if !parts.iter().all(|part| is_plain(part)) {
            return None;
        }
        match parts[..] {
            [METADATA] => Some(Self::Metadata),
            [MANIFEST] => Some(Self::Manifest),
            [HOST_CARD] => Some(Self::HostCard),
            [RESULTS] => Some(Self::Results),
            [file] | [FINALS, _, file] => table(file).map(Self::Table),
            [EXPERIMENTS, _, CLAIMS] => Some(Self::Claims),
            [EXPERIMENTS, _, file] => file.ends_with(YAML).then_some(Self::Experiment),
            _ => None,
        }
    }
}

/// Returns the name that an experiment's file has in a pack.
pub(crate) fn of_experiment(experiment: &str) -> String {
    format!("{EXPERIMENTS}/{experiment}{YAML}")
}

/// Returns the name that a table's file has in a run's folder.
pub(crate) fn of_table(table: &str) -> String {
    format!("{table}{PARQUET}")
}

/// Returns whether a file of that name is a table.
pub(crate) fn is_table(name: &str) -> bool {
    name.ends_with(PARQUET)
}

/// Returns whether a file or folder may have that name on every system: letters, digits, `.`, `_` and `-`, not hidden, no
/// option, no device.
pub(crate) fn is_plain(part: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=LONGEST).contains(&part.len())
        && part.bytes().all(is_allowed)
        && !part.starts_with(['.', '-'])
        && !part.ends_with('.')
        && !is_device(part)
}

fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let is_numbered = |name: &str| {
        let number = stem.strip_prefix(name);
        number.is_some_and(|digits| digits.len() == 1 && digits.bytes().all(|b| b.is_ascii_digit()))
    };
    DEVICES.contains(&stem.as_str()) || is_numbered("com") || is_numbered("lpt")
}

fn table(file: &str) -> Option<&'static TableFacts> {
    static FACTS: [TableFacts; TABLES.len()] = TABLES;
    FACTS.iter().find(|table| file.strip_suffix(PARQUET) == Some(table.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_a_run_have_a_role() {
        assert_eq!(Role::of("ro-crate-metadata.json"), Some(Role::Metadata));
        assert_eq!(Role::of("results.csv"), Some(Role::Results));
        assert_eq!(Role::of("experiments/paper/claims.yaml"), Some(Role::Claims));
        assert_eq!(Role::of("experiments/paper/patterns.yaml"), Some(Role::Experiment));
        for name in ["samples.parquet", "finals/2026-11-28-hal-1/samples.parquet"] {
            let Some(Role::Table(table)) = Role::of(name) else { panic!("{name}") };
            assert_eq!(table.name, "samples");
        }
    }

    #[test]
    fn no_name_that_leads_out_of_a_folder_has_a_role() {
        let names = [
            "",
            "/samples.parquet",
            "../samples.parquet",
            "finals/../../samples.parquet",
            "finals/./samples.parquet",
            "finals//samples.parquet",
            "finals\\a\\samples.parquet",
            "C:/samples.parquet",
            "experiments/../claims.yaml",
            "experiments/paper/../../x.yaml",
            "experiments/.git/x.yaml",
            "experiments/a/b/c.yaml",
            "samples.parquet/",
            "notes.txt",
            "finals/nul/samples.parquet",
            "finals/COM1.old/samples.parquet",
            "finals/-r/cells.parquet",
            "finals/a./cells.parquet",
            "finals/a\0b/cells.parquet",
            "experiments/p/ä.yaml",
            "runs.parquet",
            "finals/a/b/cells.parquet",
        ];
        for name in names {
            assert_eq!(Role::of(name), None, "{name}");
        }
        assert_eq!(Role::of(&format!("finals/{}/cells.parquet", "a".repeat(121))), None);
    }
}
