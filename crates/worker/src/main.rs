//! The binary `formbench-worker`: serves one engine over stdin and stdout, started by `formbench`.

use std::io::{BufReader, stdin};

use anyhow::{Context, Result};
use formbench_worker::{Catalogue, Inspector, claim_stdout, end_with_parent, roofline, serve};

fn main() -> Result<()> {
    end_with_parent().context("cannot tie the worker to the command that started it")?;
    let replies = claim_stdout().context("cannot set stdout apart for the protocol")?;
    let catalogue = Catalogue {
        engines: formbench_engines::engines(),
        architectures: formbench_engines::architectures(),
        environment: formbench_engines::environment(),
        inspector: Inspector {
            inspect: formbench_engines::inspect,
            export: formbench_engines::export,
            interface: formbench_engines::interface,
            roofline,
        },
    };
    serve(&catalogue, BufReader::new(stdin()), replies)
}
