use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Refusal, RefusalKind, UserFile};

/// What one inference is given.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// A batch of square RGB images: what every network and pattern takes, and a file with one such input.
    Images(Images),
    /// Tensors by name: what any other file takes.
    Tensors(Tensors),
}

/// A batch of square RGB images of 32-bit floats, NCHW.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Images {
    /// Images per inference.
    pub batch: u32,
    /// Height and width in pixels.
    pub resolution: u32,
    /// Seed of the pixels.
    pub seed: u64,
}

/// The tensors of one inference.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tensors {
    /// One for each input of the model, in the model's order.
    pub tensors: Vec<InputTensor>,
    /// Seed of what fills them.
    pub seed: u64,
}

/// One input of a model.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InputTensor {
    /// The name that the model gives it.
    pub name: String,
    /// Its extents; empty for a scalar.
    pub shape: Vec<u64>,
    /// Type of its elements.
    pub element_type: ElementType,
    /// What it holds.
    pub fill: Fill,
}

/// Types of a tensor's elements, named as in Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ElementType {
    /// 16-bit floating point.
    F16,
    /// 32-bit floating point.
    F32,
    /// 64-bit floating point.
    F64,
    /// 8-bit signed.
    I8,
    /// 16-bit signed.
    I16,
    /// 32-bit signed.
    I32,
    /// 64-bit signed.
    I64,
    /// 8-bit unsigned.
    U8,
    /// 16-bit unsigned.
    U16,
    /// 32-bit unsigned.
    U32,
    /// 64-bit unsigned.
    U64,
    /// True or false.
    Bool,
}

/// What a tensor holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fill {
    /// Images as [`Images`] has them: patches under pixel noise, mean 0 and deviation 1.
    Images,
    /// Uniform noise of mean 0 and deviation 1.
    Uniform,
    /// Whole numbers, each of the range equally likely.
    Range {
        /// The least.
        first: i64,
        /// The largest.
        last: i64,
    },
    /// Zeros, or false.
    Zeros,
    /// What a file in NumPy's format holds, the same in every inference.
    Array(UserFile),
}

/// Channels that an image may have.
const CHANNELS: [u64; 2] = [1, 3];

impl Fill {
    /// Returns what fills a tensor of which only type and shape are known: images where it can be some, noise for other
    /// floats, all values of a byte, and 0 and 1 for other whole numbers, which index whatever there is.
    pub fn usual(element_type: ElementType, shape: &[u64]) -> Self {
        match (element_type, shape) {
            (of, [_, channels, _, _]) if of.is_float() && CHANNELS.contains(channels) => {
                Self::Images
            }
            (of, _) if of.is_float() => Self::Uniform,
            (ElementType::U8, _) => Self::Range { first: 0, last: 255 },
            (ElementType::I8, _) => Self::Range { first: -128, last: 127 },
            _ => Self::Range { first: 0, last: 1 },
        }
    }
}

impl fmt::Display for Fill {
    /// Writes what experiments and commands call it, as `range:0..30522`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Images => f.write_str("images"),
            Self::Uniform => f.write_str("uniform"),
            Self::Range { first, last } => write!(f, "range:{first}..{}", i128::from(*last) + 1),
            Self::Zeros => f.write_str("zeros"),
            Self::Array(file) => f.write_str(&file.path),
        }
    }
}

impl FromStr for Fill {
    type Err = String;

    /// Reads what experiments and commands call it, unless it is a file's path; the end of a range is not in it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let range = |text: &str| {
            let (first, end) = text.split_once("..")?;
            let (first, end) = (first.trim().parse().ok()?, end.trim().parse::<i128>().ok()?);
            let last = i64::try_from(end - 1).ok().filter(|last| *last >= first)?;
            Some(Self::Range { first, last })
        };
        match text {
            "images" => Some(Self::Images),
            "uniform" => Some(Self::Uniform),
            "zeros" => Some(Self::Zeros),
            _ => text.strip_prefix("range:").and_then(range),
        }
        .ok_or_else(|| {
            format!("expected `images`, `uniform`, `zeros`, a file that ends with `.npy` or, as an example, `range:0..30522`, got `{text}`")
        })
    }
}

