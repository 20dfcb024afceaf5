//! How figures name architectures that have inputs of their own.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use formbench_store::CellRow;

use crate::series::conditions;

/// What a figure calls architectures of which each has its own images: a name has them only where
/// they are not the usual ones.
pub struct Images {
    /// Batch and resolution of most cells.
    usual: [u32; 2],
    /// Whether any cell has others.
    vary: [bool; 2],
}

impl Images {
    /// Returns what is usual among cells.
    pub fn of<'a>(cells: impl Iterator<Item = &'a CellRow> + Clone) -> Self {
        let most = |counts: &BTreeMap<u32, usize>| {
            let usual = counts.iter().min_by_key(|(value, count)| (Reverse(**count), **value));
            usual.map_or(0, |(value, _)| *value)
        };
        let counts = [0, 1].map(|at| {
            let mut counts = BTreeMap::new();
            cells.clone().for_each(|cell| *counts.entry(values(cell)[at]).or_default() += 1);
            counts
        });
        Self {
            usual: [0, 1].map(|at| most(&counts[at])),
            vary: [0, 1].map(|at| counts[at].len() > 1),
        }
    }

    /// Returns what an architecture is called at a cell's images.
    pub fn label(&self, architecture: &str, cell: &CellRow) -> String {
        let [_, batch, resolution] = conditions(cell);
        let said = [batch, resolution].into_iter().zip(values(cell)).zip(self.usual);
        let unusual = said.filter(|((_, value), usual)| value != usual);
        unusual.fold(architecture.to_string(), |name, ((text, _), _)| format!("{name}, {text}"))
    }

    /// Returns the beginning of a caption: the images that names leave out, if any name has its
    /// own.
    pub fn sentence(&self) -> String {
        let [batch, resolution] = self.usual;
        let [_, batch, resolution] =
            conditions(&CellRow { batch, resolution, ..CellRow::default() });
        let said = [batch, resolution].into_iter().zip(self.vary).filter(|(_, varies)| *varies);
        let said: Vec<String> = said.map(|(text, _)| text).collect();
        if said.is_empty() {
            return String::new();
        }
        format!("Where a name says no other: {}. ", said.join(", "))
    }
}

fn values(cell: &CellRow) -> [u32; 2] {
    [cell.batch, cell.resolution]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(batch: u32, resolution: u32) -> CellRow {
        CellRow { batch, resolution, ..CellRow::default() }
    }

    #[test]
    fn only_unusual_images_are_said() {
        let cells = [cell(1, 224), cell(1, 299), cell(1, 224)];
        let images = Images::of(cells.iter());
        let labels = cells.each_ref().map(|cell| images.label("net", cell));
        assert_eq!(labels, ["net", "net, 299 × 299 pixels", "net"]);
        assert_eq!(images.sentence(), "Where a name says no other: 224 × 224 pixels. ");
    }

    #[test]
    fn what_does_not_vary_is_left_to_the_conditions() {
        let images = Images::of([cell(4, 96)].iter());
        assert_eq!(
            (images.label("net", &cell(4, 96)), images.sentence()),
            ("net".into(), "".into())
        );
        assert_eq!(Images::of([].iter()).sentence(), "");
    }
}
