use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ElementType;

/// What a model in a file takes and gives, as the file states it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interface {
    /// What an inference has to be given, in the file's order; constants are none of it.
    pub inputs: Vec<Declared>,
    /// What an inference gives, in the file's order.
    pub outputs: Vec<Declared>,
    /// How each of the outputs is held against another engine's.
    #[serde(default)]
    pub checks: Vec<OutputCheck>,
    /// What is mended of what the file says badly, or deserves attention: a line each.
    pub remarks: Vec<String>,
}

/// How an output is held against another engine's: number by number, but for what it is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputCheck {
    /// Whether something was rounded to eight bits on the way to it: engines may differ by a few of their steps.
    pub eight_bit: bool,
    /// Whether it is a set: what was chosen by its value, such as boxes after suppression, has no order of its own.
    pub set: bool,
}

/// An input or an output as a file declares it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    /// The name that the model gives it.
    pub name: String,
    /// Type of its elements; nothing if it is none that an inference can be given.
    pub element_type: Option<ElementType>,
    /// Size of each axis; nothing if the file does not even state how many there are.
    pub sizes: Option<Vec<DeclaredSize>>,
}

/// Size of an axis as a file declares it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclaredSize {
    /// Always this.
    Fixed(u64),
    /// Left open, under a name that may be empty; what has one name has one size.
    Open(String),
}

impl fmt::Display for Declared {
    /// Writes name, type and sizes, as `tokens i64 [batch, 128]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let element_type = self.element_type.map_or("of no numbers", ElementType::label);
        write!(f, "{} {element_type}", self.name)?;
        let Some(sizes) = &self.sizes else { return f.write_str(" of unknown shape") };
        let sizes: Vec<String> = sizes.iter().map(ToString::to_string).collect();
        write!(f, " [{}]", sizes.join(", "))
    }
}

impl fmt::Display for DeclaredSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(size) => write!(f, "{size}"),
            Self::Open(name) if name.is_empty() => f.write_str("?"),
            Self::Open(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_shown_as_it_is_declared() {
        let sizes = vec![
            DeclaredSize::Open("batch".into()),
            DeclaredSize::Open(String::new()),
            DeclaredSize::Fixed(128),
        ];
        let declared = Declared {
            name: "tokens".into(),
            element_type: Some(ElementType::I64),
            sizes: Some(sizes),
        };
        assert_eq!(declared.to_string(), "tokens i64 [batch, ?, 128]");
        let unknown = Declared { element_type: None, sizes: None, ..declared };
        assert_eq!(unknown.to_string(), "tokens of no numbers of unknown shape");
    }
}
