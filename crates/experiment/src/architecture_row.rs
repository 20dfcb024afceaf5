use std::collections::HashSet;
use std::path::Path;

use formbench_protocol::{Architecture, CostTarget, Images, Input, InputTensor, Tensors, Width};

use crate::Profile;
use crate::equal_cost;
use crate::fields::Fields;
use crate::input;
use crate::node::{Fault, Node};
use crate::onnx_file;
use crate::vocabulary::{Vocabulary, known_name};

const KEYS: [&str; 9] =
    ["pattern", "network", "onnx", "depth", "width", "match", "resolution", "inputs", "from"];

/// Keys that name what a row lists; a row has exactly one of them.
const SUBJECTS: [&str; 3] = ["pattern", "network", "onnx"];

/// Least and largest width that an experiment may name, in channels.
const WIDTHS: [u32; 2] = [4, 512];

/// Architectures that one row of an experiment lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchitectureRow {
    /// Patterns × depths × widths, networks, or files, in the order of the text.
    pub architectures: Vec<Architecture>,
    /// The cost that the patterns' widths were chosen for, if they were.
    pub matched: Option<CostTarget>,
    /// Height and width of their images in pixels, if not the experiment's.
    pub resolution: Option<u32>,
    /// What files are given, if not images: the tensors at each of the sizes that they are measured at.
    pub inputs: Option<Vec<Vec<InputTensor>>>,
    /// The smallest profile that measures them.
    pub from: Profile,
}

impl ArchitectureRow {
    /// Returns the images of the row's architectures, in an experiment whose own images are
    /// `images`.
    pub(crate) fn images(&self, images: Images) -> Images {
        Images { resolution: self.resolution.unwrap_or(images.resolution), ..images }
    }

    /// Returns what inferences of the row's architectures are given, one after the other.
    pub(crate) fn inputs(&self, images: Images) -> Vec<Input> {
        let of_images = || vec![self.images(images).into()];
        let tensors = |tensors: &Vec<InputTensor>| {
            Input::Tensors(Tensors { tensors: tensors.clone(), seed: images.seed })
        };
        self.inputs.as_ref().map_or_else(of_images, |sizes| sizes.iter().map(tensors).collect())
    }

    /// Returns the row's architectures, each paired with the row.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&Self, &Architecture)> {
        self.architectures.iter().map(move |architecture| (self, architecture))
    }

    /// Returns the rows of a list; no architecture is in two rows. Paths of files are relative to
    /// `folder`.
    pub(crate) fn read_all(
        node: &Node,
        images: Images,
        folder: &Path,
        vocabulary: &Vocabulary,
    ) -> Result<Vec<Self>, Fault> {
        let mut seen = HashSet::new();
        node.list("architectures", |node| {
            let row = Self::read(node, images, folder, vocabulary)?;
            match row.architectures.iter().find(|one| !seen.insert((*one).clone())) {
                Some(twice) => {
                    Err(node.fault(format!("`{twice}` is in an earlier row; list it once")))
                }
                None => Ok(row),
            }
        })
    }

    fn read(
        node: &Node,
        images: Images,
        folder: &Path,
        vocabulary: &Vocabulary,
    ) -> Result<Self, Fault> {
        let fields = node.fields("architecture row", &KEYS)?;
        let from = fields.read("from", Profile::read)?.unwrap_or_default();
        let resolution = fields.read("resolution", input::resolution)?;
        let inputs = fields.read("inputs", |node| input::tensors(node, folder))?;
        let matched = fields.read("match", equal_cost::read)?;
        let architectures = match subject(node, &fields)? {
            ("pattern", names) => {
                let resolution = resolution.unwrap_or(images.resolution);
                patterns(names, &fields, matched.map(|target| (target, resolution)), vocabulary)
            }
            ("network", names) => networks(names, &fields, vocabulary),
            (_, paths) => {
                refuse_sizes("file", &fields)?;
                onnx_file::read(paths, folder)
            }
        }?;
        refuse_tensors(&fields)?;
        Ok(Self { architectures, matched, resolution, inputs, from })
    }
}

