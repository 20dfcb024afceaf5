use formbench_protocol::{CostTarget, Origin};

/// Where an architecture comes from, beyond its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Who decided the layers of a network that the registry knows.
    pub origin: Option<Origin>,
    /// The cost that a pattern's width was chosen for, if the width was not given.
    pub matched: Option<CostTarget>,
}
