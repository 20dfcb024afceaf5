//! The binary `formbench-worker`: serves one engine over stdin and stdout, started by `formbench`.

use std::io::{BufReader, stdin};

use anyhow::{Context, Result};
use formbench_worker::{Catalogue, Inspector, claim_stdout, end_with_parent, roofline, serve};

fn main() -> Result<()> {
    end_with_parent().context("cannot tie the worker to the command that started it")?;
    let replies = claim_stdout().context("cannot set stdout apart for the protocol")?;
    join_pool().context("no pool of threads can be started")?;
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

/// Makes this thread the one that engines compute on by rayon, where the command says that there may be one.
///
/// Without that, this thread waits while a pool of one works, and the other way round: two threads where one was asked
/// for, and on the one processor of a turn each of them waits for the other. Of several, the pool's work while this one waits.
/// Graphics drivers share work from threads of their own, which this one would keep waiting.
fn join_pool() -> Result<()> {
    let is_set = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    if !is_set("RAYON_NUM_THREADS", "1") || std::env::var_os("LP_NUM_THREADS").is_some() {
        return Ok(());
    }
    Ok(rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global()?)
}
