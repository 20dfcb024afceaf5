//! What goes into a pack comes out of it, once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use formbench_analysis::{Run, read_run};
use formbench_pack::{AddedRuns, Licence, PackError, PackRequest, pack};
use formbench_report::{Links, Supplement, render};

use crate::fixture::{Place, names, small};
use crate::synthetic::Imagined;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Returns every file that is drawn of a run, by name.
fn drawn(run: &Run, folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let supplement = Supplement::of(run, &[], Links::default());
    let files = render(run, &[], folder, "formbench figures", &supplement).unwrap();
    files
        .iter()
        .map(|file| (file.strip_prefix(folder).unwrap().into(), fs::read(file).unwrap()))
        .collect()
}

/// Packs a committed run, adds it elsewhere, and holds everything that is made of both against each other.
fn is_equal_elsewhere(committed: &str, absent: usize) {
    let folder = tempfile::tempdir().unwrap();
    let (run, file) = (repository().join(committed), folder.path().join("run.zip"));
    let licence: Licence = "MIT".parse().unwrap();
    let experiments = repository().join("experiments");
    let request =
        PackRequest { run: &run, experiments: &experiments, licence: &licence, private: None };
    let packed = pack(&request, &file).unwrap();
    assert_eq!(packed.absent.len(), absent, "{:?}", packed.absent);
    let added =
        AddedRuns::open(&folder.path().join("data/runs"), "a test").unwrap().add(&file).unwrap();
    assert_eq!(added.folder, folder.path().join("data/added").join(&packed.run));
    assert!(added.is_new && added.notes.is_empty(), "{added:?}");
    let samples = |folder: &Path| formbench_store::Run::read(folder).unwrap();
    assert!(samples(&run) == samples(&added.folder));
    let [before, after] = [&run, &added.folder].map(|folder| read_run(folder).unwrap());
    assert!(before == after);
    let [before, after] = [(before, "before"), (after, "after")]
        .map(|(run, name)| drawn(&run, &folder.path().join(name)));
    assert!(before.len() > 3 && before == after);
    assert_eq!(
        fs::read(added.folder.join("results.csv")).unwrap(),
        before[Path::new("results.csv")]
    );
}

#[test]
fn a_committed_run_is_the_same_elsewhere_to_the_bit() {
    // Its experiment was asked otherwise since.
    is_equal_elsewhere("data/pytorch-waiting/amd-epyc-zen4-2core", 1);
}

#[test]
fn a_committed_run_with_finals_is_the_same_elsewhere_to_the_bit() {
    is_equal_elsewhere("data/networks/amd-epyc-zen4-2core", 0);
}

#[test]
fn equal_runs_make_equal_packs() {
    let [one, other] = [Place::new(), Place::new()];
    let bytes = |place: &Place, name| fs::read(place.pack(&place.first_run(), name).0).unwrap();
    assert!(bytes(&one, "a.zip") == bytes(&one, "b.zip"));
    assert!(bytes(&one, "c.zip") == bytes(&other, "d.zip"));
}

#[test]
fn the_same_run_is_there_once() {
    let place = Place::new();
    let (first, _) = place.pack(&place.first_run(), "first.zip");
    let added = place.add(&first).unwrap();
    assert_eq!((added.is_new, added.cells), (true, 6));
    let again = place.add(&first).unwrap();
    assert_eq!((again.is_new, &again.folder), (false, &added.folder));
    // Under another licence it is another pack of the same run.
    let (other, _) = place.pack_under("CC-BY-4.0", &place.first_run(), "other.zip");
    assert!(!place.add(&other).unwrap().is_new);
    let name = added.folder.file_name().unwrap().to_str().unwrap();
    assert_eq!(names(&place.path("other/added")), [".lock", name]);
}

#[test]
fn another_run_of_the_same_name_is_told_apart() {
    let place = Place::new();
    let (first, _) = place.pack(&place.first_run(), "first.zip");
    let added = place.add(&first).unwrap();
    fs::remove_dir_all(place.path("runs")).unwrap();
    let other = place.run(&Imagined { seed: 2, ..small() }, 0);
    let (other, _) = place.pack(&other, "other.zip");
    let told = place.add(&other).unwrap();
    let name = |folder: &Path| folder.file_name().unwrap().to_str().unwrap().to_owned();
    let digits =
        name(&told.folder).strip_prefix(&format!("{}-", name(&added.folder))).unwrap().to_owned();
    assert!(digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()), "{digits}");
    // Same machine, plan and start: the fleet is imagined.
    assert!(told.notes[0].contains("the same run in another state"), "{:?}", told.notes);
    assert!(!place.add(&other).unwrap().is_new && !place.add(&first).unwrap().is_new);
}

#[test]
fn one_s_own_run_is_there_already() {
    let place = Place::new();
    let (first, _) = place.pack(&place.first_run(), "first.zip");
    let runs = AddedRuns::open(&place.path("runs"), "a test").unwrap();
    let added = runs.add(&first).unwrap();
    assert_eq!((added.is_new, added.folder), (false, place.first_run()));
    assert_eq!(names(&place.path("added")), [".lock"]);
}

#[test]
fn an_added_run_can_be_packed_with_its_questions() {
    let place = Place::new();
    let (first, packed) = place.pack(&place.first_run(), "first.zip");
    assert_eq!(packed.absent, [] as [&str; 0]);
    let added = place.add(&first).unwrap();
    fs::remove_dir_all(place.path("experiments")).unwrap();
    let (again, _) = place.pack(&added.folder, "again.zip");
    assert!(fs::read(first).unwrap() == fs::read(again).unwrap());
}

#[test]
fn what_made_the_run_and_is_not_there_is_said() {
    let place = Place::new();
    fs::remove_dir_all(place.path("experiments")).unwrap();
    let (file, packed) = place.pack(&place.first_run(), "first.zip");
    assert_eq!(packed.absent, ["experiment `imagined/hosts`: there is no such file"]);
    let text = String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned();
    assert!(text.contains("Not in the pack: experiment `imagined/hosts`: there is no such file."));
}

#[test]
fn a_run_that_is_not_finished_is_not_packed() {
    let place = Place::new();
    let run = place.first_run();
    fs::remove_file(run.join("refusals.parquet")).unwrap();
    let licence: Licence = "MIT".parse().unwrap();
    let request = PackRequest { run: &run, experiments: &run, licence: &licence, private: None };
    let error = pack(&request, &place.path("first.zip")).unwrap_err();
    assert!(matches!(error, PackError::Unfinished { .. }), "{error}");
    assert!(!place.path("first.zip").exists());
}

#[test]
fn what_a_killed_command_left_is_removed() {
    let place = Place::new();
    let left = place.path("other/added/.adding-x/run");
    fs::create_dir_all(&left).unwrap();
    let (first, _) = place.pack(&place.first_run(), "first.zip");
    assert!(place.add(&first).unwrap().is_new);
    assert!(!left.exists());
}