/// Returns the one key of `SUBJECTS` that a row has, and its value.
fn subject<'n>(row: &Node, fields: &Fields<'n>) -> Result<(&'static str, &'n Node), Fault> {
    let given = SUBJECTS.iter().filter_map(|key| Some((*key, fields.get(key)?)));
    match given.collect::<Vec<_>>().as_slice() {
        [one] => Ok(*one),
        [] => Err(row.fault("a row has `pattern`, `network` or `onnx`, got none of them")),
        [_, (_, second), ..] => {
            Err(second.fault("a row has one of `pattern`, `network` and `onnx`; make two rows"))
        }
    }
}

/// Returns patterns × depths × widths, or patterns × depths at the width whose cost at a resolution
/// is nearest to a target.
fn patterns(
    names: &Node,
    fields: &Fields,
    matched: Option<(CostTarget, u32)>,
    vocabulary: &Vocabulary,
) -> Result<Vec<Architecture>, Fault> {
    let read_name = |node| known_name(node, "pattern", &vocabulary.patterns);
    let names = names.one_or_more("pattern", read_name)?;
    let depths =
        fields.require("depth")?.one_or_more("depth", |node| node.whole("depth", 4..=200))?;
    let widths = fields.read("width", |node| node.one_or_more("width", width))?;
    let mut architectures = Vec::new();
    for name in &names {
        for &depth in &depths {
            let widths = match (&widths, matched, fields.get("match")) {
                (Some(widths), None, _) => widths.clone(),
                (None, Some((target, resolution)), Some(node)) => {
                    let fit = (vocabulary.fit)(name, depth, resolution, target);
                    vec![fit.map_err(|why| node.fault(why))?]
                }
                _ => return Err(fields.fault("a pattern row has either `width` or `match`")),
            };
            architectures.extend(widths.into_iter().map(|width| Architecture::Pattern {
                name: name.clone(),
                depth,
                width,
            }));
        }
    }
    Ok(architectures)
}

/// Returns a width: a multiple of an eighth of a channel.
fn width(node: &Node) -> Result<Width, Fault> {
    let [least, most] = WIDTHS;
    let channels = node.positive("width", f64::from(most)).ok();
    match channels.filter(|channels| *channels >= f64::from(least)) {
        Some(channels) => Width::try_from(channels).map_err(|error| node.fault(error.to_string())),
        None => Err(node.unexpected("width", &format!("a number from {least} to {most}"))),
    }
}

fn networks(
    names: &Node,
    fields: &Fields,
    vocabulary: &Vocabulary,
) -> Result<Vec<Architecture>, Fault> {
    refuse_sizes("network", fields)?;
    let read_name = |node| known_name(node, "network", &vocabulary.networks);
    let names = names.one_or_more("network", read_name)?;
    Ok(names.into_iter().map(|name| Architecture::Network { name }).collect())
}

/// Refuses tensors for what takes images.
fn refuse_tensors(fields: &Fields) -> Result<(), Fault> {
    let Some(inputs) = fields.get("inputs") else { return Ok(()) };
    if fields.get("onnx").is_none() {
        return Err(inputs.fault("only files take other `inputs` than images; remove it"));
    }
    match fields.get("resolution") {
        None => Ok(()),
        Some(node) => Err(node.fault("a row has `resolution` or `inputs`; remove one")),
    }
}

/// Refuses the keys that only patterns take.
fn refuse_sizes(what: &str, fields: &Fields) -> Result<(), Fault> {
    let mut sizes =
        ["depth", "width", "match"].iter().filter_map(|key| Some((key, fields.get(key)?)));
    sizes.next().map_or(Ok(()), |(key, size)| {
        Err(size.fault(format!("a {what} has no `{key}` to set; remove it")))
    })
}
