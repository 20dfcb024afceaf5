//! Ctrl-C: the first one stops after saving, the second one at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};

use crate::exit::Exit;

/// Returns a flag that is set when the user or the system asks the command to stop.
///
/// # Errors
/// The handler cannot be installed.
pub fn watch() -> Result<Arc<AtomicBool>> {
    let interrupt = Arc::new(AtomicBool::new(false));
    let set = interrupt.clone();
    ctrlc::set_handler(move || {
        if set.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(Exit::Interrupted as u8));
        }
    })
    .context("cannot watch for interruptions")?;
    Ok(interrupt)
}
