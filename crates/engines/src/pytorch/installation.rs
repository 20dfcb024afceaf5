//! What is known of an installed PyTorch without starting Python.

use std::fs;
use std::path::{Path, PathBuf};

use formbench_protocol::{Refusal, RefusalKind};

use crate::environment;

/// The pinned requirements, `torch==2.9.1` among them.
const REQUIREMENTS: &str = include_str!("../../requirements/pytorch.txt");
/// What brings PyTorch.
const INSTALL: &str = "run `make engines-pytorch`";
/// What brings the packages that read ONNX files.
const INSTALL_PACKAGES: &str = "run `make engines`";

/// An environment that has PyTorch at the pinned version and what it needs.
pub(super) struct Installation {
    /// The interpreter.
    pub python: PathBuf,
    packages: PathBuf,
    /// Version as PyTorch states it, with the build's suffix: `2.9.1+cpu`.
    pub version: String,
    /// The commit it was built from.
    pub commit: String,
}

impl Installation {
    /// Returns the installation that is found.
    ///
    /// # Errors
    /// A refusal with what is missing and which command brings it.
    pub fn find() -> Result<Self, Refusal> {
        let packages = environment::site_packages();
        let stated = packages
            .as_ref()
            .and_then(|packages| fs::read_to_string(packages.join("torch/version.py")).ok());
        let (Some(root), Some(packages), Some(stated)) = (environment::root(), packages, stated)
        else {
            return Err(unavailable("PyTorch is not installed in `.engines`", INSTALL));
        };
        let version = assigned(&stated, "__version__");
        check_version(&version)?;
        check_packages(&packages)?;
        let python = root.join("bin/python");
        if !python.exists() {
            let reason = format!("no Python interpreter at `{}`", python.display());
            return Err(unavailable(&reason, INSTALL));
        }
        if let Some([made_by, now]) = environment::another_interpreter(&python, &packages) {
            let reason = format!("`.engines` was made by {made_by} and its interpreter is {now}");
            return Err(unavailable(&reason, INSTALL));
        }
        Ok(Self { python, packages, version, commit: assigned(&stated, "git_version") })
    }

    /// Checks that its shared libraries are whole: loading a truncated one would end the process.
    ///
    /// # Errors
    /// A refusal that names the library.
    pub fn check_libraries(&self) -> Result<(), Refusal> {
        let mut distributions = ["torch", "numpy", "onnx"].into_iter();
        let truncated =
            distributions.find_map(|name| environment::truncated_library(&self.packages, name));
        truncated.map_or(Ok(()), |path| {
            let reason = format!("`{}` is not the file that was installed", path.display());
            Err(unavailable(&reason, &format!("delete `.engines` and {INSTALL}")))
        })
    }
}

fn check_version(version: &str) -> Result<(), Refusal> {
    let pinned = pinned();
    if version.split('+').next() == Some(pinned) {
        return Ok(());
    }
    Err(unavailable(&format!("version `{version}` is installed, expected `{pinned}`"), INSTALL))
}

fn check_packages(packages: &Path) -> Result<(), Refusal> {
    let missing = ["numpy", "onnx"].into_iter().find(|name| !packages.join(name).is_dir());
    missing.map_or(Ok(()), |name| {
        let reason = format!("the Python package `{name}` is not installed in `.engines`");
        Err(unavailable(&reason, INSTALL_PACKAGES))
    })
}

/// Returns the version that the requirements pin.
fn pinned() -> &'static str {
    let line = REQUIREMENTS.lines().find_map(|line| line.strip_prefix("torch=="));
    line.and_then(|rest| rest.split_whitespace().next()).unwrap_or_default()
}

/// Returns the text that a Python file assigns to a name, empty if there is none.
fn assigned(file: &str, name: &str) -> String {
    let value =
        file.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix('='));
    value.unwrap_or_default().trim().trim_matches(['\'', '"']).to_owned()
}

fn unavailable(reason: &str, remedy: &str) -> Refusal {
    Refusal::new(RefusalKind::Unavailable, format!("pytorch: {reason}")).remedy(remedy)
}
