use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use formbench_campaign::architecture;
use formbench_measure::WorkerCommand;
use formbench_protocol::{Architecture, Subject};

use super::InputArguments;

/// An architecture at an input, as people name them.
#[derive(Clone, Debug, Args)]
pub struct SubjectArguments {
    /// A network, as resnet18, a pattern with depth and width, as bottleneck-d14-w32, or an ONNX file
    pub architecture: String,
    /// What it is given
    #[command(flatten)]
    pub input: InputArguments,
    /// Seed of the weights
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub weights_seed: u64,
}

impl SubjectArguments {
    /// Returns what the worker is asked for, time and again.
    ///
    /// # Errors
    /// The worker does not answer, or has no such architecture; or a file leaves something of its inputs open.
    pub fn subject(&self, worker: &WorkerCommand) -> Result<Subject> {
        let description = formbench_campaign::describe(worker)?;
        self.of(architecture::parse(&self.architecture, &description)?, worker)
    }

    /// Returns what the worker is asked for once: a file may then have any content.
    ///
    /// # Errors
    /// As [`SubjectArguments::subject`].
    pub fn subject_for_once(&self, worker: &WorkerCommand) -> Result<Subject> {
        if !architecture::is_file(&self.architecture) {
            return self.subject(worker);
        }
        self.of(architecture::file_of_any_content(&self.architecture)?, worker)
    }

    fn of(&self, architecture: Architecture, worker: &WorkerCommand) -> Result<Subject> {
        let wishes = self.input.wishes();
        let input = match &architecture {
            Architecture::File(file) => {
                let interface = worker.interface(file)?;
                wishes.check_names(interface.inputs.iter().map(|it| it.name.as_str()))?;
                wishes.input(&interface)?
            }
            Architecture::Network { .. } | Architecture::Pattern { .. } => {
                wishes.check_names(std::iter::empty())?;
                wishes.images().into()
            }
        };
        Ok(Subject { architecture, weights_seed: self.weights_seed, input })
    }
}

/// Arguments of `inspect`.
#[derive(Debug, Args)]
pub struct InspectArguments {
    /// What is inspected
    #[command(flatten)]
    pub subject: SubjectArguments,
    /// Level 2 cache that working sets are held against [default: this machine's]
    #[arg(long, value_name = "BYTES")]
    pub l2_bytes: Option<u64>,
    /// Level 3 cache that working sets are held against [default: this machine's]
    #[arg(long, value_name = "BYTES")]
    pub l3_bytes: Option<u64>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `export`.
#[derive(Debug, Args)]
pub struct ExportArguments {
    /// What is written
    #[command(flatten)]
    pub subject: SubjectArguments,
    /// The file
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Print the file and its cost as JSON
    #[arg(long)]
    pub json: bool,
}
