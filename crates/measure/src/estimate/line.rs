//! Medians, and a line through points that a few bad ones do not bend.

/// Returns the median of numbers in any order, or nothing without any.
pub fn median(numbers: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut numbers: Vec<f64> = numbers.into_iter().collect();
    numbers.sort_unstable_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    match numbers.len() % 2 {
        1 => Some(numbers[middle]),
        _ => Some(f64::midpoint(*numbers.get(middle.checked_sub(1)?)?, numbers[middle])),
    }
}

/// Ratio of the upper half's median x to the lower half's above which a line through both predicts
/// anything: architectures that were made to cost the same have no rise.
const LEAST_SPREAD: f64 = 1.5;

/// Returns the height at `x` of a line through the medians of the lower and the upper half of
/// points.
///
/// The line does not fall, is level if the medians are near each other, and is never below the
/// lowest point. Without points there is none.
///
/// # Source
/// Brown and Mood 1951, the line of medians.
pub fn height_at(mut points: Vec<[f64; 2]>, x: f64) -> Option<f64> {
    points.sort_unstable_by(|a, b| a[0].total_cmp(&b[0]));
    let middle_of = |half: &[[f64; 2]]| {
        let of = |axis: usize| median(half.iter().map(|point| point[axis]));
        Some([of(0)?, of(1)?])
    };
    let [middle_x, middle_y] = middle_of(&points)?;
    let (lower, upper) = points.split_at(points.len() / 2);
    let rise = middle_of(lower).zip(middle_of(upper)).map(|(low, high)| {
        let is_told = high[0] > LEAST_SPREAD * low[0];
        if is_told { ((high[1] - low[1]) / (high[0] - low[0])).max(0.0) } else { 0.0 }
    });
    let lowest = points.iter().map(|point| point[1]).fold(f64::INFINITY, f64::min);
    Some((middle_y + rise.unwrap_or(0.0) * (x - middle_x)).max(lowest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_the_middle_or_the_mean_of_the_middle_two() {
        assert_eq!(median([]), None);
        assert_eq!(median([3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median([4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }

    #[test]
    fn a_line_goes_on_where_points_end() {
        // y = 1 + 2x, which one bad point does not bend.
        let points = vec![[0.0, 1.0], [1.0, 3.0], [2.0, 5.0], [3.0, 7.0], [4.0, 9.0], [5.0, 90.0]];
        assert_eq!(height_at(points.clone(), 10.0), Some(21.0));
        // Never below the lowest point.
        assert_eq!(height_at(points, -10.0), Some(1.0));
    }

    #[test]
    fn points_beside_each_other_say_nothing_of_what_lies_far_out() {
        // Patterns of 300 million MACs, within 3 %: a network of 24 billion is not 900 times as slow.
        let points = vec![[298.0, 1.0], [299.0, 1.5], [301.0, 2.5], [303.0, 2.0]];
        assert_eq!(height_at(points, 24_000.0), Some(1.75));
    }

    #[test]
    fn few_or_falling_points_give_their_median() {
        assert_eq!(height_at(Vec::new(), 1.0), None);
        assert_eq!(height_at(vec![[1.0, 4.0]], 9.0), Some(4.0));
        assert_eq!(height_at(vec![[1.0, 4.0], [2.0, 2.0]], 9.0), Some(3.0));
        assert_eq!(height_at(vec![[1.0, 4.0], [1.0, 2.0]], 9.0), Some(3.0));
    }
}
