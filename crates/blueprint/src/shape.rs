//! What shapes layers make of shapes.

use std::fmt;

use thiserror::Error;

use crate::{Blueprint, ConvolutionLayer, Operation, Padding, Pool};

/// Channels, height and width of one image's features. A vector is one pixel high and wide, tokens are a column of pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    /// Channels, or the length of a vector.
    pub channels: usize,
    /// Height and width in pixels.
    pub size: [usize; 2],
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { channels, size: [height, width] } = self;
        write!(f, "{channels}×{height}×{width}")
    }
}

/// A layer that cannot take what it gets.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{layer}` cannot take {got}: {expected}")]
pub struct LayerShapeError {
    /// The layer's name.
    pub layer: String,
    /// The shapes that it gets.
    pub got: String,
    /// What it takes.
    pub expected: String,
}

impl Blueprint {
    /// Returns the shape of each step's output at square images.
    ///
    /// # Units
    /// `resolution` is in pixels.
    ///
    /// # Errors
    /// A layer cannot take what it gets, as a window that is larger than its image.
    pub fn shapes(&self, resolution: usize) -> Result<Vec<Shape>, LayerShapeError> {
        let mut shapes: Vec<Shape> = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            let inputs: Vec<Shape> = step.inputs.iter().map(|input| shapes[*input]).collect();
            let shape = output(&step.operation, &inputs, resolution).map_err(|expected| {
                let got: Vec<String> = inputs.iter().map(Shape::to_string).collect();
                LayerShapeError { layer: step.name.clone(), got: got.join(" and "), expected }
            })?;
            shapes.push(shape);
        }
        Ok(shapes)
    }
}

fn output(operation: &Operation, inputs: &[Shape], resolution: usize) -> Result<Shape, String> {
    let Some(&input) = inputs.first() else {
        return Ok(Shape { channels: 3, size: [resolution; 2] });
    };
    let with_channels = |channels| Shape { channels, ..input };
    match operation {
        Operation::Images => Err("images are the first step".to_owned()),
        Operation::Convolution(layer) => convolution(layer, input),
        Operation::BatchNorm { channels, .. }
        | Operation::LayerNorm { channels, .. }
        | Operation::Scale { channels, .. } => {
            expect(input.channels == *channels, || format!("it takes {channels} channels"))?;
            Ok(input)
        }
        Operation::Linear { inputs, outputs } => {
            let fits = input.channels == *inputs && is_column(input);
            expect(fits, || format!("it takes vectors or tokens of {inputs}"))?;
            Ok(with_channels(*outputs))
        }
        Operation::Activation(_) | Operation::Shift => Ok(input),
        Operation::Pool(pool) => pooled(pool, input),
        Operation::GlobalAverage => Ok(Shape { size: [1, 1], ..input }),
        Operation::AdaptiveAverage { size } => {
            let whole = input.size.iter().all(|side| side % size == 0);
            expect(whole, || format!("it takes multiples of {size} pixels"))?;
            Ok(Shape { size: [*size; 2], ..input })
        }
        Operation::Flatten { size } => {
            expect(input.size == [*size; 2], || format!("it takes {size}×{size} pixels"))?;
            Ok(Shape { channels: input.channels * size * size, size: [1, 1] })
        }
        Operation::Add => {
            expect(inputs.iter().all(|other| *other == input), || "it takes equals".to_owned())?;
            Ok(input)
        }
        Operation::Multiply => {
            let factor = inputs[inputs.len() - 1];
            let fits = factor == input || factor == Shape { size: [1, 1], ..input };
            expect(fits, || "it takes equals, or one number for each channel".to_owned())?;
            Ok(input)
        }
        Operation::Concatenate => {
            let alike = inputs.iter().all(|other| other.size == input.size);
            expect(alike, || "it takes images of one size".to_owned())?;
            Ok(with_channels(inputs.iter().map(|input| input.channels).sum()))
        }
        Operation::Channels { start, end } => {
            let inside = start < end && *end <= input.channels;
            expect(inside, || format!("it takes more than {end} channels"))?;
            Ok(with_channels(end - start))
        }
        Operation::Shuffle { groups } => {
            let whole = input.channels.is_multiple_of(*groups);
            expect(whole, || format!("it takes multiples of {groups} channels"))?;
            Ok(input)
        }
        Operation::Tokens => Ok(column(input.channels, input.size[0] * input.size[1])),
        Operation::Planes => {
            let size = inputs[inputs.len() - 1].size;
            let fits = is_column(input) && input.size[0] == size[0] * size[1];
            expect(fits, || "it takes as many tokens as pixels".to_owned())?;
            Ok(Shape { size, ..input })
        }
        Operation::ClassToken { channels } => {
            let fits = input.channels == *channels && is_column(input);
            expect(fits, || format!("it takes tokens of {channels} channels"))?;
            Ok(column(*channels, input.size[0] + 1))
        }
        Operation::Positions { channels, tokens } => {
            let fits = input == column(*channels, *tokens);
            expect(fits, || {
                format!(
                    "it has places for {tokens} tokens of {channels} channels; images of one size give them"
                )
            })?;
            Ok(input)
        }
        Operation::Attention { heads } => {
            let fits = is_column(input) && input.channels.is_multiple_of(3 * heads);
            expect(fits, || format!("it takes tokens of multiples of {} channels", 3 * heads))?;
            Ok(with_channels(input.channels / 3))
        }
        Operation::FirstToken => {
            expect(is_column(input), || "it takes tokens".to_owned())?;
            Ok(column(input.channels, 1))
        }
    }
}

