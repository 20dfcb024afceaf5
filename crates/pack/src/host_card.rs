//! The machine of a run, for people who read no Parquet.

use formbench_store::{ColumnFacts, ColumnType, HostRow};
use serde_json::{Map, Value};

use crate::Fault;
use crate::name::HOST_CARD;

/// Returns what a run knows of its machine, as a JSON object: a key for each column of the table `host`.
pub(crate) fn written(host: &HostRow) -> String {
    format!("{:#}\n", Value::Object(card(host)))
}

/// Fails if the card says something else than the table. A column that either does not know is passed over.
///
/// # Errors
/// The text is no card, or differs from the table.
pub(crate) fn check(text: &str, host: &HostRow) -> Result<(), Fault> {
    let packed: Map<String, Value> =
        serde_json::from_str(text).map_err(|_| Fault::Text { name: HOST_CARD })?;
    let expected = card(host);
    if !packed.contains_key("run") {
        return Err(Fault::Text { name: HOST_CARD });
    }
    for (column, got) in packed {
        if let Some(expected) = expected.get(&column).filter(|expected| **expected != got) {
            let (got, expected) = (got.to_string(), expected.to_string());
            return Err(Fault::HostCard { column, got, expected });
        }
    }
    Ok(())
}

fn card(host: &HostRow) -> Map<String, Value> {
    let entry =
        |(column, text): (ColumnFacts, String)| (column.name.to_owned(), value(&column, text));
    host.texts().into_iter().map(entry).collect()
}

fn value(column: &ColumnFacts, text: String) -> Value {
    if column.nullable && text.is_empty() {
        return Value::Null;
    }
    let parsed = match column.column_type {
        ColumnType::UInt32 | ColumnType::UInt64 => {
            text.parse().ok().map(|number: u64| number.into())
        }
        ColumnType::Float64 => text.parse().ok().map(|number: f64| number.into()),
        ColumnType::Boolean => text.parse().ok().map(Value::Bool),
        // The variables are a JSON object already.
        ColumnType::String if column.name == "environment" => serde_json::from_str(&text).ok(),
        ColumnType::String | ColumnType::StringList => None,
    };
    parsed.unwrap_or(Value::String(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host() -> HostRow {
        HostRow {
            run: "2026-11-28-hal-1".into(),
            logical_cores: 2,
            turbo: Some(true),
            quota: Some(1.5),
            environment: Some(r#"{"OMP_NUM_THREADS":"2"}"#.into()),
            ..HostRow::default()
        }
    }

    #[test]
    fn a_card_says_what_the_table_says_in_json_s_types() {
        let card: Value = serde_json::from_str(&written(&host())).unwrap();
        assert_eq!((&card["logical_cores"], &card["turbo"]), (&2.into(), &true.into()));
        assert_eq!((&card["quota"], &card["microcode"]), (&1.5.into(), &Value::Null));
        assert_eq!(card["environment"]["OMP_NUM_THREADS"], "2");
    }

    #[test]
    fn a_card_of_another_machine_is_refused() {
        assert!(check(&written(&host()), &host()).is_ok());
        let other = HostRow { logical_cores: 64, ..host() };
        let error = check(&written(&other), &host()).unwrap_err().to_string();
        assert_eq!(
            error,
            "`host.json` says logical_cores `64`, where table `host` has `2`: one of them was changed"
        );
        for text in ["", "[]", "{}", "{"] {
            assert!(check(text, &host()).is_err(), "{text}");
        }
    }
}
