//! The hash of every file, a line each, in BagIt's format: hash, two spaces, name.

use crate::Fault;
use crate::digest::Hashes;
use crate::name::MANIFEST;

/// Returns the manifest of the other files.
pub(crate) fn written(hashes: &Hashes) -> String {
    let others = hashes.iter().filter(|(name, _)| *name != MANIFEST);
    others.map(|(name, hash)| format!("{hash}  {name}\n")).collect()
}

/// Fails unless the manifest lists every other file with its hash, and no more.
///
/// # Errors
/// A line is none, or a file is not listed, not there, or another one.
pub(crate) fn check(manifest: &str, found: &Hashes) -> Result<(), Fault> {
    let listed = listed(manifest)?;
    if let Some(name) = listed.keys().find(|name| !found.contains_key(*name)) {
        return Err(Fault::Missing { name: name.clone() });
    }
    for (name, hash) in found.iter().filter(|(name, _)| *name != MANIFEST) {
        match listed.get(name) {
            None => return Err(Fault::Unlisted { name: name.clone() }),
            Some(expected) if expected != hash => return Err(Fault::Hash { name: name.clone() }),
            Some(_) => {}
        }
    }
    Ok(())
}

fn listed(manifest: &str) -> Result<Hashes, Fault> {
    let mut listed = Hashes::new();
    for (line, text) in (1..).zip(manifest.lines()) {
        let entry = text.split_once("  ").filter(|(hash, name)| is_hash(hash) && *name != MANIFEST);
        let (hash, name) = entry.ok_or(Fault::ManifestLine { line })?;
        if listed.insert(name.to_owned(), hash.to_owned()).is_some() {
            return Err(Fault::ManifestLine { line });
        }
    }
    Ok(listed)
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::sha256;

    fn hashes() -> Hashes {
        ["cells.parquet", "host.json"].map(|name| (name.to_owned(), sha256(name.as_bytes()))).into()
    }

    #[test]
    fn a_manifest_has_a_line_for_each_file_in_order() {
        let text = written(&hashes());
        let names: Vec<_> = text.lines().map(|line| &line[66..]).collect();
        assert_eq!(names, ["cells.parquet", "host.json"]);
        assert!(check(&text, &hashes()).is_ok());
    }

    #[test]
    fn a_manifest_that_is_not_of_these_files_is_refused() {
        let text = written(&hashes());
        let refused =
            |manifest: &str, found: &Hashes| check(manifest, found).unwrap_err().to_string();
        let first = text.lines().next().unwrap();
        assert_eq!(
            refused(&format!("{first}\n"), &hashes()),
            "`host.json` is not in `manifest-sha256.txt`"
        );
        let mut fewer = hashes();
        fewer.remove("host.json");
        assert_eq!(
            refused(&text, &fewer),
            "`host.json` is in `manifest-sha256.txt` and not in the pack"
        );
        let mut other = hashes();
        other.insert("host.json".to_owned(), sha256(b"other"));
        assert_eq!(
            refused(&text, &other),
            "`host.json` is not the file that `manifest-sha256.txt` lists"
        );
        for broken in [format!("{text}\n"), format!("{text}{first}\n"), text.replace("  ", " ")] {
            assert!(refused(&broken, &hashes()).contains("line"), "{broken}");
        }
    }
}
