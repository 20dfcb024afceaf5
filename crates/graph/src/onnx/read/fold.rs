//! Nodes on constants alone, which become constants: exporters compute shapes by them.

use super::broadcast::{contiguous, elements, places, steps};
use super::numbers::{Constant, Numbers};
use super::rule::Computed;
use crate::{Binary, Element, Operator, Unary};

/// Elements that a constant may have which is computed here: more than any layer's weights have.
const MOST_ELEMENTS: usize = 1 << 27;

/// Returns what a node computes of constants, if it is one of those that exporters put between
/// constants and shapes.
pub(super) fn fold(node: &Computed, inputs: &[Constant]) -> Option<Constant> {
    let first = inputs.first()?;
    elements(&node.shape).filter(|elements| *elements <= MOST_ELEMENTS)?;
    let numbers = match &node.operator {
        Operator::Reshape => first.numbers.clone(),
        Operator::Cast => cast(first, node.element),
        Operator::Transpose { permutation } => {
            let own = contiguous(&first.shape);
            let steps: Vec<i64> = permutation.iter().map(|axis| own[*axis]).collect();
            first.numbers.picked(places(&node.shape, &steps, 0))
        }
        Operator::Expand => broadcast(first, &node.shape),
        Operator::Slice { starts, steps, .. } => sliced(first, &node.shape, starts, steps),
        Operator::Concat { axis } => joined(inputs, *axis),
        Operator::Gather { axis } => gathered(first, inputs.get(1)?, *axis)?,
        Operator::Where => selected(inputs, &node.shape)?,
        Operator::Unary(unary) => unary_of(first, *unary)?,
        Operator::Binary(binary) => {
            let right = broadcast(inputs.get(1)?, &node.shape);
            pairs(*binary, broadcast(first, &node.shape), right)?
        }
        _ => return None,
    };
    Some(Constant { shape: node.shape.clone(), element: node.element, numbers })
}

fn broadcast(constant: &Constant, shape: &[usize]) -> Numbers {
    constant.numbers.picked(places(shape, &steps(&constant.shape, shape), 0))
}

fn cast(constant: &Constant, to: Element) -> Numbers {
    let numbers = constant.numbers.clone();
    match to {
        Element::F32 | Element::F16 | Element::F64 => Numbers::Floats(numbers.floats()),
        Element::I64 | Element::I32 | Element::I8 | Element::U8 => {
            Numbers::Integers(numbers.integers())
        }
        Element::Bool => {
            let is_set = numbers.floats().into_iter().map(|number| i64::from(number != 0.0));
            Numbers::Integers(is_set.collect())
        }
    }
}

fn sliced(constant: &Constant, shape: &[usize], starts: &[i64], by: &[i64]) -> Numbers {
    let own = contiguous(&constant.shape);
    let start = own.iter().zip(starts).map(|(step, start)| step * start).sum();
    let steps: Vec<i64> = own.iter().zip(by).map(|(step, by)| step * by).collect();
    constant.numbers.picked(places(shape, &steps, start))
}

/// Rows of all inputs in turn; what lies behind the axis goes along.
fn joined(inputs: &[Constant], axis: usize) -> Numbers {
    let outer: usize = inputs[0].shape[..axis].iter().product();
    let inner = |input: &Constant| input.shape[axis..].iter().product::<usize>();
    let rows = (0..outer).flat_map(|row| inputs.iter().map(move |input| (row, input)));
    let pieces = rows.map(|(row, input)| {
        let inner = inner(input);
        input.numbers.picked(row * inner..(row + 1) * inner)
    });
    pieces.reduce(chained).unwrap_or(Numbers::Integers(Vec::new()))
}

fn chained(left: Numbers, right: Numbers) -> Numbers {
    match (left, right) {
        (Numbers::Integers(mut left), Numbers::Integers(right)) => {
            left.extend(right);
            Numbers::Integers(left)
        }
        (left, right) => Numbers::Floats([left.floats(), right.floats()].concat()),
    }
}

