use std::path::{Path, PathBuf};

use formbench_engines::{Engine, ExportCost};
use formbench_protocol::{
    ArchitectureInfo, Description, HARNESS_VERSION, Inspection, Interface, Refusal, RefusalKind,
    Roofline, RooflineRequest, Subject, UserFile,
};

/// What a worker can serve.
pub struct Catalogue {
    /// Engines, the reference engine first.
    pub engines: Vec<Box<dyn Engine>>,
    /// Architectures that the engines can build.
    pub architectures: Vec<ArchitectureInfo>,
    /// The Python environment that engines' libraries are looked for in, if there is one.
    pub environment: Option<PathBuf>,
    /// How architectures and the machine are inspected.
    pub inspector: Inspector,
}

/// How architectures and the machine are inspected, apart from any engine.
pub struct Inspector {
    /// Returns what an architecture costs.
    pub inspect: fn(&Subject) -> Result<Inspection, Refusal>,
    /// Returns what a model in a file takes and gives.
    pub interface: fn(&UserFile) -> Result<Interface, Refusal>,
    /// Writes an architecture as an ONNX file.
    pub export: fn(&Subject, &Path) -> Result<ExportCost, Refusal>,
    /// Returns how fast the machine can compute and move data.
    pub roofline: fn(RooflineRequest) -> Roofline,
}

impl Catalogue {
    /// Returns the answer to `Describe`.
    pub fn description(&self) -> Description {
        Description {
            harness_version: HARNESS_VERSION.to_owned(),
            architectures: self.architectures.clone(),
            engines: self.engines.iter().map(|engine| engine.info()).collect(),
            environment: self.environment.clone(),
        }
    }

    /// Returns the engine of that name.
    ///
    /// # Errors
    /// A refusal that lists the engines of this build.
    pub fn engine(&self, name: &str) -> Result<&dyn Engine, Refusal> {
        let found = self.engines.iter().find(|engine| engine.name() == name);
        found.map(AsRef::as_ref).ok_or_else(|| {
            let known: Vec<_> = self.engines.iter().map(|engine| engine.name()).collect();
            let reason = format!("no engine `{name}` in this build; it has: {}", known.join(", "));
            Refusal::new(RefusalKind::Unavailable, reason)
        })
    }
}
