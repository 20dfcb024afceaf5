//! Ctrl-C: the first one stops after saving, the second one at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::exit::Exit;

/// A signal that follows so soon is the same one: a scheduler sends it to every process of a job, and the job's script
/// passes its own on.
const SAME: Duration = Duration::from_secs(1);

/// Returns a flag that is set when the user or the system asks the command to stop.
///
/// # Errors
/// The handler cannot be installed.
pub fn watch() -> Result<Arc<AtomicBool>> {
    let interrupt = Arc::new(AtomicBool::new(false));
    let set = interrupt.clone();
    let mut first = None;
    ctrlc::set_handler(move || {
        set.store(true, Ordering::Relaxed);
        if first.get_or_insert_with(Instant::now).elapsed() > SAME {
            std::process::exit(i32::from(Exit::Interrupted as u8));
        }
    })
    .context("cannot watch for interruptions")?;
    Ok(interrupt)
}
