//! Burn on flex, Burn's own portable processor backend.

use formbench_backends::{Source, flex};
use formbench_graph::onnx;
use formbench_protocol::{Architecture, Identity, Job, OptionInfo, Refusal};

use crate::{Engine, Model, Session, definition, option};

/// The value of `run` that runs an architecture of ours as somebody's file is run.
const GRAPH: &str = "graph";

/// Burn on flex.
pub struct Flex;

impl Engine for Flex {
    fn name(&self) -> &'static str {
        "burn/flex"
    }

    fn identity(&self) -> Identity {
        super::on_the_processor(self.name(), super::GEMM)
    }

    fn options(&self) -> Vec<OptionInfo> {
        vec![run()]
    }

    /// Kernels and matrix products share rayon's pool.
    fn thread_variables(&self) -> &'static [&'static str] {
        &["RAYON_NUM_THREADS"]
    }

    fn runs_modules(&self) -> bool {
        true
    }

    fn takes_files(&self) -> bool {
        true
    }

    fn model(&self, job: &Job) -> Result<Model, Refusal> {
        let is_file = matches!(job.architecture, Architecture::File(_));
        if option::word(job, &run())? == GRAPH && !is_file {
            Model::written(job)
        } else {
            Ok(Model::Module)
        }
    }

    fn prepare(&self, job: &Job, model: Model) -> Result<Box<dyn Session>, Refusal> {
        match model {
            Model::Onnx(bytes) => {
                let graph = onnx::read(&bytes).map_err(definition::unsupported)?;
                super::loaded(flex(Source::Graph(graph)))
            }
            Model::Module => super::session(&job.subject(), flex),
        }
    }
}

/// Returns the option of how an architecture of ours is run: as Burn's modules, or its ONNX file operator by operator.
fn run() -> OptionInfo {
    option::words("run", &["modules", GRAPH])
}
