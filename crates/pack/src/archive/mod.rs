//! A pack as a zip file that is read with suspicion.

mod layout;

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use zip::read::ZipFile;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use crate::digest::{Hashes, hex};
use crate::limits::{MOST_BYTES, MOST_FILES, MOST_TEXT_BYTES};
use crate::name::{Role, is_table};
use crate::{Fault, PackError};

/// Bytes of what precedes an entry's name in the zip file.
const LOCAL_HEADER_BYTES: u64 = 30;
/// The bits of a mode that say what a file is, and those of a file that is one.
const KIND_BITS: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;

/// A pack whose entries are files of a run, laid out as formbench lays them out.
pub(crate) struct Archive {
    pack: PathBuf,
    zip: ZipArchive<BufReader<File>>,
}

impl Archive {
    /// Opens a pack, and looks at everything that can be known before a file is read.
    ///
    /// # Errors
    /// It cannot be read, is too large, or has an entry that no pack has.
    pub(crate) fn open(pack: &Path) -> Result<Self, PackError> {
        let refused = |fault| refused(pack, fault);
        let mut file = File::open(pack).map_err(PackError::io("read", pack))?;
        let facts = file.metadata().map_err(PackError::io("read", pack))?;
        if facts.len() > MOST_BYTES {
            return Err(refused(Fault::Bytes { bytes: facts.len() }));
        }
        let files = layout::check(&mut file, facts.len()).map_err(refused)?;
        if files > MOST_FILES {
            return Err(refused(Fault::Files { files }));
        }
        let zip =
            ZipArchive::new(BufReader::new(file)).map_err(|error| refused(unreadable(error)))?;
        let mut archive = Self { pack: pack.into(), zip };
        archive.check().map_err(refused)?;
        Ok(archive)
    }

    /// Writes every file below `folder`, and returns its hash as it was read.
    ///
    /// # Errors
    /// A file is damaged, or cannot be written.
    pub(crate) fn unpack(&mut self, folder: &Path) -> Result<Hashes, PackError> {
        let mut hashes = Hashes::new();
        for index in 0..self.zip.len() {
            let mut entry =
                self.zip.by_index(index).map_err(|error| refused(&self.pack, unreadable(error)))?;
            let name = entry.name().to_owned();
            let path = folder.join(&name);
            let mut content = Vec::new();
            entry
                .read_to_end(&mut content)
                .map_err(|error| refused(&self.pack, Fault::Zip { why: error.to_string() }))?;
            write(&path, &content).map_err(PackError::io("write", &path))?;
            hashes.insert(name, hex(Sha256::digest(&content).as_slice()));
        }
        Ok(hashes)
    }

    /// Looks at every entry: one after the other from the start to the list at the end, with no byte between.
    fn check(&mut self) -> Result<(), Fault> {
        let mut names = BTreeSet::new();
        let mut at = 0;
        for index in 0..self.zip.len() {
            let entry = self.zip.by_index_raw(index).map_err(unreadable)?;
            check_entry(&entry)?;
            if !names.insert(entry.name().to_ascii_lowercase()) {
                return Err(Fault::Twice { name: entry.name().to_owned() });
            }
            let start = at + LOCAL_HEADER_BYTES + entry.name_raw().len() as u64;
            if entry.header_start() != at || entry.data_start() != Some(start) {
                return Err(Fault::Layout { at });
            }
            at = start + entry.size();
        }
        if at == self.zip.central_directory_start() { Ok(()) } else { Err(Fault::Layout { at }) }
    }
}

/// Fails unless an entry is a file of a run, as it is.
fn check_entry<R: Read>(entry: &ZipFile<'_, R>) -> Result<(), Fault> {
    let name = entry.name().to_owned();
    if entry.name_raw() != name.as_bytes() || Role::of(&name).is_none() {
        return Err(Fault::Name { name });
    }
    let kind = entry.unix_mode().map_or(REGULAR, |mode| mode & KIND_BITS);
    let what = if entry.encrypted() {
        "encrypted"
    } else if entry.compression() != CompressionMethod::Stored
        || entry.size() != entry.compressed_size()
    {
        "compressed"
    } else if !is_table(&name) && entry.size() > MOST_TEXT_BYTES {
        "a text of more than 32 MiB"
    } else if kind != REGULAR && kind != 0 {
        "a link, a folder or a device"
    } else {
        return Ok(());
    };
    Err(Fault::Kind { name, what })
}

/// Writes a new file and its folders.
fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(content)
}

fn unreadable(error: ZipError) -> Fault {
    Fault::Zip { why: error.to_string() }
}

/// Returns the error of a pack that has a fault.
pub(crate) fn refused(pack: &Path, fault: Fault) -> PackError {
    PackError::Refused { pack: pack.into(), fault: Box::new(fault) }
}
