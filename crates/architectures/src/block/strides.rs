/// Returns the strides of a stage's blocks: only the first may shrink the image.
pub(crate) fn strides(blocks: usize, first: usize) -> impl Iterator<Item = usize> {
    (0..blocks).map(move |index| if index == 0 { first } else { 1 })
}
