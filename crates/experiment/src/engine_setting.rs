use std::cmp::Ordering;
use std::fmt;

use formbench_protocol::Options;
use serde_json::Value;

use crate::node::{Content, Fault, Node};
use crate::vocabulary::{EngineWords, Vocabulary, unknown};

/// An engine with its options; displayed as `onnxruntime{graph_optimization=disabled}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EngineSetting {
    /// Registry name, as `burn/candle`.
    pub engine: String,
    /// What departs from the engine's own defaults.
    pub options: Options,
}

impl EngineSetting {
    /// Returns the setting that `burn/candle` or `{ engine: tract, options: { .. } }` writes.
    pub(crate) fn read(node: &Node, vocabulary: &Vocabulary) -> Result<Self, Fault> {
        if !matches!(node.content, Content::Text(_) | Content::Mapping(_)) {
            return Err(node.unexpected("engine", "a name or a mapping"));
        }
        if let Content::Text(_) = node.content {
            let engine = vocabulary.engine(node)?.name.clone();
            return Ok(Self { engine, options: Options::new() });
        }
        let fields = node.fields("engine", &["engine", "options"])?;
        let words = vocabulary.engine(fields.require("engine")?)?;
        let options = fields.read("options", |node| read_options(node, words))?;
        Ok(Self { engine: words.name.clone(), options: options.unwrap_or_default() })
    }
}

fn read_options(node: &Node, words: &EngineWords) -> Result<Options, Fault> {
    let mut options = Options::new();
    for entry in node.entries("options")? {
        if !words.options.iter().any(|option| option == entry.name) {
            let kind = format!("{} option", words.name);
            return Err(entry.key.fault(unknown(&kind, entry.name, &words.options)));
        }
        let value = option_value(entry.value)
            .ok_or_else(|| entry.value.unexpected(entry.name, "text, a number, true or false"))?;
        options.insert(entry.name.to_owned(), value);
    }
    Ok(options)
}

/// Returns the value as the protocol carries it, if it is a scalar that JSON can hold.
fn option_value(node: &Node) -> Option<Value> {
    match &node.content {
        Content::Bool(value) => Some(Value::from(*value)),
        Content::Whole(value) => i64::try_from(*value).ok().map(Value::from),
        Content::Number(value) if value.is_finite() => Some(Value::from(*value)),
        Content::Text(text) => Some(Value::from(text.as_str())),
        _ => None,
    }
}

/// Shows texts without quotes, everything else as JSON.
impl fmt::Display for EngineSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options: Vec<String> = (self.options.iter())
            .map(|(name, value)| match value {
                Value::String(text) => format!("{name}={text}"),
                other => format!("{name}={other}"),
            })
            .collect();
        match options.is_empty() {
            true => f.pad(&self.engine),
            false => f.pad(&format!("{}{{{}}}", self.engine, options.join(","))),
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
