//! Holds finals: those who may be first by a run's numbers take turns with each other.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use formbench_analysis::{Final, Finding, Run, find, read_run};
use formbench_experiment::{Member, Plan};
use formbench_measure::{Conductor, End, Group, Launcher, Observer, RunCell};
use formbench_store::RunFolder;

use crate::{CampaignError, EarlierRuns, FolderRecorder, Notice, Planned, open_or_create};

/// Rounds of a final before it ends early.
const EARLIEST_END: u32 = 5;

/// Blocks of a round: a final's time goes into rounds, which differ by more than turns leave open.
const BLOCKS: u32 = 4;

/// Rounds of a final at most.
const MOST_ROUNDS: u32 = 1_000;

/// Probability of a first place that ends a final before its time: who looks after every round is wrong more
/// often than who looks once, and is asked for more.
const ENOUGH: f64 = 0.99;

/// Holds the finals of a run.
pub struct Finals<'a> {
    /// The run that says who takes part.
    pub survey: Run,
    /// Its folder, which the finals go to.
    pub folder: &'a RunFolder,
    /// All cells that there are, those of the run among them.
    pub planned: &'a Planned,
    /// Starts workers.
    pub launcher: &'a dyn Launcher,
    /// Takes lines for people.
    pub notice: Notice<'a>,
}

