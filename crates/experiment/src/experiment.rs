use std::fs;
use std::path::{Path, PathBuf};

use formbench_protocol::Input;

use crate::node::{Fault, Node};
use crate::vocabulary::known_name;
use crate::{
    ArchitectureRow, BudgetOverride, Cell, EngineSetting, Exclusion, ExperimentError, Profile,
    Vocabulary, document, input,
};

const KEYS: [&str; 10] = [
    "question",
    "architectures",
    "engines",
    "baseline",
    "input",
    "weights_seed",
    "threads",
    "budget",
    "figures",
    "exclude",
];

const DEFAULT_WEIGHTS_SEED: u64 = 1;
const DEFAULT_THREADS: u32 = 1;

/// Cells that one experiment may expand to.
const MOST_CELLS: usize = 100_000;

/// A question, and the cells that answer it.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// Path below the experiments' folder without its ending, as `burn/networks`.
    pub name: String,
    /// What it asks.
    pub question: String,
    /// What is executed; no architecture stands twice.
    pub architectures: Vec<ArchitectureRow>,
    /// What executes it; no setting stands twice, the baseline is among them.
    pub engines: Vec<EngineSetting>,
    /// What the others are compared with.
    pub baseline: EngineSetting,
    /// Shape and seed of the images.
    pub input: Input,
    /// Seed of the deterministic weights.
    pub weights_seed: u64,
    /// Threads that the engines may compute on, each number once.
    pub threads: Vec<u32>,
    /// Where it departs from the profile's budget.
    pub budget: BudgetOverride,
    /// What is drawn from it.
    pub figures: Vec<String>,
    /// What it leaves out; each leaves out at least one cell.
    pub exclude: Vec<Exclusion>,
}

impl Experiment {
    /// Returns the cells of a profile, each once, those of a group adjacent.
    pub fn cells(&self, profile: Profile) -> Vec<Cell> {
        let rows = self.architectures.iter().filter(|row| row.from <= profile);
        let mut cells = Vec::new();
        for architecture in rows.flat_map(|row| &row.architectures) {
            for &threads in &self.threads {
                let included = |engine: &&EngineSetting| {
                    !self.exclude.iter().any(|exclusion| exclusion.covers(architecture, engine))
                };
                cells.extend(self.engines.iter().filter(included).map(|engine| Cell {
                    architecture: architecture.clone(),
                    input: self.input,
                    weights_seed: self.weights_seed,
                    threads,
                    engine: engine.clone(),
                }));
            }
        }
        cells
    }

    fn read(name: &str, node: &Node, vocabulary: &Vocabulary) -> Result<Self, Fault> {
        let fields = node.fields("experiment", &KEYS)?;
        let baseline = EngineSetting::read(fields.require("baseline")?, vocabulary)?;
        let whole = |key| fields.read(key, |node| node.whole(key, 0..=u64::MAX));
        let threads = fields.read("threads", read_threads)?;
        let experiment = Self {
            name: name.to_owned(),
            question: read_question(fields.require("question")?)?,
            architectures: ArchitectureRow::read_all(fields.require("architectures")?, vocabulary)?,
            engines: read_engines(fields.require("engines")?, &baseline, vocabulary)?,
            baseline,
            input: input::read(fields.require("input")?)?,
            weights_seed: whole("weights_seed")?.unwrap_or(DEFAULT_WEIGHTS_SEED),
            threads: threads.unwrap_or_else(|| vec![DEFAULT_THREADS]),
            budget: fields.read("budget", BudgetOverride::read)?.unwrap_or_default(),
            figures: read_figures(fields.require("figures")?, vocabulary)?,
            exclude: Vec::new(),
        };
        experiment.refuse_too_many(fields.require("architectures")?)?;
        match fields.get("exclude") {
            None => Ok(experiment),
            Some(node) => experiment.without(node, vocabulary),
        }
    }

