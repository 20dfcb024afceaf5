//! The command `formbench`: plans, runs and draws experiments.
//!
//! Owns what people see: arguments, tables, the progress bar and exit codes. Must not know Burn: a
//! worker beside this executable does the computing.

mod architecture;
mod arguments;
mod cache;
mod claims;
mod command;
mod costs;
mod date;
mod exit;
mod interrupt;
mod links;
mod location;
mod looked;
mod observer;
mod output;
mod past;
mod planning;
mod prediction;
mod recorder;
mod rows;

use clap::Parser;

fn main() -> std::process::ExitCode {
    let arguments = arguments::Arguments::parse();
    match command::execute(&arguments) {
        Ok(exit) => exit.into(),
        Err(error) => {
            output::error(&error);
            exit::of(&error).into()
        }
    }
}
