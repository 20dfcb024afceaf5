use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use formbench_protocol::{Architecture, CostTarget, Images};

use crate::node::{Fault, Node};
use crate::threads::AskedThreads;
use crate::vocabulary::known_name;
use crate::{
    ArchitectureRow, BudgetOverride, Cell, EngineSetting, Exclusion, ExperimentError, Profile,
    Vocabulary, cache_sizes, document, input,
};

const KEYS: [&str; 12] = [
    "question",
    "architectures",
    "engines",
    "baseline",
    "stand_in",
    "input",
    "weights_seed",
    "threads",
    "budget",
    "cache",
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
    /// Path below the experiments' folder without its ending, such as `burn/networks`.
    pub name: String,
    /// What the experiment asks.
    pub question: String,
    /// What is executed; no architecture is listed twice.
    pub architectures: Vec<ArchitectureRow>,
    /// What executes the architectures; no setting is listed twice, and the baseline is among them.
    pub engines: Vec<EngineSetting>,
    /// The setting that the others are compared with.
    pub baseline: EngineSetting,
    /// The setting that replaces the baseline where the baseline's engine is absent; its engine is
    /// always another one.
    pub stand_in: Option<EngineSetting>,
    /// Shape and seed of the images.
    pub images: Images,
    /// Seed of the deterministic weights.
    pub weights_seed: u64,
    /// Threads that the engines may compute on, each number once.
    pub threads: Vec<u32>,
    /// Where it departs from the profile's budget.
    pub budget: BudgetOverride,
    /// Sizes of the last-level caches that the experiment asks about, in MiB; empty if it asks
    /// about none.
    pub l3_mib: Vec<u32>,
    /// Figures that are drawn from the experiment.
    pub figures: Vec<String>,
    /// What the experiment leaves out; each exclusion leaves out at least one cell.
    pub exclude: Vec<Exclusion>,
}

impl Experiment {
    /// Returns the cells of a profile, each once, without the stand-in; the cells of a group are
    /// adjacent.
    pub fn cells(&self, profile: Profile) -> Vec<Cell> {
        self.cells_with(None, profile)
    }

    /// Returns the cost that an architecture's width was chosen for at a resolution; `None` if the
    /// width was not chosen for a cost.
    pub fn matched(&self, architecture: &Architecture, resolution: u32) -> Option<CostTarget> {
        let is_it = |row: &&ArchitectureRow| {
            let at = row.images(self.images).resolution;
            at == resolution && row.architectures.contains(architecture)
        };
        self.architectures.iter().find(is_it)?.matched
    }

    /// Returns the stand-in if it replaces the baseline on a host that lacks the `absent` engines.
    /// `None` if the baseline's engine is there, or the stand-in's is not.
    pub(crate) fn standing_in(&self, absent: &BTreeSet<String>) -> Option<&EngineSetting> {
        let is_absent = |setting: &EngineSetting| absent.contains(&setting.engine);
        let stand_in = self.stand_in.as_ref()?;
        (is_absent(&self.baseline) && !is_absent(stand_in)).then_some(stand_in)
    }

    /// Returns the cells of a profile, including those of `stand_in`.
    pub(crate) fn cells_with(
        &self,
        stand_in: Option<&EngineSetting>,
        profile: Profile,
    ) -> Vec<Cell> {
        let added = stand_in.filter(|one| !self.engines.contains(one));
        let engines: Vec<&EngineSetting> = added.into_iter().chain(&self.engines).collect();
        let rows = self.architectures.iter().filter(|row| row.from <= profile);
        let mut cells = Vec::new();
        for (row, architecture) in rows.flat_map(ArchitectureRow::each) {
            let included = |engine: &&&EngineSetting| {
                !self.exclude.iter().any(|exclusion| exclusion.covers(architecture, engine))
            };
            for input in row.inputs(self.images) {
                for &threads in &self.threads {
                    cells.extend(engines.iter().filter(included).map(|&engine| Cell {
                        architecture: architecture.clone(),
                        input: input.clone(),
                        weights_seed: self.weights_seed,
                        threads,
                        engine: engine.clone(),
                    }));
                }
            }
        }
        cells
    }

