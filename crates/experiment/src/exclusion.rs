use formbench_protocol::Architecture;

use crate::fields::Fields;
use crate::node::{Fault, Node};
use crate::vocabulary::{Vocabulary, known_name};
use crate::{EngineSetting, Experiment};

const KEYS: [&str; 5] = ["architecture", "pattern", "network", "engine", "why"];

/// Cells that an experiment leaves out on purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// Which architectures; all if none is named.
    pub subject: Option<ExclusionSubject>,
    /// Which engine, with any options; all if none is named.
    pub engine: Option<String>,
    /// The reason, for the reader of the figures.
    pub why: String,
}

/// Architectures that an exclusion names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExclusionSubject {
    /// One architecture as it is displayed: `plain-d8-w32`, `resnet18`.
    Architecture(String),
    /// A pattern at every depth and width.
    Pattern(String),
    /// A network.
    Network(String),
}

impl Exclusion {
    /// Returns whether the cell of `architecture` on `setting` is left out.
    pub fn covers(&self, architecture: &Architecture, setting: &EngineSetting) -> bool {
        self.subject.as_ref().is_none_or(|subject| subject.is(architecture))
            && self.engine.as_ref().is_none_or(|engine| *engine == setting.engine)
    }

    pub(crate) fn read(
        node: &Node,
        vocabulary: &Vocabulary,
        experiment: &Experiment,
    ) -> Result<Self, Fault> {
        let fields = node.fields("exclusion", &KEYS)?;
        let subject = ExclusionSubject::read(&fields, vocabulary)?;
        let engine = fields.read("engine", |node| read_engine(node, vocabulary, experiment))?;
        if subject.is_none() && engine.is_none() {
            let message = "an exclusion names an `architecture`, `pattern`, `network` or `engine`";
            return Err(node.fault(format!("{message}; it names none")));
        }
        Ok(Self { subject, engine, why: fields.require("why")?.text("why")?.to_owned() })
    }
}

fn read_engine(
    node: &Node,
    vocabulary: &Vocabulary,
    experiment: &Experiment,
) -> Result<String, Fault> {
    let name = &vocabulary.engine(node)?.name;
    let is_of = |setting: &EngineSetting| setting.engine == *name;
    let part = match &experiment.stand_in {
        _ if is_of(&experiment.baseline) => "baseline",
        Some(stand_in) if is_of(stand_in) => "stand-in",
        _ => return Ok(name.clone()),
    };
    Err(node.fault(format!(
        "the {part} `{name}` cannot be excluded alone; remove `engine` to exclude the \
         architecture on every engine"
    )))
}

impl ExclusionSubject {
    fn read(fields: &Fields, vocabulary: &Vocabulary) -> Result<Option<Self>, Fault> {
        let architecture =
            fields.read("architecture", |node| node.text("architecture").map(str::to_owned))?;
        let pattern =
            fields.read("pattern", |node| known_name(node, "pattern", &vocabulary.patterns))?;
        let network =
            fields.read("network", |node| known_name(node, "network", &vocabulary.networks))?;
        match (architecture, pattern, network) {
            (None, None, None) => Ok(None),
            (Some(name), None, None) => Ok(Some(Self::Architecture(name))),
            (None, Some(name), None) => Ok(Some(Self::Pattern(name))),
            (None, None, Some(name)) => Ok(Some(Self::Network(name))),
            _ => Err(fields.fault(
                "an exclusion names one of `architecture`, `pattern` and `network`; make two",
            )),
        }
    }

    fn is(&self, architecture: &Architecture) -> bool {
        match (self, architecture) {
            (Self::Architecture(shown), _) => *shown == architecture.to_string(),
            (Self::Pattern(name), Architecture::Pattern { name: pattern, .. }) => name == pattern,
            (Self::Network(name), Architecture::Network { name: network }) => name == network,
            _ => false,
        }
    }
}
