use super::{ClaimCells, ClaimWords, Relation};
use crate::node::{Fault, Node};
use crate::vocabulary::known_name;

const KEYS: [&str; 10] = [
    "check",
    "of",
    "only",
    "experiments",
    "threads",
    "quantity",
    "relation",
    "refuted_by",
    "figure",
    "ratio_half_width",
];

/// One part of a claim, in a form that a run can answer.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimCheck {
    /// What must be true, as a short sentence.
    pub check: String,
    /// Which cells the check is about.
    pub cells: ClaimCells,
    /// What must be true of those cells.
    pub relation: Relation,
    /// What would refute the check, in words for people.
    pub refuted_by: String,
    /// The figure that shows it.
    pub figure: String,
    /// Half-width of a speed-up's interval that the check needs, relative to the speed-up; none if
    /// the experiments' own half-width is enough.
    pub ratio_half_width: Option<f64>,
}

impl ClaimCheck {
    pub(super) fn read(node: &Node, words: &ClaimWords, sets: &[&str]) -> Result<Self, Fault> {
        let fields = node.fields("check", &KEYS)?;
        let text = |key| fields.require(key)?.text(key).map(str::to_owned);
        let cells = ClaimCells::read(&fields, words, sets)?;
        Ok(Self {
            check: text("check")?,
            relation: Relation::read(&fields, cells.of, words)?,
            cells,
            refuted_by: text("refuted_by")?,
            figure: known_name(fields.require("figure")?, "figure", &words.figures)?,
            ratio_half_width: fields
                .read("ratio_half_width", |node| node.positive("ratio_half_width", 0.5))?,
        })
    }
}
