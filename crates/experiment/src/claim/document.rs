use std::path::Path;

use serde::Serialize;

use super::{ClaimCheck, ClaimWords, Interpretation};
use crate::fields::Fields;
use crate::node::{Fault, Node};
use crate::vocabulary::unknown;
use crate::{Cell, ExperimentError, document};

/// Who claims.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Claimant {
    /// The study that is repeated.
    #[default]
    Study,
    /// This project, of what it found itself.
    Formbench,
}

impl Claimant {
    const NAMES: [&str; 2] = ["study", "formbench"];

    fn read(node: &Node) -> Result<Self, Fault> {
        match node.text("claimed_by")? {
            "study" => Ok(Self::Study),
            "formbench" => Ok(Self::Formbench),
            other => Err(node.fault(unknown("claimant", other, &Self::NAMES))),
        }
    }
}

/// Claims, and the comparisons in which they are judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Claims {
    /// Who claims.
    pub claimed_by: Claimant,
    /// The comparisons; a claim is judged in each.
    pub interpretations: Vec<Interpretation>,
    /// The claims.
    pub claims: Vec<Claim>,
    /// What the author of the file may want to know: keys that have a new name.
    pub notices: Vec<String>,
}

/// What `interpretations` was called up to version 0.1.
const FORMER_LIST: &str = "readings";

/// Returns the value of a key, or of its former name with a notice that states the new one.
pub(super) fn renamed<'n>(
    fields: &Fields<'n>,
    node: &Node,
    key: &'static str,
    former: &'static str,
) -> Result<(&'n Node, Vec<String>), Fault> {
    match (fields.get(key), fields.get(former)) {
        (Some(_), Some(_)) => {
            Err(node.fault(format!("`{former}` is the former name of `{key}`; keep one")))
        }
        (None, Some(value)) => Ok((value, vec![format!("`{former}` is now called `{key}`")])),
        _ => Ok((fields.require(key)?, Vec::new())),
    }
}

/// A statement that data can refute.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Short name, such as `C1`.
    pub id: String,
    /// The statement in formbench's words.
    pub claim: String,
    /// What the study's abstract states of the claim; of formbench's own claims, where they come from.
    pub abstract_says: String,
    /// What formbench chose, where the abstract leaves it open.
    pub our_choice: String,
    /// What must be true for the claim to hold.
    pub checks: Vec<ClaimCheck>,
}

impl Claims {
    /// Returns the narrowest half-width of a speed-up's interval that a claim needs of a cell,
    /// relative to the speed-up. `experiment` is a path such as `paper/networks`. `None` if no
    /// claim asks for a half-width of the cell.
    pub fn needed_half_width(&self, experiment: &str, cell: &Cell) -> Option<f64> {
        let (set, name) = experiment.rsplit_once('/')?;
        let engine = cell.engine.to_string();
        let is_compared = self
            .interpretations
            .iter()
            .any(|interpretation| interpretation.set == set && interpretation.names(&engine));
        let checks = self.claims.iter().flat_map(|claim| &claim.checks);
        let looking = checks.filter(|check| is_compared && check.cells.hold(name, cell));
        looking.filter_map(|check| check.ratio_half_width).reduce(f64::min)
    }

    fn read(node: &Node, words: &ClaimWords) -> Result<Self, Fault> {
        let known = ["claimed_by", "interpretations", FORMER_LIST, "claims"];
        let fields = node.fields("claims file", &known)?;
        let claimed_by = fields.read("claimed_by", Claimant::read)?.unwrap_or_default();
        let (interpretations, mut notices) =
            renamed(&fields, node, "interpretations", FORMER_LIST)?;
        let mut read = |node: &Node| {
            let (interpretation, notice) = Interpretation::read(node, words)?;
            notices.extend(notice);
            Ok(interpretation)
        };
        let interpretations = each(interpretations, "interpretations", &mut read, |one| &one.name)?;
        let sets: Vec<&str> =
            interpretations.iter().map(|interpretation| interpretation.set.as_str()).collect();
        let claims = fields.require("claims")?;
        let read = |node: &Node| Claim::read(node, words, &sets, claimed_by);
        let claims = each(claims, "claims", read, |one| &one.id)?;
        notices.dedup();
        Ok(Self { claimed_by, interpretations, claims, notices })
    }
}

impl Claim {
    fn read(
        node: &Node,
        words: &ClaimWords,
        sets: &[&str],
        claimed_by: Claimant,
    ) -> Result<Self, Fault> {
        let source = match claimed_by {
            Claimant::Study => "abstract_says",
            Claimant::Formbench => "found_in",
        };
        let known = ["id", "claim", source, "our_choice", "checks"];
        let fields = node.fields("claim", &known)?;
        let text = |key| fields.require(key)?.text(key).map(str::to_owned);
        let checks = fields.require("checks")?;
        Ok(Self {
            id: text("id")?,
            claim: text("claim")?,
            abstract_says: text(source)?,
            our_choice: text("our_choice")?,
            checks: each(
                checks,
                "checks",
                |node| ClaimCheck::read(node, words, sets),
                |one| &one.check,
            )?,
        })
    }
}

/// Returns the elements of a list; no two may have the same name.
fn each<T>(
    node: &Node,
    what: &str,
    mut read: impl FnMut(&Node) -> Result<T, Fault>,
    name: impl Fn(&T) -> &str,
) -> Result<Vec<T>, Fault> {
    let elements = node.list(what, |node| Ok((node, read(node)?)))?;
    for (at, (node, element)) in elements.iter().enumerate() {
        let name_of = name(element);
        if elements[..at].iter().any(|(_, earlier)| name(earlier) == name_of) {
            return Err(node.fault(format!("{what}: `{name_of}` is listed twice")));
        }
    }
    Ok(elements.into_iter().map(|(_, element)| element).collect())
}

/// Returns the claims in a file.
///
/// # Errors
/// The file cannot be read, or something in it is wrong: the error says where.
pub fn read_claims(path: &Path, words: &ClaimWords) -> Result<Claims, ExperimentError> {
    parse_claims(path, &document::read_text(path)?, words)
}

/// Returns the claims in `source`; `path` is shown in errors.
///
/// # Errors
/// Something in the text is wrong: the error says where.
pub fn parse_claims(
    path: &Path,
    source: &str,
    words: &ClaimWords,
) -> Result<Claims, ExperimentError> {
    document::parse(path, source, |node| Claims::read(node, words))
}
