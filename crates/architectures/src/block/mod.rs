//! Parts that patterns and networks share.

mod activation;
mod block_shape;
mod classifier;
mod conv_norm_act;
mod convolution;
mod shortcut;
mod stem;

pub(crate) use activation::Activation;
pub(crate) use block_shape::BlockShape;
pub(crate) use classifier::Classifier;
pub(crate) use conv_norm_act::ConvNormAct;
pub(crate) use convolution::Convolution;
pub(crate) use shortcut::Shortcut;
pub(crate) use stem::Stem;
