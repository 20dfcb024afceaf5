//! Published networks, one family a file; variants are rows of the family's table.

pub(crate) mod mobilenet_v2;
pub(crate) mod resnet;

mod facts;

pub(crate) use facts::{Family, Variant};
