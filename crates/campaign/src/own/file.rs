use std::path::{Path, PathBuf};

use formbench_analysis::number::significant;
use formbench_experiment::user_file;
use formbench_measure::{WorkerCommand, WorkerResult};
use formbench_protocol::{
    Architecture, Attributes, Input, Inspection, Interface, Subject, UserFile,
};

use super::{CompareError, InputWishes};
use crate::Notice;

/// A file with what it is given.
#[derive(Clone, Debug)]
pub struct OwnFile {
    /// Where it is.
    pub path: PathBuf,
    /// What tables call it.
    pub name: String,
    /// What inferences are given, at each of the sizes that the file is measured at.
    pub inputs: Vec<Input>,
    /// The names of its inputs; none if they are not known.
    pub names: Vec<String>,
}

impl OwnFile {
    /// Returns a file with what it is given. What it costs, and what is to be said about it, is noticed.
    ///
    /// # Errors
    /// It cannot be read, or leaves something open that nothing says.
    pub fn read(
        worker: &WorkerCommand,
        wishes: &InputWishes,
        path: &Path,
        name: String,
        notice: Notice<'_>,
    ) -> Result<Self, CompareError> {
        let file = user_file(&path.display().to_string(), Path::new(""));
        let file =
            file.map_err(|source| CompareError::Unreadable { path: path.to_owned(), source })?;
        let (path, model) = (path.to_owned(), UserFile { path: name.clone(), ..file });
        let interface = match worker.interface(&model) {
            Ok(interface) => interface,
            Err(error) => {
                // Every engine will say the same; the table then has them.
                notice(&format!("{name}: no engine can run it: {error}"));
                let inputs = vec![wishes.images().into()];
                return Ok(Self { path, name, inputs, names: Vec::new() });
            }
        };
        let inputs = wishes.inputs(&interface);
        let inputs = inputs.map_err(|source| CompareError::Input { name: name.clone(), source })?;
        for input in &inputs {
            let architecture = Architecture::File(model.clone());
            let subject = Subject { architecture, weights_seed: 1, input: input.clone() };
            notice(&said(&name, input, worker.inspect(&subject)));
        }
        if let Some(Input::Tensors(of)) = inputs.first() {
            let fills = of.tensors.iter().map(|it| format!("{} by {}", it.name, it.fill));
            notice(&format!("{name}: filled: {}", fills.collect::<Vec<_>>().join(", ")));
        }
        let Interface { inputs: declared, remarks, .. } = interface;
        remarks.iter().for_each(|remark| notice(&format!("{name}: {remark}")));
        Ok(Self { path, name, inputs, names: declared.into_iter().map(|it| it.name).collect() })
    }
}

/// Returns what a file takes and costs, in a line.
fn said(name: &str, input: &Input, inspected: WorkerResult<Inspection>) -> String {
    let of = match inspected {
        Ok(inspection) => inspection.attributes,
        Err(error) => return format!("{name}: takes {input}; not counted: {error}"),
    };
    format!(
        "{name}: {input}: {} operators, {} M parameters, {} M MACs, weights of {} MiB{}",
        of.operators,
        significant(of.parameters as f64 / 1e6, 3),
        significant(of.macs as f64 / 1e6, 3),
        significant(of.weight_bytes as f64 / f64::from(1 << 20), 3),
        uncounted(&of).map_or_else(String::new, |said| format!("; {said}")),
    )
}

/// Says which operators are not counted but for their bytes, if there are such.
pub fn uncounted(attributes: &Attributes) -> Option<String> {
    let kinds: Vec<&str> = attributes.uncounted.keys().map(String::as_str).collect();
    let operators: u64 = attributes.uncounted.values().sum();
    (operators > 0).then(|| {
        format!(
            "{operators} operators of {} kinds not counted but for their bytes: {}",
            kinds.len(),
            kinds.join(", ")
        )
    })
}
