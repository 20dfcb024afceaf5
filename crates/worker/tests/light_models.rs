//! Published networks as the package onnx ships them, on every engine that is here.
//!
//! As shipped, each weight tensor holds one number and all logits are alike; `others.py` draws weights instead. `make others`
//! tries the large ones too, and files of other packages.

#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(clippy::print_stderr, reason = "a test says what it left out")]

use std::fs;
use std::path::Path;
use std::process::Command;

use formbench_measure::WorkerCommand;
use formbench_protocol::{Architecture, Images, UserFile};
use formbench_validation::parity::{ParityOutcome, ParityRequest, compare};
use sha2::{Digest, Sha256};

/// Those whose weights are below 150 MB.
const MODELS: [&str; 6] =
    ["densenet121", "inception_v1", "inception_v2", "resnet50", "shufflenet", "squeezenet"];

#[test]
fn engines_agree_on_networks_that_nobody_here_wrote() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = here.join("../../.engines/bin/python");
    if !python.is_file() {
        eprintln!("no `.engines`: `make engines` makes it");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let script = here.join("../engines/python/others.py");
    let mut write = Command::new(python);
    write.arg("-B").arg(script).arg(folder.path()).arg("--light").args(MODELS);
    let output = write.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let file = |name: &str| {
        let place = folder.path().join(format!("light_{name}.onnx"));
        let sha256 = format!("{:x}", Sha256::digest(fs::read(&place).unwrap()));
        let images = Images { batch: 1, resolution: 224, seed: 7 };
        (Architecture::File(UserFile { path: name.to_owned(), sha256, place }), images.into())
    };
    let worker = WorkerCommand { program: env!("CARGO_BIN_EXE_formbench-worker").into() };
    let description = worker.describe().unwrap();
    let files = MODELS.map(file).to_vec();
    let request = ParityRequest { files, batch: 1, defaults: true, ..ParityRequest::default() };
    let lines = compare(&worker, &description, &request, |_| ()).unwrap();
    for name in MODELS {
        let of_file = || lines.iter().filter(|line| line.architecture == name);
        let compared =
            of_file().filter(|line| matches!(line.outcome, ParityOutcome::Compared(_))).count();
        // Whatever is here: tract and Burn's interpreter are part of every build.
        assert!(compared >= 2, "{name}: {:?}", of_file().collect::<Vec<_>>());
        let differing: Vec<_> = of_file().filter(|line| line.differs()).collect();
        assert!(differing.is_empty(), "{name}: {differing:?}");
    }
}
