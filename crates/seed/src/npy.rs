//! Arrays in files of NumPy's format.

use std::fs::{self, File};
use std::path::Path;

use formbench_protocol::{Array, ElementType, Elements, InputTensor, UserFile};
use npyz::{DType, Endianness, NpyHeader, Order, TypeChar, TypeStr};
use sha2::{Digest, Sha256};

/// Why a file cannot fill an input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArrayError {
    /// It cannot be read, or is none of NumPy's.
    #[error("`{path}` cannot be read as an array: {reason}")]
    Unreadable {
        /// Its path.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// It holds elements of which an input has none.
    #[error(
        "`{path}` holds elements of type {found}; save it as floats, whole numbers or truth values, low byte first"
    )]
    Element {
        /// Its path.
        path: String,
        /// What NumPy calls the type.
        found: String,
    },
    /// Its first axis is the one whose elements lie together.
    #[error("`{path}` is in column order; save `numpy.ascontiguousarray` of it")]
    ColumnOrder {
        /// Its path.
        path: String,
    },
    /// It holds something else than the input takes.
    #[error("`{path}` holds {found}; the input is {expected}")]
    Other {
        /// Its path.
        path: String,
        /// Type and extents.
        found: String,
        /// The input with its type and extents.
        expected: String,
    },
    /// It is not what it was when it was named.
    #[error("`{path}` has changed since the run was planned; give the same command again")]
    Changed {
        /// Its path.
        path: String,
    },
}

/// What an array in a file is, without its elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrayHeader {
    /// Type of its elements.
    pub element_type: ElementType,
    /// Its extents; empty for a scalar.
    pub shape: Vec<u64>,
}

/// Returns type and extents of the array in a file.
///
/// # Errors
/// It is no array of NumPy's that can fill an input.
pub fn array_header(place: &Path) -> Result<ArrayHeader, ArrayError> {
    let path = place.display().to_string();
    let file = File::open(place);
    let header = file.and_then(NpyHeader::from_reader).map_err(|error| unreadable(&path, error))?;
    understood(&path, &header)
}

/// Returns the array in a file, which is what an input takes.
///
/// # Errors
/// It cannot be read, has changed since it was named, or is another array than the input takes.
pub(crate) fn array(file: &UserFile, tensor: &InputTensor) -> Result<Array, ArrayError> {
    let path = || file.path.clone();
    let bytes = fs::read(&file.place).map_err(|error| unreadable(&path(), error))?;
    if format!("{:x}", Sha256::digest(&bytes)) != file.sha256 {
        return Err(ArrayError::Changed { path: path() });
    }
    let mut elements = bytes.as_slice();
    let header =
        NpyHeader::from_reader(&mut elements).map_err(|error| unreadable(&path(), error))?;
    let ArrayHeader { element_type, shape } = understood(&file.path, &header)?;
    if element_type != tensor.element_type || shape != tensor.shape {
        let found = format!("{} {shape:?}", element_type.label());
        return Err(ArrayError::Other { path: path(), found, expected: tensor.to_string() });
    }
    let shape: Vec<usize> = shape.iter().map(|size| *size as usize).collect();
    let (bytes, count) = (elements.len(), shape.iter().product::<usize>());
    let elements = Elements::from_bytes(element_type, elements);
    if elements.values().len() == count && elements.bytes().len() == bytes {
        Ok(Array { shape, elements })
    } else {
        Err(unreadable(&path(), "it is cut off, or has more elements than it says"))
    }
}

fn understood(path: &str, header: &NpyHeader) -> Result<ArrayHeader, ArrayError> {
    let found = header.dtype();
    let element_type = match &found {
        DType::Plain(of) => element_type(of),
        _ => None,
    };
    let Some(element_type) = element_type else {
        return Err(ArrayError::Element { path: path.to_owned(), found: found.descr() });
    };
    if header.order() == Order::Fortran && header.shape().len() > 1 {
        return Err(ArrayError::ColumnOrder { path: path.to_owned() });
    }
    Ok(ArrayHeader { element_type, shape: header.shape().to_vec() })
}

