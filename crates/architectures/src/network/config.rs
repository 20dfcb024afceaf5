use formbench_blueprint::Blueprint;
use formbench_protocol::{ArchitectureInfo, ArchitectureKind, Origin};

/// What the registry knows of a family of networks.
pub(crate) struct Family<F: 'static> {
    /// Where it was published.
    pub(crate) source: &'static str,
    /// Whether people or a search decided its layers.
    pub(crate) origin: Origin,
    /// Returns the network of a row.
    pub(crate) network: fn(&F) -> Blueprint,
    /// Its networks.
    pub(crate) variants: &'static [Variant<F>],
}

/// One network of a family.
pub(crate) struct Variant<F> {
    /// What the user types.
    pub(crate) name: &'static str,
    /// Height and width of the images that it was published for, in pixels.
    pub(crate) resolution: u32,
    /// What tells it from its siblings.
    pub(crate) config: F,
}

/// A family, whatever its rows hold.
pub(crate) trait Networks: Sync {
    /// Returns the registry's answers, in the order of the table.
    fn infos(&self) -> Vec<ArchitectureInfo>;

    /// Returns the network of this name, if it is one of the family.
    fn blueprint(&self, name: &str) -> Option<Blueprint>;
}

impl<F: Sync> Networks for Family<F> {
    fn infos(&self) -> Vec<ArchitectureInfo> {
        let info = |variant: &Variant<F>| ArchitectureInfo {
            name: variant.name.to_owned(),
            kind: ArchitectureKind::Network,
            source: self.source.to_owned(),
            origin: Some(self.origin),
            resolution: Some(variant.resolution),
            parameters: Some((self.network)(&variant.config).parameters()),
        };
        self.variants.iter().map(info).collect()
    }

    fn blueprint(&self, name: &str) -> Option<Blueprint> {
        let variant = self.variants.iter().find(|variant| variant.name == name)?;
        Some((self.network)(&variant.config))
    }
}