    fn read(
        name: &str,
        folder: &Path,
        node: &Node,
        vocabulary: &Vocabulary,
    ) -> Result<Self, Fault> {
        let fields = node.fields("experiment", &KEYS)?;
        let baseline = EngineSetting::read(fields.require("baseline")?, vocabulary)?;
        let whole = |key| fields.read(key, |node| node.whole(key, 0..=u64::MAX));
        let threads = fields.read("threads", |node| read_threads(node, vocabulary))?;
        let images = input::read(fields.require("input")?)?;
        let architectures = fields.require("architectures")?;
        let read_stand_in = |node| read_stand_in(node, &baseline, vocabulary);
        let experiment = Self {
            name: name.to_owned(),
            question: read_question(fields.require("question")?)?,
            architectures: ArchitectureRow::read_all(architectures, images, folder, vocabulary)?,
            engines: read_engines(fields.require("engines")?, &baseline, vocabulary)?,
            stand_in: fields.read("stand_in", read_stand_in)?,
            baseline,
            images,
            weights_seed: whole("weights_seed")?.unwrap_or(DEFAULT_WEIGHTS_SEED),
            threads: threads.unwrap_or_else(|| vec![DEFAULT_THREADS]),
            budget: fields.read("budget", BudgetOverride::read)?.unwrap_or_default(),
            l3_mib: fields.read("cache", cache_sizes::read)?.unwrap_or_default(),
            figures: read_figures(fields.require("figures")?, vocabulary)?,
            exclude: Vec::new(),
        };
        experiment.refuse_too_many(architectures)?;
        match fields.get("exclude") {
            None => Ok(experiment),
            Some(node) => experiment.without(node, vocabulary),
        }
    }

    fn refuse_too_many(&self, architectures: &Node) -> Result<(), Fault> {
        let of_row =
            |row: &ArchitectureRow| row.architectures.len() * row.inputs(self.images).len();
        let rows: usize = self.architectures.iter().map(of_row).sum();
        let settings = self.engines.len() + usize::from(self.stand_in.is_some());
        let cells = rows * settings * self.threads.len();
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
            let exclusion = Exclusion::read(node, vocabulary, &self)?;
            if !cells.iter().any(|cell| exclusion.covers(&cell.architecture, &cell.engine)) {
                return Err(node.fault("the exclusion matches no cell; correct or remove it"));
            }
            Ok(exclusion)
        })?;
        if self.cells(Profile::Full).is_empty() {
            Err(node.fault("the exclusions leave no cell; remove one"))
        } else {
            Ok(self)
        }
    }
}

pub(crate) fn read_question(node: &Node) -> Result<String, Fault> {
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
    let mut seen = HashSet::new();
    let ladders = node.list("engines", |node| {
        let ladder = EngineSetting::read_ladder(node, vocabulary)?;
        match ladder.iter().find(|setting| !seen.insert((*setting).clone())) {
            Some(twice) => Err(node.fault(format!("engines: `{twice}` is listed twice"))),
            None => Ok(ladder),
        }
    })?;
    let mut engines = ladders.concat();
    if !engines.contains(baseline) {
        engines.insert(0, baseline.clone());
    }
    Ok(engines)
}

fn read_stand_in(
    node: &Node,
    baseline: &EngineSetting,
    vocabulary: &Vocabulary,
) -> Result<EngineSetting, Fault> {
    let stand_in = EngineSetting::read(node, vocabulary)?;
    if stand_in.engine == baseline.engine {
        return Err(node.fault(format!(
            "the stand-in `{stand_in}` is absent where the baseline is; name another engine"
        )));
    }
    Ok(stand_in)
}

/// Returns the numbers of threads, each once; `all` is one thread for each processor.
fn read_threads(node: &Node, vocabulary: &Vocabulary) -> Result<Vec<u32>, Fault> {
    let listed = node.one_or_more("threads", AskedThreads::read)?;
    let mut threads = Vec::new();
    for one in listed {
        let number = match one {
            AskedThreads::Number(number) => number,
            AskedThreads::All => vocabulary.processors,
        };
        if !threads.contains(&number) {
            threads.push(number);
        }
    }
    Ok(threads)
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

/// Returns the experiment in `source`. `path` is shown in errors; paths of model files are relative
/// to its folder.
///
/// # Errors
/// Something in the text is wrong: the error says where.
pub fn parse_experiment(
    name: &str,
    path: &Path,
    source: &str,
    vocabulary: &Vocabulary,
) -> Result<Experiment, ExperimentError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    document::parse(path, source, |node| Experiment::read(name, folder, node, vocabulary))
}
