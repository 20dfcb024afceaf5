//! One description per table, from which writing, reading and `data/SCHEMA.md`'s test derive.

use polars::prelude::Column;

use crate::StoreError;
use crate::column::ColumnFacts;
use crate::group::Group;

/// Everything a reader needs to know about one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableFacts {
    /// Name of the table and stem of its file.
    pub name: &'static str,
    /// What one row is, as a sentence.
    pub meaning: &'static str,
    /// Its columns in the order of the file.
    pub columns: &'static [ColumnFacts],
}

/// A row's struct whose fields are the columns of a table.
pub(crate) trait Table: Sized {
    const FACTS: TableFacts;

    fn columns(rows: &[Self]) -> Vec<Column>;
    fn rows(group: &Group<'_>) -> Result<Vec<Self>, StoreError>;
}

/// Returns the only unit, or none.
pub(crate) const fn unit(units: &[&'static str]) -> Option<&'static str> {
    match units {
        [unit] => Some(unit),
        _ => None,
    }
}

/// Declares a row's struct and its table at once: doc comments become meanings, `[unit]` the unit.
macro_rules! table {
    (
        $(#[doc = $about:literal])+
        $name:literal => $row:ident {
            $(
                $(#[doc = $meaning:literal])+
                $field:ident: $type:ty $([$unit:ident])?,
            )+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $row {
            $(
                $(#[doc = $meaning])+
                $(#[doc = concat!("\n\n# Units\n", stringify!($unit))])?
                pub $field: $type,
            )+
        }

        impl $row {
            /// Returns each column with its value as text, in the order of the file.
            pub fn texts(&self) -> Vec<($crate::ColumnFacts, String)> {
                use $crate::column::Value;
                let facts = <Self as $crate::table::Table>::FACTS.columns.iter().copied();
                facts.zip([$(self.$field.text()),+]).collect()
            }
        }

        impl $crate::table::Table for $row {
            const FACTS: $crate::TableFacts = $crate::TableFacts {
                name: $name,
                meaning: concat!($($about),+).trim_ascii(),
                columns: &[$(
                    $crate::ColumnFacts {
                        name: stringify!($field),
                        column_type: <$type as $crate::column::Value>::TYPE,
                        nullable: <$type as $crate::column::Value>::NULLABLE,
                        unit: $crate::table::unit(&[$(stringify!($unit))?]),
                        meaning: concat!($($meaning),+).trim_ascii(),
                    },
                )+],
            };

            fn columns(rows: &[Self]) -> Vec<polars::prelude::Column> {
                use $crate::column::Value;
                vec![$(
                    <$type>::column(stringify!($field), rows.iter().map(|row| &row.$field)),
                )+]
            }

            fn rows(group: &$crate::group::Group<'_>) -> Result<Vec<Self>, $crate::StoreError> {
                $(let mut $field = group.values::<$type>(stringify!($field))?.into_iter();)+
                Ok(std::iter::from_fn(|| Some(Self { $($field: $field.next()?),+ })).collect())
            }
        }
    };
}
pub(crate) use table;
