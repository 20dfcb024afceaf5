//! An input of a model: what its file states, what was asked for, and plain defaults for the rest.

use std::collections::BTreeMap;

use formbench_protocol::{
    Declared, DeclaredSize, ElementType, Fill, Images, InputTensor, Interface,
};
use formbench_seed::{ArrayError, ArrayHeader, array_header};

use super::{InputError, InputWishes};

/// Height and width of images that are left open, in pixels.
pub(super) const PIXELS: u32 = 224;
/// Tokens of a text whose length is left open.
const TOKENS: u64 = 128;
/// Heights and widths that experiments take for square images, in pixels.
const SQUARES: std::ops::RangeInclusive<u64> = 32..=1024;
/// Returns square RGB images, if that is all that a file takes: what networks of ours take too.
pub(super) fn square_images(interface: &Interface, wishes: &InputWishes) -> Option<Images> {
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
            if fits(batch, wishes.images().batch.into()) && fits(channels, 3) =>
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
        .then_some(Images { resolution, ..wishes.images() })
}

/// Learns the sizes of named axes from the shapes that were asked for.
pub(super) fn learn(
    declared: &Declared,
    wishes: &InputWishes,
    open: &mut BTreeMap<String, u64>,
) -> Result<(), InputError> {
    let (Some(given), Some(sizes)) = (wishes.shape_of(&declared.name), &declared.sizes) else {
        return Ok(());
    };
    if given.len() != sizes.len() {
        let (input, expected) = (declared.to_string(), sizes.len());
        return Err(InputError::OtherRank { input, expected, given: given.len() });
    }
    for (size, given) in sizes.iter().zip(given) {
        match size {
            DeclaredSize::Fixed(size) if size != given => {
                let input = declared.to_string();
                return Err(InputError::OtherSize { input, size: *size, given: *given });
            }
            DeclaredSize::Open(name) if !name.is_empty() => {
                open.insert(name.clone(), *given);
            }
            DeclaredSize::Fixed(_) | DeclaredSize::Open(_) => {}
        }
    }
    Ok(())
}

pub(super) fn tensor(
    declared: &Declared,
    wishes: &InputWishes,
    open: &mut BTreeMap<String, u64>,
) -> Result<InputTensor, InputError> {
    let Some(element_type) = declared.element_type else {
        return Err(InputError::Unfillable { input: declared.to_string() });
    };
    let name = declared.name.clone();
    let shape = match (wishes.shape_of(&name), &declared.sizes) {
        (Some(given), _) => given.to_vec(),
        (None, None) => {
            return Err(InputError::NoShape { input: declared.to_string(), name });
        }
        (None, Some(sizes)) => {
            let mut shape = Vec::new();
            for (axis, size) in sizes.iter().enumerate() {
                shape.push(size_of(declared, sizes, axis, size, wishes, open)?);
            }
            shape
        }
    };
    let fill = wishes.fill_of(&name).unwrap_or_else(|| Fill::usual(element_type, &shape));
    let tensor = InputTensor { name, shape, element_type, fill };
    check_array(&tensor)?;
    Ok(tensor)
}

/// Refuses an array that is not what the input takes.
fn check_array(tensor: &InputTensor) -> Result<(), ArrayError> {
    let Fill::Array(file) = &tensor.fill else { return Ok(()) };
    let ArrayHeader { element_type, shape } = array_header(&file.place)?;
    if element_type == tensor.element_type && shape == tensor.shape {
        return Ok(());
    }
    let found = format!("{} {shape:?}", element_type.label());
    Err(ArrayError::Other { path: file.path.clone(), found, expected: tensor.to_string() })
}

/// Returns the size of an axis: the file's, that of another axis of its name, or the plain default.
fn size_of(
    declared: &Declared,
    sizes: &[DeclaredSize],
    axis: usize,
    size: &DeclaredSize,
    wishes: &InputWishes,
    open: &mut BTreeMap<String, u64>,
) -> Result<u64, InputError> {
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
        Some(wishes.images().batch.into())
    } else if says(&["height", "width"]) || is_float && is_side(sizes, axis) {
        Some(pixels)
    } else if says(&["seq", "len", "token"]) || !is_float && sizes.len() == 2 && axis == 1 {
        Some(TOKENS)
    } else if axis == 0 {
        Some(wishes.images().batch.into())
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
    Err(InputError::OpenSize {
        input: declared.to_string(),
        axis: size.to_string(),
        name: declared.name.clone(),
        example: example.join("x"),
    })
}

