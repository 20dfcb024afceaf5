//! Numbers as text.

/// Returns a number with `digits` significant digits and without an exponent.
pub fn significant(value: f64, digits: i32) -> String {
    format!("{value:.*}", decimals(value, digits))
}

/// Returns three numbers with as many decimals as give the first `digits` significant digits, or
/// each with its own if one would vanish.
pub fn alike(values: [f64; 3], digits: i32) -> [String; 3] {
    let decimals = decimals(values[0], digits);
    let vanishing = 0.5 * 10_f64.powi(-(decimals as i32));
    if values.iter().any(|value| value.abs() < vanishing) {
        return values.map(|value| significant(value, digits));
    }
    values.map(|value| format!("{value:.decimals$}"))
}

/// Returns a number with so many decimals, and with a minus that is as wide as a plus.
pub fn fixed(value: f64, decimals: i32) -> String {
    let text = format!("{:.*}", decimals.max(0) as usize, value.abs());
    let is_zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    if value < 0.0 && !is_zero { format!("\u{2212}{text}") } else { text }
}

/// Returns a count of MACs or parameters in millions, such as `300 M`.
pub fn millions(count: u64) -> String {
    let text = format!("{:.3}", count as f64 / 1e6);
    format!("{}\u{a0}M", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Returns a share in percent, such as `1.2 %`.
pub fn percent(share: f64) -> String {
    format!("{}\u{a0}%", fixed(100.0 * share, 1))
}

/// Returns a share in percent with its sign, such as `+0.3 %`; without one where nothing is left of
/// it.
pub fn signed_percent(share: f64) -> String {
    let text = percent(share.abs());
    if text == percent(0.0) {
        text
    } else if share < 0.0 {
        format!("\u{2212}{text}")
    } else {
        format!("+{text}")
    }
}

/// Returns a count with thin groups of three digits, such as `12 345`.
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    text
}

/// Returns a count with its noun, such as `1 cell` and `2 cells`.
pub fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{}\u{a0}{noun}{plural}", grouped(count))
}

/// Returns the decimals that show `digits` significant digits of a value.
fn decimals(value: f64, digits: i32) -> usize {
    if value == 0.0 || !value.is_finite() {
        return 0;
    }
    // Rounded to that many digits first, so that 9.996 counts as 10.00.
    let rounded = format!("{:.*e}", (digits - 1).max(0) as usize, value);
    let exponent = rounded.rsplit_once('e').and_then(|(_, tail)| tail.parse::<i32>().ok());
    (digits - 1 - exponent.unwrap_or(0)).max(0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn significant_digits_survive_rounding_up() {
        assert_eq!(significant(2.714_9, 3), "2.71");
        assert_eq!(significant(9.996, 3), "10.0");
        assert_eq!(significant(0.001_234_5, 3), "0.00123");
        assert_eq!(significant(1234.5, 3), "1234");
        assert_eq!(significant(0.0, 3), "0");
    }

    #[test]
    fn an_interval_shares_the_decimals_of_its_estimate() {
        assert_eq!(alike([2.71, 0.5, 14.96], 3), ["2.71", "0.50", "14.96"]);
        assert_eq!(alike([10.6, 0.0106, 10_600.0], 3), ["10.6", "0.0106", "10600"]);
    }

    #[test]
    fn a_correlation_has_its_minus_and_no_minus_zero() {
        assert_eq!([0.5, -0.25, -0.001].map(|value| fixed(value, 2)), ["0.50", "−0.25", "0.00"]);
        assert_eq!(percent(-0.0119), "−1.2\u{a0}%");
    }

    #[test]
    fn millions_have_no_idle_zeros() {
        assert_eq!(millions(300_000_000), "300\u{a0}M");
        assert_eq!(millions(1_250_000), "1.25\u{a0}M");
    }

    #[test]
    fn counts_are_grouped_by_three() {
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1\u{a0}234\u{a0}567");
        assert_eq!(counted(1, "cell"), "1\u{a0}cell");
    }
}
