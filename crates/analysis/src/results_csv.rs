use crate::number::significant;
use crate::results::ResultRow;

/// Name of the file that holds every cell, beside a page and in a pack.
pub const RESULTS: &str = "results.csv";

/// Digits of a number that is not whole.
const DIGITS: i32 = 6;

/// Returns rows as comma-separated values (RFC 4180, lines ending with a line feed), numbers with six digits.
///
/// # Errors
/// If a row cannot be written.
pub fn results_csv(rows: &[ResultRow]) -> Result<String, csv::Error> {
    if rows.is_empty() {
        let one = results_csv(&[ResultRow::default()])?;
        return Ok(one.lines().take(1).map(|heads| format!("{heads}\n")).collect());
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.serialize(rounded(row.clone()))?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn rounded(mut row: ResultRow) -> ResultRow {
    let numbers = [
        &mut row.median_ms,
        &mut row.median_ms_low,
        &mut row.median_ms_high,
        &mut row.p90_ms,
        &mut row.p99_ms,
        &mut row.load_ms,
        &mut row.first_inference_ms,
        &mut row.peak_memory_mib,
        &mut row.speed_up,
        &mut row.speed_up_low,
        &mut row.speed_up_high,
        &mut row.speed_up_without_contention,
    ];
    for number in numbers {
        *number = number
            .map(|value| significant(value, DIGITS).replace('\u{a0}', "").parse().unwrap_or(value));
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_every_column_and_six_digits() {
        let row = ResultRow {
            architecture: "own/a,b.onnx".to_string(),
            median_ms: Some(1_234.567_89),
            speed_up: Some(2.0),
            ..ResultRow::default()
        };
        let text = results_csv(&[row]).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let heads = reader.headers().unwrap().clone();
        let row = reader.records().next().unwrap().unwrap();
        let of = |name| &row[heads.iter().position(|head| head == name).unwrap()];
        assert_eq!(
            [of("architecture"), of("median_ms"), of("speed_up"), of("p99_ms")],
            ["own/a,b.onnx", "1234.57", "2.0", ""]
        );
    }

    #[test]
    fn no_rows_still_have_their_columns() {
        let text = results_csv(&[]).unwrap();
        assert!(text.starts_with("host,run,kind,") && text.lines().count() == 1, "{text}");
    }

    #[test]
    fn the_schema_explains_the_columns_in_their_order() {
        let page = include_str!("../../../data/SCHEMA.md");
        let section = page.split("# What results.csv holds").nth(1).unwrap();
        let text = results_csv(&[ResultRow::default()]).unwrap();
        let heads = text.lines().next().unwrap().split(',');
        let places: Vec<_> =
            heads.map(|head| section.find(&format!("| `{head}` |")).ok_or(head)).collect();
        assert!(places.iter().all(Result::is_ok) && places.is_sorted(), "{places:?}");
    }
}
