use std::fmt;

use crate::{BlockRow, StoreError};

/// Names one block among all of a run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockKey {
    /// Key of the cell: 16 hex digits.
    pub cell: String,
    /// Number of the round, from 0.
    pub round: u32,
    /// Number of the block within the cell's round, from 0.
    pub block: u32,
}

impl BlockKey {
    /// Returns the key that a stem such as `00c0ffee00c0ffee-r1-b2` spells, if it spells one.
    pub(crate) fn parse(stem: &str) -> Option<Self> {
        let (rest, block) = stem.rsplit_once("-b")?;
        let (cell, round) = rest.rsplit_once("-r")?;
        let key =
            Self { cell: cell.into(), round: round.parse().ok()?, block: block.parse().ok()? };
        (key.to_string() == stem).then_some(key)
    }
}

impl fmt::Display for BlockKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-r{}-b{}", self.cell, self.round, self.block)
    }
}

impl From<&BlockRow> for BlockKey {
    fn from(row: &BlockRow) -> Self {
        Self { cell: row.cell.clone(), round: row.round, block: row.block }
    }
}

/// Fails unless `cell` can name files: 16 lower-case hex digits.
pub(crate) fn check_cell(cell: &str) -> Result<(), StoreError> {
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if cell.len() == 16 && cell.bytes().all(is_hex) {
        return Ok(());
    }
    Err(StoreError::CellKey { got: cell.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_from_its_own_text() {
        let key = BlockKey { cell: "00c0ffee00c0ffee".into(), round: 10, block: 0 };
        assert_eq!(key.to_string(), "00c0ffee00c0ffee-r10-b0");
        assert_eq!(BlockKey::parse("00c0ffee00c0ffee-r10-b0"), Some(key));
    }

    #[test]
    fn another_spelling_of_a_number_is_not_a_key() {
        for stem in ["c-r01-b0", "c-r+1-b0", "c-r1-b", "c-r1", "", "c-r1-b4294967296"] {
            assert_eq!(BlockKey::parse(stem), None, "{stem}");
        }
    }

    #[test]
    fn a_cell_that_could_leave_the_folder_is_refused() {
        assert!(check_cell("0123456789abcdef").is_ok());
        for cell in ["", "../../etc/passwd", "0123456789ABCDEF", "0123456789abcde"] {
            assert!(check_cell(cell).is_err(), "{cell}");
        }
    }
}
