//! Hashes of files, and of all tables of a run together.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::name::is_table;

/// The SHA-256 of each file, by its name in the pack.
pub(crate) type Hashes = BTreeMap<String, String>;

/// Returns the SHA-256 of some bytes, in hex digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(Sha256::digest(bytes).as_slice())
}

/// Returns bytes as hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Returns the hash of all tables of a run, its finals' among them: two packs of one run share it, whatever else they
/// hold.
pub(crate) fn of_tables(hashes: &Hashes) -> String {
    let tables = hashes.iter().filter(|(name, _)| is_table(name));
    let lines: String = tables.map(|(name, hash)| format!("{hash}  {name}\n")).collect();
    sha256(lines.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tables_make_the_digest_of_a_run() {
        let hashes = |results: &str, cells: &str| -> Hashes {
            let files = [("results.csv", results), ("cells.parquet", cells)];
            files.map(|(name, hash)| (name.to_owned(), hash.to_owned())).into()
        };
        assert_eq!(of_tables(&hashes("a", "b")), of_tables(&hashes("c", "b")));
        assert_ne!(of_tables(&hashes("a", "b")), of_tables(&hashes("a", "c")));
    }

    #[test]
    fn a_hash_is_that_of_every_other_tool() {
        // `printf '' | sha256sum`
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256(b""), empty);
    }
}
