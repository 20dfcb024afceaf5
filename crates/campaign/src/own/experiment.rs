//! The experiment that a comparison of files is.

use std::collections::BTreeMap;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use formbench_experiment::EngineSetting;
use formbench_protocol::{
    Description, EngineInfo, EngineKind, Fill, Input, InputTensor, Options, Tensors,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::names::{names_of, plain};
use super::{CompareError, OwnFile};

/// What files are compared over where it is here: most of their users have it.
const USUAL: &str = "onnxruntime";

/// What one cell may cost here: many short rounds, since rounds differ more than turns do.
fn budget() -> Value {
    json!({
        "rounds": 3, "most_rounds": 40, "blocks": 4, "block_inferences": 1, "block_s": 0.06,
        "warm_up_inferences": 3, "warm_up_s": 0.1, "warm_up_cap_s": 0.4, "warm_up_stable_within": 0.02,
        "limit_s": 120, "cell_limit_s": 600, "ratio_half_width": 0.05,
    })
}

/// Who is compared, and how.
#[derive(Clone, Copy, Debug)]
pub struct Contest<'a> {
    /// Labels of engines, such as `openvino{precision=bf16}`; none stands for all that take files.
    pub engines: &'a [String],
    /// The label of the one that the others are compared with; none stands for the usual one if it takes part.
    pub over: Option<&'a str>,
    /// Numbers of threads, or `all`.
    pub threads: &'a [String],
    /// Images per inference of files that take square images.
    pub batch: u32,
}

/// A folder with the one experiment that compares engines on files; it is gone when this is.
#[derive(Debug)]
pub struct OwnExperiment {
    folder: TempDir,
}

impl OwnExperiment {
    /// Writes the experiment.
    ///
    /// # Errors
    /// No engine is left, an engine is not written as one, or the folder cannot be made.
    pub fn new(
        files: &[OwnFile],
        contest: Contest<'_>,
        description: &Description,
    ) -> Result<Self, CompareError> {
        let folder = tempfile::tempdir()?;
        let set = folder.path().join("compare");
        let (engines, over) = engines(contest, description)?;
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        let arrays = arrays(files)?;
        let architectures: Vec<Value> = files.iter().map(|file| row(file, &arrays)).collect();
        let threads: Vec<Value> = contest.threads.iter().map(|text| word(text)).collect();
        let experiment = json!({
            "question": format!("Which engine is fastest on {}?", names.join(", ")),
            "architectures": architectures,
            "engines": engines,
            "baseline": over,
            "input": { "batch": contest.batch, "resolution": 224, "seed": 7 },
            "threads": threads,
            "figures": ["network-latency"],
        });
        let profiles = json!({ "quick": budget(), "standard": budget(), "full": budget() });
        std::fs::create_dir(&set)?;
        let models = files.iter().map(|file| (&file.path, &file.name));
        models.chain(&arrays).try_for_each(|(place, name)| link(place, &set.join(name)))?;
        // JSON is YAML.
        std::fs::write(set.join("files.yaml"), experiment.to_string())?;
        std::fs::write(folder.path().join("profiles.yaml"), profiles.to_string())?;
        Ok(Self { folder })
    }

    /// Returns the folder of the experiments.
    pub fn experiments(&self) -> &Path {
        self.folder.path()
    }
}

/// Returns what the arrays that fill inputs are called, by their places.
fn arrays(files: &[OwnFile]) -> Result<BTreeMap<PathBuf, String>, CompareError> {
    let inputs = files.iter().flat_map(|file| &file.inputs).filter_map(tensors);
    let mut places: Vec<PathBuf> = inputs
        .flat_map(|of| &of.tensors)
        .filter_map(|tensor| match &tensor.fill {
            Fill::Array(file) => plain(&file.place),
            _ => None,
        })
        .collect();
    places.sort_unstable();
    places.dedup();
    let names = names_of(&places, ".npy")?;
    Ok(places.into_iter().zip(names).collect())
}

