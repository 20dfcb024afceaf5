use std::sync::{Arc, OnceLock};

use burn::tensor::{DType, Scalar, TensorData};
use burn_ir::{ScalarIr, TensorId};

/// A tensor that does not depend on the input.
#[derive(Debug)]
pub(crate) struct Constant {
    /// The tensor.
    pub(crate) id: TensorId,
    /// Its shape.
    pub(crate) shape: Vec<usize>,
    /// What it holds.
    pub(crate) dtype: DType,
    /// How it came about.
    pub(crate) origin: Origin,
    /// Path of the parameter that it was computed from, if it is not that parameter itself.
    pub(crate) derived_from: Option<Arc<str>>,
    /// None in a reshape, which shares its root's; made on demand where one number is everywhere.
    elements: OnceLock<Arc<TensorData>>,
}

/// How a constant came about, as far as patterns look back.
#[derive(Debug)]
pub(crate) enum Origin {
    /// From data, or by any operation that is not below.
    Given,
    /// One number everywhere.
    Uniform(ScalarIr),
    /// Another constant in another shape.
    Reshaped(Arc<Constant>),
    /// A number added to another constant.
    AddedScalar(Arc<Constant>, f64),
    /// Square root of another constant.
    SquareRoot(Arc<Constant>),
}

impl Constant {
    /// Returns a constant with its elements.
    pub(crate) fn new(id: TensorId, data: TensorData, origin: Origin) -> Self {
        let (shape, dtype) = (data.shape.to_vec(), data.dtype);
        let elements = OnceLock::from(Arc::new(data));
        Self { id, shape, dtype, origin, derived_from: None, elements }
    }

    /// Returns a constant with one number everywhere.
    pub(crate) fn uniform(id: TensorId, shape: Vec<usize>, dtype: DType, value: ScalarIr) -> Self {
        let origin = Origin::Uniform(value);
        Self { id, shape, dtype, origin, derived_from: None, elements: OnceLock::new() }
    }

    /// Returns the constant in another shape, its elements shared.
    pub(crate) fn reshaped(self: &Arc<Self>, id: TensorId, shape: Vec<usize>) -> Self {
        let (origin, dtype) = (Origin::Reshaped(Arc::clone(self)), self.dtype);
        Self { id, shape, dtype, origin, derived_from: None, elements: OnceLock::new() }
    }

    /// Returns the constant as another tensor, its elements shared.
    pub(crate) fn copied(self: &Arc<Self>, id: TensorId) -> Self {
        self.reshaped(id, self.shape.clone())
    }

    /// Returns the constant as one that was computed from the parameter of a path.
    pub(crate) fn derived_from(self, path: Option<Arc<str>>) -> Self {
        Self { derived_from: path, ..self }
    }

    /// Returns the constant that this one, or its reshape's reshape, is a reshape of.
    pub(crate) fn root(self: &Arc<Self>) -> &Arc<Self> {
        match &self.origin {
            Origin::Reshaped(of) => of.root(),
            _ => self,
        }
    }

    /// Returns the number that all its elements are, if it was made from one number.
    pub(crate) fn number(self: &Arc<Self>) -> Option<ScalarIr> {
        match self.root().origin {
            Origin::Uniform(number) => Some(number),
            _ => None,
        }
    }

    /// Returns the elements in the constant's shape, shared where its root has it.
    pub(crate) fn data(self: &Arc<Self>) -> Arc<TensorData> {
        let elements = self.root().elements();
        if elements.shape.as_slice() == self.shape {
            return Arc::clone(elements);
        }
        let mut data = TensorData::clone(elements);
        data.shape = self.shape.clone().into();
        Arc::new(data)
    }

    fn elements(&self) -> &Arc<TensorData> {
        self.elements.get_or_init(|| {
            let Origin::Uniform(value) = self.origin else { unreachable!("only uniform is lazy") };
            let data = TensorData::full_dtype(self.shape.clone(), Scalar::from(value), self.dtype);
            Arc::new(data)
        })
    }
}
