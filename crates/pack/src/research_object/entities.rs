//! The entities that a pack mentions: software, what was done with it, and files in words.

use std::collections::BTreeSet;

use chrono::DateTime;
use formbench_analysis::RESULTS;
use formbench_store::BlockRow;
use serde_json::{Value, json};

use super::{Description, PACKER, ROOT, id, one_or_several};
use crate::name::{FINALS, HOST_CARD, MANIFEST, Role, is_table};

/// Where software is explained, by the first part of its name. RO-Crate wants an address of a `SoftwareApplication`; what has
/// none, as formbench itself, is a `CreativeWork`.
const SITES: [(&str, &str); 5] = [
    ("burn", "https://burn.dev"),
    ("onnxruntime", "https://onnxruntime.ai"),
    ("openvino", "https://docs.openvino.ai"),
    ("pytorch", "https://pytorch.org"),
    ("tract", "https://github.com/sonos/tract"),
];

/// The formbench that measured.
const FORMBENCH: &str = "#formbench";

const NS_PER_S: u64 = 1_000_000_000;

impl Description<'_> {
    /// Returns the entities of formbench, as it measured and as it packed, and of every engine in each version and build.
    pub(super) fn software(&self) -> Vec<Value> {
        let host = &self.run.host;
        let built =
            format!("Built by {}, Cargo.lock {}.", host.rustc, lock(host.lock_hash.as_deref()));
        let measurer = application(FORMBENCH, "formbench", &host.harness_version, &built);
        let packed = "What made this pack of the run's folder.";
        let packer = application(PACKER, "formbench", env!("CARGO_PKG_VERSION"), packed);
        let engines = self.engines().into_iter().map(|(engine, version, build)| {
            let built = if build.is_empty() {
                "An engine.".to_owned()
            } else {
                format!("Built with {build}.")
            };
            application(&engine_id(engine, version, build), engine, version, &built)
        });
        [measurer, packer].into_iter().chain(engines).collect()
    }

    fn engines(&self) -> BTreeSet<(&str, &str, &str)> {
        let cells = self.run.cells.values();
        cells.map(|cell| (&*cell.engine, &*cell.engine_version, &*cell.engine_build)).collect()
    }

    /// Returns the measuring: from the questions, if they are here, to the tables.
    pub(super) fn measuring(&self) -> Value {
        let engines = self.engines().into_iter();
        let engines = engines.map(|(engine, version, build)| engine_id(engine, version, build));
        let instruments = [FORMBENCH.to_owned()].into_iter().chain(engines).map(|of| id(&of));
        let questions: Vec<Value> = self.ids(|role| matches!(role, Some(Role::Experiment)));
        let object = if questions.is_empty() { vec![id(ROOT)] } else { questions };
        let started_ns = self.run.host.started_unix_ns;
        json!({
            "@id": "#measuring",
            "@type": "CreateAction",
            "name": format!("Measuring {}", self.run.host.run),
            "startTime": second(started_ns),
            "endTime": second(self.run.blocks.iter().map(end_ns).fold(started_ns, u64::max)),
            "instrument": instruments.collect::<Vec<_>>(),
            "object": one_or_several(object),
            "result": one_or_several(self.ids(|role| matches!(role, Some(Role::Table(_))))),
        })
    }

    /// Returns the packing: from the tables to what is made of them.
    pub(super) fn packing(&self) -> Value {
        json!({
            "@id": "#packing",
            "@type": "CreateAction",
            "name": format!("Packing {}", self.run.host.run),
            "instrument": id(PACKER),
            "object": one_or_several(self.ids(|role| matches!(role, Some(Role::Table(_))))),
            "result": [id(RESULTS), id(HOST_CARD), id(MANIFEST)],
        })
    }

    fn ids(&self, takes: impl Fn(Option<Role>) -> bool) -> Vec<Value> {
        self.files.keys().filter(|name| takes(Role::of(name))).map(|name| id(name)).collect()
    }
}

