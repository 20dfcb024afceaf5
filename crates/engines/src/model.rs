//! What an engine loads: Burn's modules from source, or the ONNX file that is recorded from them.

/// An architecture with its weights, in the form that an engine takes.
#[derive(Clone, Debug)]
pub enum Model {
    /// Built from source by the engine itself.
    Module,
    /// The bytes of an ONNX file.
    Onnx(Vec<u8>),
}

#[cfg(feature = "onnx")]
pub use recorded::{Written, export, inspect};

#[cfg(feature = "onnx")]
mod recorded {
    use std::path::Path;
    use std::time::Instant;

    use formbench_architectures::build;
    use formbench_graph::{Graph, Recorder, Recording, attributes, onnx};
    use formbench_protocol::{Inspection, Job, Refusal, RefusalKind, Subject};

    use super::Model;

    /// What making an ONNX file took, in nanoseconds, and the bytes of its weights.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Written {
        /// Recording the network.
        pub record_ns: u64,
        /// Writing the file.
        pub write_ns: u64,
        /// Bytes of the weights.
        pub weight_bytes: u64,
    }

    impl Model {
        /// Returns the job's architecture as an ONNX file.
        ///
        /// # Errors
        /// A refusal if there is no such architecture, or it has no ONNX form.
        pub fn onnx(job: &Job) -> Result<Self, Refusal> {
            let graph = record(&job.subject())?;
            onnx::encode(&graph).map(Self::Onnx).map_err(unsupported)
        }
    }

    /// Returns what an architecture costs.
    ///
    /// # Errors
    /// A refusal if there is no such architecture, or one of its operations has no graph form.
    pub fn inspect(subject: &Subject) -> Result<Inspection, Refusal> {
        Ok(attributes::inspect(&record(subject)?))
    }

    /// Writes an architecture as an ONNX file.
    ///
    /// # Errors
    /// A refusal if there is no such architecture, it has no ONNX form, or the file cannot be
    /// written.
    pub fn export(subject: &Subject, path: &Path) -> Result<Written, Refusal> {
        let start = Instant::now();
        let graph = record(subject)?;
        let record_ns = nanoseconds(start);
        let start = Instant::now();
        onnx::write(&graph, path).map_err(unsupported)?;
        Ok(Written { record_ns, write_ns: nanoseconds(start), weight_bytes: graph.weight_bytes() })
    }

    fn record(subject: &Subject) -> Result<Graph, Refusal> {
        let recorder = Recorder::new();
        let network =
            build::<Recording>(&subject.architecture, subject.weights_seed, recorder.device())
                .map_err(unsupported)?;
        let side = subject.input.resolution as usize;
        let shape = [subject.input.batch as usize, 3, side, side];
        recorder.name_parameters(network.parameters());
        recorder
            .record("images", shape, "logits", |images| network.forward(images))
            .map_err(|error| unsupported(format!("{}: {error}", subject.architecture)))
    }

    fn unsupported(error: impl ToString) -> Refusal {
        Refusal::new(RefusalKind::Unsupported, error.to_string())
    }

    fn nanoseconds(start: Instant) -> u64 {
        u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}
