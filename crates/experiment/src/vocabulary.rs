use formbench_protocol::{CostTarget, Width};

use crate::node::{Fault, Node};

/// Returns the width at which a pattern has a given cost, or why no width does; the numbers are the
/// depth and the resolution in pixels.
pub type FitWidth = fn(&str, u32, u32, CostTarget) -> Result<Width, String>;

/// What experiments may name: the worker lists which architectures and engines exist, the report
/// which figures.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// Design patterns.
    pub patterns: Vec<String>,
    /// Named networks.
    pub networks: Vec<String>,
    /// Engines, each with its options.
    pub engines: Vec<EngineWords>,
    /// Figures.
    pub figures: Vec<String>,
    /// How `match` finds widths.
    pub fit: FitWidth,
    /// Processors of this host: the value of `threads: all`.
    pub processors: u32,
}

impl Default for Vocabulary {
    fn default() -> Self {
        let fit: FitWidth = |pattern, _, _, _| Err(format!("no width of `{pattern}` is known"));
        let (patterns, networks) = (Vec::new(), Vec::new());
        let (engines, figures) = (Vec::new(), Vec::new());
        Self { patterns, networks, engines, figures, fit, processors: 1 }
    }
}

/// The name of an engine and its options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EngineWords {
    /// Registry name, such as `burn/candle`.
    pub name: String,
    /// Options that it understands.
    pub options: Vec<OptionWords>,
}

/// The name of an option and the words that it takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OptionWords {
    /// Name, such as `graph_optimization`.
    pub name: String,
    /// Values it takes; empty if it takes any text, number, true or false.
    pub values: Vec<String>,
}

impl Vocabulary {
    /// Returns the words of the engine that `node` names.
    pub(crate) fn engine(&self, node: &Node) -> Result<&EngineWords, Fault> {
        let name = node.text("engine")?;
        self.engines.iter().find(|engine| engine.name == name).ok_or_else(|| {
            let known: Vec<&String> = self.engines.iter().map(|engine| &engine.name).collect();
            node.fault(unknown("engine", name, &known))
        })
    }
}

/// Returns the name at `node` if it is among `known`.
pub(crate) fn known_name(node: &Node, kind: &str, known: &[String]) -> Result<String, Fault> {
    let name = node.text(kind)?;
    if known.iter().any(|word| word == name) {
        return Ok(name.to_owned());
    }
    Err(node.fault(unknown(kind, name, known)))
}

/// Returns the message that `name` is not known, with the nearest name if one is near.
pub(crate) fn unknown(kind: &str, name: &str, known: &[impl AsRef<str>]) -> String {
    format!("unknown {kind} `{name}`; {}", offer(name, known))
}

/// Returns the words that are known, with the nearest to `name` if one is near.
pub(crate) fn offer(name: &str, known: &[impl AsRef<str>]) -> String {
    let known: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
    let list = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    let hint = nearest(name, &known).map(|word| format!(" (did you mean `{word}`?)"));
    format!("known: {list}{}", hint.unwrap_or_default())
}

/// Returns the word most similar to `name`, if it is similar enough for `name` to be a typing
/// error.
fn nearest<'w>(name: &str, words: &[&'w str]) -> Option<&'w str> {
    const ALIKE: f64 = 0.8;
    words
        .iter()
        .map(|word| (strsim::jaro_winkler(name, word), *word))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered() {
        let message = unknown("engine", "tracht", &["burn/candle", "tract"]);
        assert_eq!(
            message,
            "unknown engine `tracht`; known: burn/candle, tract (did you mean `tract`?)"
        );
    }

    #[test]
    fn a_name_like_no_other_gets_no_offer() {
        let message = unknown("network", "vgg16", &["resnet18", "mobilenet-v2"]);
        assert_eq!(message, "unknown network `vgg16`; known: resnet18, mobilenet-v2");
    }

    #[test]
    fn an_empty_vocabulary_is_said_to_be_empty() {
        let message = unknown("burn/candle option", "x", &[] as &[&str]);
        assert_eq!(message, "unknown burn/candle option `x`; known: none");
    }
}
