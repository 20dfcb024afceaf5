//! How figures name architectures that have inputs of their own.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use formbench_store::CellRow;

use crate::series::input_words;

/// What a figure calls architectures of which each has its own inputs: a name has them only where
/// they are not the usual ones.
pub struct UsualInputs {
    /// What most cells have: batch, pixels, and inputs that are no images.
    usual: Words,
    /// Whether any cell has others.
    vary: [bool; 3],
}

/// What figures say of an input; see [`input_words`].
type Words = [Option<String>; 3];

impl UsualInputs {
    /// Returns what is usual among cells.
    pub fn of<'a>(cells: impl Iterator<Item = &'a CellRow> + Clone) -> Self {
        let counts = [0, 1, 2].map(|at| {
            let mut counts: BTreeMap<(u32, Option<String>), usize> = BTreeMap::new();
            for cell in cells.clone() {
                let [batch, resolution] =
                    [cell.batch, cell.resolution].map(Option::unwrap_or_default);
                let place = [batch, resolution, 0][at];
                let words = input_words(&cell.input_shape())[at].clone();
                *counts.entry((place, words)).or_default() += 1;
            }
            counts
        });
        let most = |counts: &BTreeMap<(u32, Option<String>), usize>| {
            // The smaller of two that are as frequent.
            let usual =
                counts.iter().min_by_key(|(value, count)| (Reverse(**count), (*value).clone()));
            usual.and_then(|((_, words), _)| words.clone())
        };
        Self { usual: counts.each_ref().map(most), vary: counts.map(|counts| counts.len() > 1) }
    }

    /// Returns what an architecture is called at a cell's inputs.
    pub fn label(&self, architecture: &str, cell: &CellRow) -> String {
        let words = input_words(&cell.input_shape()).into_iter().zip(&self.usual);
        let unusual = words.filter(|(words, usual)| words != *usual).filter_map(|(words, _)| words);
        unusual.fold(architecture.to_string(), |name, text| format!("{name}, {text}"))
    }

    /// Returns the beginning of a caption: the inputs that names leave out, if any name has its
    /// own.
    pub fn sentence(&self) -> String {
        let said = self.usual.iter().zip(self.vary).filter(|(_, varies)| *varies);
        let said: Vec<&str> = said.filter_map(|(text, _)| text.as_deref()).collect();
        if said.is_empty() {
            return String::new();
        }
        format!("Where a name says no other: {}. ", said.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(batch: u32, resolution: u32) -> CellRow {
        CellRow { batch: Some(batch), resolution: Some(resolution), ..CellRow::default() }
    }

    #[test]
    fn only_unusual_images_are_said() {
        let cells = [cell(1, 224), cell(1, 299), cell(1, 224)];
        let images = UsualInputs::of(cells.iter());
        let labels = cells.each_ref().map(|cell| images.label("net", cell));
        assert_eq!(labels, ["net", "net, 299 × 299 pixels", "net"]);
        assert_eq!(images.sentence(), "Where a name says no other: 224 × 224 pixels. ");
    }

    #[test]
    fn what_does_not_vary_is_left_to_the_conditions() {
        let images = UsualInputs::of([cell(4, 96)].iter());
        assert_eq!(
            (images.label("net", &cell(4, 96)), images.sentence()),
            ("net".into(), "".into())
        );
        assert_eq!(UsualInputs::of([].iter()).sentence(), "");
    }

    #[test]
    fn an_input_that_is_no_image_is_said_in_its_own_words() {
        let inputs = r#"[{"name":"tokens","shape":[1,128],"element_type":"i64","fill":"zeros"}]"#;
        let text = CellRow { inputs: Some(inputs.into()), ..CellRow::default() };
        let cells = [cell(1, 224), cell(1, 224), text];
        let images = UsualInputs::of(cells.iter());
        let labels = cells.each_ref().map(|cell| images.label("net", cell));
        assert_eq!(labels, ["net", "net", "net, tokens i64 [1, 128]"]);
        let expected = "Where a name says no other: batch 1, 224 × 224 pixels. ";
        assert_eq!(images.sentence(), expected);
    }
}
