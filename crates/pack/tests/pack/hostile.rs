//! Packs that mean harm, one by one: what is said of each.

use std::io::{Cursor, Write};

use zip::ZipWriter;

use crate::fixture::{Files, Place, resealed, stored, zipped};
use crate::fixture::{files, small};
use crate::synthetic::Imagined;

/// Returns the files with one more.
fn with(mut files: Files, name: &str, content: &[u8]) -> Files {
    files.insert(name.to_owned(), content.to_vec());
    files
}

/// Asserts that each of these bytes is refused by a sentence with these words.
#[track_caller]
fn is_refused(place: &Place, bytes: &[u8], words: &str) {
    let refusal = place.refusal(bytes);
    assert!(refusal.contains(words), "{refusal}");
    assert!(refusal.ends_with("; nothing of it is added"), "{refusal}");
}

#[test]
fn a_name_that_leads_out_of_the_folder_is_refused() {
    let place = Place::new();
    for name in [
        "../run.parquet",
        "/etc/passwd",
        "finals/../../x/cells.parquet",
        "a\\b",
        "C:/cells.parquet",
    ] {
        let bytes = resealed(with(place.files(), name, b"x"));
        is_refused(&place, &bytes, &format!("`{}` is no file of a run", name.escape_debug()));
    }
}

#[test]
fn a_link_is_refused() {
    let place = Place::new();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink("cells.parquet", "/etc/passwd", stored()).unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    is_refused(&place, &bytes, "`cells.parquet` is a link, a folder or a device");
}

#[test]
fn names_that_differ_by_case_alone_are_refused() {
    let place = Place::new();
    let mut files = place.files();
    files.insert("experiments/Imagined/hosts.yaml".to_owned(), b"question: Is it?\n".to_vec());
    is_refused(&place, &resealed(files), "is there twice");
}

#[test]
fn one_name_of_two_files_is_refused() {
    let place = Place::new();
    // Two names of one length, of which the second then becomes the first everywhere.
    let mut files = place.files();
    let cells = files["cells.parquet"].clone();
    files.insert("bells.parquet".to_owned(), cells);
    let mut bytes = zipped(&files);
    let needle = b"bells.parquet";
    let places: Vec<usize> =
        (0..bytes.len() - needle.len()).filter(|at| bytes[*at..].starts_with(needle)).collect();
    assert_eq!(places.len(), 2);
    places.into_iter().for_each(|at| bytes[at] = b'c');
    is_refused(&place, &bytes, "`cells.parquet` is there twice");
}

#[test]
fn a_bomb_costs_a_look_at_its_list() {
    let place = Place::new();
    let bytes = zipped(&place.files());
    // The list's first entry says that its file is compressed, and has four gigabytes when it no longer is.
    let entry = bytes.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    let mut bomb = bytes.clone();
    bomb[entry + 10] = 8;
    bomb[entry + 24..entry + 28].copy_from_slice(&u32::MAX.to_le_bytes());
    is_refused(&place, &bomb, "is compressed, which no file of a pack is");
    let mut encrypted = bytes;
    encrypted[entry + 8] |= 1;
    is_refused(&place, &encrypted, "is encrypted, which no file of a pack is");
}

#[test]
fn a_text_that_would_fill_the_memory_is_refused() {
    let place = Place::new();
    let long = vec![b'['; 1 + formbench_pack::MOST_TEXT_BYTES as usize];
    let bytes = zipped(&with(place.files(), "host.json", &long));
    is_refused(&place, &bytes, "`host.json` is a text of more than 32 MiB");
}

#[test]
fn entries_that_share_their_bytes_are_refused() {
    let place = Place::new();
    let mut bytes = zipped(&place.files());
    let entries: Vec<usize> =
        (0..bytes.len() - 4).filter(|at| bytes[*at..].starts_with(b"PK\x01\x02")).collect();
    let first: [u8; 4] = bytes[entries[0] + 42..entries[0] + 46].try_into().unwrap();
    bytes[entries[1] + 42..entries[1] + 46].copy_from_slice(&first);
    is_refused(&place, &bytes, "not laid out as formbench lays a pack out");
}

#[test]
fn bytes_of_no_file_are_refused_wherever_they_are() {
    let place = Place::new();
    let bytes = zipped(&place.files());
    let list = bytes.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    for at in [0, list, bytes.len()] {
        let mut changed = bytes.clone();
        changed.splice(at..at, *b"#!/bin/sh\n");
        place.refusal(&changed);
    }
}

#[test]
fn more_files_than_a_pack_may_have_are_refused() {
    let place = Place::new();
    let mut files = Files::new();
    for number in 0..=formbench_pack::MOST_FILES {
        files.insert(format!("finals/f{number}/cells.parquet"), Vec::new());
    }
    is_refused(&place, &zipped(&files), "2001 files, at most 2000 are read");
}

