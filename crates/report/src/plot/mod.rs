//! What figures share in their drawing: the frame with its words, axes, marks, and layouts.

mod axis;
mod bars;
mod bins;
mod courses;
mod forest;
mod frame;
mod grid;
mod guide;
mod heatmap;
mod lanes;
mod mark;
mod matrix;
mod name;
mod panels;
mod scatter;
mod stack;

pub(crate) use bars::{Bar, bars};
pub(crate) use bins::{Bins, bins};
pub(crate) use courses::{CoursePanel, CourseStyle, courses};
pub(crate) use forest::{ForestStyle, Scale, forest};
pub(crate) use guide::{Course, Guide};
pub(crate) use heatmap::heatmap;
pub(crate) use lanes::{Lane, LaneMark, Lanes, lanes};
pub(crate) use matrix::{Matrix, MatrixCell, matrices};
pub(crate) use panels::{PanelStyle, panels};
pub(crate) use scatter::{ScatterStyle, YScale, scatter};
pub(crate) use stack::stack;
