//! A thousand damaged packs: each an error of one sentence that leaves nothing, or the very run.

use std::fs;
use std::panic::{self, AssertUnwindSafe};

use formbench_pack::AddedRuns;
use formbench_store::Run;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::fixture::small;
use crate::fixture::{Files, Place, files, names, resealed, zipped};
use crate::synthetic::Imagined;

/// Packs that are damaged.
const PACKS: u64 = 1_000;

/// Ways to damage a pack.
const WAYS: u64 = 13;

/// A pack, and that of another run.
struct Material {
    bytes: Vec<u8>,
    files: Files,
    other: Files,
}

#[test]
fn a_thousand_damaged_packs_cost_an_error_each() {
    let place = Place::new();
    let (pack, _) = place.pack(&place.first_run(), "first.zip");
    let bytes = fs::read(&pack).unwrap();
    let other = place.run(&Imagined { seed: 2, ..small() }, 1);
    let (other, _) = place.pack(&other, "second.zip");
    let material =
        Material { files: files(&bytes), other: files(&fs::read(other).unwrap()), bytes };
    let expected = Run::read(&place.first_run()).unwrap();
    let runs = AddedRuns::open(&place.path("other/runs"), "a test").unwrap();
    let before = names(&place.path(""));
    let mut sound = [0; WAYS as usize];
    for seed in 0..PACKS {
        let way = seed % WAYS;
        let damaged = material.damaged(way, &mut ChaCha8Rng::seed_from_u64(seed));
        fs::write(&pack, &damaged).unwrap();
        let added = panic::catch_unwind(AssertUnwindSafe(|| runs.add(&pack)));
        match added.unwrap_or_else(|_| panic!("seed {seed} panics")) {
            Ok(added) => {
                sound[way as usize] += 1;
                assert!(Run::read(&added.folder).unwrap() == expected, "seed {seed}: another run");
                fs::remove_dir_all(&added.folder).unwrap();
            }
            Err(error) => {
                let text = error.to_string();
                let is_sentence = text.starts_with(pack.to_str().unwrap()) && !text.contains('\n');
                assert!(is_sentence, "seed {seed}: {text}");
            }
        }
        assert_eq!(names(&place.path("other/added")), [".lock"], "seed {seed}");
    }
    assert_eq!(names(&place.path("")), before);
    assert_eq!(names(&place.path("other")), ["added"]);
    // Only a flipped byte or bit may hit what means nothing: times, versions and copies of names in zip's own headers.
    assert!(sound[2..].iter().all(|count| *count == 0), "{sound:?}");
    assert!(sound[0] + sound[1] < (PACKS / WAYS) as usize, "{sound:?}");
}

impl Material {
    fn damaged(&self, way: u64, rng: &mut ChaCha8Rng) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        let mut files = self.files.clone();
        let names: Vec<String> = files.keys().cloned().collect();
        let mut pick = || names[rng.random_range(0..names.len())].clone();
        let (one, other) = (pick(), pick());
        let at = rng.random_range(0..bytes.len());
        match way {
            0 => bytes[at] ^= rng.random_range(1..=255_u8),
            1 => bytes[at] ^= 1 << rng.random_range(0..8),
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..(at + 1 + rng.random_range(0..100)).min(self.bytes.len()))),
            4 => bytes.insert(at, rng.random_range(0..=255_u8)),
            5 => return swapped(files, &one, &other),
            6 => return renamed(files, &one, rng),
            7 => return relisted(files, rng),
            8 => return lost(files, &one),
            9 => return joined_by(files, rng),
            10 => return replaced(files, &self.other, rng),
            11 => return recounted(files, rng),
            _ => {
                let content = files.get_mut(&one).unwrap();
                let at = rng.random_range(0..content.len());
                content[at] ^= 0xff;
                return zipped(&files);
            }
        }
        bytes
    }
}

