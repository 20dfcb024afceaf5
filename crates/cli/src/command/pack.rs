//! A run as one file that travels.

use std::path::PathBuf;

use anyhow::{Result, bail};
use formbench_measure::host::{changes_timings, private_names};
use formbench_pack::{PackRequest, Surroundings, pack};
use formbench_store::RunFolder;
use indicatif::HumanBytes;
use serde_json::json;

use crate::arguments::{Arguments, PackArguments};
use crate::exit::Exit;
use crate::{location, output};

/// Writes a run as a pack, and prints its path; what is not in it goes to stderr.
///
/// # Errors
/// No licence is named, there is no finished run, something private would travel, or the pack cannot be written.
pub fn execute(arguments: &Arguments, of: &PackArguments) -> Result<Exit> {
    let Some(licence) = &of.licence else {
        bail!("name the licence under which others may use the run, such as `--licence CC-BY-4.0`");
    };
    let run = location::run(of.run.as_ref(), &arguments.data)?;
    let file = match &of.output {
        Some(file) => file.clone(),
        None => PathBuf::from(format!("{}.zip", RunFolder::open(&run)?.host()?.run)),
    };
    let surroundings = Surroundings { names: private_names(), is_recorded: changes_timings };
    let private = (!of.keep_private).then_some(&surroundings);
    let experiments = &arguments.experiments;
    let packed = pack(&PackRequest { run: &run, experiments, licence, private }, &file)?;
    for line in &packed.absent {
        output::say(&format!("not in the pack: {line}"));
    }
    let path = file.display().to_string();
    if of.json {
        let value = json!({
            "pack": path, "run": packed.run, "files": packed.files, "bytes": packed.bytes, "absent": packed.absent,
        });
        output::json(&value)?;
    } else {
        output::say(&format!("{} files, {}", packed.files, HumanBytes(packed.bytes)));
        output::text(&path)?;
    }
    Ok(Exit::Done)
}
