//! The tensors of one inference, whatever the model takes.

use formbench_protocol::{Array, ElementType, Elements, Fill, Images, Input, InputTensor};
use half::f16;

use crate::images::{self, images};
use crate::npy::{self, ArrayError};
use crate::stream::Stream;

/// Half the width of a uniform distribution of deviation 1: the square root of 3.
const UNIFORM: f32 = 1.732_050_8;

/// Returns what an inference is given, in the model's order.
///
/// Variants are different tensors of one input, so that an inference need not repeat the one before it; what lies in a file
/// is the same in each.
///
/// # Errors
/// A file does not hold what fills its input.
pub fn arrays(input: &Input, variant: u32) -> Result<Vec<Array>, ArrayError> {
    match input {
        Input::Images(of) => Ok(vec![batch(of, variant)]),
        Input::Tensors(of) => {
            of.tensors.iter().map(|tensor| array(tensor, of.seed, variant)).collect()
        }
    }
}

fn batch(of: &Images, variant: u32) -> Array {
    Array::floats(&of.shape(), images(of, variant))
}

fn array(tensor: &InputTensor, seed: u64, variant: u32) -> Result<Array, ArrayError> {
    let shape: Vec<usize> = tensor.shape.iter().map(|size| *size as usize).collect();
    let count = shape.iter().product();
    let name = tensor.name.as_bytes();
    let mut stream = Stream::new(&[b"tensor", name, &seed.to_le_bytes(), &variant.to_le_bytes()]);
    let elements = match &tensor.fill {
        Fill::Images => floats(tensor.element_type, planes(&mut stream, &shape)),
        Fill::Uniform => floats(tensor.element_type, stream.uniform(count, 0.0, UNIFORM)),
        Fill::Range { first, last } => {
            whole(tensor.element_type, &stream.whole(count, *first, *last))
        }
        Fill::Zeros => whole(tensor.element_type, &vec![0; count]),
        Fill::Array(file) => return npy::array(file, tensor),
    };
    Ok(Array { shape, elements })
}

/// Returns images of the last two axes' height and width, and as many channels as the axis before them says.
fn planes(stream: &mut Stream, shape: &[usize]) -> Vec<f32> {
    let padded = [&[1; 3][shape.len().min(3)..], shape].concat();
    let (outer, image) = padded.split_at(padded.len() - 3);
    let [channels, height, width] = [image[0], image[1], image[2]];
    let count: usize = outer.iter().product();
    (0..count).flat_map(|_| images::image(stream, channels, height, width)).collect()
}

/// Returns floats as elements of a type; whole numbers are rounded, and a truth value is whether one is positive.
fn floats(element_type: ElementType, floats: Vec<f32>) -> Elements {
    match element_type {
        ElementType::F16 => Elements::F16(floats.into_iter().map(f16::from_f32).collect()),
        ElementType::F32 => Elements::F32(floats),
        ElementType::F64 => Elements::F64(floats.into_iter().map(f64::from).collect()),
        ElementType::Bool => Elements::Bool(floats.into_iter().map(|it| it > 0.0).collect()),
        _ => {
            let rounded: Vec<i64> = floats.into_iter().map(|it| it.round() as i64).collect();
            whole(element_type, &rounded)
        }
    }
}

/// Returns whole numbers as elements of a type; what its range does not hold wraps around.
fn whole(element_type: ElementType, numbers: &[i64]) -> Elements {
    fn each<T>(numbers: &[i64], convert: impl Fn(i64) -> T) -> Vec<T> {
        numbers.iter().map(|number| convert(*number)).collect()
    }
    match element_type {
        ElementType::F16 => Elements::F16(each(numbers, |number| f16::from_f32(number as f32))),
        ElementType::F32 => Elements::F32(each(numbers, |number| number as f32)),
        ElementType::F64 => Elements::F64(each(numbers, |number| number as f64)),
        ElementType::I8 => Elements::I8(each(numbers, |number| number as i8)),
        ElementType::I16 => Elements::I16(each(numbers, |number| number as i16)),
        ElementType::I32 => Elements::I32(each(numbers, |number| number as i32)),
        ElementType::I64 => Elements::I64(numbers.to_vec()),
        ElementType::U8 => Elements::U8(each(numbers, |number| number as u8)),
        ElementType::U16 => Elements::U16(each(numbers, |number| number as u16)),
        ElementType::U32 => Elements::U32(each(numbers, |number| number as u32)),
        ElementType::U64 => Elements::U64(each(numbers, |number| number as u64)),
        ElementType::Bool => Elements::Bool(each(numbers, |number| number != 0)),
    }
}