impl Input {
    /// Returns the images, if it is images that an inference is given.
    pub fn images(&self) -> Option<Images> {
        match self {
            Self::Images(images) => Some(*images),
            Self::Tensors(_) => None,
        }
    }

    /// Returns the images, for an engine that takes nothing else.
    ///
    /// # Errors
    /// A refusal with the inputs that it would have to take.
    pub fn require_images(&self) -> Result<Images, Refusal> {
        self.images().ok_or_else(|| {
            let reason = format!("takes square RGB images, not {self}");
            Refusal::new(RefusalKind::Unsupported, reason)
        })
    }

    /// Returns the seed of what fills it.
    pub fn seed(&self) -> u64 {
        match self {
            Self::Images(images) => images.seed,
            Self::Tensors(tensors) => tensors.seed,
        }
    }

    /// Returns the input without the places of files: what is the same on every machine.
    #[must_use]
    pub fn without_places(&self) -> Self {
        let Self::Tensors(Tensors { tensors, seed }) = self else { return self.clone() };
        let tensors = tensors.iter().map(InputTensor::without_place).collect();
        Self::Tensors(Tensors { tensors, seed: *seed })
    }

    /// Returns the input filled as another of the same tensors at other sizes.
    #[must_use]
    pub fn filled_as(mut self, other: Option<&Self>) -> Self {
        if let (Self::Tensors(of), Some(Self::Tensors(other))) = (&mut self, other) {
            for (tensor, other) in of.tensors.iter_mut().zip(&other.tensors) {
                tensor.fill = other.fill.clone();
            }
        }
        self
    }

    /// Returns the input whose values another seed decides; costs and addresses do not depend on it.
    #[must_use]
    pub fn with_seed(&self, seed: u64) -> Self {
        match self {
            Self::Images(images) => Self::Images(Images { seed, ..*images }),
            Self::Tensors(Tensors { tensors, .. }) => {
                Self::Tensors(Tensors { tensors: tensors.clone(), seed })
            }
        }
    }
}

impl InputTensor {
    fn without_place(&self) -> Self {
        let fill = match &self.fill {
            Fill::Array(file) => Fill::Array(file.without_place()),
            other => other.clone(),
        };
        Self { fill, ..self.clone() }
    }
}

impl Images {
    /// Returns the extents: `[batch, 3, resolution, resolution]`.
    pub fn shape(&self) -> [usize; 4] {
        let side = self.resolution as usize;
        [self.batch as usize, 3, side, side]
    }
}

impl From<Images> for Input {
    fn from(images: Images) -> Self {
        Self::Images(images)
    }
}

impl ElementType {
    /// Every type.
    pub const ALL: [Self; 12] = [
        Self::F16,
        Self::F32,
        Self::F64,
        Self::I8,
        Self::I16,
        Self::I32,
        Self::I64,
        Self::U8,
        Self::U16,
        Self::U32,
        Self::U64,
        Self::Bool,
    ];

    /// Returns whether it is a floating-point type.
    pub fn is_float(self) -> bool {
        matches!(self, Self::F16 | Self::F32 | Self::F64)
    }

    /// Returns the name that data and tables carry.
    pub fn label(self) -> &'static str {
        match self {
            Self::F16 => "f16",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::I8 => "i8",
            Self::I16 => "i16",
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::U64 => "u64",
            Self::Bool => "bool",
        }
    }
}

impl fmt::Display for InputTensor {
    /// Writes name, type and extents, as `tokens i64 [1, 128]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {:?}", self.name, self.element_type.label(), self.shape)
    }
}

