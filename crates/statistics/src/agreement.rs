use std::fmt;

/// How far a candidate may be from the reference: `relative * |reference| + absolute_of_scale *
/// max |reference|`, element by element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// Share of the element.
    pub relative: f64,
    /// Share of the reference's largest magnitude.
    pub absolute_of_scale: f64,
}

impl Default for Tolerance {
    fn default() -> Self {
        Self { relative: 1e-3, absolute_of_scale: 1e-4 }
    }
}

/// How one element differs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Its index.
    pub at: usize,
    /// The reference's value.
    pub reference: f32,
    /// The candidate's value.
    pub got: f32,
    /// Magnitude of the difference.
    pub difference: f64,
    /// What the tolerance allows there.
    pub allowed: f64,
}

impl Difference {
    /// Returns whether it is within the tolerance.
    pub fn is_allowed(&self) -> bool {
        self.difference <= self.allowed
    }

    /// Returns how large it is beside what is allowed: up to 1 is within the tolerance.
    pub fn share(&self) -> f64 {
        if self.difference == 0.0 { 0.0 } else { self.difference / self.allowed }
    }
}

/// Why two sets of values cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ShapeError {
    /// The candidate has more or fewer values than the reference.
    Length {
        /// Values of the reference.
        expected: usize,
        /// Values of the candidate.
        got: usize,
    },
    /// A value of the candidate is infinite or not a number.
    NotFinite {
        /// Its index.
        at: usize,
        /// The value.
        value: f32,
    },
    /// A value of the reference itself is infinite or not a number.
    ReferenceNotFinite {
        /// Its index.
        at: usize,
        /// The value.
        value: f32,
    },
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { expected, got } => write!(f, "{got} values, expected {expected}"),
            Self::NotFinite { at, value } => write!(f, "value {at} is `{value}`, not finite"),
            Self::ReferenceNotFinite { at, value } => {
                write!(f, "the reference's value {at} is `{value}`, not finite")
            }
        }
    }
}

impl std::error::Error for ShapeError {}

/// Returns the element whose difference is largest beside what is allowed there, or `None` if all agree.
///
/// # Errors
/// If the lengths differ or a value is not finite.
pub fn disagreement(
    reference: &[f32],
    got: &[f32],
    tolerance: Tolerance,
) -> Result<Option<Difference>, ShapeError> {
    Ok(largest_difference(reference, got, tolerance)?.filter(|worst| !worst.is_allowed()))
}

/// Returns the element whose difference is largest beside what is allowed there, within tolerance or not; `None` without values.
///
/// # Errors
/// If the lengths differ or a value is not finite.
pub fn largest_difference(
    reference: &[f32],
    got: &[f32],
    tolerance: Tolerance,
) -> Result<Option<Difference>, ShapeError> {
    // Where nothing is allowed, every difference is without bound, and the largest is told.
    let by_share = |a: &Difference, b: &Difference| {
        a.share().total_cmp(&b.share()).then(a.difference.total_cmp(&b.difference))
    };
    Ok(differences(reference, got, tolerance)?.max_by(by_share))
}

fn differences<'a>(
    reference: &'a [f32],
    got: &'a [f32],
    tolerance: Tolerance,
) -> Result<impl Iterator<Item = Difference> + 'a, ShapeError> {
    if reference.len() != got.len() {
        return Err(ShapeError::Length { expected: reference.len(), got: got.len() });
    }
    if let Some((at, value)) = not_finite(reference) {
        return Err(ShapeError::ReferenceNotFinite { at, value });
    }
    if let Some((at, value)) = not_finite(got) {
        return Err(ShapeError::NotFinite { at, value });
    }
    let scale = reference.iter().fold(0.0_f64, |scale, &value| scale.max(f64::from(value).abs()));
    let floor = tolerance.absolute_of_scale * scale;
    let pairs = reference.iter().zip(got).enumerate();
    Ok(pairs.map(move |(at, (&reference, &got))| Difference {
        at,
        reference,
        got,
        difference: (f64::from(reference) - f64::from(got)).abs(),
        allowed: tolerance.relative * f64::from(reference).abs() + floor,
    }))
}

