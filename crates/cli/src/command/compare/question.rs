//! The experiment that a comparison of files is.

use std::collections::BTreeSet;
use std::os::unix::fs::symlink;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use formbench_protocol::{Description, EngineInfo, EngineKind, Input, InputTensor};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::arguments::CompareArguments;
use crate::links;

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

/// A folder with one experiment, which is gone when this is.
pub(super) struct Question {
    folder: TempDir,
}

/// A file with what it is given.
pub(super) struct OwnFile {
    pub(super) path: PathBuf,
    /// What tables call it.
    pub(super) name: String,
    pub(super) input: Input,
    /// The names of its inputs; none if they are not known.
    pub(super) names: Vec<String>,
}

impl Question {
    /// Returns the experiment that compares engines on files.
    ///
    /// # Errors
    /// No engine is left, an engine is not written as one, or the folder cannot be made.
    pub(super) fn new(
        files: &[OwnFile],
        compare: &CompareArguments,
        description: &Description,
    ) -> Result<Self> {
        let folder = tempfile::tempdir().context("no temporary folder can be made")?;
        let set = folder.path().join("compare");
        let (engines, over) = engines(compare, description)?;
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        let architectures: Vec<Value> = files.iter().map(row).collect();
        let threads: Vec<Value> = compare.threads.iter().map(|text| word(text)).collect();
        let experiment = json!({
            "question": format!("Which engine is fastest on {}?", names.join(", ")),
            "architectures": architectures,
            "engines": engines,
            "baseline": over,
            "input": { "batch": compare.input.batch.unwrap_or(1), "resolution": 224, "seed": 7 },
            "threads": threads,
            "figures": ["network-latency"],
        });
        let profiles = json!({ "quick": budget(), "standard": budget(), "full": budget() });
        let made = std::fs::create_dir(&set)
            .and_then(|()| files.iter().try_for_each(|file| link(file, &set)))
            // JSON is YAML.
            .and_then(|()| std::fs::write(set.join("files.yaml"), experiment.to_string()))
            .and_then(|()| {
                std::fs::write(folder.path().join("profiles.yaml"), profiles.to_string())
            });
        made.context("the temporary folder cannot be written")?;
        Ok(Self { folder })
    }

    /// Returns the folder of the experiments.
    pub(super) fn experiments(&self) -> &Path {
        self.folder.path()
    }
}

/// Returns a file as a row of an experiment.
fn row(file: &OwnFile) -> Value {
    let tensor = |tensor: &InputTensor| {
        json!({
            "name": tensor.name,
            "type": tensor.element_type.label(),
            "shape": tensor.shape,
            "fill": tensor.fill.to_string(),
        })
    };
    match &file.input {
        Input::Images(images) => json!({ "onnx": file.name, "resolution": images.resolution }),
        Input::Tensors(of) => {
            let inputs: Vec<Value> = of.tensors.iter().map(tensor).collect();
            json!({ "onnx": file.name, "inputs": inputs })
        }
    }
}

fn link(file: &OwnFile, set: &Path) -> std::io::Result<()> {
    let place = set.join(&file.name);
    if let Some(folder) = place.parent() {
        std::fs::create_dir_all(folder)?;
    }
    symlink(std::path::absolute(&file.path)?, place)
}

/// Returns what tables call files: their own names, or if two have the same, as many folders in front as tell them apart.
///
/// # Errors
/// A file is missing, is no `.onnx`, or is given twice.
pub(super) fn names(files: &[PathBuf]) -> Result<Vec<String>> {
    for file in files {
        if !file.is_file() {
            bail!("`{}` is no file", file.display());
        }
        if !file.to_string_lossy().ends_with(".onnx") {
            bail!("`{}` does not end with `.onnx`", file.display());
        }
    }
    // Without `..`, and without the root, which would lead out of the experiment's folder.
    let parts = |file: &PathBuf| -> Vec<String> {
        let path = links::plain(file).unwrap_or_else(|| file.clone());
        let named = path.components().filter(|part| matches!(part, Component::Normal(_)));
        named.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect()
    };
    let paths: Vec<Vec<String>> = files.iter().map(parts).collect();
    for (at, path) in paths.iter().enumerate() {
        if paths[..at].contains(path) {
            bail!("`{}` is given twice", files[at].display());
        }
    }
    let longest = paths.iter().map(Vec::len).max().unwrap_or_default();
    let ends = |count: usize| -> Vec<String> {
        paths.iter().map(|path| path[path.len().saturating_sub(count)..].join("/")).collect()
    };
    let are_distinct =
        |names: &Vec<String>| names.iter().collect::<BTreeSet<_>>().len() == names.len();
    (1..=longest)
        .map(ends)
        .find(are_distinct)
        .ok_or_else(|| anyhow!("two of the files have the same path"))
}

