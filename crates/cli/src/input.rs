//! What a model in a file is given: what it states, what was asked for, and plain defaults for the rest.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use formbench_protocol::{
    Declared, DeclaredSize, ElementType, Fill, Images, Input, InputTensor, Interface, Tensors,
};

use crate::arguments::InputArguments;

/// Height and width of images that are left open, in pixels.
const PIXELS: u32 = 224;
/// Tokens of a text whose length is left open.
const TOKENS: u64 = 128;
/// Heights and widths that experiments take for square images, in pixels.
const SQUARES: std::ops::RangeInclusive<u64> = 32..=1024;
/// Seed of what fills the inputs.
const SEED: u64 = 7;

/// Returns square images as they were asked for.
pub fn images(wishes: &InputArguments) -> Images {
    let resolution = wishes.resolution.unwrap_or(PIXELS);
    Images { batch: wishes.batch.unwrap_or(1), resolution, seed: SEED }
}

/// Returns what an inference of a file is given.
///
/// # Errors
/// An input has no type that can be filled, or leaves a size open that nothing says and no default is plain for.
pub fn chosen(interface: &Interface, wishes: &InputArguments) -> Result<Input> {
    if let Some(images) = square_images(interface, wishes) {
        return Ok(images.into());
    }
    let mut open = BTreeMap::new();
    for declared in &interface.inputs {
        learn(declared, wishes, &mut open)?;
    }
    let mut tensors = Vec::new();
    for declared in &interface.inputs {
        tensors.push(tensor(declared, wishes, &mut open)?);
    }
    refuse_ignored(interface, wishes, &tensors)?;
    Ok(Input::Tensors(Tensors { tensors, seed: SEED }))
}

/// Returns square RGB images, if that is all that a file takes: what networks of ours take too.
fn square_images(interface: &Interface, wishes: &InputArguments) -> Option<Images> {
    let [Declared { name, element_type: Some(ElementType::F32), sizes }] =
        interface.inputs.as_slice()
    else {
        return None;
    };
    if wishes.shape_of(name).is_some() || wishes.fill_of(name).is_some() {
        return None;
    }
    let fits = |size: &DeclaredSize, wanted: u64| match size {
        DeclaredSize::Fixed(size) => *size == wanted,
        DeclaredSize::Open(_) => true,
    };
    let asked = wishes.resolution.unwrap_or(PIXELS);
    let resolution = match sizes.as_deref() {
        None => asked,
        Some([batch, channels, height, width])
            if fits(batch, images(wishes).batch.into()) && fits(channels, 3) =>
        {
            match (height, width) {
                (DeclaredSize::Fixed(height), width) if fits(width, *height) => {
                    u32::try_from(*height).ok()?
                }
                (DeclaredSize::Open(_), DeclaredSize::Fixed(width)) => {
                    u32::try_from(*width).ok()?
                }
                (DeclaredSize::Open(_), DeclaredSize::Open(_)) => asked,
                _ => return None,
            }
        }
        Some(_) => return None,
    };
    let is_asked = wishes.resolution.is_none_or(|asked| asked == resolution);
    (is_asked && SQUARES.contains(&resolution.into()))
        .then_some(Images { resolution, ..images(wishes) })
}

/// Learns the sizes of named axes from the shapes that were asked for.
fn learn(
    declared: &Declared,
    wishes: &InputArguments,
    open: &mut BTreeMap<String, u64>,
) -> Result<()> {
    let (Some(given), Some(sizes)) = (wishes.shape_of(&declared.name), &declared.sizes) else {
        return Ok(());
    };
    if given.len() != sizes.len() {
        bail!("input {declared}: expected {} sizes, got {}", sizes.len(), given.len());
    }
    for (size, given) in sizes.iter().zip(given) {
        match size {
            DeclaredSize::Fixed(size) if size != given => {
                bail!("input {declared}: the file fixes {size} where {given} is asked for");
            }
            DeclaredSize::Open(name) if !name.is_empty() => {
                open.insert(name.clone(), *given);
            }
            DeclaredSize::Fixed(_) | DeclaredSize::Open(_) => {}
        }
    }
    Ok(())
}

fn tensor(
    declared: &Declared,
    wishes: &InputArguments,
    open: &mut BTreeMap<String, u64>,
) -> Result<InputTensor> {
    let Some(element_type) = declared.element_type else {
        bail!("input {declared}: nothing can fill it");
    };
    let name = declared.name.clone();
    let shape = match (wishes.shape_of(&name), &declared.sizes) {
        (Some(given), _) => given.to_vec(),
        (None, None) => bail!(
            "input {declared}: the file does not state its shape; give it one, as `--shape {name}=1x3x224x224`"
        ),
        (None, Some(sizes)) => {
            let mut shape = Vec::new();
            for (axis, size) in sizes.iter().enumerate() {
                shape.push(size_of(declared, sizes, axis, size, wishes, open)?);
            }
            shape
        }
    };
    let fill = wishes.fill_of(&name).unwrap_or_else(|| Fill::usual(element_type, &shape));
    Ok(InputTensor { name, shape, element_type, fill })
}