/// Returns the title of a file, what it holds, and its media type.
pub(super) fn words(name: &str, role: Option<Role>) -> (String, String, &'static str) {
    let title = |text: &str| text.to_owned();
    let format = if is_table(name) { "application/vnd.apache.parquet" } else { "application/yaml" };
    match role {
        Some(Role::Table(table)) => {
            let of = name.split('/').nth(1).filter(|_| name.starts_with(FINALS));
            let of = of.map_or_else(String::new, |of| format!(" of final {of}"));
            let known = if table.name == "checks" { "Self-test" } else { "Table" };
            (format!("{known} {}{of}", table.name), table.meaning.to_owned(), format)
        }
        Some(Role::Results) => {
            let what =
                "Numbers of every cell, made of the tables: medians and speed-ups with intervals.";
            (title("Results"), title(what), "text/csv")
        }
        Some(Role::HostCard) => (
            title("Machine"),
            title("The machine and how it was set, as table host has it."),
            "application/json",
        ),
        Some(Role::Claims) => (
            title("Claims"),
            title("What the set's experiments are to decide, as it stood when packed."),
            format,
        ),
        Some(Role::Manifest) => (
            title("Manifest"),
            title("SHA-256 of every other file, a line each, as in BagIt."),
            "text/plain",
        ),
        Some(Role::Experiment | Role::Metadata) | None => {
            (title("Experiment"), title("A question with the cells that answer it."), format)
        }
    }
}

/// Returns the day of an instant in UTC, as ISO 8601 has it.
pub(super) fn day(unix_ns: u64) -> String {
    instant(unix_ns).date_naive().to_string()
}

/// Returns an instant to the second in UTC, as ISO 8601 has it.
fn second(unix_ns: u64) -> String {
    let at = instant(unix_ns / NS_PER_S * NS_PER_S);
    format!("{}T{}Z", at.date_naive(), at.time())
}

fn instant(unix_ns: u64) -> DateTime<chrono::Utc> {
    DateTime::from_timestamp_nanos(i64::try_from(unix_ns).unwrap_or(i64::MAX))
}

fn end_ns(block: &BlockRow) -> u64 {
    block.started_unix_ns.saturating_add(block.span_ns.unwrap_or(block.wall_ns))
}

fn application(id: &str, name: &str, version: &str, description: &str) -> Value {
    let family = name.split('/').next();
    let site = SITES.iter().find(|(software, _)| Some(*software) == family);
    let mut entity = json!({
        "@id": id,
        "@type": if site.is_some() { "SoftwareApplication" } else { "CreativeWork" },
        "name": name,
        "version": version,
        "description": description,
    });
    if let Some((_, site)) = site {
        entity["url"] = json!(site);
    }
    entity
}

/// Returns the identifier of an engine, in characters that a reference may have.
fn engine_id(engine: &str, version: &str, build: &str) -> String {
    let text = format!("#engine-{engine}-{version}-{build}");
    let plain = |c: char| if c.is_ascii_alphanumeric() || "#-._".contains(c) { c } else { '-' };
    text.chars().map(plain).collect::<String>().trim_end_matches('-').to_owned()
}

fn lock(hash: Option<&str>) -> &str {
    hash.unwrap_or("not recorded")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_as_iso_8601_has_them() {
        // 2026-11-18T11:33:20Z, by `date -u -d @1795001600`.
        assert_eq!(second(1_795_001_600_999_999_999), "2026-11-18T11:33:20Z");
        assert_eq!(day(1_795_001_600_000_000_000), "2026-11-18");
    }

    #[test]
    fn an_engine_s_identifier_is_a_reference() {
        assert_eq!(engine_id("burn/ndarray", "0.21.0", ""), "#engine-burn-ndarray-0.21.0");
        assert_eq!(engine_id("pytorch", "2.9.1+cu128", "a b"), "#engine-pytorch-2.9.1-cu128-a-b");
    }
}
