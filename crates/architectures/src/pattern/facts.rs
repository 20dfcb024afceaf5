use formbench_protocol::{ArchitectureInfo, ArchitectureKind};

/// What the registry knows of a pattern.
pub(crate) struct Pattern {
    /// What the user types.
    pub(crate) name: &'static str,
    /// Where it was published.
    pub(crate) source: &'static str,
}

impl Pattern {
    /// Returns the registry's answer.
    pub(crate) fn info(&self) -> ArchitectureInfo {
        ArchitectureInfo {
            name: self.name.to_owned(),
            kind: ArchitectureKind::Pattern,
            source: self.source.to_owned(),
            parameters: None,
        }
    }
}
