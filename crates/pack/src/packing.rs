//! From a run's folder to a pack.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::io::{self, Seek, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use formbench_analysis::{RESULTS, Run, read_run};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::digest::{Hashes, sha256};
use crate::experiments::Questions;
use crate::limits::MOST_BYTES;
use crate::name::{EXPERIMENTS, HOST_CARD, MANIFEST, METADATA, is_plain};
use crate::research_object::Description;
use crate::{Licence, PackError, Surroundings, contents, host_card, manifest, results};

/// What is packed, and how.
#[derive(Clone, Copy, Debug)]
pub struct PackRequest<'a> {
    /// Folder of a finished run.
    pub run: &'a Path,
    /// Folder where the run's experiments and claims are looked for, after the run's own: an added run has them.
    pub experiments: &'a Path,
    /// Under what others may use it.
    pub licence: &'a Licence,
    /// Who must not be found in it; nobody where everything may travel.
    pub private: Option<&'a Surroundings>,
}

/// A run that was packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedRun {
    /// Name of the run.
    pub run: String,
    /// Files of the pack.
    pub files: usize,
    /// Bytes of the pack.
    pub bytes: u64,
    /// What made the run and is not in the pack, a line each.
    pub absent: Vec<String>,
}

/// The content of every file of a pack, by name.
type Files = BTreeMap<String, Vec<u8>>;

/// Writes a run as one file, which is whole or absent. Equal folders make equal bytes.
///
/// # Errors
/// The run is not finished or cannot be read, something private would travel, or the file cannot be written.
pub fn pack(request: &PackRequest<'_>, output: &Path) -> Result<PackedRun, PackError> {
    let run = read_run(request.run)?;
    let name = run.host.run.clone();
    if !is_plain(&name) {
        return Err(PackError::RunName { run: request.run.into(), name });
    }
    let own = request.run.join(EXPERIMENTS);
    let questions = Questions::of(&run, &[&own, request.experiments]);
    if let Some(surroundings) = request.private {
        surroundings.check(&run, &questions.files)?;
    }
    let absent = questions.absent.clone();
    let files = files(request, &run, questions)?;
    let bytes: u64 = files.values().map(|content| content.len() as u64).sum();
    if bytes > MOST_BYTES {
        return Err(PackError::TooLarge { run: request.run.into(), bytes });
    }
    let bytes = write(&files, output).map_err(PackError::io("write", output))?;
    Ok(PackedRun { run: name, files: files.len(), bytes, absent })
}

/// Returns every file of the pack: the tables, then what is made of them, then what describes all of it.
fn files(request: &PackRequest<'_>, run: &Run, questions: Questions) -> Result<Files, PackError> {
    let mut files = questions.files;
    for (name, path) in contents::tables(request.run)? {
        files.insert(name, fs::read(&path).map_err(PackError::io("read", &path))?);
    }
    files.insert(RESULTS.to_owned(), results::written(run)?.into_bytes());
    files.insert(HOST_CARD.to_owned(), host_card::written(&run.host).into_bytes());
    let mut hashes: Hashes =
        files.iter().map(|(name, content)| (name.clone(), sha256(content))).collect();
    let (licence, absent) = (request.licence, &questions.absent);
    let description =
        Description { run, licence, files: &files, hashes: &hashes, absent }.written();
    hashes.insert(METADATA.to_owned(), sha256(description.as_bytes()));
    files.insert(METADATA.to_owned(), description.into_bytes());
    files.insert(MANIFEST.to_owned(), manifest::written(&hashes).into_bytes());
    Ok(files)
}

/// Writes the file under a temporary name beside its own, and returns its bytes once it has its own.
fn write(files: &Files, output: &Path) -> io::Result<u64> {
    let folder = output.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut temporary = tempfile::Builder::new()
        .prefix(".pack-")
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder)?;
    write_zip(files, temporary.as_file_mut())?;
    temporary.as_file().sync_all()?;
    let bytes = temporary.as_file().metadata()?.len();
    temporary.persist(output)?;
    Ok(bytes)
}

/// Writes the entries in the order of their names, none compressed, all of one time.
fn write_zip(files: &Files, to: impl Write + Seek) -> io::Result<()> {
    let mut zip = ZipWriter::new(to);
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for (name, content) in files {
        zip.start_file(name.as_str(), options)?;
        zip.write_all(content)?;
    }
    zip.finish()?;
    Ok(())
}