/// Returns the size of an axis: the file's, that of another axis of its name, or the plain default.
fn size_of(
    declared: &Declared,
    sizes: &[DeclaredSize],
    axis: usize,
    size: &DeclaredSize,
    wishes: &InputArguments,
    open: &mut BTreeMap<String, u64>,
) -> Result<u64> {
    let axis_name = match size {
        DeclaredSize::Fixed(size) => return Ok(*size),
        DeclaredSize::Open(name) => name,
    };
    if let Some(size) = open.get(axis_name) {
        return Ok(*size);
    }
    let lower = axis_name.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let pixels = u64::from(wishes.resolution.unwrap_or(PIXELS));
    let is_float = declared.element_type.is_some_and(ElementType::is_float);
    let plain = if says(&["batch"]) {
        Some(images(wishes).batch.into())
    } else if says(&["height", "width"]) || is_float && is_side(sizes, axis) {
        Some(pixels)
    } else if says(&["seq", "len", "token"]) || !is_float && sizes.len() == 2 && axis == 1 {
        Some(TOKENS)
    } else if axis == 0 {
        Some(images(wishes).batch.into())
    } else {
        None
    };
    if let Some(plain) = plain {
        if !axis_name.is_empty() {
            open.insert(axis_name.clone(), plain);
        }
        return Ok(plain);
    }
    let example: Vec<String> = sizes.iter().map(as_example).collect();
    let (axis_name, name) = (size.to_string(), &declared.name);
    bail!(
        "input {declared}: the file leaves `{axis_name}` open; say how large it is, as `--shape {name}={}`",
        example.join("x")
    )
}

/// Refuses a number of images or of pixels that no input takes.
fn refuse_ignored(
    interface: &Interface,
    wishes: &InputArguments,
    tensors: &[InputTensor],
) -> Result<()> {
    let shown: Vec<String> = interface.inputs.iter().map(ToString::to_string).collect();
    let takes = |size: u64| tensors.iter().any(|tensor| tensor.shape.contains(&size));
    let firsts = || tensors.iter().filter_map(|tensor| tensor.shape.first());
    match (wishes.batch, wishes.resolution) {
        (Some(batch), _) if !firsts().any(|first| *first == u64::from(batch)) => {
            bail!("its inputs are {}: none takes {batch} at once", shown.join(", "))
        }
        (_, Some(pixels)) if !takes(pixels.into()) => {
            bail!("its inputs are {}: none takes {pixels} pixels", shown.join(", "))
        }
        _ => Ok(()),
    }
}

/// Refuses a shape or a fill for an input that is not among those that are there.
///
/// # Errors
/// The name, with those that are there.
pub fn check_names<'n>(
    wishes: &InputArguments,
    known: impl Iterator<Item = &'n str>,
) -> Result<()> {
    let known: BTreeSet<&str> = known.collect();
    let shapes = wishes.shapes.iter().map(|(name, _)| name);
    let mut asked = shapes.chain(wishes.fills.iter().map(|(name, _)| name));
    match asked.find(|name| !known.contains(name.as_str())) {
        Some(name) => {
            let known: Vec<&str> = known.into_iter().collect();
            bail!("no input `{name}` is there; known: {}", known.join(", "))
        }
        None => Ok(()),
    }
}

/// Returns whether an axis is the height or width of an image, its channels before it or behind.
fn is_side(sizes: &[DeclaredSize], axis: usize) -> bool {
    let are_channels = |at: usize| matches!(sizes.get(at), Some(DeclaredSize::Fixed(1 | 3)));
    sizes.len() == 4 && (are_channels(1) && axis >= 2 || are_channels(3) && (1..=2).contains(&axis))
}

