//! The part of a file that is decoded at once.

use std::path::Path;

use polars::prelude::{Column, DataFrame, PolarsError};

use crate::StoreError;
use crate::column::Value;

/// The decoded columns of some row groups.
pub(crate) struct Group<'a> {
    path: &'a Path,
    table: &'static str,
    frame: DataFrame,
}

impl<'a> Group<'a> {
    /// Returns the decoded columns of the table's file `path`.
    pub(crate) fn new(path: &'a Path, table: &'static str, frame: DataFrame) -> Self {
        Self { path, table, frame }
    }

    /// Returns one value per row; nulls for a nullable column that the file lacks.
    pub(crate) fn values<V: Value>(&self, column: &'static str) -> Result<Vec<V>, StoreError> {
        let absent;
        let values = match self.frame.column(column) {
            Ok(values) => values,
            Err(_) => {
                absent = Column::full_null(column.into(), self.frame.height(), &V::TYPE.dtype());
                &absent
            }
        };
        if !V::NULLABLE {
            self.check_not_null(values, column)?;
        }
        self.whole(V::values(values).map_err(|source| self.unreadable(source))?)
    }

    /// Returns one text per row of a column that the file has, without a copy.
    pub(crate) fn texts(&self, column: &'static str) -> Result<Vec<&str>, StoreError> {
        let values = self.frame.column(column).map_err(|source| self.unreadable(source))?;
        self.check_not_null(values, column)?;
        let texts = values.str().map_err(|source| self.unreadable(source))?;
        self.whole(texts.iter().flatten().collect())
    }

    /// Returns the values, or fails if there is not one for each row, as may happen with damaged
    /// bytes.
    fn whole<V>(&self, values: Vec<V>) -> Result<Vec<V>, StoreError> {
        if values.len() == self.frame.height() {
            return Ok(values);
        }
        Err(self.unreadable(PolarsError::ComputeError("damaged bytes".into())))
    }

    fn check_not_null(&self, values: &Column, column: &'static str) -> Result<(), StoreError> {
        match values.null_count() {
            0 => Ok(()),
            _ => Err(StoreError::Null { path: self.path.into(), table: self.table, column }),
        }
    }

    fn unreadable(&self, source: PolarsError) -> StoreError {
        StoreError::Unreadable { path: self.path.into(), table: self.table, source }
    }
}
