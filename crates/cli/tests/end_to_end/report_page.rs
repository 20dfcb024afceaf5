//! The page in a browser beside what `formbench show` prints.

use serde_json::Value;

use crate::chromium::Chromium;
use crate::fixture::{EXPERIMENT, Project};

#[test]
fn the_page_has_the_numbers_of_show() {
    let project = Project::new(EXPERIMENT);
    project.done(&["run"]);
    project.done(&["figures", "-o", "out"]);
    let shown: Value = serde_json::from_str(&project.done(&["show", "--json"])).unwrap();
    let lines = shown["lines"].as_array().unwrap();
    // Three architectures on two engines, one of which is the baseline.
    assert_eq!(lines.iter().filter(|line| line["speed_up"].is_array()).count(), 3);
    let Some(mut browser) = Chromium::start() else { return };
    browser.open(&project.path("out/report.html"));
    assert_eq!(browser.complaints(), Vec::<String>::new());
    let rows = browser.value(include_str!("../../../report/tests/browser/read_cells.js"));
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), lines.len());
    for (row, line) in rows.iter().zip(lines) {
        for name in ["cell", "architecture", "threads", "resolution", "rounds", "samples"] {
            assert_eq!(row[name], line[name], "{name}");
        }
        for name in ["median_ms", "speed_up"] {
            assert_eq!(numbers(&row[name]), numbers(&line[name]), "{name}");
        }
        assert_eq!(row["over"], line["over"]);
    }
}

/// Returns a list's numbers, which JavaScript writes without the point where they are whole.
fn numbers(list: &Value) -> Vec<Option<f64>> {
    list.as_array().into_iter().flatten().map(Value::as_f64).collect()
}

#[test]
fn the_page_links_to_the_tables_of_its_run() {
    let project = Project::new(EXPERIMENT);
    project.done(&["run"]);
    project.done(&["figures", "-o", "out"]);
    let page = std::fs::read_to_string(project.path("out/report.html")).unwrap();
    let hrefs = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let tables: Vec<&str> = hrefs.filter(|href| href.ends_with(".parquet")).collect();
    assert!(tables.len() >= 8, "{tables:?}");
    for table in tables {
        assert!(project.path("out").join(table).is_file(), "{table}");
    }
}
