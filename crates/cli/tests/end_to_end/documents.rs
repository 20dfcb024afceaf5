use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Names of public types that are defined more than once, and why.
const SHARED_NAMES: [&str; 2] = [
    // A run with all its samples, and with what the analysis keeps of a block.
    "Run",
    // Any two cells that are compared, and two cells of a run.
    "Comparison",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Returns a document at the top of the repository.
fn document(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

#[test]
fn the_readme_fits_its_reader_and_its_parts_are_there() {
    let readme = document("README.md");
    assert!(readme.lines().count() <= 100, "{} lines", readme.lines().count());
    for part in ["findings", "study", "engines", "caveats"] {
        let behind = readme.split_once(&format!("<!-- generated: {part} -->\n")).unwrap().1;
        let generated = behind.split_once("<!-- /generated -->").unwrap().0;
        // A list or a table, with a number in it.
        assert!(generated.starts_with(['-', '|']), "{part}: {generated}");
        assert!(generated.contains(|c: char| c.is_ascii_digit()), "{part}: {generated}");
    }
}

#[test]
fn the_readme_s_prose_states_no_measured_number() {
    let readme = document("README.md");
    let mut is_generated = false;
    for line in readme.lines() {
        is_generated = match line {
            line if line.starts_with("<!-- generated: ") => true,
            "<!-- /generated -->" => false,
            _ => is_generated,
        };
        let has_ratio = line.contains('×') || line.contains(" ms") || line.contains('±');
        assert!(is_generated || !has_ratio || line.contains("milliseconds"), "{line}");
    }
}

#[test]
fn a_public_type_s_name_is_defined_once() {
    let mut defined: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for crate_folder in std::fs::read_dir(root().join("crates")).unwrap().flatten() {
        collect(&crate_folder.path().join("src"), &mut defined);
    }
    assert!(defined.len() > 300, "{}", defined.len());
    defined.retain(|name, places| places.len() > 1 && !SHARED_NAMES.contains(&name.as_str()));
    assert!(defined.is_empty(), "{defined:#?}");
}

/// Adds the names of public types below a folder, each with its file.
fn collect(folder: &Path, defined: &mut BTreeMap<String, Vec<String>>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, defined);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for name in text.lines().filter_map(public_type) {
                defined.entry(name.to_owned()).or_default().push(path.display().to_string());
            }
        }
    }
}

/// Returns the name of the public type that a line defines.
fn public_type(line: &str) -> Option<&str> {
    let definition = line.trim_start().strip_prefix("pub ")?;
    let kinds = ["struct ", "enum ", "trait ", "type ", "union "];
    let behind = kinds.iter().find_map(|kind| definition.strip_prefix(kind))?;
    let end = behind.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(behind.len());
    // A macro's parameter is no name.
    (end > 0).then(|| &behind[..end])
}
