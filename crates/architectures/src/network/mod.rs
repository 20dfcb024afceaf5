//! Published networks, one family a file; networks are rows of the family's table.

mod config;
/// What CONTRIBUTING.md shows.
#[cfg(test)]
mod skeleton;
/// What the README shows.
#[cfg(test)]
#[path = "../../tests/example/tiny.rs"]
mod tiny;

pub(crate) use config::{Family, Networks, Variant};

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
    convnext,
    deit,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_readme_is_a_family_of_networks() {
        let readme = include_str!("../../README.md");
        let example = readme.split("```rust\n").nth(1).and_then(|rest| rest.split("```").next());
        assert_eq!(example, Some(include_str!("../../tests/example/tiny.rs")));
        let family: &dyn Networks = &tiny::FAMILY;
        let names: Vec<String> = family.infos().into_iter().map(|info| info.name).collect();
        assert_eq!(names, ["tiny-a", "tiny-b"]);
        // Weights 16·3·9 and 32·16·9, scale and shift of 48 channels, classifier 32·1000 + 1000.
        let tiny = family.blueprint("tiny-a").unwrap();
        assert_eq!(tiny.parameters(), 432 + 4608 + 96 + 33_000);
    }

    #[test]
    fn the_skeleton_of_contributing_is_a_family_of_networks() {
        let manual = include_str!("../../../../CONTRIBUTING.md");
        let source = include_str!("skeleton.rs");
        let shown = &source[source.find("fn network(").unwrap()..];
        assert!(manual.contains(&format!("```rust\n{shown}```\n")));
        let family: &dyn Networks = &skeleton::FAMILY;
        let names: Vec<String> = family.infos().into_iter().map(|info| info.name).collect();
        assert_eq!(names, ["skeleton-16", "skeleton-32"]);
        // Weights 16·3·9, scale and shift of 16 channels, classifier 16·1000 + 1000.
        let network = family.blueprint("skeleton-16").unwrap();
        assert_eq!(network.parameters(), 432 + 32 + 17_000);
    }
}
