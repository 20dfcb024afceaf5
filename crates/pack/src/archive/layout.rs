//! The list at the end of a zip file, as formbench writes it: nothing behind it, nothing in it but the entries.
//!
//! The zip reader is more lenient. It looks further ahead for another list if one is damaged, and of two entries of one
//! name it forgets the first.

use std::collections::BTreeSet;
use std::io::{Read, Seek, SeekFrom};

use crate::Fault;

/// Bytes of the end of a zip file, and of an entry of the list without its name.
const END_BYTES: u64 = 22;
const ENTRY_BYTES: usize = 46;
/// What both begin with.
const END: &[u8] = b"PK\x05\x06";
const ENTRY: &[u8] = b"PK\x01\x02";
/// Longest list that is read: that of the most files with the longest names.
const MOST_LIST_BYTES: u64 = 1 << 20;

/// Returns how many entries are listed.
///
/// # Errors
/// The list does not end where the file does, has more in it than entries, or one entry twice.
pub(super) fn check(file: &mut (impl Read + Seek), bytes: u64) -> Result<usize, Fault> {
    let fault = |why: &str| Fault::Zip { why: why.to_owned() };
    let end_at = bytes.checked_sub(END_BYTES).ok_or_else(|| fault("it is too short"))?;
    let end = read(file, end_at, END_BYTES)?;
    if !end.starts_with(END) {
        return Err(fault("it does not end as one"));
    }
    let (files, list_bytes, list_at) = (u16_at(&end, 10), u32_at(&end, 12), u32_at(&end, 16));
    let is_whole = u16_at(&end, 8) == files && end[4..8] == [0; 4] && end[20..22] == [0; 2];
    if !is_whole || u64::from(list_at) + u64::from(list_bytes) != end_at {
        return Err(Fault::Layout { at: end_at });
    }
    if u64::from(list_bytes) > MOST_LIST_BYTES {
        return Err(Fault::Files { files: files.into() });
    }
    let list = read(file, list_at.into(), list_bytes.into())?;
    let listed = names(&list).ok_or(Fault::Layout { at: list_at.into() })?;
    let mut seen = BTreeSet::new();
    match listed.iter().find(|name| !seen.insert(**name)) {
        Some(twice) => Err(Fault::Twice { name: String::from_utf8_lossy(twice).into_owned() }),
        None if listed.len() == usize::from(files) => Ok(listed.len()),
        None => Err(Fault::Layout { at: list_at.into() }),
    }
}

/// Returns the names of the entries, if there is nothing else in the list.
fn names(mut list: &[u8]) -> Option<Vec<&[u8]>> {
    let mut names = Vec::new();
    while !list.is_empty() {
        let entry = list.get(..ENTRY_BYTES).filter(|entry| entry.starts_with(ENTRY))?;
        let has_more = u16_at(entry, 30) != 0 || u16_at(entry, 32) != 0;
        let end = ENTRY_BYTES + usize::from(u16_at(entry, 28));
        names.push(list.get(ENTRY_BYTES..end).filter(|_| !has_more)?);
        list = &list[end..];
    }
    Some(names)
}

fn read(file: &mut (impl Read + Seek), at: u64, bytes: u64) -> Result<Vec<u8>, Fault> {
    let mut content = Vec::new();
    let read = file
        .seek(SeekFrom::Start(at))
        .and_then(|_| file.take(bytes).read_to_end(&mut content))
        .map_err(|error| Fault::Zip { why: error.to_string() })?;
    if read as u64 == bytes { Ok(content) } else { Err(Fault::Layout { at }) }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
