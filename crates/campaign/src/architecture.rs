//! Architectures as people write them.

use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

use formbench_experiment::user_file;
use formbench_protocol::{Architecture, ArchitectureKind, Description, UserFile};

use crate::CampaignError;

/// Returns the architecture that a label names: a network by its name, a pattern with its depth and
/// width, such as `bottleneck-d14-w32`, or a model by the path of its ONNX file.
///
/// # Errors
/// The worker has no such architecture, or the file cannot be read.
pub fn parse(label: &str, description: &Description) -> Result<Architecture, CampaignError> {
    if is_file(label) {
        return file(label);
    }
    let is_known = |kind, name: &str| {
        description.architectures.iter().any(|info| info.kind == kind && info.name == name)
    };
    if is_known(ArchitectureKind::Network, label) {
        return Ok(Architecture::Network { name: label.to_owned() });
    }
    match pattern(label) {
        Some(pattern) if is_known(ArchitectureKind::Pattern, pattern.name()) => Ok(pattern),
        _ => Err(CampaignError::UnknownArchitecture {
            label: label.to_owned(),
            networks: names(ArchitectureKind::Network, description).join(", "),
            patterns: names(ArchitectureKind::Pattern, description).join("-d8-w32`, `"),
        }),
    }
}

/// Returns whether a label is the path of a model's file.
pub fn is_file(label: &str) -> bool {
    label.ends_with(".onnx")
}

/// Returns the model in a file.
///
/// # Errors
/// The file cannot be read.
pub fn file(path: &str) -> Result<Architecture, CampaignError> {
    let file = user_file(path, Path::new(""));
    file.map(Architecture::File)
        .map_err(|source| CampaignError::NoFile { path: path.into(), source })
}

/// Returns the model in a file that is read once: its content is not hashed, which would take longer than counting it.
///
/// # Errors
/// There is no such file.
pub fn file_of_any_content(path: &str) -> Result<Architecture, CampaignError> {
    let found = || {
        let place = std::path::absolute(path)?;
        if File::open(&place)?.metadata()?.is_dir() {
            return Err(ErrorKind::IsADirectory.into());
        }
        Ok(Architecture::File(UserFile::of_any_content(path.to_owned(), place)))
    };
    found().map_err(|source| CampaignError::NoFile { path: path.into(), source })
}

/// Returns the names of one kind, in the order of the registry.
pub fn names(kind: ArchitectureKind, description: &Description) -> Vec<String> {
    let of_kind = description.architectures.iter().filter(|info| info.kind == kind);
    of_kind.map(|info| info.name.clone()).collect()
}

fn pattern(label: &str) -> Option<Architecture> {
    let (rest, width) = label.rsplit_once("-w")?;
    let (name, depth) = rest.rsplit_once("-d")?;
    Some(Architecture::Pattern {
        name: name.to_owned(),
        depth: depth.parse().ok()?,
        width: width.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use formbench_protocol::Width;

    use super::*;

    #[test]
    fn a_pattern_s_label_is_read_back() {
        let name = "depthwise-bottleneck".to_owned();
        let architecture = Architecture::Pattern { name, depth: 14, width: Width::whole(32) };
        assert_eq!(pattern(&architecture.to_string()), Some(architecture));
        let narrow = pattern("plain-d8-w15.375").map(|narrow| narrow.to_string());
        assert_eq!(narrow.as_deref(), Some("plain-d8-w15.375"));
        assert_eq!(pattern("plain-d8"), None);
        assert_eq!(pattern("plain-d8-wide"), None);
    }
}
