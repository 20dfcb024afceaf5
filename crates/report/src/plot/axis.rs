use formbench_analysis::number::significant;

/// A logarithmic or linear axis: maps values to places between two ends of a canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Axis {
    pub(crate) low: f64,
    pub(crate) high: f64,
    log: bool,
    start: f64,
    end: f64,
}

impl Axis {
    /// Returns a logarithmic axis over positive values; one that spans nothing is widened.
    pub(crate) fn log((low, high): (f64, f64), (start, end): (f64, f64)) -> Self {
        let (low, high) = if high > low { (low, high) } else { (low / 1.5, high * 1.5) };
        Self { low, high, log: true, start, end }
    }

    /// Returns a linear axis; one that spans nothing is widened.
    pub(crate) fn linear((low, high): (f64, f64), (start, end): (f64, f64)) -> Self {
        let (low, high) = if high > low { (low, high) } else { (low - 1.0, high + 1.0) };
        Self { low, high, log: false, start, end }
    }

    /// Returns the place of a value; beyond the axis, its nearer end.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let value = value.clamp(self.low, self.high);
        let share = if self.log {
            (value / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        };
        self.start + share * (self.end - self.start)
    }
}

/// Returns what an axis of estimates shows: all values and as much of their intervals as lies
/// within three times the outermost values, `always` included, and some room.
pub(crate) fn extent(
    estimates: impl Iterator<Item = [f64; 3]> + Clone,
    always: Option<f64>,
) -> (f64, f64) {
    let values = estimates.clone().map(|[value, ..]| value);
    let least = values.clone().fold(f64::INFINITY, f64::min);
    let most = values.fold(0.0, f64::max);
    let low = estimates.clone().map(|[_, low, _]| low).fold(least, f64::min).max(least / 3.0);
    let high = estimates.map(|[.., high]| high).fold(most, f64::max).min(most * 3.0);
    let low = always.map_or(low, |always| low.min(always));
    let high = always.map_or(high, |always| high.max(always));
    let room = (high / low).powf(0.04).max(1.02);
    (low / room, high * room)
}

/// Ratio of an axis' ends below which its ticks are evenly spaced.
const NARROW: f64 = 3.0;

/// Leading digits of ticks, finest first.
const STEPS: [&[f64]; 4] = [&[1.0, 1.5, 2.0, 3.0, 5.0, 7.0], &[1.0, 2.0, 5.0], &[1.0, 3.0], &[1.0]];

/// Returns at most `most` round values within positive bounds, ascending, for a logarithmic axis.
pub(crate) fn log_ticks((low, high): (f64, f64), most: usize) -> Vec<f64> {
    if high / low < NARROW {
        return linear_ticks((low, high), most);
    }
    let decades = low.log10().floor() as i32..=high.log10().ceil() as i32;
    let ticks = |steps: &[f64]| -> Vec<f64> {
        let each = decades.clone().flat_map(|decade| steps.iter().map(move |s| power(*s, decade)));
        each.filter(|tick| (low..=high).contains(tick)).collect()
    };
    STEPS.iter().map(|steps| ticks(steps)).find(|ticks| ticks.len() <= most).unwrap_or_default()
}

/// Returns at most `most` evenly spaced round values within bounds.
pub(crate) fn linear_ticks((low, high): (f64, f64), most: usize) -> Vec<f64> {
    let decade = (high - low).log10().floor() as i32 - 2;
    let steps = (decade..decade + 5).flat_map(|d| [1.0, 2.0, 5.0].map(|step| power(step, d)));
    let ticks = |step: f64| {
        let (first, last) = ((low / step).ceil() as i64, (high / step).floor() as i64);
        (first..=last).map(move |at| at as f64 * step)
    };
    steps.map(|step| ticks(step).collect::<Vec<_>>()).find(|t| t.len() <= most).unwrap_or_default()
}

/// Returns `step` times ten to the `decade`, exact where a decimal literal would be.
fn power(step: f64, decade: i32) -> f64 {
    if decade < 0 { step / 10_f64.powi(-decade) } else { step * 10_f64.powi(decade) }
}

/// Returns the labels of ticks without idle zeros; close ticks have equally many decimals.
pub(crate) fn tick_labels(ticks: &[f64]) -> Vec<String> {
    let labels: Vec<String> = ticks.iter().copied().map(trimmed).collect();
    let decimals = |label: &String| label.split_once('.').map_or(0, |(_, tail)| tail.len());
    let most = labels.iter().map(decimals).max().unwrap_or_default();
    match (ticks.first(), ticks.last()) {
        (Some(first), Some(last)) if last / first < NARROW => {
            ticks.iter().map(|tick| format!("{tick:.most$}")).collect()
        }
        _ => labels,
    }
}

fn trimmed(tick: f64) -> String {
    let text = significant(tick, 6);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within() {
        assert_eq!(log_ticks((0.3, 30.0), 8), [0.5, 1.0, 2.0, 5.0, 10.0, 20.0]);
        assert_eq!(log_ticks((0.3, 30_000.0), 6), [1.0, 10.0, 100.0, 1000.0, 10_000.0]);
        assert_eq!(log_ticks((0.98, 1.04), 5), [0.98, 1.0, 1.02, 1.04]);
        assert_eq!(log_ticks((0.55, 3.9), 7), [0.7, 1.0, 1.5, 2.0, 3.0]);
    }

    #[test]
    fn labels_have_no_idle_zeros() {
        assert_eq!(tick_labels(&[0.05, 1.0, 20.0, 1000.0]), ["0.05", "1", "20", "1000"]);
        assert_eq!(tick_labels(&[0.98, 1.0, 1.02]), ["0.98", "1.00", "1.02"]);
    }

    #[test]
    fn equal_ratios_are_equally_far_apart() {
        let axis = Axis::log((1.0, 100.0), (0.0, 200.0));
        assert!((axis.at(10.0) - 100.0).abs() < 1e-9);
        assert_eq!(axis.at(1e9), 200.0);
        assert!(Axis::log((5.0, 5.0), (0.0, 10.0)).at(5.0).is_finite());
    }

    #[test]
    fn a_huge_interval_does_not_squash_the_rest() {
        // Values 2 and 4, interval of 4 up to 1000: shown up to 12, and 4 % of ln(12) more.
        let (low, high) = extent([[2.0, 1.9, 2.1], [4.0, 0.01, 1000.0]].into_iter(), None);
        assert!((2.0 / 3.0 / 1.2..2.0 / 3.0).contains(&low), "{low}");
        assert!((12.0..14.0).contains(&high), "{high}");
    }
}
