use formbench_protocol::{ArchitectureInfo, ArchitectureKind};

/// What the registry knows of a family of networks.
pub(crate) struct Family<F: 'static> {
    /// Where it was published.
    pub(crate) source: &'static str,
    /// Its networks.
    pub(crate) variants: &'static [Variant<F>],
}

/// One network of a family.
pub(crate) struct Variant<F> {
    /// What the user types.
    pub(crate) name: &'static str,
    /// Trainable parameters at 1000 classes.
    pub(crate) parameters: u64,
    /// What tells it from its siblings.
    pub(crate) facts: F,
}

impl<F> Family<F> {
    /// Returns the registry's answers, in the order of the table.
    pub(crate) fn infos(&self) -> impl Iterator<Item = ArchitectureInfo> {
        self.variants.iter().map(|variant| ArchitectureInfo {
            name: variant.name.to_owned(),
            kind: ArchitectureKind::Network,
            source: self.source.to_owned(),
            parameters: Some(variant.parameters),
        })
    }

    /// Returns what tells the network of this name from its siblings, if there is one.
    pub(crate) fn find(&self, name: &str) -> Option<&'static F> {
        self.variants.iter().find(|variant| variant.name == name).map(|variant| &variant.facts)
    }
}
