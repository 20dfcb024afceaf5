//! One file per subcommand.

mod add;
mod cache;
mod choose;
mod compare;
mod doctor;
mod export;
mod fidelity;
mod figures;
mod finals;
mod fleet;
mod history;
mod hosts;
mod inspect;
mod list;
mod list_attributes;
mod pack;
mod parity;
mod plan;
mod predict;
mod profile;
mod readme;
mod run;
mod selftest;
mod show;
mod verify;

use anyhow::Result;
use clap::CommandFactory;

use crate::arguments::{Arguments, Command};
use crate::exit::Exit;

/// Does what the command line asks.
///
/// # Errors
/// The subcommand failed; `exit::of` knows the code.
pub fn execute(arguments: &Arguments) -> Result<Exit> {
    match &arguments.command {
        Command::List(list) => list::execute(arguments, list),
        Command::Plan(plan) => plan::execute(arguments, plan),
        Command::Run(run) => run::execute(arguments, run),
        Command::Compare(compare) => compare::execute(arguments, compare),
        Command::Choose(choose) => choose::execute(arguments, choose),
        Command::Final(of) => finals::execute(arguments, of),
        Command::Cache(cache) => cache::execute(arguments, cache),
        Command::Figures(figures) => figures::execute(arguments, figures),
        Command::Show(show) => show::execute(arguments, show),
        Command::Verify(verify) => verify::execute(arguments, verify),
        Command::Fleet(fleet) => fleet::execute(arguments, fleet),
        Command::History(history) => history::execute(arguments, history),
        Command::Hosts(hosts) => hosts::execute(arguments, hosts),
        Command::Predict(predict) => predict::execute(arguments, predict),
        Command::Profile(profile) => profile::execute(arguments, profile),
        Command::Pack(of) => pack::execute(arguments, of),
        Command::Add(add) => add::execute(arguments, add),
        Command::Inspect(inspect) => inspect::execute(arguments, inspect),
        Command::Export(export) => export::execute(arguments, export),
        Command::Parity(parity) => parity::execute(arguments, parity),
        Command::Fidelity(fidelity) => fidelity::execute(arguments, fidelity),
        Command::Doctor(doctor) => doctor::execute(arguments, doctor),
        Command::Selftest(selftest) => selftest::execute(arguments, selftest),
        Command::Readme(readme) => readme::execute(arguments, readme),
        Command::Completions { shell } => {
            let mut command = Arguments::command();
            clap_complete::generate(*shell, &mut command, "formbench", &mut std::io::stdout());
            Ok(Exit::Done)
        }
    }
}
