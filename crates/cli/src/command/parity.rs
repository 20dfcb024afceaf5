//! Every engine's logits beside the reference engine's.

use anyhow::{Context, Result, bail};
use formbench_campaign::own::InputWishes;
use formbench_campaign::{architecture, describe, today};
use formbench_measure::{Host, WorkerCommand};
use formbench_protocol::{Architecture, Input};
use formbench_validation::parity::{self, ParityLine, ParityRequest, matrix, remarks};

use crate::arguments::{Arguments, ParityArguments};
use crate::exit::Exit;
use crate::{location, output};

/// Prints how each engine's logits compare with the reference's.
///
/// # Errors
/// The worker does not answer, or the table cannot be written.
pub fn execute(arguments: &Arguments, parity: &ParityArguments) -> Result<Exit> {
    let worker = location::worker(arguments)?;
    let description = describe(&worker)?;
    let lines = parity::compare(&worker, &description, &request(&worker, parity)?, output::say)?;
    if lines.is_empty() {
        bail!(
            "nothing is compared: no architecture or no engine has such a name; `formbench list` shows all"
        );
    }
    if let Some(path) = &parity.output {
        let page = parity::page(&lines, &command(parity), &Host::here(), &today());
        output::page(path, &page)?;
    }
    if parity.json {
        output::json(&lines.iter().map(parity::as_json).collect::<Vec<_>>())?;
    } else {
        output::text(&matrix(&lines))?;
        output::text(&format!("\n{}", remarks(&lines)))?;
    }
    let is_unexplained = |line: &ParityLine| line.differs() && line.known_defect.is_none();
    Ok(if lines.iter().any(is_unexplained) { Exit::Disagreement } else { Exit::Done })
}

fn request(worker: &WorkerCommand, parity: &ParityArguments) -> Result<ParityRequest> {
    let wishes = parity.input.wishes();
    let (files, parts): (Vec<String>, Vec<String>) =
        parity.architectures.iter().cloned().partition(|word| architecture::is_file(word));
    let mut names = Vec::new();
    let read = |path: &String| file(worker, &wishes, path, &mut names);
    let files = files.iter().map(read).collect::<Result<_>>()?;
    // Where no file could be read, every engine says why.
    if parts.len() == parity.architectures.len() || !names.is_empty() {
        wishes.check_names(names.iter().map(String::as_str))?;
    }
    Ok(ParityRequest {
        files,
        parts,
        engines: parity.engines.clone(),
        resolution: wishes.resolution,
        batch: wishes.images().batch,
        defaults: parity.defaults,
        software_gpu: parity.software_gpu,
    })
}

/// Returns a file with what it is given; the names of its inputs join others.
fn file(
    worker: &WorkerCommand,
    wishes: &InputWishes,
    path: &str,
    names: &mut Vec<String>,
) -> Result<(Architecture, Input)> {
    let architecture = architecture::file(path)?;
    let Architecture::File(model) = &architecture else { bail!("`{path}` is no file") };
    let Ok(interface) = worker.interface(model) else {
        // Every engine will say why.
        return Ok((architecture, wishes.images().into()));
    };
    let input = wishes.input(&interface).with_context(|| path.to_owned())?;
    names.extend(interface.inputs.into_iter().map(|declared| declared.name));
    Ok((architecture, input))
}

/// Returns how the command was called, as far as it decides what is compared.
fn command(parity: &ParityArguments) -> String {
    let mut words = vec!["formbench parity".to_owned()];
    words.extend(parity.input.wishes().words());
    words.extend(parity.defaults.then(|| "--defaults".to_owned()));
    words.extend(parity.software_gpu.then(|| "--software-gpu".to_owned()));
    words.extend(parity.architectures.iter().map(|part| format!("--architecture {part}")));
    words.extend(parity.engines.iter().map(|part| format!("--engine {part}")));
    words.join(" ")
}
