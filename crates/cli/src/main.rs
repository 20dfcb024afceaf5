//! The command `formbench`: arguments in, tables, JSON and exit codes out.
//!
//! Owns what people see in a terminal, and computes nothing of it. Must not know Burn: a worker
//! beside this executable does the computing.

mod arguments;
mod command;
mod exit;
mod filtered;
mod interrupt;
mod links;
mod location;
mod mirror;
mod observer;
mod output;
mod planning;

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
