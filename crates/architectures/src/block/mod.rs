//! Blocks that several networks and patterns share: each adds its layers to a network.

pub(crate) mod cell;
mod chain;
mod conv_relu;
mod depthwise_separable;
mod encoder;
mod ghost_bottleneck;
mod hidden_classifier;
mod inverted_residual;
mod inverted_stages;
mod rounded;
mod separable;
mod shortcut;
mod shuffle_unit;
mod squeeze_excite;
mod stage;
mod stem;
mod strides;

pub(crate) use chain::chain;
pub(crate) use conv_relu::conv_relu;
pub(crate) use depthwise_separable::depthwise_separable;
pub(crate) use encoder::Encoder;
pub(crate) use ghost_bottleneck::GhostBottleneck;
pub(crate) use hidden_classifier::hidden_classifier;
pub(crate) use inverted_residual::InvertedResidual;
pub(crate) use inverted_stages::{InvertedStage, InvertedStages};
pub(crate) use rounded::rounded;
pub(crate) use separable::separable;
pub(crate) use shortcut::projection;
pub(crate) use shuffle_unit::shuffle_unit;
pub(crate) use squeeze_excite::SqueezeExcite;
pub(crate) use stage::stage;
pub(crate) use stem::stem;
pub(crate) use strides::strides;
