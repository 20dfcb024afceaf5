//! Rows to Parquet bytes and back, a row group at a time.

use std::fs::{self, File};
use std::io::{Cursor, Write};
use std::marker::PhantomData;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};

use polars::prelude::*;

use crate::StoreError;
use crate::column::ColumnFacts;
use crate::group::Group;
use crate::table::Table;
use crate::table_shape::TableShape;

/// Rows of a row group. A constant, so that equal rows make equal files.
const GROUP_ROWS: usize = 1 << 17;
/// Row groups that are in memory at once: 40 MiB of samples.
const GROUPS_AT_ONCE: usize = 8;
/// Bytes that the texts of one column may come to at once: a dictionary can make terabytes of a short file.
const MOST_TEXT_BYTES: usize = 1 << 30;

/// Returns the table's Parquet file, compressed with zstd; a pure function of `rows`.
pub(crate) fn encode<T: Table>(
    path: &Path,
    rows: impl IntoIterator<Item = T>,
) -> Result<Vec<u8>, StoreError> {
    encode_groups(rows.into_iter()).map_err(|source| StoreError::Encode {
        path: path.into(),
        table: T::FACTS.name,
        source,
    })
}

fn encode_groups<T: Table>(mut rows: impl Iterator<Item = T>) -> PolarsResult<Vec<u8>> {
    let mut bytes = Vec::new();
    let writer = ParquetWriter::new(&mut bytes)
        .with_compression(ParquetCompression::Zstd(None))
        .set_parallel(false);
    let mut writer = writer.batched(&schema::<T>())?;
    loop {
        let group: Vec<T> = rows.by_ref().take(GROUP_ROWS).collect();
        if group.is_empty() {
            break;
        }
        writer.write_batch(&DataFrame::new(group.len(), T::columns(&group))?)?;
    }
    end(&writer)?;
    drop(writer);
    Ok(bytes)
}

/// Ends the file without polars' Arrow schema: pandas does not know its string views, and the
/// Parquet types are enough.
fn end<W: Write>(writer: &BatchedWriter<W>) -> PolarsResult<u64> {
    let mut file = writer.get_writer().lock().unwrap_or_else(PoisonError::into_inner);
    file.end(Some(Vec::new()))
}

fn schema<T: Table>() -> Schema {
    let fields = T::FACTS.columns.iter();
    fields.map(|column| Field::new(column.name.into(), column.column_type.dtype())).collect()
}

/// Returns every row of a table's file.
pub(crate) fn read<T: Table>(path: &Path) -> Result<Vec<T>, StoreError> {
    let file = TableFile::<T>::open(path)?;
    let mut rows = Vec::new();
    for group in file.groups() {
        rows.append(&mut T::rows(&group?)?);
    }
    Ok(rows)
}

/// Returns what the file of a table declares of itself, from its end alone.
pub(crate) fn shape(path: &Path, table: &'static str) -> Result<TableShape, StoreError> {
    let file = File::open(path).map_err(StoreError::io("read", path))?;
    let bytes = file.metadata().map_err(StoreError::io("read", path))?.len();
    let mut reader = ParquetReader::new(file);
    guarded(|| {
        check_places(reader.get_metadata()?, bytes)?;
        let columns = reader.schema()?.iter_names().map(|name| name.to_string()).collect();
        let (mut group_rows, mut group_bytes) = (Vec::new(), Vec::new());
        for group in &reader.get_metadata()?.row_groups {
            let of_columns = group.parquet_columns().iter();
            let bytes = of_columns.map(|column| column.uncompressed_size().max(0).unsigned_abs());
            group_rows.push(group.num_rows() as u64);
            group_bytes.push(bytes.fold(0, u64::saturating_add));
        }
        Ok(TableShape { columns, group_rows, group_bytes })
    })
    .map_err(|source| StoreError::Unreadable { path: path.into(), table, source })
}

/// Returns what `read` gives, or nothing where the file does not exist.
pub(crate) fn if_present<R>(read: Result<R, StoreError>) -> Result<Option<R>, StoreError> {
    match read {
        Err(error) if error.is_absent() => Ok(None),
        read => read.map(Some),
    }
}

/// An opened file whose columns have been checked.
pub(crate) struct TableFile<T> {
    path: PathBuf,
    bytes: Vec<u8>,
    metadata: FileMetadataRef,
    /// The table's columns that the file has; an older file lacks nullable ones.
    present: Vec<String>,
    table: PhantomData<T>,
}

