//! What figures share in their drawing: the frame with its words, axes, marks, and five layouts.

mod axis;
mod forest;
mod frame;
mod grid;
mod guide;
mod heatmap;
mod mark;
mod name;
mod panels;
mod scatter;
mod stack;

pub(crate) use forest::{ForestStyle, Scale, forest};
pub(crate) use guide::{Course, Guide};
pub(crate) use heatmap::heatmap;
pub(crate) use panels::{PanelStyle, panels};
pub(crate) use scatter::{ScatterStyle, YScale, scatter};
pub(crate) use stack::stack;
