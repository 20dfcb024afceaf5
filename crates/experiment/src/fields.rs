//! Typed access to nodes: every way a value can be wrong is a fault that states what was expected.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::slice;

use crate::node::{Content, Fault, Node};
use crate::vocabulary::unknown;

/// The keys and values of a mapping, each key once and known.
pub(crate) struct Fields<'n> {
    what: &'static str,
    node: &'n Node,
    entries: Vec<Entry<'n>>,
}

/// One key and its value.
pub(crate) struct Entry<'n> {
    pub key: &'n Node,
    pub name: &'n str,
    pub value: &'n Node,
}

impl<'n> Fields<'n> {
    /// Returns the value of `key`, if it is there.
    pub fn get(&self, key: &str) -> Option<&'n Node> {
        self.entries.iter().find(|entry| entry.name == key).map(|entry| entry.value)
    }

    /// Returns the value of `key`; its absence is a fault.
    pub fn require(&self, key: &str) -> Result<&'n Node, Fault> {
        self.get(key)
            .ok_or_else(|| self.node.fault(format!("missing key `{key}` in the {}", self.what)))
    }

    /// Returns a fault at the mapping.
    pub fn fault(&self, message: &str) -> Fault {
        self.node.fault(message)
    }

    /// Returns what `read` makes of the value of `key`, if it is there.
    pub fn read<T>(
        &self,
        key: &str,
        read: impl FnOnce(&'n Node) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        self.get(key).map(read).transpose()
    }
}

impl Node {
    /// Returns the fields of a mapping whose keys are all among `known`.
    pub fn fields(&self, what: &'static str, known: &[&str]) -> Result<Fields<'_>, Fault> {
        let entries = self.entries(what)?;
        match entries.iter().find(|entry| !known.contains(&entry.name)) {
            Some(Entry { key, name, .. }) => {
                Err(key.fault(unknown(&format!("{what} key"), name, known)))
            }
            None => Ok(Fields { what, node: self, entries }),
        }
    }

    /// Returns the entries of a mapping, each key a word and written once.
    pub fn entries(&self, what: &str) -> Result<Vec<Entry<'_>>, Fault> {
        let Content::Mapping(pairs) = &self.content else {
            return Err(self.unexpected(what, "a mapping"));
        };
        let mut entries = Vec::<Entry>::new();
        for (key, value) in pairs {
            let name = key.text(&format!("{what} key"))?;
            if entries.iter().any(|entry| entry.name == name) {
                return Err(key.fault(format!("key `{name}` is written twice in the {what}")));
            }
            entries.push(Entry { key, name, value });
        }
        Ok(entries)
    }

    /// Returns a text that is not blank.
    pub fn text(&self, what: &str) -> Result<&str, Fault> {
        match &self.content {
            Content::Text(text) if !text.trim().is_empty() => Ok(text),
            _ => Err(self.unexpected(what, "text")),
        }
    }

    /// Returns a whole number within `range`.
    pub fn whole<T>(&self, what: &str, range: RangeInclusive<T>) -> Result<T, Fault>
    where
        T: TryFrom<i128> + PartialOrd + Display,
    {
        let number = match &self.content {
            Content::Whole(number) => T::try_from(*number).ok().filter(|n| range.contains(n)),
            _ => None,
        };
        number.ok_or_else(|| {
            let expected = format!("a whole number from {} to {}", range.start(), range.end());
            self.unexpected(what, &expected)
        })
    }

    /// Returns a number above 0 and at most `most`.
    pub fn positive(&self, what: &str, most: f64) -> Result<f64, Fault> {
        let number = match self.content {
            Content::Whole(number) => number as f64,
            Content::Number(number) => number,
            _ => f64::NAN,
        };
        if number > 0.0 && number <= most {
            return Ok(number);
        }
        Err(self.unexpected(what, &format!("a number above 0 and at most {most}")))
    }

    /// Returns what `read` makes of every element of a list that is not empty.
    pub fn list<'n, T>(
        &'n self,
        what: &str,
        read: impl FnMut(&'n Node) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        match &self.content {
            Content::List(nodes) if nodes.is_empty() => {
                Err(self.fault(format!("{what}: expected at least one element, got an empty list")))
            }
            Content::List(nodes) => nodes.iter().map(read).collect(),
            _ => Err(self.unexpected(what, "a list")),
        }
    }

    /// Returns what `read` makes of every element of a list, no two of them equal.
    pub fn distinct<'n, T: PartialEq + Display>(
        &'n self,
        what: &str,
        mut read: impl FnMut(&'n Node) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let elements = self.list(what, |node| Ok((node, read(node)?)))?;
        for (index, (node, value)) in elements.iter().enumerate() {
            if elements[..index].iter().any(|(_, earlier)| earlier == value) {
                return Err(node.fault(format!("{what}: `{value}` is listed twice")));
            }
        }
        Ok(elements.into_iter().map(|(_, value)| value).collect())
    }

    /// Returns what `read` makes of one value or of a list of distinct ones.
    pub fn one_or_more<'n, T: PartialEq + Display>(
        &'n self,
        what: &str,
        mut read: impl FnMut(&'n Node) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        match self.content {
            Content::List(_) => self.distinct(what, read),
            _ => slice::from_ref(self).iter().map(&mut read).collect(),
        }
    }
}