impl<'a> Finals<'a> {
    /// Returns the finals that decide the claims of rank.
    pub fn all(&self) -> Vec<Final<'a>> {
        let claims = self.planned.claims.iter();
        claims.flat_map(|claims| formbench_analysis::finals(&self.survey, claims)).collect()
    }

    /// Holds a final until the first place is decided or the time is spent, or goes on with one that was
    /// interrupted; one that is over is left alone unless `fresh` asks for another.
    ///
    /// # Errors
    /// The run is of another host, other engines or other experiments, or something cannot be kept.
    pub fn hold(
        &mut self,
        one: &Final<'_>,
        past: &EarlierRuns,
        (limit, fresh): (Duration, bool),
        observer: &mut dyn Observer,
    ) -> Result<End, CampaignError> {
        let planned = self.planned_final(one)?;
        let place = self.folder.finals();
        let gpu = self.survey.host.software_gpu;
        let folder = open_or_create(&place, &planned, past, gpu, fresh, self.notice)?;
        if folder.is_finished() {
            return Ok(End::Finished);
        }
        let end = self.measure(one, &planned, &folder, limit, observer)?;
        if end == End::Finished {
            folder.compact()?;
        }
        self.read(one, &folder)?;
        Ok(end)
    }

    fn measure(
        &mut self,
        one: &Final<'_>,
        planned: &Planned,
        folder: &RunFolder,
        limit: Duration,
        observer: &mut dyn Observer,
    ) -> Result<End, CampaignError> {
        let mut recorder = FolderRecorder::new(folder)?;
        let there = cells(planned, MOST_ROUNDS).iter().map(|cell| recorder.rounds(cell)).min();
        let (launcher, gpu) = (self.launcher, self.survey.host.software_gpu);
        let mut conductor = Conductor::new(launcher, gpu, &mut recorder, observer);
        // All of them take part in every round, and nothing but the first place decides when it is enough.
        let cells_of = (0..planned.cells.len()).collect();
        let group = [Group { cells: cells_of, comparisons: Vec::new() }];
        let start = Instant::now();
        for rounds in there.unwrap_or_default() + 1..=MOST_ROUNDS {
            let before = start.elapsed();
            let end = conductor.run(&cells(planned, rounds), &group, None)?;
            if end == End::Interrupted {
                return Ok(end);
            }
            self.read(one, folder)?;
            let took = start.elapsed() - before;
            let is_decided = rounds >= EARLIEST_END && self.is_decided(one);
            // Fewer rounds say nothing, and would be measured for nothing.
            let is_over = rounds >= Final::LEAST_ROUNDS && start.elapsed() + took > limit;
            if is_decided || self.lost_one(one) || is_over {
                break;
            }
        }
        Ok(End::Finished)
    }

    /// Returns how a final came out, and who is first.
    pub fn finding(&self, one: &Final<'_>) -> Finding {
        find(&self.survey, one.question)
    }

    /// Reads what a final has so far.
    fn read(&mut self, one: &Final<'_>, folder: &RunFolder) -> Result<(), CampaignError> {
        let question = one.question.to_string();
        let asks = |run: &Run| run.experiments.iter().any(|row| row.question == question);
        self.survey.finals.retain(|run| !asks(run));
        self.survey.finals.push(read_run(folder.path())?);
        Ok(())
    }

    /// Returns whether the first place is so sure that more rounds would change nothing.
    fn is_decided(&self, one: &Final<'_>) -> bool {
        let finding = self.finding(one);
        let is_sure = |probability: f64| probability >= ENOUGH || probability <= 1.0 - ENOUGH;
        finding.count.in_final && finding.first_probability.is_some_and(is_sure)
    }

    /// Returns whether a competitor was refused, so that no turn of all is left to come.
    fn lost_one(&self, one: &Final<'_>) -> bool {
        let question = one.question.to_string();
        let asks = |run: &&Run| run.experiments.iter().any(|row| row.question == question);
        self.survey.finals.iter().filter(asks).any(|run| !run.refusals.is_empty())
    }

    /// Returns the plan of a final alone.
    fn planned_final(&self, one: &Final<'_>) -> Result<Planned, CampaignError> {
        let planned = self.planned;
        let known: BTreeSet<&str> = planned.cells.iter().map(|cell| cell.key.as_str()).collect();
        if let Some(key) = one.cells.iter().find(|key| !known.contains(key.as_str())) {
            let cell = self.survey.cells.get(key);
            return Err(CampaignError::OtherRun {
                run: self.folder.path().to_owned(),
                cell: cell.map_or_else(String::new, |cell| {
                    format!("{} on {}", cell.architecture(), cell.engine_label())
                }),
            });
        }
        let experiments: BTreeSet<&str> =
            self.survey.experiments.iter().map(|row| row.experiment.as_str()).collect();
        let places: Vec<usize> = (0..planned.cells.len())
            .filter(|at| one.cells.contains(&planned.cells[*at].key))
            .collect();
        let mut plan = Plan {
            extent: planned.plan.extent,
            cells: places.iter().map(|&at| planned.plan.cells[at].clone()).collect(),
            matched: planned.plan.matched.clone(),
            experiments: planned.plan.experiments.clone(),
        };
        plan.experiments.retain(|experiment| experiments.contains(experiment.name.as_str()));
        for experiment in &mut plan.experiments {
            experiment.question = one.question.to_string();
            experiment.budget.blocks = BLOCKS;
            let member = |member: &Member| {
                let cell = places.iter().position(|&at| at == member.cell)?;
                Some(Member { cell, ..*member })
            };
            experiment.members = experiment.members.iter().filter_map(member).collect();
        }
        plan.experiments.retain(|experiment| !experiment.members.is_empty());
        Ok(Planned {
            worker: planned.worker.clone(),
            host: planned.host.clone(),
            cells: places.iter().map(|&at| of_final(&planned.cells[at])).collect(),
            plan,
            origins: planned.origins.clone(),
            claims: planned.claims.clone(),
        })
    }
}

/// Returns a cell as a final measures it.
fn of_final(cell: &RunCell) -> RunCell {
    let mut cell = cell.clone();
    cell.budget.blocks = BLOCKS;
    cell
}

/// Returns the cells of a final, to be measured in so many rounds.
fn cells(planned: &Planned, rounds: u32) -> Vec<RunCell> {
    let of = |cell: &RunCell| {
        let mut cell = cell.clone();
        (cell.budget.rounds, cell.budget.most_rounds) = (rounds, rounds);
        cell
    };
    planned.cells.iter().map(of).collect()
}
