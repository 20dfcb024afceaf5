//! What an engine loads: Burn's modules from source, the ONNX file that is recorded from them, or
//! somebody's own file.

/// An architecture with its weights, in the form that an engine takes.
#[derive(Clone, Debug)]
pub enum Model {
    /// Built from source by the engine itself.
    Module,
    /// The bytes of an ONNX file.
    Onnx(Vec<u8>),
}

#[cfg(feature = "onnx")]
pub use recorded::{ExportCost, export, inspect};

#[cfg(feature = "onnx")]
mod recorded {
    use std::path::Path;
    use std::time::Instant;

    use formbench_graph::{Graph, GraphRecorder, Recording, attributes, onnx};
    use formbench_modules::Network;
    use formbench_protocol::{Architecture, Inspection, Job, Refusal, Subject, UserFile};

    use super::Model;
    use crate::definition::{self, unsupported};
    use crate::onnx_file;

    /// What making an ONNX file took, in nanoseconds, and the bytes of its weights.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct ExportCost {
        /// Recording the network.
        pub record_ns: u64,
        /// Writing the file.
        pub write_ns: u64,
        /// Bytes of the weights.
        pub weight_bytes: u64,
    }

    impl Model {
        /// Returns the job's architecture as an ONNX file: what is a file already is that file at
        /// the shape of the images.
        ///
        /// # Errors
        /// A refusal if there is no such architecture, it has no ONNX form, or its file cannot take
        /// such images.
        pub fn onnx(job: &Job) -> Result<Self, Refusal> {
            match &job.architecture {
                Architecture::File(file) => onnx_file::content(file, &job.input).map(Self::Onnx),
                _ => Self::written(job),
            }
        }

        /// Returns the job's architecture as an ONNX file that was written here: it states the shape
        /// of every value, and has the operators of graphs alone.
        ///
        /// # Errors
        /// As [`Model::onnx`], or a refusal if a file has an operator that no graph has.
        pub fn written(job: &Job) -> Result<Self, Refusal> {
            let graph = graph(&job.subject())?;
            onnx::encode(&graph).map(Self::Onnx).map_err(unsupported)
        }
    }

    /// Returns what an architecture costs. No weights are drawn or read for that: it follows from their shapes.
    ///
    /// # Errors
    /// A refusal if there is no such architecture, or one of its operations has no graph form.
    pub fn inspect(subject: &Subject) -> Result<Inspection, Refusal> {
        let graph = match &subject.architecture {
            Architecture::File(file) => onnx_file::counted(file, &subject.input)?,
            _ => record(subject, Drawn::Zeros)?,
        };
        Ok(attributes::inspect(&graph))
    }

    /// Writes an architecture as an ONNX file. A file is written as it is read here, each node with its name and each value
    /// with its shape; one with operators that are not known here is written as engines get it, mended and its inputs fixed.
    ///
    /// # Errors
    /// A refusal if there is no such architecture, it has no ONNX form, or the file cannot be read or written.
    pub fn export(subject: &Subject, path: &Path) -> Result<ExportCost, Refusal> {
        if let Architecture::File(file) = &subject.architecture {
            return rewrite(file, subject, path);
        }
        let start = Instant::now();
        let graph = record(subject, Drawn::BySeed)?;
        let record_ns = nanoseconds(start);
        let start = Instant::now();
        onnx::write(&graph, path).map_err(unsupported)?;
        Ok(ExportCost {
            record_ns,
            write_ns: nanoseconds(start),
            weight_bytes: graph.weight_bytes(),
        })
    }

    fn rewrite(file: &UserFile, subject: &Subject, path: &Path) -> Result<ExportCost, Refusal> {
        let start = Instant::now();
        let graph = onnx_file::graph(file, &subject.input);
        let encoded = graph.and_then(|graph| {
            let bytes = onnx::encode(&graph).map_err(unsupported)?;
            Ok((bytes, graph.weight_bytes()))
        });
        let (bytes, weight_bytes) = encoded.or_else(|_| {
            let bytes = onnx_file::content(file, &subject.input)?;
            let size = bytes.len() as u64;
            Ok::<_, Refusal>((bytes, size))
        })?;
        let record_ns = nanoseconds(start);
        let start = Instant::now();
        std::fs::write(path, bytes)
            .map_err(|error| unsupported(format!("`{}`: {error}", path.display())))?;
        Ok(ExportCost { record_ns, write_ns: nanoseconds(start), weight_bytes })
    }

    fn graph(subject: &Subject) -> Result<Graph, Refusal> {
        match &subject.architecture {
            Architecture::File(file) => onnx_file::graph(file, &subject.input),
            _ => record(subject, Drawn::BySeed),
        }
    }

    /// What weights are.
    enum Drawn {
        /// Those of the subject's seed.
        BySeed,
        /// Zeros.
        Zeros,
    }

    fn record(subject: &Subject, drawn: Drawn) -> Result<Graph, Refusal> {
        let blueprint = definition::blueprint(subject)?;
        let name = subject.architecture.to_string();
        let recorder = GraphRecorder::new();
        let device = recorder.device();
        let network = match drawn {
            Drawn::BySeed => {
                Network::<Recording>::new(&name, &blueprint, subject.weights_seed, device)
            }
            Drawn::Zeros => Network::of_zeros(&name, &blueprint, device),
        };
        let network = network.map_err(unsupported)?;
        let shape = subject.input.require_images()?.shape();
        recorder.name_parameters(network.parameters());
        recorder
            .record("images", shape, "logits", |images| network.forward(images))
            .map_err(|error| unsupported(format!("{}: {error}", subject.architecture)))
    }

    fn nanoseconds(start: Instant) -> u64 {
        u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    #[cfg(test)]
    mod tests {
        use formbench_protocol::{ArchitectureKind, Images, Width};

        use super::*;

        #[test]
        fn what_is_counted_does_not_depend_on_the_weights() {
            for info in crate::architectures() {
                let resolution = info.resolution.unwrap_or(64);
                let (name, width) = (info.name, Width::whole(8));
                let architecture = match info.kind {
                    ArchitectureKind::Network => Architecture::Network { name },
                    ArchitectureKind::Pattern => Architecture::Pattern { name, depth: 4, width },
                };
                let input = Images { batch: 1, resolution, seed: 7 }.into();
                let subject = Subject { architecture, weights_seed: 1, input };
                let drawn = record(&subject, Drawn::BySeed).expect("it is recorded");
                assert_eq!(
                    inspect(&subject).ok(),
                    Some(attributes::inspect(&drawn)),
                    "{subject:?}"
                );
            }
        }
    }
}