impl fmt::Display for Input {
    /// Writes what figures and messages call it, as `batch 1, 224 × 224 pixels`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Images(Images { batch, resolution, .. }) => {
                write!(f, "batch {batch}, {resolution} × {resolution} pixels")
            }
            Self::Tensors(Tensors { tensors, .. }) => {
                let texts: Vec<String> = tensors.iter().map(ToString::to_string).collect();
                f.write_str(&texts.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question() -> Input {
        let tensor = |name: &str, element_type, fill| InputTensor {
            name: name.into(),
            shape: vec![1, 128],
            element_type,
            fill,
        };
        let tokens = tensor("tokens", ElementType::I64, Fill::Range { first: 0, last: 30521 });
        Input::Tensors(Tensors {
            tensors: vec![tokens, tensor("mask", ElementType::Bool, Fill::Zeros)],
            seed: 7,
        })
    }

    #[test]
    fn an_input_crosses_the_pipe_and_says_what_it_is() {
        let images = Input::from(Images { batch: 2, resolution: 96, seed: 7 });
        for (input, text) in [
            (images, "batch 2, 96 × 96 pixels"),
            (question(), "tokens i64 [1, 128], mask bool [1, 128]"),
        ] {
            let line = serde_json::to_string(&input).unwrap();
            assert_eq!(serde_json::from_str::<Input>(&line).unwrap(), input);
            assert_eq!(input.to_string(), text);
        }
        let line = serde_json::to_string(&question()).unwrap();
        let expected = r#"{"name":"tokens","shape":[1,128],"element_type":"i64","fill":{"range":{"first":0,"last":30521}}}"#;
        assert!(line.contains(expected), "{line}");
    }

    #[test]
    fn what_fills_a_tensor_is_read_as_it_is_written() {
        let fills = [
            Fill::Images,
            Fill::Uniform,
            Fill::Zeros,
            Fill::Range { first: 0, last: 30521 },
            Fill::Range { first: -5, last: i64::MAX },
        ];
        for fill in &fills {
            assert_eq!(fill.to_string().parse().as_ref(), Ok(fill));
        }
        assert_eq!(fills[3].to_string(), "range:0..30522");
        for wrong in
            ["range:5..5", "range:5", "range:a..b", "noise", "range:0..9223372036854775809"]
        {
            assert!(wrong.parse::<Fill>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_tensor_is_filled_by_what_its_type_and_shape_suggest() {
        let usual = |of, shape: &[u64]| Fill::usual(of, shape).to_string();
        assert_eq!(usual(ElementType::F32, &[1, 3, 640, 640]), "images");
        assert_eq!(usual(ElementType::F16, &[1, 1, 28, 28]), "images");
        assert_eq!(usual(ElementType::F32, &[1, 28, 28, 3]), "uniform");
        assert_eq!(usual(ElementType::F64, &[]), "uniform");
        assert_eq!(usual(ElementType::U8, &[1, 3, 8, 8]), "range:0..256");
        assert_eq!(usual(ElementType::I64, &[1, 128]), "range:0..2");
    }

    #[test]
    fn a_file_that_fills_a_tensor_is_its_path_and_content() {
        let file =
            UserFile { path: "photo.npy".into(), sha256: "a1".into(), place: "/home/me".into() };
        let fill = Fill::Array(file);
        assert_eq!(fill.to_string(), "photo.npy");
        let tensor = InputTensor {
            name: "x".into(),
            shape: vec![2],
            element_type: ElementType::F32,
            fill: fill.clone(),
        };
        let input = Input::Tensors(Tensors { tensors: vec![tensor], seed: 7 });
        let text = serde_json::to_string(&input.without_places()).unwrap();
        assert!(text.contains("photo.npy") && !text.contains("/home/me"), "{text}");
        assert_eq!(input, input.without_places());
        assert_eq!(question(), question().without_places());
    }

    #[test]
    fn only_images_are_images_and_every_seed_can_be_changed() {
        let images = Images { batch: 2, resolution: 96, seed: 7 };
        assert_eq!(Input::from(images).images(), Some(images));
        assert_eq!(images.shape(), [2, 3, 96, 96]);
        assert_eq!(question().images(), None);
        let refusal = question().require_images().unwrap_err();
        let expected = "takes square RGB images, not tokens i64 [1, 128], mask bool [1, 128]";
        assert_eq!(refusal.reason, expected);
        for input in [images.into(), question()] {
            assert_eq!(input.with_seed(8).seed(), 8);
            assert_eq!(input.with_seed(8).with_seed(7), input);
        }
    }
}