fn not_finite(values: &[f32]) -> Option<(usize, f32)> {
    values.iter().copied().enumerate().find(|(_, value)| !value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: Tolerance = Tolerance { relative: 0.0, absolute_of_scale: 0.5 };

    #[test]
    fn the_boundary_of_the_tolerance_agrees() {
        // Scale 1, so 0.5 is allowed: 1.5 is exactly there, the next f32 is beyond.
        assert_eq!(disagreement(&[1.0, -1.0], &[1.5, -1.0], HALF), Ok(None));
        let beyond = 1.5_f32.next_up();
        let worst = disagreement(&[1.0, -1.0], &[beyond, -1.0], HALF).unwrap().unwrap();
        assert_eq!((worst.at, worst.reference, worst.got, worst.allowed), (0, 1.0, beyond, 0.5));
    }

    #[test]
    fn the_worst_is_the_largest_beside_what_is_allowed() {
        let tolerance = Tolerance { relative: 0.1, absolute_of_scale: 0.0 };
        // 100 may move by 10 and moves by 8; 1 may move by 0.1 and moves by 0.5: only that is too much.
        let (reference, got) = ([100.0, 1.0], [108.0, 1.5]);
        let worst = disagreement(&reference, &got, tolerance).unwrap().unwrap();
        assert_eq!(worst.at, 1);
        assert!((worst.share() - 5.0).abs() < 1e-9 && !worst.is_allowed());
        assert_eq!(largest_difference(&reference, &got, tolerance).unwrap(), Some(worst));
        // Of what may not move at all the largest move is told, and none is no difference.
        let moved = largest_difference(&[0.0, 0.0], &[0.5, 1e-9], tolerance).unwrap().unwrap();
        assert_eq!((moved.at, moved.share()), (0, f64::INFINITY));
        let same = largest_difference(&[0.0], &[0.0], tolerance).unwrap().unwrap();
        assert!(same.share() == 0.0 && same.is_allowed());
    }

    #[test]
    fn a_small_element_may_move_by_a_share_of_the_scale() {
        // Default: 1e-3 * 0 + 1e-4 * 10 = 1e-3 for the zero.
        let reference = [0.0, 10.0];
        assert_eq!(disagreement(&reference, &[0.000_9, 10.0], Tolerance::default()), Ok(None));
        assert!(
            disagreement(&reference, &[0.001_1, 10.0], Tolerance::default()).unwrap().is_some()
        );
    }

    #[test]
    fn what_is_not_finite_is_an_error_on_either_side() {
        let nan = disagreement(&[1.0, 2.0], &[1.0, f32::NAN], HALF);
        assert!(matches!(nan, Err(ShapeError::NotFinite { at: 1, .. })));
        let infinite = disagreement(&[1.0, 2.0], &[f32::INFINITY, 2.0], HALF);
        assert!(matches!(infinite, Err(ShapeError::NotFinite { at: 0, .. })));
        let reference = disagreement(&[f32::NEG_INFINITY], &[1.0], HALF);
        assert!(matches!(reference, Err(ShapeError::ReferenceNotFinite { at: 0, .. })));
    }

    #[test]
    fn a_wrong_length_is_an_error() {
        let error = disagreement(&[1.0, 2.0], &[1.0], HALF).unwrap_err();
        assert_eq!(error, ShapeError::Length { expected: 2, got: 1 });
        assert_eq!(error.to_string(), "1 values, expected 2");
    }

    #[test]
    fn nothing_agrees_with_nothing() {
        assert_eq!(disagreement(&[], &[], HALF), Ok(None));
        assert_eq!(largest_difference(&[], &[], HALF), Ok(None));
    }
}
