//! Engines that are shared libraries of Python packages, which `make engines` installs.
//!
//! Their names carry version suffixes. They are loaded by absolute path, and each finds those
//! beside it through its own run path: no links and no loader variables are needed.

use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use formbench_protocol::{Refusal, RefusalKind};

use crate::environment;

/// A shared library of a Python package.
pub(crate) struct SharedLibrary {
    /// Name of the package, which is the engine's registry name too.
    pub(crate) package: &'static str,
    /// The library's folder in the installed packages.
    pub(crate) folder: &'static str,
    /// The file's name without its version, such as `libonnxruntime.so`.
    pub(crate) file: &'static str,
    /// The version that the engine is written for.
    pub(crate) version: &'static str,
    /// Turns what follows `file` and a dot into a version.
    pub(crate) version_of: fn(&str) -> String,
}

/// A library with what an engine makes of it; a process loads it once, when it is first needed.
pub(crate) struct Loading<T> {
    library: SharedLibrary,
    load: fn(&SharedLibrary, Found) -> Result<T, Refusal>,
    loaded: OnceLock<Result<T, Refusal>>,
}

impl<T> Loading<T> {
    /// Returns a library that `load` loads once it is found.
    pub(crate) const fn new(
        library: SharedLibrary,
        load: fn(&SharedLibrary, Found) -> Result<T, Refusal>,
    ) -> Self {
        Self { library, load, loaded: OnceLock::new() }
    }

    /// Returns what was made of the library, loading it first if nobody has.
    ///
    /// # Errors
    /// The refusal of whoever asked first: the library is not found, or cannot be loaded.
    pub(crate) fn get(&self) -> Result<&T, Refusal> {
        let load = || (self.load)(&self.library, self.library.find()?);
        self.loaded.get_or_init(load).as_ref().map_err(Clone::clone)
    }
}

/// A library that is there, whole and of the right release; not loaded yet.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// Absolute path.
    pub(crate) path: PathBuf,
    /// Version, such as `1.32.0`.
    pub(crate) version: String,
}

impl SharedLibrary {
    /// Returns where the library is.
    ///
    /// # Errors
    /// A refusal if it is missing, of another release (major and minor) than the engine is written
    /// for, or one of its package's libraries is cut short.
    pub(crate) fn find(&self) -> Result<Found, Refusal> {
        let packages = environment::site_packages();
        let found = packages.as_ref().and_then(|packages| self.find_in(packages));
        let (Some(packages), Some(found)) = (packages, found) else {
            return Err(self.missing());
        };
        self.check_version(&found)?;
        match environment::truncated_library(&packages, self.package) {
            None => Ok(found),
            Some(cut) => {
                let cut = cut.display();
                Err(self.refusal(format!("`{cut}` has not the size that was installed")))
            }
        }
    }

    /// Returns a refusal of this library, which cannot be loaded here.
    pub(crate) fn refusal(&self, reason: impl Display) -> Refusal {
        let reason = format!("{}: {reason}", self.package);
        Refusal::new(RefusalKind::Unavailable, reason).remedy("run `make engines`")
    }

    /// Refuses a version of another release than the engine is written for.
    ///
    /// # Errors
    /// A refusal that names both versions.
    pub(crate) fn check_version(&self, found: &Found) -> Result<(), Refusal> {
        if release(&found.version) == release(self.version) {
            return Ok(());
        }
        let Found { path, version } = found;
        let expected = self.version;
        Err(self.refusal(format!("`{}` is version {version}, expected {expected}", path.display())))
    }

    fn missing(&self) -> Refusal {
        let root = environment::root().unwrap_or_else(|| PathBuf::from(".engines"));
        self.refusal(format!("{} not found in `{}`", self.file, root.display()))
    }

    fn find_in(&self, packages: &Path) -> Option<Found> {
        let folder = std::path::absolute(packages.join(self.folder)).ok()?;
        fs::read_dir(folder).ok()?.flatten().find_map(|entry| {
            let name = entry.file_name();
            let suffix = name.to_str()?.strip_prefix(self.file)?.strip_prefix('.')?;
            Some(Found { path: entry.path(), version: (self.version_of)(suffix) })
        })
    }
}

/// Returns a library whose name begins like that which this process has loaded from another folder than that of
/// `own`, as the loader's variables can have it; nothing where the system does not tell.
pub(crate) fn loaded_from_elsewhere(name: &str, own: &Path) -> Option<PathBuf> {
    let folder = own.canonicalize().ok()?.parent()?.to_owned();
    let maps = fs::read_to_string("/proc/self/maps").ok()?;
    elsewhere(&maps, name, &folder)
}

fn elsewhere(maps: &str, name: &str, folder: &Path) -> Option<PathBuf> {
    let paths = maps.lines().filter_map(|line| Some(Path::new(line.get(line.find('/')?..)?)));
    let is_it = |path: &&Path| {
        let file = path.file_name().and_then(|file| file.to_str()).unwrap_or_default();
        file.starts_with(name) && path.parent() != Some(folder)
    };
    paths.into_iter().find(is_it).map(Path::to_owned)
}

/// Returns major and minor of a version.
fn release(version: &str) -> (&str, &str) {
    let mut parts = version.split('.');
    (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_of_another_folder_is_found_among_what_is_loaded() {
        let maps = "7f00-7f01 r-xp 00000000 fe:00 17    /own/libs/libopenvino.so.2641\n\
                    7f01-7f02 rw-p 00000000 00:00 0\n\
                    7f02-7f03 r-xp 00000000 fe:00 18    /opt/a b/libtbb.so.12\n\
                    7f03-7f04 r-xp 00000000 fe:00 19    /usr/lib/libtbbmalloc.so.2\n";
        let found = elsewhere(maps, "libtbb.so", Path::new("/own/libs"));
        assert_eq!(found, Some(PathBuf::from("/opt/a b/libtbb.so.12")));
        assert_eq!(elsewhere(maps, "libtbb.so", Path::new("/opt/a b")), None);
        assert_eq!(elsewhere(maps, "libomp", Path::new("/own/libs")), None);
    }
}
