use std::path::PathBuf;

use crate::{FleetError, WallTime};

/// One run on one machine of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FleetJob {
    /// Name, fit for a file name, such as `epyc` or `epyc-2`.
    pub name: String,
    /// What Slurm is asked of the machine: a feature, or several joined as Slurm joins them, `epyc&avx512`.
    pub node_kind: String,
    /// How long it may take.
    pub time: WallTime,
    /// Further lines for Slurm, such as `--partition=long`.
    pub options: Vec<String>,
    /// What `formbench run` is given.
    pub run: Vec<String>,
    /// What `formbench pack` is given: the licence, and whether private names may travel.
    pub packing: Vec<String>,
    /// Where the job's folder is: on a disk that the machines share.
    pub folder: PathBuf,
    /// What measures there.
    pub tools: Tools,
}

/// Where a machine finds what measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tools {
    /// On a disk that the machines share.
    Shared {
        /// The command; its worker is beside it.
        command: PathBuf,
        /// The folder with `experiments` and `.engines`.
        top: PathBuf,
    },
    /// In an archive that each machine unpacks.
    Bundle(PathBuf),
}

/// Characters of a feature, and those with which Slurm joins features.
const OF_A_KIND: &str = "._-:&|*()[],";

impl FleetJob {
    /// Returns whether the job can be written down for Slurm.
    ///
    /// # Errors
    /// A kind, an option or a path holds what would end a line or mean something else there.
    pub fn check(&self) -> Result<(), FleetError> {
        let is_of_a_kind = |c: char| c.is_ascii_alphanumeric() || OF_A_KIND.contains(c);
        if self.node_kind.is_empty() || !self.node_kind.chars().all(is_of_a_kind) {
            return Err(FleetError::NodeKind { kind: self.node_kind.clone() });
        }
        for option in &self.options {
            if !option.starts_with("--") || option.contains(['\n', '#']) {
                return Err(FleetError::Option { option: option.clone() });
            }
        }
        let folder = self.folder.to_string_lossy();
        if self.folder.is_absolute() && !folder.contains(['\n', '"', '\\']) {
            Ok(())
        } else {
            Err(FleetError::Folder { folder: self.folder.clone() })
        }
    }
}

/// Returns the names of jobs of these kinds, so many of each: a kind that is alone keeps its name.
pub fn names(kinds: &[String], runs: u32) -> Vec<(String, String)> {
    let mut names = Vec::new();
    for kind in kinds {
        let words = kind.split(|c: char| !c.is_ascii_alphanumeric() && !"._-".contains(c));
        let slug = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
        for number in 1..=runs {
            let name = if runs == 1 { slug.clone() } else { format!("{slug}-{number}") };
            names.push((name, kind.clone()));
        }
    }
    names
}

#[cfg(test)]
pub(crate) mod tests {
    use std::time::Duration;

    use super::*;

    /// A job of ten minutes.
    pub(crate) fn job() -> FleetJob {
        FleetJob {
            name: "epyc".into(),
            node_kind: "epyc".into(),
            time: WallTime(Duration::from_secs(600)),
            options: vec!["--partition=long".into()],
            run: ["--profile", "quick", "-a", "it's"].map(str::to_owned).to_vec(),
            packing: ["--licence", "CC-BY-4.0"].map(str::to_owned).to_vec(),
            folder: "/shared/my fleet/100%/epyc".into(),
            tools: Tools::Shared { command: "/shared/formbench".into(), top: "/shared/top".into() },
        }
    }

    #[test]
    fn what_would_be_another_line_is_refused() {
        assert!(job().check().is_ok());
        let joined = FleetJob { node_kind: "epyc&(a|b)".into(), ..job() };
        assert!(joined.check().is_ok());
        for kind in ["", "a b", "a\nb", "a;b", "$(a)"] {
            assert!(FleetJob { node_kind: kind.into(), ..job() }.check().is_err(), "{kind}");
        }
        for option in ["-p x", "partition", "--a\n#SBATCH --b"] {
            assert!(
                FleetJob { options: vec![option.into()], ..job() }.check().is_err(),
                "{option}"
            );
        }
        for folder in ["relative", "/a\"b", "/a\nb"] {
            assert!(FleetJob { folder: folder.into(), ..job() }.check().is_err(), "{folder}");
        }
    }

    #[test]
    fn a_kind_that_is_measured_once_keeps_its_name() {
        let kinds = ["epyc".to_owned(), "xeon&avx512".to_owned()];
        let once: Vec<_> = names(&kinds, 1).into_iter().map(|(name, _)| name).collect();
        assert_eq!(once, ["epyc", "xeon-avx512"]);
        let twice: Vec<_> = names(&kinds[..1], 2).into_iter().map(|(name, _)| name).collect();
        assert_eq!(twice, ["epyc-1", "epyc-2"]);
    }
}
