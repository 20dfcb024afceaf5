//! The options of an engine as an experiment sets them: one value each, or a ladder of values.

use std::collections::BTreeMap;
use std::fmt;

use formbench_protocol::Options;
use serde_json::Value;

use crate::fields::Entry;
use crate::node::{Content, Fault, Node};
use crate::vocabulary::{EngineWords, OptionWords, offer, unknown};

/// Most settings that the option lists of one engine may expand to.
const MOST_SETTINGS: usize = 1000;

/// Returns the options that a mapping sets, each to one value.
pub(crate) fn read(node: &Node, engine: &EngineWords) -> Result<Options, Fault> {
    read_each(node, engine, |node, option| Ok(read_value(node, engine, option)?.0))
}

/// Returns every combination of the values that a mapping lists. The values keep the order of the
/// text; the option whose name sorts last varies fastest.
pub(crate) fn read_ladder(node: &Node, engine: &EngineWords) -> Result<Vec<Options>, Fault> {
    let values = read_each(node, engine, |node, option| {
        node.one_or_more(&option.name, |node| read_value(node, engine, option))
    })?;
    let settings = values.values().map(Vec::len).fold(1, usize::saturating_mul);
    if settings > MOST_SETTINGS {
        let expected = format!("expected at most {MOST_SETTINGS}");
        return Err(node.fault(format!("the options have {settings} combinations, {expected}")));
    }
    Ok(combinations(&values))
}

fn read_each<'n, T>(
    node: &'n Node,
    engine: &EngineWords,
    read: impl Fn(&'n Node, &OptionWords) -> Result<T, Fault>,
) -> Result<BTreeMap<String, T>, Fault> {
    let entries = node.entries("options")?;
    let named = |entry: &Entry<'n>| {
        let option = known_option(entry, engine)?;
        Ok((option.name.clone(), read(entry.value, option)?))
    };
    entries.iter().map(named).collect()
}

fn known_option<'v>(entry: &Entry, engine: &'v EngineWords) -> Result<&'v OptionWords, Fault> {
    engine.options.iter().find(|option| option.name == entry.name).ok_or_else(|| {
        let known: Vec<&String> = engine.options.iter().map(|option| &option.name).collect();
        entry.key.fault(unknown(&format!("{} option", engine.name), entry.name, &known))
    })
}

fn combinations(values: &BTreeMap<String, Vec<OptionValue>>) -> Vec<Options> {
    values.iter().fold(vec![Options::new()], |settings, (name, values)| {
        let with = |(options, OptionValue(value)): (&Options, &OptionValue)| {
            let mut options = options.clone();
            options.insert(name.clone(), value.clone());
            options
        };
        let pairs =
            settings.iter().flat_map(|options| values.iter().map(move |one| (options, one)));
        pairs.map(with).collect()
    })
}

fn read_value(
    node: &Node,
    engine: &EngineWords,
    option: &OptionWords,
) -> Result<OptionValue, Fault> {
    let OptionWords { name, values } = option;
    let value = scalar(node).ok_or_else(|| node.unexpected(name, &expected(values)))?;
    let is_known = || values.iter().any(|word| value.0 == word.as_str());
    if values.is_empty() || is_known() {
        return Ok(value);
    }
    let offer = offer(&value.to_string(), values);
    Err(node.fault(format!("unknown value `{value}` for {} option `{name}`; {offer}", engine.name)))
}

fn expected(values: &[String]) -> String {
    match values {
        [] => "text, a number, true or false".to_owned(),
        values => format!("one of {}", values.join(", ")),
    }
}

/// Returns the value as the protocol carries it, if it is a scalar that JSON can hold.
fn scalar(node: &Node) -> Option<OptionValue> {
    match &node.content {
        Content::Bool(value) => Some(Value::from(*value)),
        Content::Whole(value) => i64::try_from(*value).ok().map(Value::from),
        Content::Number(value) if value.is_finite() => Some(Value::from(*value)),
        Content::Text(text) => Some(Value::from(text.as_str())),
        _ => None,
    }
    .map(OptionValue)
}

/// What an option is set to; displayed as JSON, texts without quotes.
#[derive(PartialEq)]
pub(crate) struct OptionValue(pub Value);

impl fmt::Display for OptionValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Value::String(text) => f.write_str(text),
            other => write!(f, "{other}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_option_whose_name_sorts_last_varies_fastest() {
        let values =
            |words: &[&str]| words.iter().map(|word| OptionValue((*word).into())).collect();
        let lists = [("mode".into(), values(&["b", "a"])), ("level".into(), values(&["2", "1"]))];
        let shown: Vec<String> = (combinations(&lists.into()).iter())
            .map(|options| format!("{}{}", options["level"], options["mode"]))
            .collect();
        // `level` sorts before `mode`; the values keep the order of the text.
        assert_eq!(shown, [r#""2""b""#, r#""2""a""#, r#""1""b""#, r#""1""a""#]);
    }
}
