//! Every engine's logits beside the reference engine's.

use anyhow::{Result, bail};
use formbench_campaign::{architecture, describe, today};
use formbench_measure::Host;
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
    let lines = parity::compare(&worker, &description, &request(parity)?, output::say);
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
    let differs = lines.iter().any(ParityLine::differs);
    Ok(if differs { Exit::Disagreement } else { Exit::Done })
}

fn request(parity: &ParityArguments) -> Result<ParityRequest> {
    let (files, parts): (Vec<String>, Vec<String>) =
        parity.architectures.iter().cloned().partition(|word| architecture::is_file(word));
    Ok(ParityRequest {
        files: files.iter().map(|path| architecture::file(path)).collect::<Result<_, _>>()?,
        parts,
        engines: parity.engines.clone(),
        resolution: parity.resolution,
        defaults: parity.defaults,
        software_gpu: parity.software_gpu,
    })
}

/// Returns how the command was called, as far as it decides what is compared.
fn command(parity: &ParityArguments) -> String {
    let mut words = vec!["formbench parity".to_owned()];
    words.extend(parity.resolution.map(|pixels| format!("--resolution {pixels}")));
    words.extend(parity.defaults.then(|| "--defaults".to_owned()));
    words.extend(parity.software_gpu.then(|| "--software-gpu".to_owned()));
    words.extend(parity.architectures.iter().map(|part| format!("--architecture {part}")));
    words.extend(parity.engines.iter().map(|part| format!("--engine {part}")));
    words.join(" ")
}
