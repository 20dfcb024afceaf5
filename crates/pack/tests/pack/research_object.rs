//! The MUSTs of RO-Crate 1.2, over a pack as it is made.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::fixture::{Files, Place, sha256};

/// Returns the entities of a pack with its files.
fn graph() -> (Vec<Value>, Value, Files) {
    let files = Place::new().files();
    let document: Value = serde_json::from_slice(&files["ro-crate-metadata.json"]).unwrap();
    (document["@graph"].as_array().unwrap().clone(), document, files)
}

/// Returns the entity of that identifier.
fn entity<'a>(graph: &'a [Value], id: &str) -> &'a Value {
    graph.iter().find(|entity| entity["@id"] == id).unwrap_or_else(|| panic!("no `{id}`"))
}

/// Returns every reference to an entity in a value.
fn references(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(fields) if fields.len() == 1 && fields.contains_key("@id") => {
            vec![fields["@id"].as_str().unwrap()]
        }
        Value::Object(fields) => fields.values().flat_map(references).collect(),
        Value::Array(values) => values.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn the_document_uses_the_context_by_reference_and_is_flat() {
    let (graph, document, _) = graph();
    assert_eq!(document["@context"], "https://w3id.org/ro/crate/1.2/context");
    assert_eq!(document.as_object().unwrap().len(), 2);
    for entity in &graph {
        let fields = entity.as_object().unwrap();
        // "MUST have an @id", "MUST have a @type", and nothing nested but references.
        assert!(entity["@id"].is_string() && !entity["@type"].is_null(), "{entity}");
        for (_, value) in fields {
            let nested = match value {
                Value::Array(values) => values.iter().collect(),
                value => vec![value],
            };
            let is_flat = |value: &&Value| match value {
                Value::Object(fields) => fields.len() == 1 && fields["@id"].is_string(),
                value => !value.is_array(),
            };
            assert!(nested.iter().all(is_flat), "{entity}");
        }
    }
}

#[test]
fn no_two_entities_share_an_identifier_and_every_reference_leads_to_one() {
    let (graph, ..) = graph();
    let ids: BTreeSet<&str> = graph.iter().map(|entity| entity["@id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), graph.len());
    let profile = "https://w3id.org/ro/crate/1.2";
    for entity in &graph {
        for id in entity.as_object().unwrap().values().flat_map(references) {
            assert!(ids.contains(id) || id == profile, "{id} of {entity}");
        }
    }
}

#[test]
fn the_descriptor_says_what_it_is_about_and_keeps_to() {
    let (graph, ..) = graph();
    let descriptor = entity(&graph, "ro-crate-metadata.json");
    assert_eq!(descriptor["@type"], "CreativeWork");
    assert_eq!(descriptor["about"]["@id"], "./");
    assert_eq!(descriptor["conformsTo"]["@id"], "https://w3id.org/ro/crate/1.2");
}

#[test]
fn the_root_has_all_that_it_must_have() {
    let (graph, ..) = graph();
    let root = entity(&graph, "./");
    assert_eq!(root["@type"], "Dataset");
    assert_eq!(root["name"], "formbench run 2026-11-18-imagined-0000-4core-1");
    assert!(root["description"].as_str().unwrap().starts_with("Latencies of 6 cells"));
    // 1 795 000 000 s after 1970 is 2026-11-18, by `date -u -d @1795000000`.
    assert_eq!(root["datePublished"], "2026-11-18");
    let licence = entity(&graph, root["license"]["@id"].as_str().unwrap());
    assert_eq!(licence["@id"], "https://spdx.org/licenses/CC0-1.0");
    assert!(licence["name"].is_string() && licence["description"].is_string());
}

#[test]
fn every_file_is_a_part_with_its_size_hash_and_type() {
    let (graph, _, files) = graph();
    let root = entity(&graph, "./");
    let parts: BTreeSet<&str> = references(&root["hasPart"]).into_iter().collect();
    let mut expected: BTreeSet<&str> = files.keys().map(String::as_str).collect();
    // It describes the pack, and is no part of it.
    expected.remove("ro-crate-metadata.json");
    assert_eq!(parts, expected);
    for name in parts {
        let file = entity(&graph, name);
        assert_eq!(
            (&file["@type"], &file["contentSize"]),
            (&"File".into(), &files[name].len().to_string().into())
        );
        assert!(file["encodingFormat"].is_string() && file["description"].is_string(), "{file}");
        if name != "manifest-sha256.txt" {
            assert_eq!(file["sha256"], sha256(&files[name]).as_str());
        }
        // "@id MUST be a relative URI": these characters need no escape.
        assert!(
            name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte)),
            "{name}"
        );
    }
}

#[test]
fn software_is_the_instrument_of_what_was_measured() {
    let (graph, ..) = graph();
    let measuring = entity(&graph, "#measuring");
    assert_eq!(measuring["@type"], "CreateAction");
    assert_eq!(measuring["object"]["@id"], "experiments/imagined/hosts.yaml");
    let results = references(&measuring["result"]);
    assert!(
        results.contains(&"samples.parquet") && !results.contains(&"results.csv"),
        "{results:?}"
    );
    // formbench, the baseline and two engines.
    let instruments = references(&measuring["instrument"]);
    assert_eq!(instruments.len(), 4);
    for id in instruments {
        let software = entity(&graph, id);
        assert!(software["version"].is_string() && software["name"].is_string(), "{software}");
        // "MUST have a name, url and version": formbench has no address, and so is not of this type.
        let is_application = software["@type"] == "SoftwareApplication";
        assert_eq!(
            (is_application, software["url"].is_string()),
            (id != "#formbench", id != "#formbench")
        );
    }
    let formbench = entity(&graph, "#formbench");
    assert!(formbench["description"].as_str().unwrap().contains("Cargo.lock"), "{formbench}");
}

#[test]
fn instants_are_in_iso_8601() {
    let (graph, ..) = graph();
    let measuring = entity(&graph, "#measuring");
    assert_eq!(measuring["startTime"], "2026-11-18T11:06:40Z");
    // The last block of the third round starts 21 s later and takes some milliseconds.
    assert_eq!(measuring["endTime"], "2026-11-18T11:07:01Z");
}
