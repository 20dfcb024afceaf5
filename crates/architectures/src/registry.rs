//! Every architecture by name.

use formbench_blueprint::Blueprint;
use formbench_protocol::{Architecture, ArchitectureInfo, ArchitectureKind};

use crate::ArchitectureError;
use crate::network::FAMILIES;
use crate::pattern::{PATTERNS, Pattern};

/// Returns all patterns, then all networks, in the order of their rows.
pub fn registry() -> Vec<ArchitectureInfo> {
    let patterns = PATTERNS.iter().map(|pattern| pattern.info());
    patterns.chain(FAMILIES.iter().flat_map(|family| family.infos())).collect()
}

/// Returns the layers of an architecture.
///
/// # Errors
/// The name is unknown, depth or width are impossible, or the architecture is a file.
pub fn blueprint(architecture: &Architecture) -> Result<Blueprint, ArchitectureError> {
    match architecture {
        Architecture::Network { name } => network(name),
        Architecture::Pattern { name, depth, width } => pattern(name)?.blueprint(*depth, *width),
        Architecture::File(file) => Err(ArchitectureError::File { path: file.path.clone() }),
    }
}

/// Returns a pattern.
///
/// # Errors
/// The name is unknown.
pub(crate) fn pattern(name: &str) -> Result<&'static Pattern, ArchitectureError> {
    let pattern = PATTERNS.iter().copied().find(|pattern| pattern.name == name);
    pattern.ok_or_else(|| ArchitectureError::UnknownPattern {
        name: name.to_owned(),
        known: known(ArchitectureKind::Pattern),
    })
}

fn network(name: &str) -> Result<Blueprint, ArchitectureError> {
    let network = FAMILIES.iter().find_map(|family| family.blueprint(name));
    network.ok_or_else(|| ArchitectureError::UnknownNetwork {
        name: name.to_owned(),
        known: known(ArchitectureKind::Network),
    })
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

    use formbench_protocol::Width;

    use super::*;
    use crate::{network, pattern};

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
    fn every_pattern_is_in_the_file_of_its_name() {
        let names: Vec<String> = PATTERNS.iter().map(|row| row.name.replace('-', "_")).collect();
        assert_eq!(names, pattern::FILES);
    }

    #[test]
    fn every_network_is_in_the_file_of_its_family() {
        for (family, file) in FAMILIES.iter().zip(network::FILES) {
            let path = Path::new("src/network").join(file).with_extension("rs");
            let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
            let text = std::fs::read_to_string(source).unwrap();
            for info in family.infos() {
                assert!(text.contains(&format!("\"{}\"", info.name)), "{}", info.name);
            }
        }
    }

    #[test]
    fn unknown_names_list_the_known_ones() {
        let error = |architecture| blueprint(&architecture).unwrap_err().to_string();
        let network = error(Architecture::Network { name: "resnet19".into() });
        assert!(network.starts_with("unknown network `resnet19`; known: "), "{network}");
        assert!(network.contains("resnet18, resnet34, "), "{network}");
        let (name, width) = ("plane".into(), Width::whole(8));
        let pattern = error(Architecture::Pattern { name, depth: 8, width });
        assert!(pattern.starts_with("unknown pattern `plane`; known: plain, residual, "));
    }
}