impl<T: Table> TableFile<T> {
    /// Returns the opened file; unknown further columns are no error, nor are missing nullable
    /// ones.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let bytes = fs::read(path).map_err(StoreError::io("read", path))?;
        let mut reader = ParquetReader::new(Cursor::new(&bytes[..]));
        let unreadable = unreadable::<T>(path);
        let (schema, metadata) = guarded(|| {
            check_places(reader.get_metadata()?, bytes.len() as u64)?;
            Ok((reader.schema()?, Arc::clone(reader.get_metadata()?)))
        })
        .map_err(unreadable)?;
        T::FACTS.columns.iter().try_for_each(|column| check::<T>(path, column, &schema))?;
        let names = T::FACTS.columns.iter().map(|column| column.name.to_owned());
        let present = names.filter(|name| schema.contains(name)).collect();
        Ok(Self { path: path.into(), bytes, metadata, present, table: PhantomData })
    }

    /// Returns the row groups in order, some at a time, decoded on all processors.
    pub(crate) fn groups(&self) -> impl Iterator<Item = Result<Group<'_>, StoreError>> {
        self.metadata.row_groups.chunks(GROUPS_AT_ONCE).scan(0, |from, groups| {
            let offset = *from;
            let count = groups.iter().map(|group| group.num_rows()).sum();
            *from += count;
            Some(self.group(offset, count))
        })
    }

    /// Returns the row groups that hold these rows. Of polars' strategies, only `RowGroups` skips
    /// the other groups. The rest decode the dictionaries of those groups, which takes quadratic
    /// time for long files.
    fn group(&self, offset: usize, count: usize) -> Result<Group<'_>, StoreError> {
        let mut reader = ParquetReader::new(Cursor::new(&self.bytes[..]))
            .with_columns(Some(self.present.clone()))
            .read_parallel(ParallelStrategy::RowGroups)
            .with_slice(Some((offset, count)));
        reader.set_metadata(Arc::clone(&self.metadata));
        let decode = || reader.finish().and_then(of_bounded_texts);
        let frame = guarded(decode).map_err(unreadable::<T>(&self.path))?;
        Ok(Group::new(&self.path, T::FACTS.name, frame))
    }
}

fn unreadable<T: Table>(path: &Path) -> impl FnOnce(PolarsError) -> StoreError {
    move |source| StoreError::Unreadable { path: path.into(), table: T::FACTS.name, source }
}

/// Fails if a column lies beyond the file, where polars would look for it.
fn check_places(metadata: &FileMetadataRef, bytes: u64) -> PolarsResult<()> {
    let columns = metadata.row_groups.iter().flat_map(|group| group.parquet_columns());
    for range in columns.map(|column| column.byte_range()) {
        if range.start > range.end || range.end > bytes {
            polars_bail!(ComputeError: "a column lies beyond the end of the file");
        }
    }
    Ok(())
}

/// Returns the frame, or fails where its texts would not fit into memory: they are not copied yet.
fn of_bounded_texts(frame: DataFrame) -> PolarsResult<DataFrame> {
    for column in frame.columns() {
        let series = column.as_materialized_series();
        let texts = match series.dtype() {
            DataType::List(_) => {
                series.explode(ExplodeOptions { empty_as_null: true, keep_nulls: true })?
            }
            _ => series.clone(),
        };
        let bytes = texts.str().map_or(0, |texts| texts.iter().flatten().map(str::len).sum());
        if bytes > MOST_TEXT_BYTES {
            let name = column.name();
            polars_bail!(ComputeError: "column `{name}`: {bytes} bytes of text, at most {MOST_TEXT_BYTES} are read");
        }
    }
    Ok(frame)
}

/// Returns what `decode` returns; polars panics on some damaged bytes, which is an error here.
fn guarded<R>(decode: impl FnOnce() -> PolarsResult<R>) -> PolarsResult<R> {
    panic::catch_unwind(AssertUnwindSafe(decode))
        .unwrap_or_else(|_| Err(PolarsError::ComputeError("damaged bytes".into())))
}

/// Fails unless the file has the column with its type, or lacks one that may be null.
fn check<T: Table>(
    path: &Path,
    column: &ColumnFacts,
    found: &ArrowSchema,
) -> Result<(), StoreError> {
    let Some(field) = found.get(column.name) else {
        if column.nullable {
            return Ok(());
        }
        return Err(StoreError::MissingColumn {
            path: path.into(),
            table: T::FACTS.name,
            column: column.name,
            got: found.iter_names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
        });
    };
    let got = DataType::from_arrow_field(field);
    if got == column.column_type.dtype() {
        return Ok(());
    }
    Err(StoreError::ColumnType {
        path: path.into(),
        table: T::FACTS.name,
        column: column.name,
        expected: column.column_type.to_string(),
        got: got.to_string(),
    })
}
