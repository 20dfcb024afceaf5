//! A YAML document as a tree of numbered nodes.
//!
//! serde_yaml tells the place of a node only when an error is raised at that node. So every node
//! gets a number as it is read, and a [`Fault`] names that number. [`locate`] then reads the text
//! once more and raises an error at that node. Validation thus stays plain functions over a plain
//! tree.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};

use crate::Location;

/// Keys and values that one document may hold; aliases count each time they are used.
const MOST_NODES: usize = 100_000;

/// A key or value of a document.
#[derive(Debug)]
pub(crate) struct Node {
    /// Number of the node in reading order, keys included.
    pub at: usize,
    /// The key or value itself.
    pub content: Content,
}

/// What a node holds.
#[derive(Debug)]
pub(crate) enum Content {
    /// `null`, `~`, or no text at all.
    Nothing,
    /// `true` or `false`.
    Bool(bool),
    /// A number without a fraction.
    Whole(i128),
    /// Any other number.
    Number(f64),
    /// A string.
    Text(String),
    /// A sequence.
    List(Vec<Node>),
    /// Keys and values in the order of the text; a key may appear twice.
    Mapping(Vec<(Node, Node)>),
}

/// What is wrong, and at which node.
#[derive(Debug)]
pub(crate) struct Fault {
    /// Number of the node.
    pub at: usize,
    /// A lower-case fragment: what, the value in backticks, what was expected.
    pub message: String,
}

impl Node {
    /// Returns a fault at this node.
    pub fn fault(&self, message: impl Into<String>) -> Fault {
        Fault { at: self.at, message: message.into() }
    }

    /// Returns the fault that `what` must be `expected` and not this node.
    pub fn unexpected(&self, what: &str, expected: &str) -> Fault {
        self.fault(format!("{what}: expected {expected}, got {self}"))
    }
}

/// Describes the content of the node in the words of error texts.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.content {
            Content::Nothing => f.write_str("nothing"),
            Content::Bool(value) => write!(f, "`{value}`"),
            Content::Whole(value) => write!(f, "`{value}`"),
            Content::Number(value) => write!(f, "`{value}`"),
            Content::Text(text) => write!(f, "text `{text}`"),
            Content::List(_) => f.write_str("a list"),
            Content::Mapping(_) => f.write_str("a mapping"),
        }
    }
}

/// Why a text is not a tree, and where.
#[derive(Debug)]
pub(crate) struct Misread {
    /// The place in the text.
    pub location: Location,
    /// A lower-case fragment.
    pub message: String,
}

/// Returns the tree of the one document in `source`.
///
/// # Errors
/// Text that is not YAML, tags, a second document, or more than 100000 nodes.
pub(crate) fn read(source: &str) -> Result<Node, Misread> {
    let mut documents = serde_yaml::Deserializer::from_str(source);
    let first = documents.next().unwrap_or_else(|| serde_yaml::Deserializer::from_str(""));
    let node = Reader { next: &Cell::new(0), stop_at: None }.deserialize(first)?;
    match documents.next().map(|second| second.deserialize_any(Refuse)) {
        Some(Err(error)) => Err(Misread {
            location: location_of(&error),
            message: "a second document starts here; a file holds one".to_owned(),
        }),
        Some(Ok(_)) | None => Ok(node),
    }
}

/// Returns the place of node `at` of a document that [`read`] accepts.
pub(crate) fn locate(source: &str, at: usize) -> Location {
    let document = serde_yaml::Deserializer::from_str(source);
    match (Reader { next: &Cell::new(0), stop_at: Some(at) }).deserialize(document) {
        Err(error) => location_of(&error),
        Ok(_) => Location::START,
    }
}

fn location_of(error: &serde_yaml::Error) -> Location {
    error
        .location()
        .map_or(Location::START, |place| Location { line: place.line(), column: place.column() })
}

/// Takes the parser's message without the place, which is a field of its own.
impl From<serde_yaml::Error> for Misread {
    fn from(error: serde_yaml::Error) -> Self {
        let location = location_of(&error);
        let place = format!(" at line {} column {}", location.line, location.column);
        let words = error.to_string().replacen(&place, "", 1);
        Self { location, message: format!("invalid YAML: {words}") }
    }
}

/// Reads the next node.
#[derive(Clone, Copy)]
struct Reader<'a> {
    /// Number of the next node.
    next: &'a Cell<usize>,
    /// Number of the node that is refused instead of read.
    stop_at: Option<usize>,
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        let at = self.next.replace(self.next.get() + 1);
        if at >= MOST_NODES {
            return Err(D::Error::custom(format!("more than {MOST_NODES} keys and values")));
        }
        if self.stop_at == Some(at) {
            return deserializer.deserialize_any(Refuse);
        }
        Ok(Node { at, content: deserializer.deserialize_any(self)? })
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plain YAML value")
    }

    fn visit_unit<E: Error>(self) -> Result<Content, E> {
        Ok(Content::Nothing)
    }

    fn visit_none<E: Error>(self) -> Result<Content, E> {
        Ok(Content::Nothing)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Content, E> {
        Ok(Content::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Content, E> {
        Ok(Content::Whole(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Content, E> {
        Ok(Content::Whole(value.into()))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Content, E> {
        Ok(Content::Whole(value))
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Content, E> {
        Ok(i128::try_from(value).map_or(Content::Number(value as f64), Content::Whole))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Content, E> {
        Ok(Content::Number(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Content, E> {
        Ok(Content::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Content, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = access.next_element_seed(self)? {
            nodes.push(node);
        }
        Ok(Content::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Content, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry_seed(self, self)? {
            entries.push(entry);
        }
        Ok(Content::Mapping(entries))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Content, A::Error> {
        let (tag, _) = access.variant::<String>()?;
        Err(A::Error::custom(format!("tag `!{tag}` has no meaning here; remove it")))
    }
}

/// Fails at the next node: the error carries the node's place.
struct Refuse;

impl Visitor<'_> for Refuse {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no further node")
    }
}
