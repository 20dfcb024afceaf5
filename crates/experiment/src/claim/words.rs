use crate::node::{Fault, Node};
use crate::vocabulary::known_name;

/// What claims may name. Unlike experiments, claims are read where no worker is at hand.
#[derive(Clone, Debug, Default)]
pub struct ClaimWords {
    /// Design patterns.
    pub patterns: Vec<String>,
    /// Named networks.
    pub networks: Vec<String>,
    /// Experiments by their path, such as `paper/networks`.
    pub experiments: Vec<String>,
    /// Figures.
    pub figures: Vec<String>,
    /// Engines; empty where they are not known, and then no engine is refused.
    pub engines: Vec<String>,
}

impl ClaimWords {
    /// Returns the label of an engine with its options, such as `pytorch` or
    /// `tract{optimize=none}`.
    pub(super) fn engine(&self, node: &Node) -> Result<String, Fault> {
        let label = node.text("engine")?;
        let name = label.split('{').next().unwrap_or_default();
        if self.engines.is_empty() || self.engines.iter().any(|engine| engine == name) {
            return Ok(label.to_owned());
        }
        known_name(node, "engine", &self.engines)
    }

    /// Returns the folders of the experiments.
    pub(super) fn sets(&self) -> Vec<String> {
        let mut sets: Vec<String> = self
            .experiments
            .iter()
            .filter_map(|path| Some(path.rsplit_once('/')?.0.to_owned()))
            .collect();
        sets.sort();
        sets.dedup();
        sets
    }

    /// Returns the names of the experiments in `sets`, without the set.
    pub(super) fn experiments_of(&self, sets: &[&str]) -> Vec<String> {
        let of_set = |path: &String| {
            let (set, name) = path.rsplit_once('/')?;
            sets.contains(&set).then(|| name.to_owned())
        };
        let mut names: Vec<String> = self.experiments.iter().filter_map(of_set).collect();
        names.sort();
        names.dedup();
        names
    }
}
