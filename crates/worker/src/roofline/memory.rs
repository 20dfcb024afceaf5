//! The triad `a = b + s · c` over arrays that no cache holds (McCalpin 1995, STREAM).

use super::Share;

/// Floats in the three arrays of all threads together: 400 MB, many times a last-level cache. Not a
/// power of two: accesses to arrays that lie a multiple of a page apart would slow each other down.
const FLOATS: usize = 100_000_000;

/// Returns what one of `threads` threads moves: its share of the arrays, touched before the clock
/// starts.
pub fn set_up(threads: usize) -> impl Fn() -> Share + Sync {
    move || (vec![1.0; FLOATS / threads], triad)
}

/// Returns the bytes read and written; a cache that reads a line before it is overwritten moves
/// more, which is not counted.
fn triad(arrays: &mut [f32]) -> u64 {
    let third = arrays.len() / 3;
    let scale = std::hint::black_box(3.0);
    let (a, rest) = arrays.split_at_mut(third);
    let (b, c) = rest.split_at(third);
    for ((a, b), c) in a.iter_mut().zip(b).zip(c) {
        *a = b + scale * c;
    }
    3 * size_of::<f32>() as u64 * third as u64
}
