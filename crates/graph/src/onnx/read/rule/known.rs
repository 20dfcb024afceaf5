//! Values that do not depend on the images: exporters write them as nodes.

use super::{Becomes, Ruled};
use crate::onnx::read::broadcast::elements;
use crate::onnx::read::constant;
use crate::onnx::read::numbers::{Constant, Numbers};
use crate::onnx::read::source::Source;
use crate::{Element, ReadError};

/// Integers that may be counted from one to another.
const MOST_INTEGERS: usize = 1 << 20;
/// Numbers of a constant that states one of them and a shape: more than any layer's weights have.
const MOST_NUMBERS: usize = 1 << 27;

/// `Constant`.
pub(super) fn constant(source: &Source<'_>) -> Ruled {
    let [attribute] = source.node.attribute.as_slice() else {
        return Err(source.error("has not one value"));
    };
    let scalar = |element, numbers| Constant { shape: Vec::new(), element, numbers };
    let known = match attribute.name() {
        "value" => constant::read(&attribute.t.clone().unwrap_or_default())?,
        "value_int" => scalar(Element::I64, Numbers::Integers(vec![attribute.i()])),
        "value_float" => scalar(Element::F32, Numbers::Floats(vec![attribute.f()])),
        "value_ints" => Constant::integers(attribute.ints.clone()),
        "value_floats" => Constant {
            shape: vec![attribute.floats.len()],
            element: Element::F32,
            numbers: Numbers::Floats(attribute.floats.clone()),
        },
        other => return Err(source.error(format!("its `{other}` is not read"))),
    };
    Ok(Becomes::Known(known))
}

/// `ConstantOfShape`.
pub(super) fn constant_of_shape(source: &Source<'_>) -> Ruled {
    let sizes = source.integers(0)?.unwrap_or_default();
    let shape = source.sizes("sizes", &sizes)?;
    let given = source.attribute("value").and_then(|attribute| attribute.t.as_ref());
    let zero =
        Constant { shape: vec![1], element: Element::F32, numbers: Numbers::Floats(vec![0.0]) };
    let one = given.map_or(Ok(zero), constant::read)?;
    if one.shape.iter().product::<usize>() != 1 {
        return Err(source.error("its `value` is no single number"));
    }
    let elements = elements(&shape).filter(|elements| *elements <= MOST_NUMBERS);
    let most = || source.error(format!("expected at most {MOST_NUMBERS} elements"));
    let elements = elements.ok_or_else(most)?;
    let numbers = one.numbers.picked(std::iter::repeat_n(0, elements));
    Ok(Becomes::Known(Constant { shape, element: one.element, numbers }))
}

/// `Shape`, or a part of it.
pub(super) fn shape(source: &Source<'_>) -> Ruled {
    let shape = source.shape(0)?;
    let rank = shape.len() as i64;
    let bound = |index: i64| (if index < 0 { index + rank } else { index }).clamp(0, rank);
    let (start, end) = (bound(source.int("start", 0)), bound(source.int("end", rank)));
    let part = shape.iter().skip(start as usize).take((end - start).max(0) as usize);
    Ok(Becomes::Known(Constant::integers(part.map(|size| *size as i64).collect())))
}

/// `Range`.
pub(super) fn range(source: &Source<'_>) -> Ruled {
    let element = source.element()?;
    if element.is_float() {
        return range_of_floats(source, element);
    }
    let mut numbers = [0; 3];
    for (index, number) in numbers.iter_mut().enumerate() {
        let given = source.integers(index)?.unwrap_or_default();
        *number = given.first().copied().unwrap_or_default();
    }
    let [start, limit, step] = numbers;
    let count = if step == 0 { 0 } else { (limit - start + step - step.signum()) / step };
    let count = usize::try_from(count).unwrap_or_default();
    if count > MOST_INTEGERS {
        return Err(source.error(format!("expected at most {MOST_INTEGERS} numbers")));
    }
    let numbers = (0..count as i64).map(|index| start + index * step).collect();
    let constant = Constant::integers(numbers);
    Ok(Becomes::Known(Constant { element, ..constant }))
}

/// A `Range` of floats: anchors of detectors begin with one.
fn range_of_floats(source: &Source<'_>, element: Element) -> Ruled {
    let number = |index: usize| -> Result<f32, ReadError> {
        let constant = source.constant(index)?;
        let number = constant.and_then(|constant| constant.numbers.floats().first().copied());
        number
            .ok_or_else(|| source.error("expected a start, a limit and a step that are constants"))
    };
    let [start, limit, step] = [number(0)?, number(1)?, number(2)?];
    let count = ((limit - start) / step).ceil().max(0.0);
    // A step of 0 gives what is no number, or is too many.
    if count.is_nan() || count > MOST_INTEGERS as f32 {
        return Err(source.error(format!("expected at most {MOST_INTEGERS} numbers")));
    }
    let floats = (0..count as usize).map(|index| start + index as f32 * step).collect();
    let (shape, numbers) = (vec![count as usize], Numbers::Floats(floats));
    Ok(Becomes::Known(Constant { shape, element, numbers }))
}

/// `Mod` of two integers, with the sign of the second.
pub(super) fn remainder(source: &Source<'_>) -> Ruled {
    source.expect_int("fmod", 0)?;
    let [left, right] = [source.integers(0)?, source.integers(1)?].map(Option::unwrap_or_default);
    let (&[left], &[right]) = (left.as_slice(), right.as_slice()) else {
        return Err(source.error("expected one integer and another"));
    };
    let remainder = left.checked_rem(right).ok_or_else(|| source.error("divides by 0"))?;
    let signed = if remainder * right.signum() < 0 { remainder + right } else { remainder };
    let (shape, element) = (source.shape(0)?.to_vec(), source.element()?);
    let numbers = Numbers::Integers(vec![signed]);
    Ok(Becomes::Known(Constant { shape, element, numbers }))
}

/// `Dropout`, which passes its input on unless it trains.
pub(super) fn dropout(source: &Source<'_>) -> Ruled {
    let trains = source.constant(2)?.map(|constant| constant.numbers.integers());
    match trains.as_deref() {
        Some([mode]) if *mode != 0 => Err(source.error("is in training mode")),
        _ => source.id(0).map(Becomes::Same),
    }
}