fn gathered(data: &Constant, indices: &Constant, axis: usize) -> Option<Numbers> {
    let size = data.shape[axis] as i64;
    let indices = indices.numbers.clone().integers().into_iter();
    let counted = indices.map(|index| if index < 0 { index + size } else { index });
    let within = counted.map(|index| usize::try_from(index).ok().filter(|at| *at < size as usize));
    let indices: Vec<usize> = within.collect::<Option<_>>()?;
    let outer: usize = data.shape[..axis].iter().product();
    let inner: usize = data.shape[axis + 1..].iter().product();
    let picks = (0..outer).flat_map(|row| indices.iter().map(move |index| (row, index)));
    let size = data.shape[axis];
    let places = picks.flat_map(|(row, index)| {
        let start = (row * size + index) * inner;
        start..start + inner
    });
    Some(data.numbers.picked(places))
}

fn selected(inputs: &[Constant], shape: &[usize]) -> Option<Numbers> {
    let [condition, then, or] = inputs else { return None };
    let condition = broadcast(condition, shape).integers();
    let (then, or) = (broadcast(then, shape), broadcast(or, shape));
    let pick = |at: usize| if condition[at] != 0 { at } else { condition.len() + at };
    Some(chained(then, or).picked((0..condition.len()).map(pick)))
}

fn unary_of(constant: &Constant, unary: Unary) -> Option<Numbers> {
    let each = |function: fn(f32) -> f32| {
        let floats = constant.numbers.clone().floats();
        Numbers::Floats(floats.into_iter().map(function).collect())
    };
    match (unary, &constant.numbers) {
        (Unary::Neg, Numbers::Integers(integers)) => {
            Some(Numbers::Integers(integers.iter().map(|number| number.wrapping_neg()).collect()))
        }
        (Unary::Not, Numbers::Integers(integers)) => {
            Some(Numbers::Integers(integers.iter().map(|number| i64::from(*number == 0)).collect()))
        }
        (_, Numbers::Integers(_)) => None,
        (Unary::Neg, _) => Some(each(|number| -number)),
        (Unary::Floor, _) => Some(each(f32::floor)),
        (Unary::Ceil, _) => Some(each(f32::ceil)),
        (Unary::Sqrt, _) => Some(each(f32::sqrt)),
        (Unary::Reciprocal, _) => Some(each(f32::recip)),
        _ => None,
    }
}

fn pairs(binary: Binary, left: Numbers, right: Numbers) -> Option<Numbers> {
    match (left, right) {
        (Numbers::Integers(left), Numbers::Integers(right)) => {
            let pairs = left.into_iter().zip(right);
            pairs.map(|(a, b)| integer(binary, a, b)).collect::<Option<_>>().map(Numbers::Integers)
        }
        (left, right) => {
            let pairs = left.floats().into_iter().zip(right.floats());
            let floats = pairs.map(|(a, b)| float(binary, a, b));
            floats.collect::<Option<_>>().map(Numbers::Floats)
        }
    }
}

fn integer(binary: Binary, a: i64, b: i64) -> Option<i64> {
    Some(match binary {
        Binary::Add => a.checked_add(b)?,
        Binary::Sub => a.checked_sub(b)?,
        Binary::Mul => a.checked_mul(b)?,
        Binary::Div => a.checked_div(b)?,
        Binary::Max => a.max(b),
        Binary::Min => a.min(b),
        Binary::Equal => i64::from(a == b),
        Binary::Greater => i64::from(a > b),
        Binary::GreaterOrEqual => i64::from(a >= b),
        Binary::Less => i64::from(a < b),
        Binary::LessOrEqual => i64::from(a <= b),
        Binary::And => i64::from(a != 0 && b != 0),
        Binary::Or => i64::from(a != 0 || b != 0),
        Binary::Pow => return None,
    })
}

/// Comparisons of floats decide nothing that exporters write about shapes.
fn float(binary: Binary, a: f32, b: f32) -> Option<f32> {
    Some(match binary {
        Binary::Add => a + b,
        Binary::Sub => a - b,
        Binary::Mul => a * b,
        Binary::Div => a / b,
        Binary::Max => a.max(b),
        Binary::Min => a.min(b),
        Binary::Pow => a.powf(b),
        _ => return None,
    })
}
