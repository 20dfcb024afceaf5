use formbench_protocol::{Images, Input, InputTensor, Tensors};

/// What an inference is given, whatever fills it: three columns of several tables.
///
/// Square RGB images have a batch and a resolution; anything else is a list of tensors.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InputShape {
    /// Images per inference.
    pub batch: Option<u32>,
    /// Height and width of the images, in pixels.
    pub resolution: Option<u32>,
    /// The tensors as a JSON array.
    pub inputs: Option<String>,
}

impl InputShape {
    /// Returns the tensors in words, such as `tokens i64 [1, 128]`; nothing if the input is images.
    pub fn tensors(&self) -> Option<String> {
        let text = self.inputs.as_ref()?;
        let Ok(tensors) = serde_json::from_str::<Vec<InputTensor>>(text) else {
            return Some(text.clone());
        };
        Some(tensors.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
    }
}

impl From<&Input> for InputShape {
    fn from(input: &Input) -> Self {
        match &input.without_places() {
            Input::Images(Images { batch, resolution, .. }) => {
                Self { batch: Some(*batch), resolution: Some(*resolution), inputs: None }
            }
            Input::Tensors(Tensors { tensors, .. }) => {
                Self { inputs: Some(serde_json::json!(tensors).to_string()), ..Self::default() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use formbench_protocol::{ElementType, Fill};

    use super::*;

    #[test]
    fn images_have_a_batch_and_a_resolution_and_tensors_have_words() {
        let images = Input::from(Images { batch: 2, resolution: 96, seed: 7 });
        let expected = InputShape { batch: Some(2), resolution: Some(96), inputs: None };
        assert_eq!(InputShape::from(&images), expected);
        assert_eq!(expected.tensors(), None);
        let tokens = InputTensor {
            name: "tokens".into(),
            shape: vec![1, 128],
            element_type: ElementType::I64,
            fill: Fill::Range { first: 0, last: 30521 },
        };
        let shape = |tensors| InputShape::from(&Input::Tensors(Tensors { tensors, seed: 7 }));
        let one = shape(vec![tokens.clone()]);
        assert_eq!((one.batch, one.resolution), (None, None));
        assert_eq!(one.tensors().as_deref(), Some("tokens i64 [1, 128]"));
        // What fills a tensor can decide how long an inference takes.
        assert_ne!(one, shape(vec![InputTensor { fill: Fill::Zeros, ..tokens }]));
    }
}
