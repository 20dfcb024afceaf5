//! What a model in a file is given: what it states, what was asked for, and plain defaults for the rest.

use std::collections::{BTreeMap, BTreeSet};

use formbench_protocol::{
    Declared, DeclaredSize, ElementType, Fill, Images, Input, InputTensor, Interface, Tensors,
};
use formbench_seed::{ArrayError, ArrayHeader, array_header};

use super::InputError;

/// Height and width of images that are left open, in pixels.
const PIXELS: u32 = 224;
/// Tokens of a text whose length is left open.
const TOKENS: u64 = 128;
/// Heights and widths that experiments take for square images, in pixels.
const SQUARES: std::ops::RangeInclusive<u64> = 32..=1024;
/// Seed of what fills the inputs.
const SEED: u64 = 7;

/// What was asked for of a model's inputs.
#[derive(Clone, Debug, Default)]
pub struct InputWishes {
    /// Sizes of inputs, by name: several where a file is measured at several.
    pub shapes: Vec<(String, Vec<Vec<u64>>)>,
    /// What fills inputs, by name.
    pub fills: Vec<(String, Fill)>,
    /// Height and width of images in pixels.
    pub resolution: Option<u32>,
    /// Images per inference.
    pub batch: Option<u32>,
}

impl InputWishes {
    /// Returns how they are asked for, an option of a command each.
    pub fn words(&self) -> Vec<String> {
        let sizes = |of: &Vec<u64>| of.iter().map(u64::to_string).collect::<Vec<_>>().join("x");
        let shape = |(name, of): &(String, Vec<Vec<u64>>)| {
            format!("--shape {name}={}", of.iter().map(sizes).collect::<Vec<_>>().join(","))
        };
        let fill = |(name, fill): &(String, Fill)| format!("--fill {name}={fill}");
        let resolution = self.resolution.map(|pixels| format!("--resolution {pixels}"));
        let batch = self.batch.map(|images| format!("--batch {images}"));
        let options = resolution.into_iter().chain(batch);
        options.chain(self.shapes.iter().map(shape)).chain(self.fills.iter().map(fill)).collect()
    }

    /// Returns square images as they were asked for.
    pub fn images(&self) -> Images {
        let resolution = self.resolution.unwrap_or(PIXELS);
        Images { batch: self.batch.unwrap_or(1), resolution, seed: SEED }
    }

    /// Returns what inferences of a file are given: one input for each of the sizes that are asked for.
    ///
    /// # Errors
    /// As [`InputWishes::input`], or the inputs are asked for at different numbers of sizes.
    pub fn inputs(&self, interface: &Interface) -> Result<Vec<Input>, InputError> {
        let is_here = |name: &str| interface.inputs.iter().any(|input| input.name == name);
        let here = self.shapes.iter().filter(|(name, _)| is_here(name)).cloned().collect();
        let wishes = Self { shapes: here, ..self.clone() };
        let counts = || wishes.shapes.iter().map(|(_, sizes)| sizes.len());
        let count = counts().max().unwrap_or(1);
        if let Some(other) = counts().find(|found| ![1, count].contains(found)) {
            return Err(InputError::UnequalLists { counts: [other, count] });
        }
        let at = |size: usize| {
            let one = |(name, sizes): &(String, Vec<Vec<u64>>)| {
                let sizes = sizes.iter().cycle().nth(size).cloned();
                (name.clone(), sizes.into_iter().collect())
            };
            let shapes = wishes.shapes.iter().map(one).collect();
            Self { shapes, ..wishes.clone() }.input(interface)
        };
        let mut inputs: Vec<Input> = Vec::new();
        for size in 0..count {
            let input = at(size)?.filled_as(inputs.first());
            if !inputs.contains(&input) {
                inputs.push(input);
            }
        }
        Ok(inputs)
    }

    /// Returns what an inference of a file is given.
    ///
    /// # Errors
    /// An input has no type that can be filled, or leaves a size open that nothing says and no default is plain for; it is
    /// asked for at several sizes, or the array that fills it is another.
    pub fn input(&self, interface: &Interface) -> Result<Input, InputError> {
        if let Some((name, _)) = self.shapes.iter().find(|(_, sizes)| sizes.len() > 1) {
            return Err(InputError::SeveralSizes { name: name.clone() });
        }
        if let Some(images) = square_images(interface, self) {
            return Ok(images.into());
        }
        let wishes = self.with_sizes_of_arrays()?;
        let mut open = BTreeMap::new();
        for declared in &interface.inputs {
            learn(declared, &wishes, &mut open)?;
        }
        let mut tensors = Vec::new();
        for declared in &interface.inputs {
            tensors.push(tensor(declared, &wishes, &mut open)?);
        }
        refuse_ignored(interface, &wishes, &tensors)?;
        Ok(Input::Tensors(Tensors { tensors, seed: SEED }))
    }

    /// Refuses a shape or a fill for an input that is not among those that are there.
    ///
    /// # Errors
    /// The name, with those that are there.
    pub fn check_names<'n>(&self, known: impl Iterator<Item = &'n str>) -> Result<(), InputError> {
        let known: BTreeSet<&str> = known.collect();
        let shapes = self.shapes.iter().map(|(name, _)| name);
        let mut asked = shapes.chain(self.fills.iter().map(|(name, _)| name));
        asked.find(|name| !known.contains(name.as_str())).map_or(Ok(()), |name| {
            let known = known.iter().copied().collect::<Vec<_>>().join(", ");
            Err(InputError::NoSuchInput { name: name.clone(), known })
        })
    }

    /// Returns the wishes with the sizes of arrays that fill an input, where no others are asked for.
    fn with_sizes_of_arrays(&self) -> Result<Self, InputError> {
        let mut wishes = self.clone();
        for (name, fill) in &self.fills {
            if let (Fill::Array(file), None) = (fill, self.shape_of(name)) {
                let ArrayHeader { shape, .. } = array_header(&file.place)?;
                wishes.shapes.push((name.clone(), vec![shape]));
            }
        }
        Ok(wishes)
    }

    fn shape_of(&self, input: &str) -> Option<&[u64]> {
        let found = self.shapes.iter().find(|(name, _)| name == input);
        found.and_then(|(_, sizes)| sizes.first()).map(Vec::as_slice)
    }

    fn fill_of(&self, input: &str) -> Option<Fill> {
        self.fills.iter().find(|(name, _)| name == input).map(|(_, fill)| fill.clone())
    }
}

/// Returns square RGB images, if that is all that a file takes: what networks of ours take too.
fn square_images(interface: &Interface, wishes: &InputWishes) -> Option<Images> {
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
fn learn(
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

fn tensor(
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
fn refuse_ignored(
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
