//! `results.csv` of a pack, and whether it is what the samples come to.

use csv::StringRecord;
use formbench_analysis::results::result_rows;
use formbench_analysis::{RESULTS, Run, results_csv};

use crate::{Fault, PackError};

/// Columns that statistics make, which another version of formbench may make otherwise.
const ESTIMATED: [&str; 13] = [
    "median_ms",
    "median_ms_low",
    "median_ms_high",
    "p90_ms",
    "p99_ms",
    "load_ms",
    "first_inference_ms",
    "peak_memory_mib",
    "speed_up",
    "speed_up_low",
    "speed_up_high",
    "speed_up_without_contention",
    "host_was",
];

/// Digits of a number in the file.
const DIGITS: i32 = 6;

/// Returns the numbers of every cell of a run.
///
/// # Errors
/// A row cannot be written.
pub(crate) fn written(run: &Run) -> Result<String, PackError> {
    let text = results_csv(&result_rows(run));
    text.map_err(|error| PackError::Write { name: RESULTS, why: error.to_string() })
}

/// Fails if the packed numbers are not those that the run comes to. Of a pack that another version made, only what
/// identifies and counts is compared.
///
/// # Errors
/// A row or a value differs, or the text is no table.
pub(crate) fn check(packed: &str, run: &Run, by_this_version: bool) -> Result<(), Fault> {
    let made = results_csv(&result_rows(run)).map_err(|_| unreadable())?;
    if packed == made {
        return Ok(());
    }
    let (heads, packed) = table(packed)?;
    let (made_heads, made) = table(&made)?;
    if packed.len() != made.len() {
        return Err(Fault::ResultRows { got: packed.len(), expected: made.len() });
    }
    let compared = |head: &&str| by_this_version || !ESTIMATED.contains(head);
    for (at, column) in made_heads.iter().enumerate().filter(|(_, head)| compared(head)) {
        let place = heads.iter().position(|head| head == column);
        let Some(place) = place else {
            if by_this_version {
                return Err(unreadable());
            }
            continue;
        };
        for (row, (packed, made)) in (1..).zip(packed.iter().zip(&made)) {
            let (got, expected) = (&packed[place], &made[at]);
            if !is_same(column, got, expected) {
                let (column, got, expected) = (column.into(), got.into(), expected.into());
                return Err(Fault::Results { column, row, got, expected });
            }
        }
    }
    Ok(())
}

fn unreadable() -> Fault {
    Fault::Text { name: RESULTS }
}

/// Returns the heads and the rows of comma-separated values, each row as long as the heads.
fn table(text: &str) -> Result<(StringRecord, Vec<StringRecord>), Fault> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads = reader.headers().map_err(|_| unreadable())?.clone();
    let rows = reader.records().collect::<Result<_, _>>().map_err(|_| unreadable())?;
    Ok((heads, rows))
}

/// Returns whether two values are the same. An estimate may differ by one in its last digit: logarithms of another
/// machine's C library may round otherwise.
fn is_same(column: &str, got: &str, expected: &str) -> bool {
    let number = |text: &str| text.parse().ok().filter(|number: &f64| number.is_finite());
    got == expected
        || ESTIMATED.contains(&column)
            && number(got).zip(number(expected)).is_some_and(|(got, expected)| {
                let exponent = got.abs().max(expected.abs()).log10().floor() as i32;
                let last_digit = 10_f64.powi(exponent - DIGITS + 1);
                (got - expected).abs() < 1.5 * last_digit
            })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_may_differ_by_one_in_its_last_digit() {
        // Six digits of 1.23456 end at 0.00001, those of 123.456 at 0.001.
        assert!(is_same("speed_up", "1.23456", "1.23457"));
        assert!(!is_same("speed_up", "1.23456", "1.23458"));
        assert!(is_same("median_ms", "123.456", "123.457"));
        assert!(!is_same("median_ms", "123.456", "123.458"));
        assert!(!is_same("median_ms", "", "123.456"));
        assert!(!is_same("median_ms", "NaN", "123.456"));
        // A count is exact.
        assert!(!is_same("samples", "100000", "100001"));
    }
}
