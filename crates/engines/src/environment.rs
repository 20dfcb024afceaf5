//! The Python environment that `make engines` fills: what is installed there, and where.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Names another place of the environment.
const VARIABLE: &str = "FORMBENCH_ENGINES";
/// Its name otherwise.
const FOLDER: &str = ".engines";

/// Returns the Python environment's folder: the one that `FORMBENCH_ENGINES` names, else the
/// nearest `.engines` in the current directory, above the executable, or above the current
/// directory.
pub fn root() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(VARIABLE).filter(|named| !named.is_empty()) {
        return Some(PathBuf::from(named)).filter(|folder| folder.is_dir());
    }
    let here = std::env::current_dir().ok()?;
    let beside = Some(here.join(FOLDER)).filter(|folder| folder.is_dir());
    let executable = std::env::current_exe().ok();
    beside.or_else(|| above(&executable?)).or_else(|| above(&here))
}

/// Returns where the environment's packages are: `lib/python3.*/site-packages`.
pub(crate) fn site_packages() -> Option<PathBuf> {
    let versions = root()?.join("lib").read_dir().ok()?;
    let mut packages = versions.flatten().map(|version| version.path().join("site-packages"));
    packages.find(|packages| packages.is_dir())
}

/// Returns the version that packages are installed for, such as `python3.11`, and that of the interpreter beside
/// them, if the interpreter's file says that it is of another, which does not look at them.
pub(crate) fn another_interpreter(python: &Path, site_packages: &Path) -> Option<[String; 2]> {
    let name = |path: &Path| Some(path.file_name()?.to_str()?.to_owned());
    let made_by = name(site_packages.parent()?)?;
    let now = name(&python.canonicalize().ok()?)?;
    // A file called `python` or `python3` says nothing.
    (now.contains('.') && now != made_by).then_some([made_by, now])
}

/// Returns the first shared library of an installed package whose size differs from the one that
/// its installation recorded: loading such a library would end the process.
///
/// `site_packages` is where the package is, `package` its name on the package index.
pub(crate) fn truncated_library(site_packages: &Path, package: &str) -> Option<PathBuf> {
    let prefix = format!("{package}-");
    let is_its_own = |name: &str| name.starts_with(&prefix) && name.ends_with(".dist-info");
    let mut folders = site_packages.read_dir().ok()?.flatten().map(|entry| entry.path());
    let own = folders.find(|path| path.file_name().and_then(OsStr::to_str).is_some_and(is_its_own));
    let record = std::fs::read_to_string(own?.join("RECORD")).ok()?;
    let libraries = record.lines().filter(|line| line.contains(".so") || line.contains(".dylib"));
    libraries
        .filter_map(|line| {
            let mut fields = line.rsplitn(3, ',');
            let size: u64 = fields.next()?.parse().ok()?;
            let path = site_packages.join(fields.nth(1)?);
            (path.metadata().map_or(0, |file| file.len()) != size).then_some(path)
        })
        .next()
}

fn above(start: &Path) -> Option<PathBuf> {
    start.ancestors().map(|folder| folder.join(FOLDER)).find(|folder| folder.is_dir())
}

#[cfg(all(test, unix))]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn an_interpreter_of_another_version_does_not_look_at_the_packages() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["python3.11", "python3.12", "python"] {
            std::fs::write(at(name), "").unwrap();
        }
        let packages = at("lib/python3.11/site-packages");
        let link = |to: &str| {
            let link = at(&format!("link-to-{to}"));
            std::os::unix::fs::symlink(at(to), &link).unwrap();
            another_interpreter(&link, &packages)
        };
        let both = ["python3.11", "python3.12"].map(str::to_owned);
        assert_eq!(link("python3.12"), Some(both));
        assert_eq!((link("python3.11"), link("python")), (None, None));
    }
}