    fn refuse_too_many(&self, architectures: &Node) -> Result<(), Fault> {
        let rows: usize = self.architectures.iter().map(|row| row.architectures.len()).sum();
        let cells = rows * self.engines.len() * self.threads.len();
        if cells <= MOST_CELLS {
            return Ok(());
        }
        let message = format!("the experiment has {cells} cells, expected at most {MOST_CELLS}");
        Err(architectures.fault(message))
    }

    /// Returns the experiment with the exclusions that `node` lists.
    fn without(mut self, node: &Node, vocabulary: &Vocabulary) -> Result<Self, Fault> {
        let cells = self.cells(Profile::Full);
        self.exclude = node.list("exclude", |node| {
            let exclusion = Exclusion::read(node, vocabulary, &self.baseline)?;
            if !cells.iter().any(|cell| exclusion.covers(&cell.architecture, &cell.engine)) {
                return Err(node.fault("the exclusion matches no cell; correct or remove it"));
            }
            Ok(exclusion)
        })?;
        match self.cells(Profile::Full).is_empty() {
            true => Err(node.fault("the exclusions leave no cell; remove one")),
            false => Ok(self),
        }
    }
}

fn read_question(node: &Node) -> Result<String, Fault> {
    match node.text("question")?.trim() {
        question if question.ends_with('?') => Ok(question.to_owned()),
        _ => Err(node.unexpected("question", "a sentence that ends with `?`")),
    }
}

/// Returns the settings of the list, with the baseline in front if it is not among them.
fn read_engines(
    node: &Node,
    baseline: &EngineSetting,
    vocabulary: &Vocabulary,
) -> Result<Vec<EngineSetting>, Fault> {
    let mut engines = node.distinct("engines", |node| EngineSetting::read(node, vocabulary))?;
    if !engines.contains(baseline) {
        engines.insert(0, baseline.clone());
    }
    Ok(engines)
}

fn read_threads(node: &Node) -> Result<Vec<u32>, Fault> {
    node.one_or_more("threads", |node| node.whole("threads", 1..=1024))
}

fn read_figures(node: &Node, vocabulary: &Vocabulary) -> Result<Vec<String>, Fault> {
    node.distinct("figures", |node| known_name(node, "figure", &vocabulary.figures))
}

/// Returns the experiment in a file; its name is the file's path below `root`.
///
/// # Errors
/// The file cannot be read, or something in it is wrong: the error says where.
pub fn read_experiment(
    path: &Path,
    root: &Path,
    vocabulary: &Vocabulary,
) -> Result<Experiment, ExperimentError> {
    let name = path.strip_prefix(root).unwrap_or(path).with_extension("");
    let source = document::read_text(path)?;
    parse_experiment(&name.to_string_lossy(), path, &source, vocabulary)
}

/// Returns the experiment in `source`; `path` is shown in errors.
///
/// # Errors
/// Something in the text is wrong: the error says where.
pub fn parse_experiment(
    name: &str,
    path: &Path,
    source: &str,
    vocabulary: &Vocabulary,
) -> Result<Experiment, ExperimentError> {
    document::parse(path, source, |node| Experiment::read(name, node, vocabulary))
}

/// Returns the experiments' files in order of name: the `.yaml` files in the folders of `root`.
///
/// # Errors
/// A folder cannot be read.
pub fn experiment_files(root: &Path) -> Result<Vec<PathBuf>, ExperimentError> {
    let mut files = Vec::new();
    for set in entries(root)?.into_iter().filter(|path| path.is_dir()) {
        let is_yaml = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "yaml");
        files.extend(entries(&set)?.into_iter().filter(is_yaml));
    }
    Ok(files)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, ExperimentError> {
    let unreadable = |source| ExperimentError::Unreadable { path: folder.to_owned(), source };
    let mut paths = fs::read_dir(folder)
        .map_err(unreadable)?
        .map(|entry| entry.map(|entry| entry.path()).map_err(unreadable))
        .collect::<Result<Vec<PathBuf>, ExperimentError>>()?;
    paths.sort();
    Ok(paths)
}
