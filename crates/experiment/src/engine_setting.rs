use std::cmp::Ordering;
use std::fmt;

use formbench_protocol::Options;

use crate::node::{Content, Fault, Node};
use crate::option::{self, OptionValue};
use crate::vocabulary::{EngineWords, Vocabulary};

/// An engine with its options; displayed as `onnxruntime{graph_optimization=disabled}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EngineSetting {
    /// Registry name, such as `burn/candle`.
    pub engine: String,
    /// Options that are set; all others keep the engine's own defaults.
    pub options: Options,
}

impl EngineSetting {
    /// Returns the setting that a node such as `burn/candle` or
    /// `{ engine: tract, options: { .. } }` describes.
    pub(crate) fn read(node: &Node, vocabulary: &Vocabulary) -> Result<Self, Fault> {
        let (engine, options) = engine_and_options(node, vocabulary)?;
        let options = options.map(|node| option::read(node, engine)).transpose()?;
        Ok(Self { engine: engine.name.clone(), options: options.unwrap_or_default() })
    }

    /// Returns the settings that a node describes whose options may list several values: one
    /// setting for each combination of the values.
    pub(crate) fn read_ladder(node: &Node, vocabulary: &Vocabulary) -> Result<Vec<Self>, Fault> {
        let (engine, options) = engine_and_options(node, vocabulary)?;
        let ladder = match options {
            None => vec![Options::new()],
            Some(node) => option::read_ladder(node, engine)?,
        };
        let setting = |options| Self { engine: engine.name.clone(), options };
        Ok(ladder.into_iter().map(setting).collect())
    }
}

fn engine_and_options<'n, 'v>(
    node: &'n Node,
    vocabulary: &'v Vocabulary,
) -> Result<(&'v EngineWords, Option<&'n Node>), Fault> {
    match node.content {
        Content::Text(_) => Ok((vocabulary.engine(node)?, None)),
        Content::Mapping(_) => {
            let fields = node.fields("engine", &["engine", "options"])?;
            Ok((vocabulary.engine(fields.require("engine")?)?, fields.get("options")))
        }
        _ => Err(node.unexpected("engine", "a name or a mapping")),
    }
}

/// Shows texts without quotes, everything else as JSON.
impl fmt::Display for EngineSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options: Vec<String> = (self.options.iter())
            .map(|(name, value)| format!("{name}={}", OptionValue(value.clone())))
            .collect();
        if options.is_empty() {
            f.pad(&self.engine)
        } else {
            f.pad(&format!("{}{{{}}}", self.engine, options.join(",")))
        }
    }
}

/// By name, then by options as JSON, which distinguishes any two values.
impl Ord for EngineSetting {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_options = || json(&self.options).cmp(&json(&other.options));
        self.engine.cmp(&other.engine).then_with(by_options)
    }
}

impl PartialOrd for EngineSetting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn json(options: &Options) -> Vec<(&String, String)> {
    options.iter().map(|(name, value)| (name, value.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn setting(options: &[(&str, Value)]) -> EngineSetting {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        EngineSetting { engine: "onnxruntime".into(), options: options.collect() }
    }

    #[test]
    fn a_setting_shows_its_options_in_the_order_of_their_names() {
        let shown = setting(&[("spin", false.into()), ("graph_optimization", "disabled".into())])
            .to_string();
        assert_eq!(shown, "onnxruntime{graph_optimization=disabled,spin=false}");
        assert_eq!(setting(&[]).to_string(), "onnxruntime");
    }

    #[test]
    fn text_and_number_of_the_same_look_are_different_settings() {
        // As JSON the text is `"1"` and the number `1`; the quote sorts first.
        let (text, number) = (setting(&[("level", "1".into())]), setting(&[("level", 1.into())]));
        assert_ne!(text, number);
        assert_eq!(text.cmp(&number), Ordering::Less);
    }
}
