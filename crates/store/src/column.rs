//! What a column can hold: Rust types on one side, Parquet types on the other.

use std::fmt;

use formbench_protocol::{DeviceKind, InferencePart, Origin, RefusalKind};
use polars::prelude::*;

use crate::word::Word;
use crate::{CacheSource, CellKind, MatchedCost, RooflineQuantity};

/// Everything a reader needs to know about one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnFacts {
    /// Name of the column, in Parquet and in the row's struct.
    pub name: &'static str,
    /// What its values are.
    pub column_type: ColumnType,
    /// Whether a value may be missing.
    pub nullable: bool,
    /// Unit of its values, where they have one.
    pub unit: Option<&'static str>,
    /// What its values mean, as a sentence.
    pub meaning: &'static str,
}

/// The Parquet types in use: each reads without help in DuckDB, pandas and polars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// UTF-8 text.
    String,
    /// Unsigned integer of 32 bits.
    UInt32,
    /// Unsigned integer of 64 bits.
    UInt64,
    /// IEEE 754 number of 64 bits.
    Float64,
    /// True or false.
    Boolean,
    /// Any number of UTF-8 texts.
    StringList,
}

impl ColumnType {
    pub(crate) fn dtype(self) -> DataType {
        match self {
            Self::String => DataType::String,
            Self::UInt32 => DataType::UInt32,
            Self::UInt64 => DataType::UInt64,
            Self::Float64 => DataType::Float64,
            Self::Boolean => DataType::Boolean,
            Self::StringList => DataType::List(Box::new(DataType::String)),
        }
    }
}

impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::String => "string",
            Self::UInt32 => "uint32",
            Self::UInt64 => "uint64",
            Self::Float64 => "float64",
            Self::Boolean => "boolean",
            Self::StringList => "list of strings",
        })
    }
}

impl fmt::Display for ColumnFacts {
    /// Writes the type as `data/SCHEMA.md` does: `uint32 or null`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_null = if self.nullable { " or null" } else { "" };
        write!(f, "{}{or_null}", self.column_type)
    }
}

/// A Rust type whose values fill a column.
pub(crate) trait Value: Sized {
    const TYPE: ColumnType;
    const NULLABLE: bool = false;

    fn column<'a>(name: &str, values: impl Iterator<Item = &'a Self>) -> Column
    where
        Self: 'a;

    /// Returns the values of a column of type [`Value::TYPE`], nulls left out unless nullable.
    fn values(column: &Column) -> PolarsResult<Vec<Self>>;

    /// Returns the value as text for people; empty for a missing value.
    fn text(&self) -> String;
}

/// Implements `Value` for a number or boolean that polars copies, and for its optional form.
macro_rules! plain_value {
    ($rust:ty, $column_type:ident, $chunks:ident) => {
        impl Value for $rust {
            const TYPE: ColumnType = ColumnType::$column_type;

            fn column<'a>(name: &str, values: impl Iterator<Item = &'a Self>) -> Column {
                Column::new(name.into(), values.copied().collect::<Vec<_>>())
            }

            fn values(column: &Column) -> PolarsResult<Vec<Self>> {
                Ok(column.$chunks()?.iter().flatten().collect())
            }

            fn text(&self) -> String {
                self.to_string()
            }
        }

        impl Value for Option<$rust> {
            const TYPE: ColumnType = ColumnType::$column_type;
            const NULLABLE: bool = true;

            fn column<'a>(name: &str, values: impl Iterator<Item = &'a Self>) -> Column {
                Column::new(name.into(), values.copied().collect::<Vec<_>>())
            }

            fn values(column: &Column) -> PolarsResult<Vec<Self>> {
                Ok(column.$chunks()?.iter().collect())
            }

            fn text(&self) -> String {
                self.map_or_else(String::new, |value| value.to_string())
            }
        }
    };
}

plain_value!(u32, UInt32, u32);
plain_value!(u64, UInt64, u64);
plain_value!(f64, Float64, f64);
plain_value!(bool, Boolean, bool);

impl Value for String {
    const TYPE: ColumnType = ColumnType::String;

    fn column<'a>(name: &str, values: impl Iterator<Item = &'a Self>) -> Column {
        Column::new(name.into(), values.map(String::as_str).collect::<Vec<_>>())
    }

    fn values(column: &Column) -> PolarsResult<Vec<Self>> {
        Ok(column.str()?.iter().flatten().map(str::to_owned).collect())
    }

    fn text(&self) -> String {
        self.clone()
    }
}

impl Value for Option<String> {
    const TYPE: ColumnType = ColumnType::String;
    const NULLABLE: bool = true;

    fn column<'a>(name: &str, values: impl Iterator<Item = &'a Self>) -> Column {
        Column::new(name.into(), values.map(Option::as_deref).collect::<Vec<_>>())
    }

    fn values(column: &Column) -> PolarsResult<Vec<Self>> {
        Ok(column.str()?.iter().map(|text| text.map(str::to_owned)).collect())
    }

    fn text(&self) -> String {
        self.clone().unwrap_or_default()
    }
}

impl Value for Vec<String> {
    const TYPE: ColumnType = ColumnType::StringList;

    fn column<'a>(name: &str, values: impl Iterator<Item = &'a Self>) -> Column {
        let mut lists = ListStringChunkedBuilder::new(name.into(), 0, 0);
        for list in values {
            lists.append_values_iter(list.iter().map(String::as_str));
        }
        lists.finish().into_column()
    }

    fn values(column: &Column) -> PolarsResult<Vec<Self>> {
        let lists = column.list()?;
        lists.series_iter().flatten().map(|list| String::values(&list.into_column())).collect()
    }

    fn text(&self) -> String {
        self.join(", ")
    }
}

/// Values of an enum, each as its word.
macro_rules! word_value {
    ($($rust:ty),+) => {
        $(
            impl Value for $rust {
                const TYPE: ColumnType = ColumnType::String;

                fn column<'a>(name: &str, values: impl Iterator<Item = &'a Self>) -> Column {
                    Column::new(name.into(), values.map(|value| value.word()).collect::<Vec<_>>())
                }

                fn values(column: &Column) -> PolarsResult<Vec<Self>> {
                    column.str()?.iter().flatten().map(|word| value_of(column, word)).collect()
                }

                fn text(&self) -> String {
                    self.word().to_owned()
                }
            }

            impl Value for Option<$rust> {
                const TYPE: ColumnType = ColumnType::String;
                const NULLABLE: bool = true;

                fn column<'a>(name: &str, values: impl Iterator<Item = &'a Self>) -> Column {
                    let words = values.map(|value| value.map(Word::word));
                    Column::new(name.into(), words.collect::<Vec<_>>())
                }

                fn values(column: &Column) -> PolarsResult<Vec<Self>> {
                    let words = column.str()?.iter();
                    words.map(|word| word.map(|word| value_of(column, word)).transpose()).collect()
                }

                fn text(&self) -> String {
                    self.map_or_else(String::new, |value| value.word().to_owned())
                }
            }
        )+
    };
}

word_value!(
    CacheSource,
    CellKind,
    DeviceKind,
    InferencePart,
    MatchedCost,
    Origin,
    RefusalKind,
    RooflineQuantity
);

/// Returns the value of a word that a file holds.
fn value_of<W: Word>(column: &Column, word: &str) -> PolarsResult<W> {
    W::of(word).ok_or_else(|| {
        let known: Vec<_> = W::ALL.iter().map(|value| value.word()).collect();
        let known = known.join(", ");
        let column = column.name();
        polars_err!(ComputeError: "column `{column}`: unknown word `{word}`; known: {known}")
    })
}
