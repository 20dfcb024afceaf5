use std::fmt;

use clap::Args;
use formbench_experiment::Filter;

/// Narrows what is listed, planned, run or shown; each may be given several times.
#[derive(Clone, Debug, Default, Args)]
pub struct FilterArguments {
    /// Only experiments whose name contains this
    #[arg(id = "experiment", short = 'e', long, value_name = "PART")]
    pub experiments: Vec<String>,
    /// Only architectures whose name contains this, as plain-d8
    #[arg(id = "architecture", short = 'a', long, value_name = "PART")]
    pub architectures: Vec<String>,
    /// Only engines whose name contains this, and their baseline
    #[arg(id = "engine", long, value_name = "PART")]
    pub engines: Vec<String>,
    /// Only cells with so many threads
    #[arg(long = "threads", value_name = "N")]
    pub threads: Vec<u32>,
}

impl FilterArguments {
    /// Returns the filter that plans and tables take.
    pub fn filter(&self) -> Filter {
        Filter {
            experiments: self.experiments.clone(),
            architectures: self.architectures.clone(),
            engines: self.engines.clone(),
            threads: self.threads.clone(),
        }
    }

    /// Returns the options that make this filter, word by word.
    pub fn words(&self) -> Vec<String> {
        let parts =
            [("-e", &self.experiments), ("-a", &self.architectures), ("--engine", &self.engines)];
        let texts = parts.into_iter().flat_map(|(option, values)| {
            values.iter().flat_map(move |value| [option.to_owned(), value.clone()])
        });
        let threads = self.threads.iter().flat_map(|of| ["--threads".to_owned(), of.to_string()]);
        texts.chain(threads).collect()
    }
}

/// Shows the options that make this filter, each with a blank before it.
impl fmt::Display for FilterArguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words().iter().try_for_each(|word| write!(f, " {word}"))
    }
}
