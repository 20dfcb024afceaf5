//! Runs of others, out of packs.

use std::path::Path;

use anyhow::Result;
use formbench_pack::{AddedRun, AddedRuns, PackError};
use serde_json::{Value, json};

use crate::arguments::{AddArguments, Arguments};
use crate::exit::{self, Exit};
use crate::{location, output};

/// Packs that are added at once, before what became of them is printed.
const AT_ONCE: usize = 16;

/// Adds the run in each pack, and prints its folder. A pack that is refused does not keep the others out.
///
/// # Errors
/// Another command adds packs, or the folder of added runs cannot be made.
pub fn execute(arguments: &Arguments, add: &AddArguments) -> Result<Exit> {
    let runs = AddedRuns::open(&arguments.data, &location::command_line())?;
    let (mut end, mut rows) = (Exit::Done, Vec::new());
    for packs in add.packs.chunks(AT_ONCE) {
        for (pack, added) in packs.iter().zip(runs.add_all(packs)) {
            rows.push(row(pack, &added));
            match added {
                Ok(added) => tell(pack, &added, add.json)?,
                Err(error) => {
                    let error = error.into();
                    end = exit::of(&error);
                    output::error(&error);
                }
            }
        }
    }
    if add.json {
        output::json(&rows)?;
    }
    Ok(end)
}

fn tell(pack: &Path, added: &AddedRun, json: bool) -> Result<()> {
    for note in &added.notes {
        output::say(&format!("{}: {note}", pack.display()));
    }
    if !added.is_new {
        output::say(&format!("{}: its run is there already", pack.display()));
    }
    if json { Ok(()) } else { output::text(&added.folder.display().to_string()) }
}

fn row(pack: &Path, added: &Result<AddedRun, PackError>) -> Value {
    let pack = pack.display().to_string();
    match added {
        Ok(added) => json!({
            "pack": pack,
            "folder": added.folder.display().to_string(),
            "run": added.run,
            "host": added.host,
            "cells": added.cells,
            "was_there": !added.is_new,
            "notes": added.notes,
        }),
        Err(error) => json!({ "pack": pack, "refused": error.to_string() }),
    }
}
