//! What is private does not travel unasked.

use std::fs;

use formbench_pack::{Licence, PackRequest, Surroundings, pack};
use formbench_protocol::RefusalKind;
use formbench_store::{HostRow, RefusalRow, Run, RunFolder};

use crate::fixture::Place;

/// Packs the first run where `joan` uses `lab-7`, and returns what is said of it.
fn said(place: &Place) -> Result<(), String> {
    let names = ["joan", "lab-7"].map(str::to_owned).to_vec();
    let surroundings = Surroundings { names, is_recorded: |name| name.starts_with("OMP_") };
    let (licence, run): (Licence, _) = ("MIT".parse().unwrap(), place.first_run());
    let experiments = place.path("experiments");
    let private = Some(&surroundings);
    let request = PackRequest { run: &run, experiments: &experiments, licence: &licence, private };
    pack(&request, &place.path("run.zip")).map(drop).map_err(|error| error.to_string())
}

/// Changes the machine of the first run.
fn with_host(place: &Place, change: impl FnOnce(HostRow) -> HostRow) {
    let run = Run::read(&place.first_run()).unwrap();
    let cells: Vec<_> = run.cells.into_values().collect();
    let folder = RunFolder::open(&place.first_run()).unwrap();
    folder.write_plan(&change(run.host), &run.experiments, &run.members, &cells).unwrap();
}

#[test]
fn a_run_without_anything_private_travels() {
    assert_eq!(said(&Place::new()), Ok(()));
}

#[test]
fn a_variable_that_holds_a_path_is_named_with_its_column() {
    let place = Place::new();
    let environment = Some(r#"{"OMP_TOOL_LIBRARIES":"/home/jo/tool.so"}"#.to_owned());
    with_host(&place, |host| HostRow { environment, ..host });
    assert_eq!(
        said(&place).unwrap_err(),
        "column `environment` of table `host` has `/home/jo/tool.so`, a path of a machine; `--keep-private` lets it travel"
    );
    // Nobody is kept from deciding otherwise.
    place.pack(&place.first_run(), "run.zip");
}

#[test]
fn a_variable_that_formbench_does_not_record_does_not_travel() {
    let place = Place::new();
    let environment = Some(r#"{"OMP_NUM_THREADS":"2","TOKEN":"x"}"#.to_owned());
    with_host(&place, |host| HostRow { environment, ..host });
    let said = said(&place).unwrap_err();
    assert!(said.contains("`TOKEN`, a variable that formbench does not record"), "{said}");
}

#[test]
fn a_name_of_the_machine_is_found_wherever_it_stands() {
    let place = Place::new();
    with_host(&place, |host| HostRow { os: "Nowhere 1 on lab-7".into(), ..host });
    let said = said(&place).unwrap_err();
    assert!(said.starts_with("column `os` of table `host` has `lab-7`, a name"), "{said}");
}

#[test]
fn what_a_worker_said_as_it_died_may_hold_a_path() {
    let place = Place::new();
    let folder = RunFolder::open(&place.first_run()).unwrap();
    let cell = Run::read(&place.first_run()).unwrap().cells.into_keys().next().unwrap();
    let refusal = RefusalRow {
        cell,
        kind: RefusalKind::Crashed,
        reason: "it crashed".into(),
        stderr_tail: "File \"/home/joan/x.py\", line 3".into(),
        ..RefusalRow::default()
    };
    folder.append_refusal(&refusal).unwrap();
    folder.compact().unwrap();
    let said = said(&place).unwrap_err();
    assert!(said.starts_with("column `stderr_tail` of table `refusals` has `joan`"), "{said}");
}

#[test]
fn a_question_s_file_is_looked_through_too() {
    let place = Place::new();
    let file = place.path("experiments/imagined/claims.yaml");
    fs::write(file, "claims: []\n# measured below /srv/lab/joan\n").unwrap();
    let said = said(&place).unwrap_err();
    assert!(said.starts_with("line 2 of `experiments/imagined/claims.yaml` has `joan`"), "{said}");
}
