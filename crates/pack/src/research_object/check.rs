//! Whether a description is of the pack that it is in.

use std::collections::BTreeSet;

use serde_json::Value;

use super::PACKER;
use crate::Fault;
use crate::digest::Hashes;
use crate::name::{MANIFEST, METADATA};

/// Returns the version of formbench that packed, once the description is found to be of these files.
///
/// # Errors
/// The text is no JSON-LD of RO-Crate, or names other files or hashes than there are.
pub(crate) fn check(text: &str, found: &Hashes) -> Result<Option<String>, Fault> {
    let fault = |what: &str| Fault::Metadata { what: what.to_owned() };
    let document: Value = serde_json::from_str(text).map_err(|_| fault("it is no JSON"))?;
    let graph = document["@graph"].as_array().ok_or_else(|| fault("it has no `@graph`"))?;
    let entity = |id: &str| graph.iter().find(|entity| entity["@id"] == id);
    let descriptor = entity(METADATA).ok_or_else(|| fault("it does not describe itself"))?;
    let root = descriptor["about"]["@id"].as_str().and_then(entity);
    let root = root.ok_or_else(|| fault("it does not say what it is about"))?;
    let parts = root["hasPart"].as_array().ok_or_else(|| fault("its dataset has no parts"))?;
    let parts: BTreeSet<&str> = parts.iter().filter_map(|part| part["@id"].as_str()).collect();
    let files: BTreeSet<&str> =
        found.keys().map(String::as_str).filter(|name| *name != METADATA).collect();
    if let Some(name) = parts.symmetric_difference(&files).next() {
        return Err(fault(&format!("`{}` is only in one of both", name.escape_debug())));
    }
    for (name, hash) in
        found.iter().filter(|(name, _)| ![METADATA, MANIFEST].contains(&name.as_str()))
    {
        if entity(name).is_none_or(|file| file["sha256"] != hash.as_str()) {
            return Err(fault(&format!("it has another hash of `{name}`")));
        }
    }
    Ok(entity(PACKER).and_then(|packer| packer["version"].as_str()).map(str::to_owned))
}
