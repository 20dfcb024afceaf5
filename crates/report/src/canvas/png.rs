use std::path::Path;

use plotters::prelude::{BitMapBackend, DrawingBackend};

use super::replay::{DEVICE_SCALE, Lettering, device_size, replay};
use super::{Canvas, font};
use crate::theme::PNG_SCALE;

/// Device pixels averaged into one pixel of the file, a side.
const FINER: u32 = DEVICE_SCALE / PNG_SCALE;
/// Bytes of a pixel.
const RGB: usize = 3;

/// Writes a canvas as PNG at `PNG_SCALE` pixels per unit; returns the error of plotters if it
/// cannot.
pub(crate) fn write_png(canvas: &Canvas, path: &Path) -> Result<(), String> {
    let (width, height) = device_size(canvas);
    let fine = bitmap(canvas, (width, height))?;
    let size = (width / FINER, height / FINER);
    let mut backend = BitMapBackend::new(path, size);
    backend.blit_bitmap((0, 0), size, &averaged(&fine, size)).map_err(|error| error.to_string())?;
    backend.present().map_err(|error| error.to_string())
}

fn bitmap(canvas: &Canvas, (width, height): (u32, u32)) -> Result<Vec<u8>, String> {
    let lettering = Lettering { font: font::of_bitmap, baseline: font::bitmap_baseline };
    let mut pixels = vec![0; RGB * width as usize * height as usize];
    let mut backend = BitMapBackend::with_buffer(&mut pixels, (width, height));
    replay(canvas, &mut backend, &lettering)?;
    drop(backend);
    Ok(pixels)
}

/// Returns the picture of `size` whose pixels are means of `FINER` × `FINER` pixels of `fine`.
fn averaged(fine: &[u8], (width, height): (u32, u32)) -> Vec<u8> {
    let finer = FINER as usize;
    let row = RGB * width as usize * finer;
    let mut coarse = Vec::with_capacity(RGB * width as usize * height as usize);
    for y in 0..height as usize {
        for x in 0..width as usize {
            for channel in 0..RGB {
                let first = y * finer * row + x * finer * RGB + channel;
                let block =
                    (0..finer * finer).map(|at| first + at / finer * row + at % finer * RGB);
                let sum: usize = block.map(|at| usize::from(fine[at])).sum();
                coarse.push((sum / (finer * finer)) as u8);
            }
        }
    }
    coarse
}