/// Returns a file as a row of an experiment.
fn row(file: &OwnFile, arrays: &BTreeMap<PathBuf, String>) -> Value {
    let fill = |fill: &Fill| match fill {
        Fill::Array(file) => {
            plain(&file.place).and_then(|place| arrays.get(&place).cloned()).unwrap_or_default()
        }
        other => other.to_string(),
    };
    let sizes: Vec<&Tensors> = file.inputs.iter().filter_map(tensors).collect();
    let tensor = |(at, tensor): (usize, &InputTensor)| {
        let shapes: Vec<&Vec<u64>> = sizes.iter().map(|of| &of.tensors[at].shape).collect();
        let shape = if shapes.windows(2).all(|two| two[0] == two[1]) {
            json!(tensor.shape)
        } else {
            json!(shapes)
        };
        json!({
            "name": tensor.name,
            "type": tensor.element_type.label(),
            "shape": shape,
            "fill": fill(&tensor.fill),
        })
    };
    match file.inputs.first() {
        Some(Input::Images(images)) => {
            json!({ "onnx": file.name, "resolution": images.resolution })
        }
        Some(Input::Tensors(of)) => {
            let inputs: Vec<Value> = of.tensors.iter().enumerate().map(tensor).collect();
            json!({ "onnx": file.name, "inputs": inputs })
        }
        None => json!({ "onnx": file.name }),
    }
}

fn tensors(input: &Input) -> Option<&Tensors> {
    match input {
        Input::Tensors(of) => Some(of),
        Input::Images(_) => None,
    }
}

fn link(place: &Path, link: &Path) -> std::io::Result<()> {
    if let Some(folder) = link.parent() {
        std::fs::create_dir_all(folder)?;
    }
    symlink(std::path::absolute(place)?, link)
}

/// Returns the engines that take part and the one that they are compared with, as experiments write them.
fn engines(
    contest: Contest<'_>,
    description: &Description,
) -> Result<(Vec<Value>, Value), CompareError> {
    let takes_files = |info: &&EngineInfo| info.kind == EngineKind::Engine && info.takes_files;
    let all = || description.engines.iter().filter(takes_files);
    let engines: Vec<Value> = if contest.engines.is_empty() {
        all().map(|info| json!(info.identity.name)).collect()
    } else {
        contest.engines.iter().map(|text| engine(text)).collect::<Result<_, _>>()?
    };
    let is_here = |value: &&Value| {
        let name = value.as_str().or_else(|| value["engine"].as_str());
        let info =
            description.engines.iter().find(|info| Some(info.identity.name.as_str()) == name);
        info.is_some_and(|info| info.refusal.is_none())
    };
    let usual = json!(USUAL);
    let over = match contest.over {
        Some(text) => {
            let named = engine(text)?;
            if !is_here(&&named) {
                return Err(CompareError::NotHere { label: text.to_owned() });
            }
            Some(named)
        }
        None if engines.contains(&usual) && is_here(&&usual) => Some(usual),
        None => engines.iter().find(is_here).cloned(),
    };
    Ok((engines, over.ok_or(CompareError::NoEngine)?))
}

/// Returns an engine as experiments write it, from its label.
fn engine(label: &str) -> Result<Value, CompareError> {
    let EngineSetting { engine, options } = engine_setting(label)?;
    Ok(if options.is_empty() {
        json!(engine)
    } else {
        json!({ "engine": engine, "options": options })
    })
}

/// Returns an engine with its options, from its label, such as `tract` or `openvino{precision=bf16}`.
///
/// # Errors
/// The options are not written as `{key=value, key=value}`.
pub fn engine_setting(label: &str) -> Result<EngineSetting, CompareError> {
    let refused = |expected: String| CompareError::Label { label: label.to_owned(), expected };
    let Some((name, options)) = label.split_once('{') else {
        return Ok(EngineSetting { engine: label.to_owned(), options: Options::new() });
    };
    let options = options.strip_suffix('}').ok_or_else(|| refused("`}` at its end".to_owned()))?;
    let pairs = options.split(',').map(|pair| {
        let (key, value) = pair
            .split_once('=')
            .ok_or_else(|| refused(format!("options as `key=value`, got `{pair}`")))?;
        Ok((key.trim().to_owned(), word(value.trim())))
    });
    let options = pairs.collect::<Result<Options, CompareError>>()?;
    Ok(EngineSetting { engine: name.to_owned(), options })
}

/// Returns a number or a truth value as such, and any other word as text.
fn word(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(value @ (Value::Number(_) | Value::Bool(_))) => value,
        _ => json!(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_s_label_is_what_experiments_write() {
        assert_eq!(engine("tract").unwrap(), json!("tract"));
        let expected = json!({ "engine": "fake", "options": { "latency_ns": 5, "time": "busy" } });
        assert_eq!(engine("fake{latency_ns=5, time=busy}").unwrap(), expected);
        assert!(engine("fake{latency_ns}").is_err() && engine("fake{a=b").is_err());
    }
}
