use thiserror::Error;

/// Why an architecture cannot be built.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ArchitectureError {
    /// No network has this name.
    #[error("unknown network `{name}`; known: {known}")]
    UnknownNetwork {
        /// The name asked for.
        name: String,
        /// Names in registry order, separated by commas.
        known: String,
    },
    /// No pattern has this name.
    #[error("unknown pattern `{name}`; known: {known}")]
    UnknownPattern {
        /// The name asked for.
        name: String,
        /// Names in registry order, separated by commas.
        known: String,
    },
    /// A depth that the four stages cannot have.
    #[error(
        "{pattern}: depth `{depth}` is impossible; expected {least} to {most} blocks, \
         one for each stage at least"
    )]
    Depth {
        /// The pattern's name.
        pattern: String,
        /// Blocks asked for.
        depth: u32,
        /// Least possible number of blocks.
        least: u32,
        /// Largest possible number of blocks.
        most: u32,
    },
    /// A width that no stage can have.
    #[error(
        "{pattern}: width `{width}` is impossible; expected 1 to {most} channels out of \
         the first stage"
    )]
    Width {
        /// The pattern's name.
        pattern: String,
        /// Channels asked for.
        width: u32,
        /// Largest possible number of channels.
        most: u32,
    },
    /// A parameter whose kind the deterministic weights do not know.
    #[error("{architecture}: parameter `{path}` has no distribution; add its kind to the weights")]
    Parameter {
        /// The architecture's name.
        architecture: String,
        /// Path of the parameter from the network's root.
        path: String,
    },
}
