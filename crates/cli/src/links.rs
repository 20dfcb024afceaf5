//! Where files lie as seen from a page.

use std::path::Path;

use formbench_campaign::own::plain;
use formbench_report::Links;
use formbench_store::TABLES;

/// Returns what a page in `out` can link to.
pub fn of_page(out: &Path, run: &Path, experiments: &Path) -> Links {
    let has = |name: &&str| run.join(format!("{name}.parquet")).is_file();
    let method = experiments.join("METHODOLOGY.md");
    Links {
        run: relative(out, run),
        tables: TABLES.iter().map(|table| table.name).filter(has).collect(),
        method: method.is_file().then(|| relative(out, &method)).flatten(),
    }
}

/// Returns the way from a folder to a path, with `/` between the parts, as they are written.
fn relative(from: &Path, to: &Path) -> Option<String> {
    let way = pathdiff::diff_paths(plain(to)?, plain(from)?)?;
    let parts: Vec<_> = way.iter().map(|part| part.to_string_lossy()).collect();
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_goes_up_to_what_both_share() {
        let way = |from: &str, to: &str| relative(Path::new(from), Path::new(to));
        assert_eq!(
            way("figures", "data/reference/host").as_deref(),
            Some("../data/reference/host")
        );
        assert_eq!(way("figures/runs/a/../b", "./figures/runs/c").as_deref(), Some("../c"));
        assert_eq!(way("/tmp/out", "/srv/run").as_deref(), Some("../../srv/run"));
    }
}