/// Returns a type of NumPy's whose elements lie low byte first.
fn element_type(of: &TypeStr) -> Option<ElementType> {
    if of.endianness() == Endianness::Big {
        return None;
    }
    Some(match (of.type_char(), of.size_field()) {
        (TypeChar::Float, 2) => ElementType::F16,
        (TypeChar::Float, 4) => ElementType::F32,
        (TypeChar::Float, 8) => ElementType::F64,
        (TypeChar::Int, 1) => ElementType::I8,
        (TypeChar::Int, 2) => ElementType::I16,
        (TypeChar::Int, 4) => ElementType::I32,
        (TypeChar::Int, 8) => ElementType::I64,
        (TypeChar::Uint, 1) => ElementType::U8,
        (TypeChar::Uint, 2) => ElementType::U16,
        (TypeChar::Uint, 4) => ElementType::U32,
        (TypeChar::Uint, 8) => ElementType::U64,
        (TypeChar::Bool, 1) => ElementType::Bool,
        _ => return None,
    })
}

fn unreadable(path: &str, reason: impl ToString) -> ArrayError {
    ArrayError::Unreadable { path: path.to_owned(), reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use formbench_protocol::{Fill, Input, Tensors};
    use npyz::WriterBuilder;
    use tempfile::TempDir;

    use super::*;
    use crate::arrays;

    /// Writes an array, and returns the tensor that it fills.
    fn written<T: npyz::AutoSerialize>(
        folder: &TempDir,
        order: Order,
        element_type: ElementType,
        elements: Vec<T>,
    ) -> InputTensor {
        let place = folder.path().join("x.npy");
        let file = File::create(&place).unwrap();
        let shape = [2, elements.len() as u64 / 2];
        let options = npyz::WriteOptions::new().default_dtype().shape(&shape).order(order);
        let mut writer = options.writer(file).begin_nd().unwrap();
        writer.extend(elements).unwrap();
        writer.finish().unwrap();
        InputTensor {
            name: "x".to_owned(),
            shape: shape.to_vec(),
            element_type,
            fill: Fill::Array(named(place)),
        }
    }

    fn named(place: PathBuf) -> UserFile {
        let sha256 = format!("{:x}", Sha256::digest(fs::read(&place).unwrap()));
        UserFile { path: "x.npy".to_owned(), sha256, place }
    }

    fn read(tensor: &InputTensor) -> Result<Array, ArrayError> {
        let of = Tensors { tensors: vec![tensor.clone()], seed: 7 };
        arrays(&Input::Tensors(of), 1).map(|mut arrays| arrays.remove(0))
    }

    #[test]
    fn an_array_fills_an_input_of_its_type_and_shape() {
        let folder = tempfile::tempdir().unwrap();
        let tensor = written(&folder, Order::C, ElementType::F32, vec![1.0_f32, 2.0, 3.0, 4.0]);
        assert_eq!(read(&tensor), Ok(Array::floats(&[2, 2], vec![1.0, 2.0, 3.0, 4.0])));
        let tensor = written(&folder, Order::C, ElementType::I64, vec![5_i64, -6]);
        assert_eq!(read(&tensor).unwrap().elements, Elements::I64(vec![5, -6]));
        let tensor = written(&folder, Order::C, ElementType::Bool, vec![true, false]);
        assert_eq!(read(&tensor).unwrap().elements, Elements::Bool(vec![true, false]));
        let place = folder.path().join("x.npy");
        let expected = ArrayHeader { element_type: ElementType::Bool, shape: vec![2, 1] };
        assert_eq!(array_header(&place), Ok(expected));
    }

    #[test]
    fn what_cannot_fill_an_input_says_what_can() {
        let folder = tempfile::tempdir().unwrap();
        let said = |tensor: &InputTensor| read(tensor).unwrap_err().to_string();
        let tensor = written(&folder, Order::C, ElementType::F32, vec![1.0_f64, 2.0]);
        assert_eq!(said(&tensor), "`x.npy` holds f64 [2, 1]; the input is x f32 [2, 1]");
        let tensor = written(&folder, Order::Fortran, ElementType::F32, vec![1.0_f32, 2.0]);
        assert!(said(&tensor).contains("save `numpy.ascontiguousarray` of it"));
        let tensor = written(&folder, Order::C, ElementType::F32, vec![1.0_f32, 2.0]);
        let place = folder.path().join("x.npy");
        let bytes = fs::read(&place).unwrap();
        fs::write(&place, &bytes[..bytes.len() - 1]).unwrap();
        assert!(said(&tensor).contains("has changed since"));
        let cut = InputTensor { fill: Fill::Array(named(place.clone())), ..tensor.clone() };
        assert!(said(&cut).contains("it is cut off"));
        fs::write(&place, "no array").unwrap();
        let none = InputTensor { fill: Fill::Array(named(place.clone())), ..tensor };
        assert!(said(&none).contains("`x.npy` cannot be read as an array"));
        assert!(array_header(&place).is_err());
    }
}