/// Two files change places; where both are one file, its end is lost.
fn swapped(mut files: Files, one: &str, other: &str) -> Vec<u8> {
    if one == other {
        files.get_mut(one).unwrap().pop();
    } else {
        let content = files[one].clone();
        let other = files.insert(other.to_owned(), content).unwrap();
        files.insert(one.to_owned(), other);
    }
    zipped(&files)
}

/// A file has another name, which may lead elsewhere.
fn renamed(mut files: Files, one: &str, rng: &mut ChaCha8Rng) -> Vec<u8> {
    let content = files.remove(one).unwrap();
    let name = match rng.random_range(0..8) {
        0 => format!("../{one}"),
        1 => format!("/tmp/{one}"),
        2 => format!("finals/../../{one}"),
        3 => one.to_uppercase(),
        4 => one.replace('/', "\\") + ".exe",
        5 => format!("finals/nul/{one}"),
        6 => format!("{one} "),
        _ => format!("{one}\0"),
    };
    files.insert(name, content);
    // Its list has the new name too, as whoever means harm would see to.
    if rng.random_range(0..2) == 0 { sealed(files) } else { zipped(&files) }
}

/// A digit of a hash in the list is another one.
fn relisted(mut files: Files, rng: &mut ChaCha8Rng) -> Vec<u8> {
    let list = files.get_mut("manifest-sha256.txt").unwrap();
    let lines = list.iter().filter(|byte| **byte == b'\n').count();
    let line = rng.random_range(0..lines);
    let start = match line {
        0 => 0,
        line => {
            list.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(line - 1).unwrap().0 + 1
        }
    };
    let digit = &mut list[start + rng.random_range(0..64)];
    *digit = if *digit == b'0' { b'1' } else { b'0' };
    zipped(&files)
}

/// A file is not there, nor is it in the list.
fn lost(mut files: Files, one: &str) -> Vec<u8> {
    files.remove(one);
    // Another list would be the list that was lost.
    if one == "manifest-sha256.txt" { zipped(&files) } else { sealed(files) }
}

/// Returns a pack with its hashes made anew, where it has what they stand in.
fn sealed(files: Files) -> Vec<u8> {
    if files.contains_key("ro-crate-metadata.json") { resealed(files) } else { zipped(&files) }
}

/// A file is there that nobody lists, or that no run has.
fn joined_by(mut files: Files, rng: &mut ChaCha8Rng) -> Vec<u8> {
    let names = [
        "caches.parquet",
        "experiments/own/more.yaml",
        "finals/x/cells.parquet",
        ".bashrc",
        "run.sh",
    ];
    files.insert(names[rng.random_range(0..names.len())].to_owned(), vec![7; 100]);
    if rng.random_range(0..2) == 0 { zipped(&files) } else { resealed(files) }
}

/// Some tables are those of another run, with the right hashes.
fn replaced(mut files: Files, other: &Files, rng: &mut ChaCha8Rng) -> Vec<u8> {
    let names =
        ["samples.parquet", "blocks.parquet", "cells.parquet", "members.parquet", "host.parquet"];
    let name = names[rng.random_range(0..names.len())];
    files.insert(name.to_owned(), other[name].clone());
    resealed(files)
}

/// A digit of the numbers is another one, with the right hashes.
fn recounted(mut files: Files, rng: &mut ChaCha8Rng) -> Vec<u8> {
    let text = String::from_utf8(files["results.csv"].clone()).unwrap();
    let from = text.find('\n').unwrap();
    // Digits before the point: one more in the last of six would be no change.
    let digits: Vec<usize> = text
        .match_indices('.')
        .map(|(at, _)| at - 1)
        .filter(|at| *at > from && text.as_bytes()[*at].is_ascii_digit())
        .collect();
    let at = digits[rng.random_range(0..digits.len())];
    let mut bytes = text.into_bytes();
    bytes[at] = if bytes[at] == b'9' { b'1' } else { bytes[at] + 1 };
    files.insert("results.csv".to_owned(), bytes);
    resealed(files)
}
