use super::{Ruled, computed};
use crate::onnx::read::source::Source;
use crate::{Interpolation, Operator, ReadError};

/// First opset in which `Resize` states where new pixels lie.
const COORDINATES: i64 = 11;

/// First opset in which `Upsample` takes its scales as an input.
const SCALES_AS_INPUT: i64 = 9;

/// PyTorch's half pixels differ from ONNX's only where one pixel comes out.
const SMOOTH: [&str; 3] = ["half_pixel", "align_corners", "pytorch_half_pixel"];

/// `Resize` of height and width.
pub(super) fn resize(source: &Source<'_>) -> Ruled {
    if source.opset < COORDINATES {
        return Err(source.error("of an opset before 11 is not read; convert the file"));
    }
    source.expect_int("exclude_outside", 0)?;
    source.expect_int("antialias", 0)?;
    source.expect_text("keep_aspect_ratio_policy", &["stretch"])?;
    let shape = resized(source)?;
    let (mode, align_corners) = mode(source)?;
    let operator = Operator::Resize { mode, align_corners };
    computed(source, operator, vec![source.id(0)?], shape)
}

/// `Upsample`, which `Resize` has replaced since opset 10: the nearest pixel to the left and above.
pub(super) fn upsample(source: &Source<'_>) -> Ruled {
    source.expect_text("mode", &["nearest"])?;
    let input = source.shape_of::<4>(0)?;
    let scales = if source.opset < SCALES_AS_INPUT {
        source.attribute("scales").map(|attribute| attribute.floats.clone())
    } else {
        source.constant(1)?.map(|constant| constant.numbers.floats())
    };
    let shape = scaled_by(source, &[0, 1, 2, 3], &input, &scales.unwrap_or_default())?;
    let is_whole = shape.len() == 4 && shape[..2] == input[..2];
    if !is_whole {
        return Err(
            source.error(format!("gives {shape:?} of {input:?}, expected height and width"))
        );
    }
    let operator = Operator::Resize { mode: Interpolation::Nearest, align_corners: false };
    computed(source, operator, vec![source.id(0)?], shape)
}

/// Which pixels make a new one: as the graph's operators have it, or an error.
fn mode(source: &Source<'_>) -> Result<(Interpolation, bool), ReadError> {
    let coordinates = |known: &[&str]| {
        let found = source.text("coordinate_transformation_mode", "half_pixel");
        if known.contains(&found.as_str()) {
            return Ok(found == "align_corners");
        }
        Err(source
            .error(format!("puts new pixels by `{found}`, expected `{}`", known.join("` or `"))))
    };
    match source.expect_text("mode", &["nearest", "linear", "cubic"])?.as_str() {
        "nearest" => {
            let align_corners = coordinates(&["asymmetric"])?;
            match source.text("nearest_mode", "round_prefer_floor").as_str() {
                "floor" => Ok((Interpolation::Nearest, align_corners)),
                other => Err(source.error(format!("rounds by `{other}`, expected `floor`"))),
            }
        }
        "linear" => Ok((Interpolation::Linear, coordinates(&SMOOTH)?)),
        _ if source.float("cubic_coeff_a", -0.75) == -0.75 => {
            Ok((Interpolation::Cubic, coordinates(&SMOOTH)?))
        }
        _ => Err(source.error("its `cubic_coeff_a` is not -0.75")),
    }
}

/// Returns the shape that comes out, of which height and width may be new.
fn resized(source: &Source<'_>) -> Result<Vec<usize>, ReadError> {
    let input = source.shape_of::<4>(0)?;
    let axes = source.ints("axes").unwrap_or_else(|| (0..input.len() as i64).collect());
    let mut shape = input.to_vec();
    let new = match source.integers(3)? {
        Some(sizes) => source.sizes("sizes", &sizes)?,
        None => scaled(source, &axes, &input)?,
    };
    if new.len() != axes.len() {
        return Err(source.error(format!("resizes {} axes to {new:?}", axes.len())));
    }
    for (axis, size) in axes.iter().zip(new) {
        shape[source.axis(*axis, input.len())?] = size;
    }
    if shape[..2] != input[..2] {
        return Err(source.error("resizes images or channels, expected height and width"));
    }
    Ok(shape)
}

/// Sizes times their scales, which must be whole.
fn scaled(source: &Source<'_>, axes: &[i64], input: &[usize]) -> Result<Vec<usize>, ReadError> {
    let scales = source.constant(2)?.map(|constant| constant.numbers.floats()).unwrap_or_default();
    scaled_by(source, axes, input, &scales)
}

fn scaled_by(
    source: &Source<'_>,
    axes: &[i64],
    input: &[usize],
    scales: &[f32],
) -> Result<Vec<usize>, ReadError> {
    let size = |(axis, scale): (&i64, &f32)| {
        let size = input[source.axis(*axis, input.len())?] as f32 * scale;
        let whole = size.fract() == 0.0 && size >= 1.0;
        if whole { Ok(size as usize) } else { Err(source.error(format!("gives {size} pixels"))) }
    };
    axes.iter().zip(scales).map(size).collect()
}
