use std::path::{Path, PathBuf};
use std::process::Command;

use crate::FleetError;

/// What machines without a shared disk of programs need: the command, its worker, experiments and engines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// The command; its worker is beside it.
    pub command: PathBuf,
    /// The folder with `experiments` and, maybe, `.engines`.
    pub top: PathBuf,
}

/// What was brought for making engines, and no engine needs.
const LEFT_OUT: [&str; 2] = [".engines/wheels", ".engines/others"];
/// What to do without `tar`.
const REMEDY: &str = "install it";

impl Bundle {
    /// Writes the archive, and returns its lines of what a machine needs to use it: `machine`, `libc`, `python`.
    ///
    /// # Errors
    /// A file cannot be read or the archive not written.
    pub fn write(&self, archive: &Path, stage: &Path) -> Result<Vec<String>, FleetError> {
        let needs = self.needs()?;
        let list = stage.join("needs");
        std::fs::write(&list, needs.join("\n") + "\n").map_err(FleetError::io("write", &list))?;
        let folder = self.command.parent().unwrap_or(Path::new("/"));
        let mut tar = Command::new("tar");
        tar.arg("--create").arg("--gzip").arg("--file").arg(archive);
        tar.args(LEFT_OUT.map(|path| format!("--exclude={path}")));
        tar.arg("--exclude=__pycache__").arg("--transform=flags=r;s,^formbench,bin/formbench,");
        tar.arg("--directory").arg(stage).arg("needs");
        tar.arg("--directory").arg(folder).args(["formbench", "formbench-worker"]);
        tar.arg("--directory").arg(&self.top).arg("experiments");
        if self.python().is_file() {
            tar.arg(".engines");
        }
        let output = tar.output().map_err(FleetError::starting("tar", REMEDY))?;
        if output.status.success() {
            Ok(needs)
        } else {
            let reason = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            Err(FleetError::Failed { program: "tar", reason })
        }
    }

    fn python(&self) -> PathBuf {
        self.top.join(".engines/bin/python")
    }

    /// Returns what a machine has to have: programs that were built with one C library run with it and later ones, and
    /// engines' packages are of one version of Python.
    fn needs(&self) -> Result<Vec<String>, FleetError> {
        let mut needs = vec![format!("machine {}", std::env::consts::ARCH)];
        // As `glibc 2.36`.
        let libc = printed("getconf", &["GNU_LIBC_VERSION"])?;
        needs.extend(libc.split_once(' ').map(|(_, version)| format!("libc {version}")));
        let python = self.python();
        if python.is_file() {
            let version = "import sys; print(\"%d.%d\" % sys.version_info[:2])";
            let output = Command::new(&python).args(["-c", version]).output();
            let output = output.map_err(FleetError::io("start", &python))?;
            needs.push(format!("python {}", String::from_utf8_lossy(&output.stdout).trim()));
        }
        Ok(needs)
    }
}

fn printed(program: &'static str, arguments: &[&str]) -> Result<String, FleetError> {
    let output = Command::new(program).args(arguments).output();
    let output = output.map_err(FleetError::starting(program, REMEDY))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn an_archive_holds_what_a_machine_needs_and_what_it_has_to_have() {
        let [top, out] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let file = |path: &str| {
            let path = top.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        };
        let files = ["release/formbench", "release/formbench-worker", "experiments/paper/a.yaml"];
        files.iter().for_each(|path| file(path));
        let bundle =
            Bundle { command: top.path().join("release/formbench"), top: top.path().into() };
        let archive = out.path().join("formbench.tar.gz");
        let needs = bundle.write(&archive, out.path()).unwrap();
        assert_eq!(needs[0], format!("machine {}", std::env::consts::ARCH));
        assert!(needs.iter().all(|need| !need.starts_with("python")), "there are no engines");
        let listed = Command::new("tar").arg("-tzf").arg(&archive).output().unwrap();
        let listed = String::from_utf8(listed.stdout).unwrap();
        let mut listed: Vec<_> = listed.lines().filter(|name| !name.ends_with('/')).collect();
        listed.sort_unstable();
        let expected =
            ["bin/formbench", "bin/formbench-worker", "experiments/paper/a.yaml", "needs"];
        assert_eq!(listed, expected);
    }
}
