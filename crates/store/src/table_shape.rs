use std::path::Path;

use crate::parquet::{self, if_present};
use crate::{StoreError, TableFacts, part};

/// What the file of a table declares of itself, before a row of it is decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableShape {
    /// Names of its columns, also of those that formbench does not know.
    pub columns: Vec<String>,
    /// Rows of each row group.
    pub group_rows: Vec<u64>,
    /// Bytes of each row group once it is no longer compressed.
    pub group_bytes: Vec<u64>,
}

impl TableShape {
    /// Returns what a table of the run in `folder` declares, or nothing where the run lacks the table.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] if the file is not Parquet.
    pub fn read(folder: &Path, table: &TableFacts) -> Result<Option<Self>, StoreError> {
        if_present(parquet::shape(&part::table_path(folder, table.name), table.name))
    }

    /// Returns the rows of the table.
    pub fn rows(&self) -> u64 {
        self.group_rows.iter().fold(0, |sum, rows| sum.saturating_add(*rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compaction::write_table;
    use crate::table::Table;
    use crate::{MemberRow, RefusalRow};

    #[test]
    fn a_table_declares_its_columns_and_its_rows() {
        let folder = tempfile::tempdir().unwrap();
        write_table(folder.path(), vec![MemberRow::default(); 3]).unwrap();
        let shape = TableShape::read(folder.path(), &MemberRow::FACTS).unwrap().unwrap();
        assert_eq!(shape.columns, ["experiment", "cell", "baseline"]);
        assert_eq!((shape.rows(), shape.group_rows.len()), (3, 1));
        assert!(shape.group_bytes[0] > 0);
        assert_eq!(TableShape::read(folder.path(), &RefusalRow::FACTS).unwrap(), None);
    }
}
