use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{Architecture, FILE_REFERENCE_ENGINE, Identity, REFERENCE_ENGINE, Refusal};

/// What a worker offers: the answer to `Describe`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Description {
    /// Version of the worker's harness.
    pub harness_version: String,
    /// Networks and patterns, in registry order.
    pub architectures: Vec<ArchitectureInfo>,
    /// Engines, in registry order.
    pub engines: Vec<EngineInfo>,
    /// The Python environment that engines' libraries are looked for in, if there is one.
    pub environment: Option<PathBuf>,
}

/// A network or pattern that a worker can build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchitectureInfo {
    /// Registry name, such as `resnet18`.
    pub name: String,
    /// Network or pattern.
    pub kind: ArchitectureKind,
    /// Where it was published.
    pub source: String,
    /// Whether people or a search decided a network's layers; none for a pattern.
    pub origin: Option<Origin>,
    /// Height and width in pixels that a network was published for.
    pub resolution: Option<u32>,
    /// Parameters of a network at 1000 classes; a pattern's depend on depth and width.
    pub parameters: Option<u64>,
}

/// Whether an architecture is complete or takes a depth and a width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArchitectureKind {
    /// A complete network.
    Network,
    /// A design pattern that takes a depth and a width.
    Pattern,
}

/// Who decided a network's layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// People.
    HandDesigned,
    /// A search over a space of networks.
    Searched,
}

impl Origin {
    /// Every origin.
    pub const ALL: [Self; 2] = [Self::HandDesigned, Self::Searched];

    /// Returns the name that data and tables carry.
    pub fn label(self) -> &'static str {
        match self {
            Self::HandDesigned => "hand-designed",
            Self::Searched => "searched",
        }
    }
}

/// An engine that a worker can serve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EngineInfo {
    /// What it is.
    pub identity: Identity,
    /// Measured, or an instrument of the self-test.
    pub kind: EngineKind,
    /// The options it understands.
    pub options: Vec<OptionInfo>,
    /// Environment variables that set its threads; they must be set before its process starts.
    pub thread_variables: Vec<String>,
    /// The engine whose logits its own must agree with, on architectures that it can load.
    pub reference: String,
    /// Whether it runs architectures that are defined in Burn as modules, and not from an ONNX file.
    #[serde(default)]
    pub runs_modules: bool,
    /// Whether it runs somebody's ONNX file.
    #[serde(default)]
    pub takes_files: bool,
    /// A known defect that makes this release's logits wrong on some models, with the place where
    /// it is reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_defect: Option<String>,
    /// Why it cannot be timed on this host, if so.
    pub refusal: Option<Refusal>,
}

impl EngineInfo {
    /// Returns the engine whose logits its own must agree with on an architecture. For a model
    /// file, an engine that reads files itself replaces Burn's.
    pub fn reference_for(&self, architecture: &Architecture) -> &str {
        match architecture {
            Architecture::File(_) if self.reference == REFERENCE_ENGINE => FILE_REFERENCE_ENGINE,
            _ => &self.reference,
        }
    }
}

/// One of an engine's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionInfo {
    /// Name, such as `graph_optimization`.
    pub name: String,
    /// Values it takes; empty if it takes more than a few words.
    pub values: Vec<String>,
    /// The value that applies if the option is not given.
    pub default: String,
}

/// Engines that are measured and engines that test the harness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EngineKind {
    /// Executes models.
    Engine,
    /// Tests the harness itself; executes nothing.
    Instrument,
}
