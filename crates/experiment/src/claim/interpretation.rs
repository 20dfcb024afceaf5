use super::ClaimWords;
use super::document::renamed;
use crate::node::{Fault, Node};
use crate::vocabulary::known_name;

/// What `interpretation` was called up to version 0.1.
const FORMER_KEY: &str = "reading";
const KEYS: [&str; 6] = ["interpretation", FORMER_KEY, "what", "set", "baseline", "accelerated"];

/// One interpretation of "accelerated": which engines are compared with which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interpretation {
    /// Short name, such as `paper`.
    pub name: String,
    /// The comparison in words.
    pub what: String,
    /// Folder of the experiments that make the comparison.
    pub set: String,
    /// Label of the engine that the others are compared with.
    pub baseline: String,
    /// Labels of the engines that claims are judged on, each by itself; the interpretation's own
    /// engine is first.
    pub accelerated: Vec<String>,
}

impl Interpretation {
    /// Returns the interpretation with what its author may want to know.
    pub(super) fn read(node: &Node, words: &ClaimWords) -> Result<(Self, Vec<String>), Fault> {
        let fields = node.fields("interpretation", &KEYS)?;
        let baseline = words.engine(fields.require("baseline")?)?;
        let accelerated = fields.require("accelerated")?;
        let engine = |node: &Node| match words.engine(node)? {
            engine if engine == baseline => {
                Err(node.fault(format!("`{engine}` is the baseline; name other engines")))
            }
            engine => Ok(engine),
        };
        let (name, notices) = renamed(&fields, node, "interpretation", FORMER_KEY)?;
        let interpretation = Self {
            name: name.text("interpretation")?.to_owned(),
            what: fields.require("what")?.text("what")?.to_owned(),
            set: known_name(fields.require("set")?, "set", &words.sets())?,
            accelerated: accelerated.one_or_more("accelerated", engine)?,
            baseline,
        };
        Ok((interpretation, notices))
    }

    /// Returns whether the label names an engine of this interpretation, the baseline included.
    pub(super) fn names(&self, engine: &str) -> bool {
        self.baseline == engine || self.accelerated.iter().any(|one| one == engine)
    }
}
