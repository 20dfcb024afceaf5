//! What is asked for of a model's inputs, and what an inference is given then.

use std::collections::{BTreeMap, BTreeSet};

use formbench_protocol::{Fill, Images, Input, Interface, Tensors};
use formbench_seed::{ArrayHeader, array_header};

use super::InputError;
use super::input::{PIXELS, learn, refuse_ignored, square_images, tensor};

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

    pub(super) fn shape_of(&self, input: &str) -> Option<&[u64]> {
        let found = self.shapes.iter().find(|(name, _)| name == input);
        found.and_then(|(_, sizes)| sizes.first()).map(Vec::as_slice)
    }

    pub(super) fn fill_of(&self, input: &str) -> Option<Fill> {
        self.fills.iter().find(|(name, _)| name == input).map(|(_, fill)| fill.clone())
    }
}