/// Refuses a number of images or of pixels that no input takes.
pub(super) fn refuse_ignored(
    interface: &Interface,
    wishes: &InputWishes,
    tensors: &[InputTensor],
) -> Result<(), InputError> {
    let refused = |asked: String| {
        let shown: Vec<String> = interface.inputs.iter().map(ToString::to_string).collect();
        Err(InputError::NotTaken { inputs: shown.join(", "), asked })
    };
    let takes = |size: u64| tensors.iter().any(|tensor| tensor.shape.contains(&size));
    let firsts = || tensors.iter().filter_map(|tensor| tensor.shape.first());
    match (wishes.batch, wishes.resolution) {
        (Some(batch), _) if !firsts().any(|first| *first == u64::from(batch)) => {
            refused(format!("{batch} at once"))
        }
        (_, Some(pixels)) if !takes(pixels.into()) => refused(format!("{pixels} pixels")),
        _ => Ok(()),
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
    use formbench_protocol::Input;

    use super::*;

    /// Returns wishes written as the command takes them.
    fn wishes(options: &[&str]) -> InputWishes {
        let mut wishes = InputWishes::default();
        for pair in options.chunks(2) {
            let named = || {
                let (name, value) = pair[1].split_once('=').unwrap();
                (name.to_owned(), value)
            };
            match pair[0] {
                "--batch" => wishes.batch = Some(pair[1].parse().unwrap()),
                "--resolution" => wishes.resolution = Some(pair[1].parse().unwrap()),
                "--shape" => {
                    let (name, sizes) = named();
                    let shape =
                        |text: &str| text.split('x').map(|size| size.parse().unwrap()).collect();
                    wishes.shapes.push((name, sizes.split(',').map(shape).collect()));
                }
                "--fill" => {
                    let (name, fill) = named();
                    wishes.fills.push((name, fill.parse().unwrap()));
                }
                other => panic!("{other}"),
            }
        }
        wishes
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
            Interface { inputs: inputs.to_vec(), outputs: vec![], checks: vec![], remarks: vec![] };
        let chosen = wishes(options).inputs(&interface).map_err(|error| error.to_string())?;
        let one = |chosen: &Input| {
            let fills = match chosen {
                Input::Images(_) => Vec::new(),
                Input::Tensors(of) => of.tensors.iter().map(|it| it.fill.to_string()).collect(),
            };
            format!("{chosen}; {}", fills.join(", "))
        };
        Ok(chosen.iter().map(one).collect::<Vec<_>>().join(" | "))
    }

    #[test]
    fn wishes_are_written_as_they_are_read() {
        let options =
            ["--resolution", "96", "--batch", "2", "--shape", "x=1x3,1x4", "--fill", "x=zeros"];
        let expected = options.chunks(2).map(|pair| pair.join(" ")).collect::<Vec<_>>();
        assert_eq!(wishes(&options).words(), expected);
    }

    #[test]
    fn a_file_is_given_each_of_the_sizes_that_are_listed() {
        let text = [declared("ids", I64, &["b", "s"]), declared("mask", I64, &["b", "s"])];
        let found = given(&text, &["--shape", "ids=1x16,1x32"]);
        let expected = "ids i64 [1, 16], mask i64 [1, 16]; range:0..2, range:0..2 | \
                        ids i64 [1, 32], mask i64 [1, 32]; range:0..2, range:0..2";
        assert_eq!(found.as_deref(), Ok(expected));
        let unequal = given(&text, &["--shape", "ids=1x16,1x32", "--shape", "mask=1x1,1x2,1x3"]);
        let expected =
            "shapes are listed for 2 and for 3 sizes; list as many for each input, or one";
        assert_eq!(unequal.unwrap_err(), expected);
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
        let error = wishes(&["--shape", "y=1"]).check_names(["x"].into_iter()).unwrap_err();
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
