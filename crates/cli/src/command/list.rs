//! What exists: architectures, engines, figures, experiments.

use anyhow::Result;
use formbench_campaign::{describe, experiments, vocabulary};
use formbench_experiment::{Experiment, Filter, Profile};
use formbench_protocol::{ArchitectureInfo, ArchitectureKind, EngineInfo, EngineKind};
use formbench_report::FIGURES;
use serde_json::{Map, Value, json};

use crate::arguments::{Arguments, ListArguments, ListSubject};
use crate::command::list_attributes;
use crate::exit::Exit;
use crate::{location, output, planning};

const EVERYTHING: [ListSubject; 4] = [
    ListSubject::Architectures,
    ListSubject::Engines,
    ListSubject::Figures,
    ListSubject::Experiments,
];

/// What passes the filter.
struct Listing {
    architectures: Vec<ArchitectureInfo>,
    engines: Vec<EngineInfo>,
    experiments: Vec<Experiment>,
}

/// Prints what exists.
///
/// # Errors
/// The worker does not answer, or an experiment is wrong.
pub fn execute(arguments: &Arguments, list: &ListArguments) -> Result<Exit> {
    let subjects = list.subject.map_or(EVERYTHING.to_vec(), |subject| vec![subject]);
    if list.attributes {
        let worker = location::worker(arguments)?;
        let mut architectures = describe(&worker)?.architectures;
        let filter = list.filter.filter();
        architectures.retain(|info| filter.takes_architecture(&info.name));
        return list_attributes::execute(&worker, &architectures, list);
    }
    let listing = Listing::new(arguments, &list.filter.filter())?;
    if list.json {
        let entries = subjects.iter().map(|subject| listing.json(*subject));
        output::json(&Value::Object(entries.collect::<Map<_, _>>()))?;
        return Ok(Exit::Done);
    }
    for (place, subject) in subjects.iter().enumerate() {
        if place > 0 {
            output::text("")?;
        }
        listing.print(*subject)?;
    }
    Ok(Exit::Done)
}

impl Listing {
    fn new(arguments: &Arguments, filter: &Filter) -> Result<Self> {
        let description = describe(&location::worker(arguments)?)?;
        let vocabulary = vocabulary(&description, &planning::figures());
        let mut experiments = experiments(&arguments.experiments, &vocabulary)?;
        experiments.retain(|experiment| filter.takes_experiment(&experiment.name));
        let mut architectures = description.architectures;
        architectures.retain(|info| filter.takes_architecture(&info.name));
        let mut engines = description.engines;
        engines.retain(|info| info.kind == EngineKind::Engine);
        engines.retain(|info| filter.takes_engine(&info.identity.name));
        Ok(Self { architectures, engines, experiments })
    }

    fn json(&self, subject: ListSubject) -> (String, Value) {
        let figure = |name, question| json!({ "name": name, "question": question });
        let figures = FIGURES.iter().map(|entry| figure(entry.name, entry.question));
        match subject {
            ListSubject::Architectures => ("architectures".into(), json!(self.architectures)),
            ListSubject::Engines => ("engines".into(), json!(self.engines)),
            ListSubject::Figures => ("figures".into(), figures.collect()),
            ListSubject::Experiments => {
                ("experiments".into(), self.experiments.iter().map(experiment).collect())
            }
        }
    }

    fn print(&self, subject: ListSubject) -> Result<()> {
        match subject {
            ListSubject::Architectures => output::table(
                ["architecture", "kind", "parameters", "source"],
                self.architectures.iter().map(architecture_row),
            ),
            ListSubject::Engines => output::table(
                ["engine", "version", "device", "here"],
                self.engines.iter().map(engine_row),
            ),
            ListSubject::Figures => output::table(
                ["figure", "question"],
                FIGURES.iter().map(|entry| [entry.name.to_owned(), entry.question.to_owned()]),
            ),
            ListSubject::Experiments => output::table(
                ["experiment", "cells (quick, standard, full)", "question"],
                self.experiments.iter().map(experiment_row),
            ),
        }
    }
}

fn experiment(experiment: &Experiment) -> Value {
    json!({
        "name": experiment.name,
        "question": experiment.question,
        "figures": experiment.figures,
        "baseline": experiment.baseline.to_string(),
        "cells": Profile::ALL.map(|profile| experiment.cells(profile).len()),
    })
}

fn experiment_row(experiment: &Experiment) -> [String; 3] {
    let cells = Profile::ALL.map(|profile| experiment.cells(profile).len().to_string());
    [experiment.name.clone(), cells.join(", "), experiment.question.clone()]
}

fn architecture_row(info: &ArchitectureInfo) -> [String; 4] {
    let kind = match info.kind {
        ArchitectureKind::Network => "network",
        ArchitectureKind::Pattern => "pattern",
    };
    let parameters = info.parameters.map_or("by depth and width".to_owned(), |n| n.to_string());
    [info.name.clone(), kind.to_owned(), parameters, info.source.clone()]
}

fn engine_row(info: &EngineInfo) -> [String; 4] {
    let identity = &info.identity;
    let here = info.refusal.as_ref().map_or("yes".to_owned(), |refusal| refusal.reason.clone());
    [identity.name.clone(), identity.version.clone(), identity.device.name.clone(), here]
}
