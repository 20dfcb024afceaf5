use super::{Becomes, Computed, Ruled, computed, same_shape};
use crate::onnx::read::broadcast::broadcast;
use crate::onnx::read::element;
use crate::onnx::read::shape::listed;
use crate::onnx::read::source::Source;
use crate::{Binary, Element, Operator, ReadError, Unary};

/// First opset in which `Clip` takes its bounds as inputs.
const BOUNDS_AS_INPUTS: i64 = 11;

const UNARY: [Unary; 19] = [
    Unary::Abs,
    Unary::Ceil,
    Unary::Cos,
    Unary::Erf,
    Unary::Exp,
    Unary::Floor,
    Unary::HardSwish,
    Unary::Log,
    Unary::Neg,
    Unary::Not,
    Unary::Reciprocal,
    Unary::Relu,
    Unary::Round,
    Unary::Sigmoid,
    Unary::Sign,
    Unary::Sin,
    Unary::Softplus,
    Unary::Sqrt,
    Unary::Tanh,
];

const BINARY: [Binary; 14] = [
    Binary::Add,
    Binary::And,
    Binary::Div,
    Binary::Equal,
    Binary::Greater,
    Binary::GreaterOrEqual,
    Binary::Less,
    Binary::LessOrEqual,
    Binary::Max,
    Binary::Min,
    Binary::Mul,
    Binary::Or,
    Binary::Pow,
    Binary::Sub,
];

/// A function of each element or of each pair, if the operator is one.
pub(super) fn function(source: &Source<'_>) -> Option<Ruled> {
    // Two at a time: the reader has parted what reads more.
    if source.kind() == "Sum" {
        let is_one = source.node.input.len() == 1;
        return Some(if is_one {
            source.id(0).map(Becomes::Same)
        } else {
            pairs(source, Binary::Add)
        });
    }
    let is_it = |operator: &Operator| operator.kind() == source.kind();
    let unary = UNARY.into_iter().map(Operator::Unary).find(is_it);
    if let Some(unary) = unary {
        return Some(same_shape(source, unary));
    }
    let binary = BINARY.into_iter().find(|binary| is_it(&Operator::Binary(*binary)))?;
    Some(pairs(source, binary))
}

fn pairs(source: &Source<'_>, binary: Binary) -> Ruled {
    use Binary::{And, Equal, Greater, GreaterOrEqual, Less, LessOrEqual, Or};
    let inputs = source.ids(2..=2)?;
    let shape = fitted(source, source.shape(0)?, source.shape(1)?)?;
    let element = match binary {
        And | Equal | Greater | GreaterOrEqual | Less | LessOrEqual | Or => Element::Bool,
        _ => source.element()?,
    };
    let operator = Operator::Binary(binary);
    Ok(Becomes::Computed(Computed { operator, inputs, shape, element }))
}

/// `Where`.
pub(super) fn select(source: &Source<'_>) -> Ruled {
    let inputs = source.ids(3..=3)?;
    let branches = fitted(source, source.shape(1)?, source.shape(2)?)?;
    let shape = fitted(source, source.shape(0)?, &branches)?;
    let element = source.value(1)?.element;
    Ok(Becomes::Computed(Computed { operator: Operator::Where, inputs, shape, element }))
}

/// `Cast`.
pub(super) fn cast(source: &Source<'_>) -> Ruled {
    let kind = i32::try_from(source.int("to", 0)).unwrap_or_default();
    let element = element::element(kind).ok_or_else(|| {
        source.error(format!(
            "to {}, expected f32, f16, f64, i64, i32, i8, u8 or bool",
            element::name(kind)
        ))
    })?;
    let (inputs, shape) = (source.ids(1..=1)?, source.shape(0)?.to_vec());
    Ok(Becomes::Computed(Computed { operator: Operator::Cast, inputs, shape, element }))
}

/// `Clip`; the largest and smallest number of its kind stand for no bound.
pub(super) fn clip(source: &Source<'_>) -> Ruled {
    let (low, high) = if source.opset >= BOUNDS_AS_INPUTS {
        (source.number(1)?, source.number(2)?)
    } else {
        (Some(source.float("min", f32::MIN)), Some(source.float("max", f32::MAX)))
    };
    let low = low.filter(|low| *low > f32::MIN).unwrap_or(f32::NEG_INFINITY);
    let high = high.filter(|high| *high < f32::MAX).unwrap_or(f32::INFINITY);
    same_shape(source, Operator::Clip { low, high })
}

/// `HardSigmoid`.
pub(super) fn hard_sigmoid(source: &Source<'_>) -> Ruled {
    let (alpha, beta) = (source.float("alpha", 0.2), source.float("beta", 0.5));
    same_shape(source, Operator::HardSigmoid { alpha, beta })
}

/// `LeakyRelu`.
pub(super) fn leaky_relu(source: &Source<'_>) -> Ruled {
    same_shape(source, Operator::LeakyRelu { alpha: source.float("alpha", 0.01) })
}

/// `PRelu`.
pub(super) fn prelu(source: &Source<'_>) -> Ruled {
    let (shape, slope) = (source.shape(0)?, source.shape(1)?);
    // ONNX repeats one axis along the last; graphs along the channels.
    if shape.len() > 2 && matches!(slope, [size] if *size > 1) {
        return Err(source.error(format!(
            "its slope is {}, expected one for each channel, as [channels, 1, 1]",
            listed(slope)
        )));
    }
    computed(source, Operator::PRelu, source.ids(2..=2)?, shape.to_vec())
}

fn fitted(source: &Source<'_>, left: &[usize], right: &[usize]) -> Result<Vec<usize>, ReadError> {
    broadcast(left, right).ok_or_else(|| {
        source.error(format!("its inputs are {} and {}", listed(left), listed(right)))
    })
}
