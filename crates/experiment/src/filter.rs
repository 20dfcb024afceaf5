use crate::{Cell, EngineSetting};

/// What a run is restricted to; an empty list restricts nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Substrings of experiments' names.
    pub experiments: Vec<String>,
    /// Substrings of architectures' labels, such as `plain-d8-w32`.
    pub architectures: Vec<String>,
    /// Substrings of engines' labels; the baseline that those engines are compared with stays.
    pub engines: Vec<String>,
    /// Numbers of threads.
    pub threads: Vec<u32>,
}

impl Filter {
    /// Returns whether the filter lets an experiment of this name through.
    pub fn takes_experiment(&self, name: &str) -> bool {
        passes(&self.experiments, name)
    }

    /// Returns whether the filter lets an architecture with this label through.
    pub fn takes_architecture(&self, shown: &str) -> bool {
        passes(&self.architectures, shown)
    }

    /// Returns whether the filter lets an engine with this label through.
    pub fn takes_engine(&self, shown: &str) -> bool {
        passes(&self.engines, shown)
    }

    /// Returns whether the filter lets a number of threads through.
    pub fn takes_threads(&self, threads: u32) -> bool {
        self.threads.is_empty() || self.threads.contains(&threads)
    }

    /// Returns the cells of an experiment that the filter keeps. A group in which an engine passes
    /// keeps its passing engines and its baseline.
    pub(crate) fn keep(&self, cells: Vec<Cell>, baseline: &EngineSetting) -> Vec<Cell> {
        let cells: Vec<Cell> = cells
            .into_iter()
            .filter(|cell| self.takes_architecture(&cell.architecture.to_string()))
            .filter(|cell| self.takes_threads(cell.threads))
            .collect();
        let passes = |cell: &Cell| self.takes_engine(&cell.engine.to_string());
        cells
            .chunk_by(|a, b| a.group() == b.group())
            .filter(|group| group.iter().any(passes))
            .flat_map(|group| group.iter().filter(|cell| passes(cell) || cell.engine == *baseline))
            .cloned()
            .collect()
    }
}

fn passes(parts: &[String], name: &str) -> bool {
    parts.is_empty() || parts.iter().any(|part| name.contains(part.as_str()))
}
