//! What describes a pack to those who do not know formbench: RO-Crate 1.2.

mod check;
mod entities;

pub(crate) use check::check;

use std::collections::BTreeMap;

use formbench_analysis::Run;
use serde_json::{Value, json};

use crate::Licence;
use crate::digest::Hashes;
use crate::name::{MANIFEST, METADATA, Role};

/// The terms that the description is written in.
const CONTEXT: &str = "https://w3id.org/ro/crate/1.2/context";
/// The rules that it keeps to.
const PROFILE: &str = "https://w3id.org/ro/crate/1.2";
/// The pack as a whole.
const ROOT: &str = "./";
/// The formbench that packed.
const PACKER: &str = "#formbench-pack";

/// What is described.
pub(crate) struct Description<'a> {
    pub run: &'a Run,
    pub licence: &'a Licence,
    /// Every file but the description and the manifest.
    pub files: &'a BTreeMap<String, Vec<u8>>,
    pub hashes: &'a Hashes,
    /// What made the run and is not in the pack.
    pub absent: &'a [String],
}

impl Description<'_> {
    /// Returns the description as JSON-LD.
    pub(crate) fn written(&self) -> String {
        let mut graph = vec![self.descriptor(), self.root()];
        graph.extend(self.files.iter().map(|(name, bytes)| self.file(name, bytes.len())));
        graph.push(self.manifest());
        graph.push(self.licence());
        graph.extend(self.software());
        graph.extend([self.measuring(), self.packing()]);
        format!("{:#}\n", json!({ "@context": CONTEXT, "@graph": graph }))
    }

    fn descriptor(&self) -> Value {
        json!({
            "@id": METADATA,
            "@type": "CreativeWork",
            "about": id(ROOT),
            "conformsTo": id(PROFILE),
        })
    }

    fn root(&self) -> Value {
        let host = &self.run.host;
        json!({
            "@id": ROOT,
            "@type": "Dataset",
            "name": format!("formbench run {}", host.run),
            "description": self.words(),
            "datePublished": entities::day(host.started_unix_ns),
            "license": id(&self.licence.url),
            "hasPart": self.parts(),
            "mentions": [id("#measuring"), id("#packing")],
        })
    }

    /// Returns the identifiers of all files but the description.
    fn parts(&self) -> Vec<Value> {
        self.files.keys().map(|name| id(name)).chain([id(MANIFEST)]).collect()
    }

    fn words(&self) -> String {
        let host = &self.run.host;
        let checks = &self.run.checks;
        let judged = checks.iter().filter(|check| check.passed.is_some()).count();
        let failed = checks.iter().filter(|check| check.has_failed()).count();
        let selftest = match (checks.len(), judged, failed) {
            (0, ..) => "No self-test was recorded.".to_owned(),
            (all, judged, 0) if judged == all => {
                format!("The self-test before it passed all {all} checks.")
            }
            (all, judged, 0) => format!(
                "The self-test before it passed {judged} of {all} checks; the host was too busy to judge the others."
            ),
            (all, _, failed) => format!("The self-test before it failed {failed} of {all} checks."),
        };
        let absent = match self.absent {
            [] => String::new(),
            absent => format!(" Not in the pack: {}.", absent.join("; ")),
        };
        format!(
            "Latencies of {} cells (architecture, engine, options, input, threads) on {} ({}), as measured, with the \
             questions that were asked. {selftest}{absent}",
            self.run.cells.len(),
            host.host,
            host.cpu_model,
        )
    }

    fn file(&self, name: &str, bytes: usize) -> Value {
        let (title, description, format) = entities::words(name, Role::of(name));
        json!({
            "@id": name,
            "@type": "File",
            "name": title,
            "description": description,
            "encodingFormat": format,
            "contentSize": bytes.to_string(),
            "sha256": self.hashes.get(name),
        })
    }

    /// Returns the manifest's entity. Its hash is not known, since it has that of the description.
    fn manifest(&self) -> Value {
        // A line is a hash of 64 digits, two spaces, a name and its end.
        let names = self.files.keys().map(String::len).chain([METADATA.len()]);
        let bytes: usize = names.map(|length| 64 + 2 + length + 1).sum();
        let (title, description, format) = entities::words(MANIFEST, Some(Role::Manifest));
        json!({
            "@id": MANIFEST,
            "@type": "File",
            "name": title,
            "description": description,
            "encodingFormat": format,
            "contentSize": bytes.to_string(),
        })
    }

    fn licence(&self) -> Value {
        let Licence { name, url } = self.licence;
        json!({
            "@id": url,
            "@type": "CreativeWork",
            "name": name,
            "description": format!("Under what the run may be used: {name}."),
            "url": url,
        })
    }
}

/// Returns a reference to an entity.
fn id(id: &str) -> Value {
    json!({ "@id": id })
}

/// Returns one value as itself and several as a list, as compacted JSON-LD has them.
fn one_or_several(mut values: Vec<Value>) -> Value {
    if values.len() == 1 { values.remove(0) } else { Value::Array(values) }
}
