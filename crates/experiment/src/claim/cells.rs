use std::fmt;

use formbench_protocol::Architecture;

use super::ClaimWords;
use crate::fields::Fields;
use crate::node::{Fault, Node};
use crate::vocabulary::{known_name, unknown};
use crate::{AskedThreads, Cell};

/// Which cells of an interpretation's set a check is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimCells {
    /// Patterns, networks or both.
    pub of: ClaimKind,
    /// Names of the patterns or networks; all if none is named.
    pub only: Vec<String>,
    /// Experiments of the set, by name; all if none is named. A set may lack some of them.
    pub experiments: Vec<String>,
    /// Threads of the baseline and of the engines compared with it.
    pub threads: AskedThreads,
}

/// Kinds of architecture that a check is about; model files are of no kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimKind {
    /// Design patterns.
    Patterns,
    /// Named networks.
    Networks,
    /// Both.
    All,
}

impl ClaimCells {
    pub(super) fn read(fields: &Fields, words: &ClaimWords, sets: &[&str]) -> Result<Self, Fault> {
        let of = ClaimKind::read(fields.require("of")?)?;
        let experiments = words.experiments_of(sets);
        let experiment = |node: &Node| known_name(node, "experiment", &experiments);
        let threads = fields.read("threads", AskedThreads::read)?;
        Ok(Self {
            of,
            only: names(fields, "only", of, words)?.unwrap_or_default(),
            experiments: fields
                .read("experiments", |node| node.one_or_more("experiments", experiment))?
                .unwrap_or_default(),
            threads: threads.unwrap_or(AskedThreads::Number(1)),
        })
    }

    /// Returns whether a cell of an experiment is among these cells; `experiment` is the name below
    /// the set.
    pub(super) fn hold(&self, experiment: &str, cell: &Cell) -> bool {
        let is_of_kind = match cell.architecture {
            Architecture::Pattern { .. } => self.of != ClaimKind::Networks,
            Architecture::Network { .. } => self.of != ClaimKind::Patterns,
            Architecture::File(_) => false,
        };
        let takes =
            |names: &[String], name: &str| names.is_empty() || names.iter().any(|one| one == name);
        let is_so_many = match self.threads {
            AskedThreads::Number(number) => cell.threads == number,
            AskedThreads::All => cell.threads > 1,
        };
        is_of_kind
            && is_so_many
            && takes(&self.experiments, experiment)
            && takes(&self.only, cell.architecture.name())
    }
}

/// Returns the names of patterns or networks that a key lists.
pub(super) fn names(
    fields: &Fields,
    key: &'static str,
    of: ClaimKind,
    words: &ClaimWords,
) -> Result<Option<Vec<String>>, Fault> {
    let known = match of {
        ClaimKind::Patterns => words.patterns.clone(),
        ClaimKind::Networks => words.networks.clone(),
        ClaimKind::All => [&words.patterns[..], &words.networks[..]].concat(),
    };
    fields.read(key, |node| node.one_or_more(key, |node| known_name(node, of.singular(), &known)))
}

impl ClaimKind {
    const NAMES: [&str; 3] = ["patterns", "networks", "all"];

    fn read(node: &Node) -> Result<Self, Fault> {
        match node.text("of")? {
            "patterns" => Ok(Self::Patterns),
            "networks" => Ok(Self::Networks),
            "all" => Ok(Self::All),
            other => Err(node.fault(unknown("kind", other, &Self::NAMES))),
        }
    }

    fn singular(self) -> &'static str {
        match self {
            Self::Patterns => "pattern",
            Self::Networks => "network",
            Self::All => "pattern or network",
        }
    }
}

impl fmt::Display for ClaimKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Patterns => "patterns",
            Self::Networks => "networks",
            Self::All => "patterns and networks",
        })
    }
}
