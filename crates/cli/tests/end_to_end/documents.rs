use std::path::Path;

/// Returns a document at the top of the repository.
fn document(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join(path)).unwrap()
}

/// Returns the lines of the first table behind `heading`.
fn table_behind(page: &str, heading: &str) -> Vec<String> {
    let behind = page.split_once(heading).unwrap().1;
    let lines = behind.lines().skip_while(|line| !line.starts_with('|'));
    lines.take_while(|line| line.starts_with('|')).map(str::to_owned).collect()
}

#[test]
fn the_readme_s_table_is_the_generated_one() {
    let quoted = table_behind(&document("README.md"), "<!-- speedup-by-pattern -->");
    let figures = document("figures/README.md");
    let paper = figures.split_once("\n## paper\n").unwrap().1;
    let generated = table_behind(paper, "### speedup-by-pattern");
    assert!(quoted.len() > 2, "{quoted:?}");
    assert_eq!(quoted, generated);
}

#[test]
fn the_readme_fits_its_reader() {
    assert!(document("README.md").lines().count() < 150);
}
