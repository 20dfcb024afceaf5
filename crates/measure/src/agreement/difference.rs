use std::fmt;

use formbench_protocol::{ElementType, Output, OutputCheck, Precision, Prepared, Values};
use formbench_statistics::{Difference, ShapeError, Tolerance, largest_difference};

use super::sets;

/// The difference of outputs from others that is largest beside what is allowed there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deviation {
    /// The output that it is in, counted from 0.
    pub output: usize,
    /// How large it is, and where in that output.
    pub difference: Difference,
}

/// Why outputs cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Incomparable {
    /// They are more or fewer.
    Count {
        /// Those of the reference.
        expected: usize,
        /// Those of the candidate.
        got: usize,
    },
    /// One is of floats and the other of whole numbers.
    Kind {
        /// The output, counted from 0.
        output: usize,
    },
    /// One has other extents than the other.
    Shape {
        /// The output, counted from 0.
        output: usize,
    },
    /// One holds more or fewer numbers, or some that are not finite.
    Numbers(ShapeError),
}

impl fmt::Display for Incomparable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count { expected, got } => write!(f, "{got} outputs, expected {expected}"),
            Self::Kind { output } => {
                write!(f, "output {output} is of floats here and of whole numbers there")
            }
            Self::Shape { output } => {
                write!(f, "output {output} has another shape here than there")
            }
            Self::Numbers(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Incomparable {}

/// Returns how near outputs computed in a precision must be to the reference's, which are `f32`.
///
/// Of 24 bits of mantissa, `f16` keeps eleven and `bf16` eight, and rounding errors grow with
/// depth. The tolerance of these precisions is so wide that it only tells one network from another.
pub fn tolerance(precision: Precision) -> Tolerance {
    match precision {
        Precision::F32 => Tolerance::default(),
        Precision::F16 => Tolerance { relative: 1e-2, absolute_of_scale: 1e-2 },
        Precision::Bf16 => Tolerance { relative: 5e-2, absolute_of_scale: 5e-2 },
    }
}

/// How near outputs must be that were computed with eight-bit integers: a number that lies between two of their steps is
/// rounded up by one engine and down by another, and what follows multiplies that. Measured against ONNX's reference
/// evaluator, as METHODOLOGY shows.
const EIGHT_BIT: Tolerance = Tolerance { relative: 0.0, absolute_of_scale: 5e-2 };

/// By how many steps outputs may differ that are eight-bit integers themselves.
const STEPS: u64 = 13;

/// By how much shares between 0 and 1 may differ whatever their scale: engines compute sigmoids and softmaxes to some
/// roundings of 1, so that shares that are all near 0, as of an image with nothing in it, have no exact digits.
const SHARE: f64 = 1e-6;

/// Returns the tolerance of outputs that are shares if all are, else the same.
fn of_shares(tolerance: Tolerance, reference: &[f32], got: &[f32]) -> Tolerance {
    let are_shares = [reference, got].iter().all(|all| all.iter().all(|x| (0.0..=1.0).contains(x)));
    let scale = reference.iter().copied().fold(0.0_f32, f32::max);
    if !are_shares || scale == 0.0 {
        return tolerance;
    }
    let least = SHARE / f64::from(scale);
    Tolerance { absolute_of_scale: tolerance.absolute_of_scale.max(least), ..tolerance }
}

/// Returns whether outputs agree with the reference's, and the difference that is largest beside what is allowed there: of floats within a tolerance, of
/// whole numbers exactly, unless a check says otherwise; none stands for number by number.
///
/// # Errors
/// They cannot be compared.
pub fn compare(
    reference: &[Output],
    prepared: &Prepared,
    checks: &[OutputCheck],
) -> Result<(bool, Option<Deviation>), Incomparable> {
    outputs(reference, &prepared.outputs, tolerance(prepared.precision), checks)
}

/// Returns whether outputs agree with others within a tolerance, and the difference that is largest beside what is allowed there.
///
/// # Errors
/// They cannot be compared.
pub(super) fn outputs(
    reference: &[Output],
    got: &[Output],
    tolerance: Tolerance,
    checks: &[OutputCheck],
) -> Result<(bool, Option<Deviation>), Incomparable> {
    if reference.len() != got.len() {
        return Err(Incomparable::Count { expected: reference.len(), got: got.len() });
    }
    let (mut agrees, mut largest) = (true, None::<Deviation>);
    for (output, (reference, got)) in reference.iter().zip(got).enumerate() {
        if reference.shape != got.shape {
            return Err(Incomparable::Shape { output });
        }
        let check = checks.get(output).copied().unwrap_or_default();
        let in_order = check.set.then(|| sets::in_order_of(reference, got));
        let got = in_order.as_ref().unwrap_or(got);
        // What is given in half precision was rounded to it, whatever it was computed in.
        let is_half = [reference, got].iter().any(|it| it.element_type == ElementType::F16);
        let half = Some(self::tolerance(Precision::F16)).filter(|_| is_half);
        let tolerance = coarser(tolerance, half.unwrap_or(tolerance));
        let is_rounded = check.eight_bit;
        let tolerance = if is_rounded { coarser(tolerance, EIGHT_BIT) } else { tolerance };
        let element_type = reference.element_type;
        let (is_alike, difference) = match (&reference.values, &got.values) {
            (Values::Floats(reference), Values::Floats(got)) => {
                let tolerance = of_shares(tolerance, reference, got);
                let difference =
                    largest_difference(reference, got, tolerance).map_err(Incomparable::Numbers)?;
                (is_within(difference.as_ref()), difference)
            }
            // Which number is the largest may depend on how one was rounded.
            (Values::Whole(_), Values::Whole(_)) if is_rounded && !is_eight_bit(element_type) => {
                (true, None)
            }
            (Values::Whole(reference), Values::Whole(got)) => {
                let allowed = if is_rounded { STEPS } else { 0 };
                let difference = whole(reference, got, allowed).map_err(Incomparable::Numbers)?;
                (is_within(difference.as_ref()), difference)
            }
            _ => return Err(Incomparable::Kind { output }),
        };
        agrees &= is_alike;
        let found = difference.map(|difference| Deviation { output, difference });
        // What is wrong counts more than what is large: outputs have scales of their own.
        let share = |one: &Deviation| one.difference.share();
        let both = largest.into_iter().chain(found);
        largest = both.max_by(|one, other| share(one).total_cmp(&share(other)));
    }
    Ok((agrees, largest))
}

fn is_within(largest: Option<&Difference>) -> bool {
    largest.is_none_or(Difference::is_allowed)
}

fn is_eight_bit(element_type: ElementType) -> bool {
    matches!(element_type, ElementType::U8 | ElementType::I8)
}

/// Returns the tolerance that allows what either does.
pub(super) fn coarser(one: Tolerance, other: Tolerance) -> Tolerance {
    Tolerance {
        relative: one.relative.max(other.relative),
        absolute_of_scale: one.absolute_of_scale.max(other.absolute_of_scale),
    }
}

/// Returns the largest difference of whole numbers, if there is one.
fn whole(reference: &[i64], got: &[i64], allowed: u64) -> Result<Option<Difference>, ShapeError> {
    if reference.len() != got.len() {
        return Err(ShapeError::Length { expected: reference.len(), got: got.len() });
    }
    let different = reference.iter().zip(got).enumerate().filter(|(_, (one, other))| one != other);
    let largest = different.max_by_key(|(_, (one, other))| one.abs_diff(**other));
    Ok(largest.map(|(at, (one, other))| Difference {
        at,
        reference: *one as f32,
        got: *other as f32,
        difference: one.abs_diff(*other) as f64,
        allowed: allowed as f64,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn floats(values: &[f32]) -> Output {
        let (shape, element_type) = (vec![values.len()], ElementType::F32);
        Output { shape, element_type, values: Values::Floats(values.to_vec()) }
    }

    fn numbers(values: &[i64]) -> Output {
        let (shape, element_type) = (vec![values.len()], ElementType::I64);
        Output { shape, element_type, values: Values::Whole(values.to_vec()) }
    }

    fn compared(
        reference: &[Output],
        got: &[Output],
    ) -> Result<(bool, Option<(usize, usize)>), Incomparable> {
        let (agrees, largest) = outputs(reference, got, Tolerance::default(), &[])?;
        Ok((agrees, largest.map(|found| (found.output, found.difference.at))))
    }

    #[test]
    fn every_output_counts_and_the_worst_is_named() {
        let reference = [floats(&[1.0, 1000.0]), floats(&[0.001]), numbers(&[3, 4])];
        assert_eq!(compared(&reference, &reference), Ok((true, Some((1, 0)))));
        // A tenth of a small output is worse than 0.5 of 1000, of which 1.1 is allowed.
        let got = [floats(&[1.0, 1000.5]), floats(&[0.0011]), numbers(&[3, 4])];
        assert_eq!(compared(&reference, &got), Ok((false, Some((1, 0)))));
        let got = [reference[0].clone(), reference[1].clone(), numbers(&[3, 5])];
        assert_eq!(compared(&reference, &got), Ok((false, Some((2, 1)))));
    }

    #[test]
    fn shares_near_nothing_have_no_exact_digits() {
        // A map of an image with nothing in it: roundings of 1 are more than all of it.
        let reference = [floats(&[1e-7, 2e-6, 0.0])];
        assert!(compared(&reference, &[floats(&[8e-7, 1.5e-6, 0.0])]).unwrap().0);
        assert!(!compared(&reference, &[floats(&[4e-6, 2e-6, 0.0])]).unwrap().0);
        // The same of what is no share.
        let reference = [floats(&[1e-7, 2e-6, -1e-7])];
        assert!(!compared(&reference, &[floats(&[8e-7, 2e-6, -1e-7])]).unwrap().0);
        assert!(!compared(&[floats(&[0.0, 0.0])], &[floats(&[0.0, 1e-3])]).unwrap().0);
    }

    #[test]
    fn outputs_of_other_number_kind_or_size_are_not_compared() {
        let reference = [floats(&[1.0])];
        let expected = Incomparable::Count { expected: 1, got: 2 };
        assert_eq!(compared(&reference, &[floats(&[1.0]), floats(&[1.0])]), Err(expected));
        let expected = Incomparable::Kind { output: 0 };
        assert_eq!(compared(&reference, &[numbers(&[1])]), Err(expected));
        let expected = Incomparable::Shape { output: 0 };
        assert_eq!(compared(&[numbers(&[1])], &[numbers(&[1, 2])]), Err(expected));
        let turned = Output { shape: vec![1, 1], ..floats(&[1.0]) };
        assert_eq!(compared(&reference, &[turned]), Err(expected));
    }

    #[test]
    fn sets_are_compared_in_any_order() {
        let boxes = |values: &[f32]| Output { shape: vec![2, 2], ..floats(values) };
        let reference = [boxes(&[1.0, 2.0, 3.0, 4.0])];
        let turned = [boxes(&[3.0, 4.0, 1.0, 2.0])];
        let with = |got: &[Output], check| outputs(&reference, got, Tolerance::default(), &[check]);
        let set = OutputCheck { set: true, eight_bit: false };
        assert!(with(&turned, set).unwrap().0);
        assert!(!with(&turned, OutputCheck::default()).unwrap().0);
        assert!(!with(&[boxes(&[3.0, 4.0, 1.0, 2.5])], set).unwrap().0);
    }

    #[test]
    fn what_was_rounded_to_eight_bits_may_differ_by_their_steps() {
        let bytes = |values: &[i64]| Output { element_type: ElementType::U8, ..numbers(values) };
        let agree = |one: Output, other: Output| {
            outputs(
                &[one],
                &[other],
                Tolerance::default(),
                &[OutputCheck { eight_bit: true, set: false }],
            )
            .unwrap()
            .0
        };
        let steps = STEPS as i64;
        assert!(agree(bytes(&[0, 255]), bytes(&[steps, 255])));
        assert!(!agree(bytes(&[0, 255]), bytes(&[steps + 1, 255])));
        assert!(agree(floats(&[0.0, 1.0]), floats(&[0.04, 1.0])));
        assert!(!agree(floats(&[0.0, 1.0]), floats(&[0.06, 1.0])));
        // A class is not compared: two may be as likely but for a rounding.
        assert!(agree(numbers(&[3]), numbers(&[4])));
    }

    #[test]
    fn what_is_given_in_half_precision_may_differ_as_half_precision_does() {
        let half = |value: f32| [Output { element_type: ElementType::F16, ..floats(&[value]) }];
        assert!(compared(&half(1.0), &half(1.015)).unwrap().0);
        assert!(!compared(&half(1.0), &half(1.025)).unwrap().0);
        assert!(!compared(&[floats(&[1.0])], &[floats(&[1.015])]).unwrap().0);
    }
}
