//! Which network is the most accurate in a given time, of those that were trained alike? As `accuracy-by-latency`, of one
//! recipe.
//! Reads: cell, latency_ns, published accuracies. Axes: milliseconds, logarithmic; percent.

use super::FigureEntry;
use super::accuracy_by_latency::{draw, of_recipes};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "accuracy-of-one-recipe",
    also: &["network-latency"],
    question: "Which network is the most accurate in a given time, of those that were trained alike?",
    table: |view| {
        let alike =
            "all trained by torchvision\u{2019}s simple recipe, as it says of its first weights";
        of_recipes(view, &FIGURE, alike, |one| one.trained_alike.is_some())
    },
    draw,
};