/// Returns the shape of tokens.
fn column(channels: usize, tokens: usize) -> Shape {
    Shape { channels, size: [tokens, 1] }
}

fn is_column(shape: Shape) -> bool {
    shape.size[1] == 1
}

fn expect(holds: bool, expected: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(expected()) }
}

fn convolution(layer: &ConvolutionLayer, input: Shape) -> Result<Shape, String> {
    let [channels_in, channels_out] = layer.channels;
    expect(input.channels == channels_in, || format!("it takes {channels_in} channels"))?;
    let whole = layer.channels.iter().all(|channels| channels % layer.groups == 0);
    expect(whole, || format!("channels in and out are multiples of {} groups", layer.groups))?;
    let spans = layer.kernel.map(|size| (size - 1) * layer.dilation + 1);
    let size = windows(padded(input.size, layer.padding), spans, layer.stride)?;
    Ok(Shape { channels: channels_out, size })
}

fn pooled(pool: &Pool, input: Shape) -> Result<Shape, String> {
    let padded = padded(input.size, pool.reached(input.size));
    Ok(Shape { size: windows(padded, [pool.kernel; 2], pool.stride)?, ..input })
}

fn padded([height, width]: [usize; 2], padding: Padding) -> [usize; 2] {
    [height + padding.top + padding.bottom, width + padding.left + padding.right]
}

/// Returns how many windows fit down and across.
fn windows(padded: [usize; 2], spans: [usize; 2], stride: usize) -> Result<[usize; 2], String> {
    let count = |side: usize, span: usize| {
        let rest = side.checked_sub(span);
        rest.map(|rest| rest / stride + 1).ok_or_else(|| {
            format!("its window is {}×{}; larger images are needed", spans[0], spans[1])
        })
    };
    Ok([count(padded[0], spans[0])?, count(padded[1], spans[1])?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Activation, Convolution, Net};

    #[test]
    fn windows_that_do_not_fit_are_named() {
        let mut net = Net::new();
        let images = net.images();
        let features = net.convolution("stem", images, Convolution::new(3, 8).padding(0));
        let blueprint = net.finish(features);
        assert_eq!(blueprint.shapes(3).unwrap()[1], Shape { channels: 8, size: [1, 1] });
        assert_eq!(
            blueprint.shapes(2).unwrap_err().to_string(),
            "`stem` cannot take 3×2×2: its window is 3×3; larger images are needed"
        );
    }

    #[test]
    fn strides_and_dilations_are_those_of_the_textbook() {
        // Dumoulin and Visin 2016, arXiv:1603.07285: (i + 2p - d(k-1) - 1) / s + 1, rounded down.
        let size = |convolution| {
            let mut net = Net::new();
            let images = net.images();
            let features = net.convolution("conv", images, convolution);
            net.finish(features).shapes(15).unwrap()[1].size[0]
        };
        assert_eq!(size(Convolution::new(7, 8).stride(2)), 8);
        // Padded by 2 for its span of 5.
        assert_eq!(size(Convolution::new(3, 8).dilation(2)), 15);
        assert_eq!(size(Convolution::new(3, 8).dilation(2).padding(0)), 11);
    }

    #[test]
    fn a_sum_of_unequals_is_an_error() {
        let mut net = Net::new();
        let images = net.images();
        let wide = net.conv_norm("wide", images, Convolution::new(1, 8), Activation::Relu);
        let sum = net.add(&[wide, images]);
        let error = net.finish(sum).shapes(4).unwrap_err();
        assert_eq!(error.to_string(), "`add` cannot take 8×4×4 and 3×4×4: it takes equals");
    }
}
