use formbench_analysis::{Absence, Row, Unit};
use formbench_store::CellRow;

/// What a figure adds to what every figure says.
pub(crate) struct Content<'a> {
    /// What a mark is, the beginning of the caption.
    pub(crate) statistic: String,
    pub(crate) unit: Unit,
    pub(crate) against: Option<String>,
    pub(crate) section: Option<&'static str>,
    pub(crate) group: &'static str,
    pub(crate) x: Option<&'static str>,
    /// Every cell whose samples are in a row or would be.
    pub(crate) cells: Vec<&'a CellRow>,
    pub(crate) rows: Vec<Row>,
    pub(crate) absences: Vec<Absence>,
}
