//! What figures share in their drawing: the frame with its words, axes, marks, and two layouts.

mod axis;
mod forest;
mod frame;
mod mark;
mod panels;

pub(crate) use forest::{ForestStyle, forest};
pub(crate) use panels::{PanelStyle, panels};