/// Returns the engines that take part and the one that they are compared with, as experiments write them.
fn engines(compare: &CompareArguments, description: &Description) -> Result<(Vec<Value>, Value)> {
    let takes_files = |info: &&EngineInfo| info.kind == EngineKind::Engine && info.takes_files;
    let all = || description.engines.iter().filter(takes_files);
    let engines: Vec<Value> = if compare.engines.is_empty() {
        all().map(|info| json!(info.identity.name)).collect()
    } else {
        compare.engines.iter().map(|text| engine(text)).collect::<Result<_>>()?
    };
    let is_here = |value: &&Value| {
        let name = value.as_str().or_else(|| value["engine"].as_str());
        let info =
            description.engines.iter().find(|info| Some(info.identity.name.as_str()) == name);
        info.is_some_and(|info| info.refusal.is_none())
    };
    let usual = json!(USUAL);
    let over = match &compare.over {
        Some(text) => {
            let named = engine(text)?;
            if !is_here(&&named) {
                bail!(
                    "`{text}` is not here, so nothing can be compared with it; `formbench doctor` says what it needs"
                );
            }
            Some(named)
        }
        None if engines.contains(&usual) && is_here(&&usual) => Some(usual),
        None => engines.iter().find(is_here).cloned(),
    };
    let over = over.ok_or_else(|| {
        anyhow!("none of the engines is here; `formbench doctor` says what they need")
    })?;
    Ok((engines, over))
}

/// Returns an engine as experiments write it, from its label, such as `tract` or `openvino{precision=bf16}`.
fn engine(text: &str) -> Result<Value> {
    let Some((name, options)) = text.split_once('{') else {
        return Ok(json!(text));
    };
    let options =
        options.strip_suffix('}').with_context(|| format!("`{text}`: expected `}}` at its end"))?;
    let pairs = options.split(',').map(|pair| {
        let (key, value) = pair
            .split_once('=')
            .with_context(|| format!("`{text}`: expected options as `key=value`, got `{pair}`"))?;
        Ok((key.trim().to_owned(), word(value.trim())))
    });
    let options = pairs.collect::<Result<serde_json::Map<_, _>>>()?;
    Ok(json!({ "engine": name, "options": options }))
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

    #[test]
    fn files_of_one_name_are_told_apart_by_their_folders() {
        let folder = tempfile::tempdir().unwrap();
        let file = |path: &str| {
            let place = folder.path().join(path);
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::fs::write(&place, "a model").unwrap();
            place
        };
        let (one, other, third) = (file("a/m.onnx"), file("b/m.onnx"), file("a/n.onnx"));
        assert_eq!(names(&[one.clone(), third]).unwrap(), ["m.onnx", "n.onnx"]);
        assert_eq!(names(&[one.clone(), other]).unwrap(), ["a/m.onnx", "b/m.onnx"]);
        let deep = [file("a/onnx/m.onnx"), file("b/onnx/m.onnx")];
        assert_eq!(names(&deep).unwrap(), ["a/onnx/m.onnx", "b/onnx/m.onnx"]);
        let around = folder.path().join("b/../a/m.onnx");
        for twice in [[one.clone(), one.clone()], [one, around]] {
            assert!(names(&twice).unwrap_err().to_string().contains("given twice"));
        }
        assert!(names(&[file("a/model.txt")]).is_err());
        assert!(names(&[folder.path().join("none.onnx")]).is_err());
    }
}