#[test]
fn what_is_no_zip_file_is_refused() {
    let place = Place::new();
    for bytes in
        [&b""[..], b"PK", b"question: Is this a pack?\nNo, it is a question.\n", &[0; 4096]]
    {
        is_refused(&place, bytes, "no readable zip file");
    }
}

#[test]
fn samples_that_were_changed_and_hashed_again_do_not_fit_the_numbers() {
    let place = Place::new();
    // The same cells of the same host, measured otherwise.
    let other = Imagined { seed: 2, ..small() };
    let other = other.write(&other.truth(), 0, &place.path("elsewhere"));
    let changed = std::fs::read(other.join("samples.parquet")).unwrap();
    let bytes = resealed(with(place.files(), "samples.parquet", &changed));
    is_refused(&place, &bytes, "where the samples come to");
}

#[test]
fn numbers_that_were_changed_and_hashed_again_do_not_fit_the_samples() {
    let place = Place::new();
    let files = place.files();
    let text = String::from_utf8(files["results.csv"].clone()).unwrap();
    let changed = text.replacen("imagined-net-00,onnxruntime", "imagined-net-00,openvino", 1);
    assert_ne!(text, changed);
    let bytes = resealed(with(files, "results.csv", changed.as_bytes()));
    is_refused(&place, &bytes, "`results.csv` has engine `openvino` in row");
}

#[test]
fn a_run_whose_name_is_a_way_is_refused() {
    let place = Place::new();
    let other = small();
    let folder = other.write(&other.truth(), 2, &place.path("elsewhere"));
    let run = formbench_store::RunFolder::open(&folder).unwrap();
    let rows = formbench_store::Run::read(&folder).unwrap();
    let host = formbench_store::HostRow { run: "../../escaped".into(), ..rows.host };
    let cells: Vec<_> = rows.cells.into_values().collect();
    run.write_plan(&host, &rows.experiments, &rows.members, &cells).unwrap();
    let mut files = place.files();
    for name in
        ["host", "cells", "members", "experiments", "samples", "blocks", "refusals", "attributes"]
    {
        let file = format!("{name}.parquet");
        let content = std::fs::read(folder.join(&file)).unwrap();
        files.insert(file, content);
    }
    is_refused(&place, &resealed(files), "`../../escaped` is no file of a run");
}

#[test]
fn tables_of_two_runs_do_not_join() {
    let place = Place::new();
    let other = small();
    let other = other.write(&other.truth(), 1, &place.path("elsewhere"));
    let read = |name: &str| std::fs::read(other.join(name)).unwrap();
    let blocks = with(place.files(), "blocks.parquet", &read("blocks.parquet"));
    let both = with(blocks.clone(), "samples.parquet", &read("samples.parquet"));
    is_refused(&place, &resealed(blocks), "has no row in `samples`");
    is_refused(&place, &resealed(both), "table `blocks` has cell");
    let members = with(place.files(), "members.parquet", &read("members.parquet"));
    is_refused(&place, &resealed(members), "table `members` has cell");
}

#[test]
fn a_table_that_is_none_is_refused_by_its_name() {
    let place = Place::new();
    let bytes = resealed(with(place.files(), "attributes.parquet", b"PAR1 and no more PAR1"));
    is_refused(
        &place,
        &bytes,
        "attributes.parquet: not a readable Parquet file of table `attributes`",
    );
    assert!(!place.refusal(&bytes).contains(".adding-"));
}

#[test]
fn a_table_whose_bytes_were_flipped_and_hashed_again_never_panics() {
    let place = Place::new();
    let original = place.files();
    let table = original["cells.parquet"].clone();
    let bytes = zipped(&original);
    assert!(files(&bytes) == original);
    for at in (0..table.len()).step_by(table.len() / 100 + 1) {
        let mut damaged = table.clone();
        damaged[at] ^= 0xff;
        let damaged = resealed(with(original.clone(), "cells.parquet", &damaged));
        // What the bytes still say may be a run, as of a version that is another.
        if let Ok(added) = place.add_bytes(&damaged) {
            std::fs::remove_dir_all(added.folder).unwrap();
        }
    }
}

#[test]
fn a_pack_without_one_of_its_texts_is_refused() {
    let place = Place::new();
    for name in ["results.csv", "host.json"] {
        let mut files = place.files();
        files.remove(name);
        is_refused(&place, &resealed(files), &format!("there is no `{name}`"));
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("cells.parquet", stored()).unwrap();
    zip.write_all(b"x").unwrap();
    is_refused(&place, &zip.finish().unwrap().into_inner(), "there is no `ro-crate-metadata.json`");
}
