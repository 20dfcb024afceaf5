use std::collections::HashSet;

use formbench_protocol::{Architecture, Input};

use crate::Profile;
use crate::fields::Fields;
use crate::input;
use crate::node::{Fault, Node};
use crate::vocabulary::{Vocabulary, known_name};

const KEYS: [&str; 6] = ["pattern", "network", "depth", "width", "resolution", "from"];

/// Architectures that one row of an experiment lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchitectureRow {
    /// Patterns × depths × widths, or networks, in the order of the text.
    pub architectures: Vec<Architecture>,
    /// Height and width of their images in pixels, if not the experiment's.
    pub resolution: Option<u32>,
    /// The least profile that measures them.
    pub from: Profile,
}

impl ArchitectureRow {
    /// Returns the images that its architectures take in an experiment whose others take `input`.
    pub(crate) fn input(&self, input: Input) -> Input {
        Input { resolution: self.resolution.unwrap_or(input.resolution), ..input }
    }

    /// Returns its architectures, each beside the row.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&Self, &Architecture)> {
        self.architectures.iter().map(move |architecture| (self, architecture))
    }

    /// Returns the rows of a list, no architecture in two of them.
    pub(crate) fn read_all(node: &Node, vocabulary: &Vocabulary) -> Result<Vec<Self>, Fault> {
        let mut seen = HashSet::new();
        node.list("architectures", |node| {
            let row = Self::read(node, vocabulary)?;
            match row.architectures.iter().find(|one| !seen.insert((*one).clone())) {
                Some(twice) => {
                    Err(node.fault(format!("`{twice}` is in an earlier row; list it once")))
                }
                None => Ok(row),
            }
        })
    }

    fn read(node: &Node, vocabulary: &Vocabulary) -> Result<Self, Fault> {
        let fields = node.fields("architecture row", &KEYS)?;
        let from = fields.read("from", Profile::read)?.unwrap_or_default();
        let resolution = fields.read("resolution", input::resolution)?;
        let architectures = match (fields.get("pattern"), fields.get("network")) {
            (Some(names), None) => patterns(names, &fields, vocabulary),
            (None, Some(names)) => networks(names, &fields, vocabulary),
            (Some(_), Some(network)) => {
                Err(network.fault("a row has `pattern` or `network`, not both; make two rows"))
            }
            (None, None) => Err(node.fault("a row has `pattern` or `network`, got neither")),
        }?;
        Ok(Self { architectures, resolution, from })
    }
}

fn patterns(
    names: &Node,
    fields: &Fields,
    vocabulary: &Vocabulary,
) -> Result<Vec<Architecture>, Fault> {
    let read_name = |node| known_name(node, "pattern", &vocabulary.patterns);
    let names = names.one_or_more("pattern", read_name)?;
    let depths =
        fields.require("depth")?.one_or_more("depth", |node| node.whole("depth", 4..=200))?;
    let widths =
        fields.require("width")?.one_or_more("width", |node| node.whole("width", 4..=512))?;
    let mut architectures = Vec::with_capacity(names.len() * depths.len() * widths.len());
    for name in &names {
        for &depth in &depths {
            architectures.extend(widths.iter().map(|&width| Architecture::Pattern {
                name: name.clone(),
                depth,
                width,
            }));
        }
    }
    Ok(architectures)
}

fn networks(
    names: &Node,
    fields: &Fields,
    vocabulary: &Vocabulary,
) -> Result<Vec<Architecture>, Fault> {
    for key in ["depth", "width"] {
        if let Some(size) = fields.get(key) {
            return Err(size.fault(format!("a network has no `{key}` to set; remove it")));
        }
    }
    let read_name = |node| known_name(node, "network", &vocabulary.networks);
    let names = names.one_or_more("network", read_name)?;
    Ok(names.into_iter().map(|name| Architecture::Network { name }).collect())
}
