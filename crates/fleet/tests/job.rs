//! A job's script, run by bash as a scheduler would run it, with a command that only pretends to measure.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use formbench_fleet::{Event, EventKind, Fate, FleetJob, JobFolder, Tools, WallTime, fate, script};
use tempfile::TempDir;

/// Measures by writing what it was told into the copy; `pack` copies that.
const MEASURES: &str = r#"#!/bin/bash
case $1 in
run)
    mkdir -p "$3/run-1" "$5/run-1"
    ls "$3" > "$5/run-1/seen"
    echo "${@:6}" > "$5/run-1/arguments"
    echo "$3/run-1"
    ;;
pack) ls "$2" > "$6" ;;
esac
"#;

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["scratch", "top", "fleet/epyc"] {
            fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns the job's folder.
    fn job_folder(&self) -> JobFolder {
        JobFolder::new(self.path("fleet/epyc"))
    }

    /// Returns a job that runs this text as its command.
    fn job(&self, command: &str) -> FleetJob {
        let path = self.path("formbench");
        fs::write(&path, command).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        FleetJob {
            name: "epyc".into(),
            node_kind: "epyc".into(),
            time: WallTime(Duration::from_secs(60)),
            options: vec![],
            run: vec!["--profile".into(), "quick".into()],
            packing: ["--licence", "CC0-1.0"].map(str::to_owned).to_vec(),
            folder: self.path("fleet/epyc"),
            tools: Tools::Shared { command: path, top: self.path("top") },
        }
    }

    fn start(&self, job: &FleetJob) -> Child {
        let path = self.job_folder().write(&script(job).unwrap()).unwrap();
        let mut bash = Command::new("bash");
        bash.arg(path).env("TMPDIR", self.path("scratch")).env("SLURMD_NODENAME", "n1");
        bash.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    fn run(&self, job: &FleetJob) -> ExitStatus {
        self.start(job).wait().unwrap()
    }

    fn events(&self) -> Vec<Event> {
        self.job_folder().events().unwrap()
    }

    fn kinds(&self) -> Vec<EventKind> {
        self.events().iter().map(|event| event.kind).collect()
    }

    fn has_scratch(&self) -> bool {
        fs::read_dir(self.path("scratch")).unwrap().count() > 0
    }
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

#[test]
fn a_job_measures_packs_and_leaves_nothing_on_the_machine() {
    let place = Place::new();
    assert!(place.run(&place.job(MEASURES)).success());
    assert_eq!(place.kinds(), [EventKind::Started, EventKind::Packed]);
    assert_eq!(text(&place.path("fleet/epyc/runs/run-1/arguments")), "--profile quick\n");
    assert!(place.path("fleet/epyc/run.zip").exists());
    assert!(!place.has_scratch());
}

#[test]
fn a_later_attempt_finds_what_an_earlier_one_copied() {
    let place = Place::new();
    fs::create_dir_all(place.path("fleet/epyc/runs/run-0")).unwrap();
    assert!(place.run(&place.job(MEASURES)).success());
    assert_eq!(text(&place.path("fleet/epyc/runs/run-1/seen")), "run-0\nrun-1\n");
}

#[test]
fn a_command_that_fails_is_told_with_its_code_and_log() {
    let place = Place::new();
    assert_eq!(place.run(&place.job("#!/bin/bash\nexit 3\n")).code(), Some(3));
    let events = place.events();
    let Fate::Failed { node, detail, .. } = fate(&events, "", None) else { panic!("{events:?}") };
    assert_eq!((node.as_str(), detail.as_str()), ("n1", "3"));
    assert!(place.has_scratch(), "its next attempt may want it");
}

/// A scheduler asks the script alone, or the script and the command.
#[test]
fn a_signal_reaches_the_command_and_waits_for_its_end() {
    let place = Place::new();
    // It takes a while to save.
    let saves = "#!/bin/bash\ntrap 'sleep 0.3; echo saved > \"$5/saved\"; exit 130' TERM\n\
                 touch \"$5/ready\"\nwhile :; do sleep 0.05; done\n";
    let mut child = place.start(&place.job(saves));
    let start = Instant::now();
    while !place.path("fleet/epyc/runs/ready").exists() {
        assert!(start.elapsed() < Duration::from_secs(20));
        sleep(Duration::from_millis(10));
    }
    Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(text(&place.path("fleet/epyc/runs/saved")), "saved\n");
    assert_eq!(place.kinds(), [EventKind::Started, EventKind::Stopped]);
    assert!(!place.has_scratch());
}

#[test]
fn a_machine_that_does_not_fit_refuses_an_archive() {
    let place = Place::new();
    let archive = place.path("formbench.tar.gz");
    for (needs, why) in [
        ("machine pdp11\n", "the archive is for pdp11"),
        ("libc 99.0\n", "the archive was made with 99.0"),
        ("python 2.7\n", "is not there; the archive needs 2.7"),
    ] {
        fs::write(place.path("needs"), needs).unwrap();
        let folder = place.path("");
        let tar = ["-czf", archive.to_str().unwrap(), "-C", folder.to_str().unwrap(), "needs"];
        assert!(Command::new("tar").args(tar).status().unwrap().success());
        let job = FleetJob { tools: Tools::Bundle(archive.clone()), ..place.job(MEASURES) };
        assert_eq!(place.run(&job).code(), Some(1));
        let events = place.events();
        let Fate::Refused { reason } = fate(&events, "", None) else { panic!("{events:?}") };
        assert!(reason.starts_with("n1: ") && reason.contains(why), "{reason}");
    }
}

/// The machine's own archive fits.
#[test]
fn a_machine_that_fits_uses_an_archive() {
    let place = Place::new();
    let archive = place.path("formbench.tar.gz");
    fs::create_dir_all(place.path("bin")).unwrap();
    place.job(MEASURES);
    fs::rename(place.path("formbench"), place.path("bin/formbench")).unwrap();
    let needs = format!("machine {}\nlibc 2.0\n", std::env::consts::ARCH);
    fs::write(place.path("needs"), needs).unwrap();
    let folder = place.path("");
    let tar = ["-czf", archive.to_str().unwrap(), "-C", folder.to_str().unwrap(), "needs", "bin"];
    assert!(Command::new("tar").args(tar).status().unwrap().success());
    let job = FleetJob { tools: Tools::Bundle(archive), ..place.job("") };
    assert!(place.run(&job).success());
    assert_eq!(place.kinds(), [EventKind::Started, EventKind::Packed]);
}
