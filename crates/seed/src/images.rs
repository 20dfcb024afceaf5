//! The images every engine sees: a function of the input's seed alone.

use formbench_protocol::Images;

use crate::Stream;

/// Channels of an image.
const CHANNELS: usize = 3;
/// Patches along each side of an image.
const PATCHES: usize = 4;
/// Standard deviations of the patches and of the noise on them; their squares add up to one.
const DEVIATIONS: [f32; 2] = [0.8, 0.6];

/// Returns the pixels of a batch, mean 0 and standard deviation 1.
///
/// An image is a grid of flat patches under pixel noise: pure noise would average out in global
/// pooling, and all images would have nearly the same logits. Variants are different batches of
/// one input, so that an inference need not repeat the one before it.
///
/// # Shapes
/// - returns: `[batch, 3, resolution, resolution]` in row order
pub fn images(input: &Images, variant: u32) -> Vec<f32> {
    let side = input.resolution as usize;
    let key: [&[u8]; 3] = [b"images", &input.seed.to_le_bytes(), &variant.to_le_bytes()];
    let mut stream = Stream::new(&key);
    (0..input.batch).flat_map(|_| image(&mut stream, CHANNELS, side, side)).collect()
}

/// Returns the next image, `[channels, height, width]` in row order.
pub(crate) fn image(stream: &mut Stream, channels: usize, height: usize, width: usize) -> Vec<f32> {
    let [patches, noise] = DEVIATIONS.map(|deviation| deviation * 3_f32.sqrt());
    let patches = stream.uniform(channels * PATCHES * PATCHES, 0.0, patches);
    let mut pixels = stream.uniform(channels * height * width, 0.0, noise);
    for (at, pixel) in pixels.iter_mut().enumerate() {
        let (channel, y, x) = (at / (height * width), at / width % height, at % width);
        let (row, column) = (y * PATCHES / height, x * PATCHES / width);
        *pixel += patches[(channel * PATCHES + row) * PATCHES + column];
    }
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;

    const INPUT: Images = Images { batch: 2, resolution: 64, seed: 7 };

    #[test]
    fn pixels_have_mean_zero_and_deviation_one() {
        let pixels = images(&Images { batch: 80, ..INPUT }, 0);
        let count = pixels.len() as f64;
        let mean = pixels.iter().map(|v| f64::from(*v)).sum::<f64>() / count;
        let square = pixels.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>() / count;
        // 80·3·16 patches of deviation 0.8: standard error of the mean 0.8 / sqrt(3840) = 0.013.
        assert!(mean.abs() < 0.05, "{mean}");
        // Variance of 0.8² + 0.6² = 1.
        assert!((square - 1.0).abs() < 0.05, "{square}");
    }

    #[test]
    fn an_image_does_not_depend_on_the_batch_it_is_in() {
        let one = images(&Images { batch: 1, ..INPUT }, 0);
        let two = images(&INPUT, 0);
        assert_eq!(two.len(), 2 * 3 * 64 * 64);
        assert_eq!(one, two[..one.len()]);
        assert_ne!(one, two[one.len()..]);
    }

    #[test]
    fn seeds_and_variants_change_every_image() {
        let first = images(&INPUT, 0);
        assert_ne!(first, images(&INPUT, 1));
        assert_ne!(first, images(&Images { seed: 8, ..INPUT }, 0));
        assert_eq!(first, images(&INPUT, 0));
    }
}
