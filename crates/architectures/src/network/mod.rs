//! Published networks, one family a file; networks are rows of the family's table.

mod facts;

pub(crate) use facts::{Family, Networks, Variant};

/// Declares the families: a row each, in the order in which their networks are listed.
macro_rules! networks {
    ($($file:ident,)*) => {
        $(pub(crate) mod $file;)*

        /// Every family.
        pub(crate) const FAMILIES: &[&dyn Networks] = &[$(&$file::FAMILY),*];

        /// Files of the families, in the same order.
        #[cfg(test)]
        pub(crate) const FILES: &[&str] = &[$(stringify!($file)),*];
    };
}

networks! {
    alexnet,
    vgg,
    googlenet,
    inception_v3,
    resnet,
    resnext,
    wide_resnet,
    densenet,
    squeezenet,
    xception,
    mobilenet_v1,
    mobilenet_v2,
    shufflenet_v2,
    ghostnet,
    mnasnet,
    fbnet,
    single_path_nas,
    mobilenet_v3,
    efficientnet,
    regnet,
    mixnet,
    nasnet,
    pnasnet,
    darts,
}