fn as_example(size: &DeclaredSize) -> String {
    match size {
        DeclaredSize::Fixed(size) => size.to_string(),
        DeclaredSize::Open(_) => "16".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        wishes: InputArguments,
    }

    fn wishes(options: &[&str]) -> InputArguments {
        let line = ["compare"].iter().chain(options);
        Line::try_parse_from(line).unwrap_or_else(|error| panic!("{error}")).wishes
    }

    fn declared(name: &str, element_type: ElementType, sizes: &[&str]) -> Declared {
        let size = |text: &&str| match text.parse() {
            Ok(size) => DeclaredSize::Fixed(size),
            Err(_) => DeclaredSize::Open((*text).to_owned()),
        };
        let sizes = Some(sizes.iter().map(size).collect());
        Declared { name: name.to_owned(), element_type: Some(element_type), sizes }
    }

    fn given(inputs: &[Declared], options: &[&str]) -> Result<String, String> {
        let interface =
            Interface { inputs: inputs.to_vec(), outputs: Vec::new(), remarks: Vec::new() };
        let chosen = chosen(&interface, &wishes(options)).map_err(|error| error.to_string())?;
        let fills = match &chosen {
            Input::Images(_) => Vec::new(),
            Input::Tensors(of) => of.tensors.iter().map(|it| it.fill.to_string()).collect(),
        };
        Ok(format!("{chosen}; {}", fills.join(", ")))
    }

    use ElementType::{F32, I64, U8};

    #[test]
    fn square_images_are_images() {
        for (sizes, options, expected) in [
            (&["batch", "3", "h", "w"][..], &[][..], "batch 1, 224 × 224 pixels; "),
            (&["1", "3", "299", "299"], &[], "batch 1, 299 × 299 pixels; "),
            (&["b", "3", "h", "w"], &["--resolution", "96"], "batch 1, 96 × 96 pixels; "),
            (&["b", "3", "64", "w"], &["--batch", "2"], "batch 2, 64 × 64 pixels; "),
            (&["b", "3", "h", "32"], &[], "batch 1, 32 × 32 pixels; "),
        ] {
            let found = given(&[declared("x", F32, sizes)], options);
            assert_eq!(found.as_deref(), Ok(expected), "{sizes:?}");
        }
    }

    #[test]
    fn other_images_and_texts_are_tensors_with_plain_sizes() {
        for (inputs, options, expected) in [
            (
                vec![declared("x", F32, &["1", "1", "28", "28"])],
                &[][..],
                "x f32 [1, 1, 28, 28]; images",
            ),
            (
                vec![declared("x", F32, &["1", "3", "48", "96"])],
                &[],
                "x f32 [1, 3, 48, 96]; images",
            ),
            (
                vec![declared("x", F32, &["n", "h", "w", "3"])],
                &[],
                "x f32 [1, 224, 224, 3]; uniform",
            ),
            (
                vec![declared("x", U8, &["2", "3", "8", "8"])],
                &[],
                "x u8 [2, 3, 8, 8]; range:0..256",
            ),
            (
                vec![declared("ids", I64, &["b", "s"]), declared("mask", I64, &["b", "s"])],
                &["--shape", "ids=2x16", "--fill", "ids=range:0..30522"],
                "ids i64 [2, 16], mask i64 [2, 16]; range:0..30522, range:0..2",
            ),
            (
                vec![declared("ids", I64, &["n", "length"]), declared("places", I64, &["length"])],
                &[],
                "ids i64 [1, 128], places i64 [128]; range:0..2, range:0..2",
            ),
            (
                vec![declared("ids", I64, &["batch", "sequence"])],
                &["--batch", "4"],
                "ids i64 [4, 128]; range:0..2",
            ),
        ] {
            assert_eq!(given(&inputs, options).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn what_was_asked_for_is_never_ignored() {
        let fixed = [declared("x", F32, &["1", "3", "224", "224"])];
        let error = given(&fixed, &["--batch", "8"]).unwrap_err();
        assert_eq!(error, "its inputs are x f32 [1, 3, 224, 224]: none takes 8 at once");
        let error = given(&fixed, &["--resolution", "96"]).unwrap_err();
        assert_eq!(error, "its inputs are x f32 [1, 3, 224, 224]: none takes 96 pixels");
        let error = check_names(&wishes(&["--shape", "y=1"]), ["x"].into_iter()).unwrap_err();
        assert_eq!(error.to_string(), "no input `y` is there; known: x");
    }

    #[test]
    fn what_nothing_says_is_asked_for_by_name() {
        let error = given(&[declared("x", F32, &["b", "points", "3"])], &[]).unwrap_err();
        let expected = "input x f32 [b, points, 3]: the file leaves `points` open; say how large it is, as `--shape x=16x16x3`";
        assert_eq!(error, expected);
        // The remedy can be followed.
        let followed =
            given(&[declared("x", F32, &["b", "points", "3"])], &["--shape", "x=16x16x3"]);
        assert_eq!(followed.as_deref(), Ok("x f32 [16, 16, 3]; uniform"));
        let error = given(&[declared("x", F32, &["1", "3"])], &["--shape", "x=2x3"]).unwrap_err();
        assert_eq!(error, "input x f32 [1, 3]: the file fixes 1 where 2 is asked for");
        let error = given(&[declared("x", F32, &["1", "3"])], &["--shape", "x=3"]).unwrap_err();
        assert_eq!(error, "input x f32 [1, 3]: expected 2 sizes, got 1");
    }
}