#[cfg(test)]
mod tests {
    use formbench_protocol::{Tensors, Values};

    use super::*;

    fn one(shape: &[u64], element_type: ElementType, fill: Fill) -> Input {
        let (name, shape) = ("it".to_owned(), shape.to_vec());
        let tensor = InputTensor { name, shape, element_type, fill };
        Input::Tensors(Tensors { tensors: vec![tensor], seed: 7 })
    }

    fn whole_numbers(input: &Input) -> Vec<i64> {
        match arrays(input, 0).unwrap()[0].elements.values() {
            Values::Whole(numbers) => numbers,
            Values::Floats(_) => panic!("whole numbers"),
        }
    }

    #[test]
    fn images_are_one_array_with_the_pixels_of_old() {
        let of = Images { batch: 2, resolution: 32, seed: 7 };
        let expected = Array::floats(&[2, 3, 32, 32], images(&of, 1));
        assert_eq!(arrays(&of.into(), 1), Ok(vec![expected]));
    }

    #[test]
    fn a_range_is_met_at_both_ends_and_never_left() {
        let numbers =
            whole_numbers(&one(&[4, 250], ElementType::I64, Fill::Range { first: -2, last: 5 }));
        assert_eq!(numbers.len(), 1000);
        assert_eq!((numbers.iter().min(), numbers.iter().max()), (Some(&-2), Some(&5)));
        let bytes =
            whole_numbers(&one(&[1000], ElementType::U8, Fill::Range { first: 0, last: 255 }));
        // A mean of 127.5 with a standard error of 73.9 / √1000 = 2.3.
        let mean = bytes.iter().sum::<i64>() as f64 / 1000.0;
        assert!((mean - 127.5).abs() < 10.0, "{mean}");
    }

    #[test]
    fn zeros_are_zero_and_a_scalar_is_one_element() {
        assert_eq!(whole_numbers(&one(&[3], ElementType::I32, Fill::Zeros)), [0, 0, 0]);
        let scalar = &arrays(&one(&[], ElementType::F32, Fill::Uniform), 0).unwrap()[0];
        assert_eq!((scalar.shape.len(), scalar.elements.values().len()), (0, 1));
    }

    #[test]
    fn images_of_any_shape_have_patches() {
        for shape in [&[1, 1, 28, 28][..], &[2, 3, 48, 80], &[12, 20]] {
            let array = &arrays(&one(shape, ElementType::F32, Fill::Images), 0).unwrap()[0];
            let count: u64 = shape.iter().product();
            let floats = array.as_floats().unwrap();
            assert_eq!(floats.len() as u64, count);
            // Neighbours share a patch of variance 0.64 of 1, so that they are alike.
            let width = *shape.last().unwrap() as usize;
            let pairs = floats.chunks(width).flat_map(|row| row.windows(2));
            let (sum, pairs) = pairs.fold((0.0, 0), |(sum, count), pair| {
                (sum + (pair[0] - pair[1]).powi(2), count + 1)
            });
            // Two of one patch differ by noise of variance 0.36 each; strangers by 2.
            assert!(sum / (pairs as f32) < 1.4, "{shape:?}: {}", sum / pairs as f32);
        }
    }

    #[test]
    fn names_seeds_and_variants_change_what_is_given() {
        let input = one(&[64], ElementType::F32, Fill::Uniform);
        let first = arrays(&input, 0);
        assert_eq!(first, arrays(&input, 0));
        assert_ne!(first, arrays(&input, 1));
        assert_ne!(first, arrays(&input.with_seed(8), 0));
        let Input::Tensors(mut other) = input else { panic!("tensors") };
        other.tensors[0].name = "other".to_owned();
        assert_ne!(first, arrays(&Input::Tensors(other), 0));
    }
}
