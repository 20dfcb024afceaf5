//! Every architecture by name: one row each, from which listing and building are made.

use burn::tensor::backend::Backend;
use formbench_protocol::{Architecture, ArchitectureInfo, ArchitectureKind};

use crate::network::{mobilenet_v2, resnet};
use crate::pattern::bottleneck::{self, Bottleneck};
use crate::pattern::depthwise_bottleneck::{self, DepthwiseBottleneck};
use crate::pattern::plain::{self, Plain};
use crate::pattern::residual::{self, Residual};
use crate::pattern::{Plan, Stack};
use crate::weights::Weights;
use crate::{ArchitectureError, BuiltNetwork};

/// Makes `registry`, `build_pattern` and `build_network` of the rows.
macro_rules! architectures {
    (
        patterns { $($pattern:ident => $block:ident,)* }
        networks { $($family:ident,)* }
    ) => {
        /// Returns all patterns, then all networks, in the order of the rows.
        pub fn registry() -> Vec<ArchitectureInfo> {
            let mut infos = vec![$($pattern::PATTERN.info()),*];
            $(infos.extend($family::FAMILY.infos());)*
            infos
        }

        fn build_pattern<B: Backend>(
            name: &str,
            (depth, width): (u32, u32),
            weights: Weights<'_, B>,
        ) -> Result<Box<dyn BuiltNetwork<B>>, ArchitectureError> {
            let device = weights.device();
            $(if name == $pattern::PATTERN.name {
                let plan = Plan::of(name, depth, width)?;
                return weights.fill_boxed(Stack::<B, $block<B>>::new(&plan, device));
            })*
            let (name, known) = (name.to_owned(), known(ArchitectureKind::Pattern));
            Err(ArchitectureError::UnknownPattern { name, known })
        }

        fn build_network<B: Backend>(
            name: &str,
            weights: Weights<'_, B>,
        ) -> Result<Box<dyn BuiltNetwork<B>>, ArchitectureError> {
            $(if let Some(facts) = $family::FAMILY.find(name) {
                return $family::build(facts, weights);
            })*
            let (name, known) = (name.to_owned(), known(ArchitectureKind::Network));
            Err(ArchitectureError::UnknownNetwork { name, known })
        }

        /// Files of the patterns and of the networks, without their extension.
        #[cfg(test)]
        const FILES: [&[&str]; 2] = [&[$(stringify!($pattern)),*], &[$(stringify!($family)),*]];
    };
}

architectures! {
    patterns {
        plain => Plain,
        residual => Residual,
        bottleneck => Bottleneck,
        depthwise_bottleneck => DepthwiseBottleneck,
    }
    networks {
        resnet,
        mobilenet_v2,
    }
}

/// Returns an architecture with its weights: a function of its name and `weights_seed`, the same
/// on every backend.
///
/// # Errors
/// The name is unknown, or depth or width are impossible.
pub fn build<B: Backend>(
    architecture: &Architecture,
    weights_seed: u64,
    device: &B::Device,
) -> Result<Box<dyn BuiltNetwork<B>>, ArchitectureError> {
    let weights = Weights::new(architecture, weights_seed, device);
    match architecture {
        Architecture::Network { name } => build_network(name, weights),
        Architecture::Pattern { name, depth, width } => {
            build_pattern(name, (*depth, *width), weights)
        }
    }
}

/// Returns the names of one kind, separated by commas.
fn known(kind: ArchitectureKind) -> String {
    let infos = registry().into_iter().filter(|info| info.kind == kind);
    infos.map(|info| info.name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use burn_flex::Flex;

    use super::*;
    use crate::probe;

    #[test]
    fn names_are_unique_and_kebab_case() {
        let names: Vec<_> = registry().into_iter().map(|info| info.name).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        for name in names {
            let word = |word: &str| {
                let ascii = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
                !word.is_empty() && word.chars().all(ascii)
            };
            assert!(name.split('-').all(word), "{name}");
        }
    }

    #[test]
    fn every_architecture_is_in_the_file_of_its_name() {
        let [patterns, families] = FILES;
        for info in registry() {
            let name = info.name.replace('-', "_");
            let (folder, file) = match info.kind {
                ArchitectureKind::Pattern => ("pattern", patterns.iter().find(|f| **f == name)),
                ArchitectureKind::Network => {
                    ("network", families.iter().find(|f| name.starts_with(**f)))
                }
            };
            let path = Path::new("src").join(folder).join(file.unwrap()).with_extension("rs");
            let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
            assert!(std::fs::read_to_string(source).unwrap().contains(&info.name), "{name}");
        }
    }

    #[test]
    fn parameters_of_networks_are_the_references() {
        let counts = registry().into_iter().filter_map(|info| Some((info.name, info.parameters?)));
        let expected = [
            ("resnet18".to_owned(), 11_689_512),
            ("resnet34".to_owned(), 21_797_672),
            ("resnet50".to_owned(), 25_557_032),
            ("resnet101".to_owned(), 44_549_160),
            ("resnet152".to_owned(), 60_192_808),
            ("mobilenet-v2".to_owned(), 3_504_872),
        ];
        assert_eq!(counts.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn every_architecture_builds() {
        for architecture in probe::every_architecture(4, 8) {
            assert!(build::<Flex>(&architecture, 1, &Default::default()).is_ok());
        }
    }

    #[test]
    fn unknown_names_list_the_known_ones() {
        let error = |architecture| {
            build::<Flex>(&architecture, 1, &Default::default()).err().unwrap().to_string()
        };
        assert_eq!(
            error(probe::network("resnet19")),
            "unknown network `resnet19`; known: resnet18, resnet34, resnet50, resnet101, resnet152, \
             mobilenet-v2"
        );
        assert_eq!(
            error(probe::pattern("plane", 8, 8)),
            "unknown pattern `plane`; known: plain, residual, bottleneck, depthwise-bottleneck"
        );
    }
}
