use std::f64::consts::{FRAC_2_PI, FRAC_2_SQRT_PI, SQRT_2};

/// Returns the factor by which an interval from `freedom + 1` observations must be wider than one
/// from infinitely many: Student's quantile over the normal one. 1 for a single observation.
pub(crate) fn widening(confidence: f64, freedom: u32) -> f64 {
    if freedom == 0 {
        return 1.0;
    }
    student_half_width(confidence, freedom) / half_width(confidence, normal_within)
}

/// Returns the `t` for which Student's t with `freedom` degrees, one at least, lies within ±`t` with the given
/// probability, below 1.
pub(crate) fn student_half_width(probability: f64, freedom: u32) -> f64 {
    half_width(probability, |t| share_within(t, freedom))
}

/// Returns the `z` for which a standard normal value lies within ±`z` with the given probability,
/// below 1.
pub(crate) fn normal_half_width(probability: f64) -> f64 {
    half_width(probability, normal_within)
}

/// Returns the `t` at which the rising `share` reaches `confidence`, by bisection.
fn half_width(confidence: f64, share: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while share(high) < confidence && high < 1e6 {
        high *= 2.0;
    }
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if share(middle) < confidence { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

/// Returns the probability that Student's t with `freedom` degrees lies within ±`t`.
///
/// # Source
/// Abramowitz and Stegun 1964, 26.7.3 and 26.7.4.
pub(crate) fn share_within(t: f64, freedom: u32) -> f64 {
    let angle = (t / f64::from(freedom).sqrt()).atan();
    let (sine, cosine) = angle.sin_cos();
    let odd = freedom % 2;
    let (mut term, mut sum) = (if odd == 1 { cosine } else { 1.0 }, 0.0);
    for k in (2 + odd..=freedom).step_by(2) {
        sum += term;
        term *= cosine * cosine * f64::from(k - 1) / f64::from(k);
    }
    if odd == 1 { FRAC_2_PI * (angle + sine * sum) } else { sine * sum }
}

/// Returns the probability that a standard normal value lies within ±`z`, for `z` up to 6.
fn normal_within(z: f64) -> f64 {
    let x = z / SQRT_2;
    let (mut power, mut sum) = (x, 0.0_f64);
    for k in 0..120_u32 {
        let term = power / f64::from(2 * k + 1);
        if term.abs() < f64::EPSILON / 4.0 * sum.abs() {
            // Neither this nor any further term changes the sum.
            break;
        }
        sum += term;
        power *= -x * x / f64::from(k + 1);
    }
    FRAC_2_SQRT_PI * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        // Two-sided 95 % points of Student's t, as printed in any table to three decimals.
        let table =
            [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (9, 2.262), (30, 2.042)];
        for (freedom, expected) in table {
            let got = half_width(0.95, |t| share_within(t, freedom));
            assert!((got - expected).abs() < 5e-4, "{freedom}: {got}");
        }
        assert!((half_width(0.95, normal_within) - 1.959_964).abs() < 1e-6);
        assert!((half_width(0.99, normal_within) - 2.575_829).abs() < 1e-6);
    }

    #[test]
    fn widening_falls_to_one() {
        // 2.776 / 1.960 = 1.416.
        assert!((widening(0.95, 4) - 1.416).abs() < 1e-3);
        assert!(widening(0.95, 1000) < 1.002);
        assert_eq!(widening(0.95, 0), 1.0);
    }
}
