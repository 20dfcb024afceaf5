//! Which version made which cell slower? One panel per engine and host, one line per cell: its time over that with its first
//! version, 95 % intervals where it changed.
//! Reads: cell, latency_ns of many runs. Axes: versions; ratio, logarithmic.

use formbench_analysis::history::{Changes, Course, CoursePlace, HistoryPanel};
use formbench_analysis::number::counted;
use formbench_analysis::order::engine_order;
use formbench_analysis::{AxisValue, Row, Series};

use crate::canvas::Canvas;
use crate::plot::{CoursePanel, CourseStyle, courses};
use crate::{FigureTable, ReportError};

/// Everything the figure says, by panel, cell and version.
pub(super) fn table(panels: &[HistoryPanel], changes: &Changes) -> FigureTable {
    let rows = |panel: &HistoryPanel| {
        let section = section(panel, panels);
        let row = move |course: &Course| rows_of(panel, course, &section);
        panel.courses.iter().flat_map(row).collect::<Vec<_>>()
    };
    let rows: Vec<Row> = panels.iter().flat_map(rows).collect();
    let hollow = if rows.iter().any(Row::is_doubtful) {
        " \u{b7} hollow: fewer than 3 rounds, or a busy host"
    } else {
        ""
    };
    let cells: usize = panels.iter().map(|panel| panel.courses.len()).sum();
    let changed = panels.iter().flat_map(|panel| &panel.courses).filter(|one| one.is_changed);
    let caption = format!(
        "{} of several versions in {}, {} of them changed{hollow}",
        counted(cells, "cell"),
        counted(changes.runs, "run"),
        changed.count()
    );
    let table = FigureTable::across(
        "history",
        "Which version made which cell slower or faster?",
        &caption,
        "Line: time of a cell over that with its first version, by its speed-ups over one release of its baseline where \
         the runs of both versions have one and are of one version of formbench, else by its latencies. In colour, named and with 95 % intervals: cells of which a \
         step between versions is a change. Grey: all others, as a band from the least to the most with their median where \
         they are many. What several runs of the same versions say is pooled.",
        rows,
    );
    let table = FigureTable { section: Some("engine"), x: Some("version"), ..table };
    let nothing = panels.is_empty().then(|| "no cell was measured with two versions".to_string());
    table.omitted_for(nothing)
}

/// Draws the table as courses.
pub(super) fn draw(table: &FigureTable, panels: &[HistoryPanel]) -> Result<Canvas, ReportError> {
    let panel = |panel: &HistoryPanel| CoursePanel {
        section: section(panel, panels),
        engine: panel.engine.clone(),
        places: panel.versions.clone(),
        changed: panel
            .courses
            .iter()
            .filter(|one| one.is_changed)
            .map(|one| one.name.clone())
            .collect(),
    };
    let style = CourseStyle {
        subtitle: "Time of an inference over that with the first version, logarithmic axis: above 1 is slower; grey: no change is \
                   shown".to_string(),
        x_title: "version of the engine, and of formbench in brackets, as far as they change",
        panels: panels.iter().map(panel).collect(),
    };
    courses(table, &style)
}

/// Returns what a panel is called: its engine, and its host where there are several.
fn section(panel: &HistoryPanel, all: &[HistoryPanel]) -> String {
    if all.iter().all(|other| other.host == panel.host) {
        panel.setting.clone()
    } else {
        format!("{}, {}", panel.setting, panel.host)
    }
}

fn rows_of(panel: &HistoryPanel, course: &Course, section: &str) -> Vec<Row> {
    let series = Series {
        order: engine_order(&panel.engine),
        engine: panel.engine.clone(),
        variant: 0,
        label: panel.setting.clone(),
        threads: 1,
    };
    let row = |place: &CoursePlace| Row {
        section: Some(section.to_string()),
        x: Some(AxisValue::Count(place.at as u64)),
        as_found: usize::from(place.is_as_found),
        rounds: place.rounds,
        ..Row::new(&course.name, series.clone(), place.time)
    };
    course.places.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use formbench_analysis::history::{Course, CoursePlace, HistoryPanel};
    use formbench_statistics::Estimate;

    use super::*;
    use crate::theme::WIDTH;

    /// Returns a panel of so many cells, of which the first few changed.
    fn panel(setting: &str, cells: usize, changed: usize, versions: usize) -> HistoryPanel {
        let course = |cell: usize| {
            let place = |at: usize| {
                let drift = 1.0 + 0.002 * ((cell * 7 + at * 3) % 9) as f64;
                let value =
                    if cell < changed && at > 2 { 1.0 + 0.03 * (cell + 2) as f64 } else { drift };
                let time = Estimate { value, low: value * 0.98, high: value * 1.02 };
                CoursePlace { at, time, rounds: 3 + at, is_as_found: at == 1 }
            };
            let places = (0..versions).map(place).collect();
            Course {
                name: format!("network-of-some-length-{cell}"),
                is_changed: cell < changed,
                places,
            }
        };
        HistoryPanel {
            host: "nowhere-2core".to_string(),
            engine: setting.split('{').next().unwrap_or_default().to_string(),
            setting: setting.to_string(),
            versions: (0..versions).map(|at| format!("2026.{}.0", 2 * at)).collect(),
            courses: (0..cells).map(course).collect(),
        }
    }

    fn changes() -> Changes {
        Changes { runs: 15, steps: Vec::new(), scatter: Vec::new(), cells: Vec::new() }
    }

    fn drawn(panels: &[HistoryPanel]) -> Canvas {
        draw(&table(panels, &changes()), panels).unwrap()
    }

    /// Returns the texts of a picture, which are within it and touch no other.
    fn texts(canvas: &Canvas) -> Vec<String> {
        let boxes = canvas.text_boxes();
        for (at, ([left, top, right, bottom], text)) in boxes.iter().enumerate() {
            assert!(*left >= 0.0 && *right <= WIDTH && *top >= 0.0, "`{text}` is cut");
            assert!(*bottom <= canvas.height, "`{text}` is cut below");
            for (other, text_of_other) in &boxes[..at] {
                let apart = *left >= other[2]
                    || *right <= other[0]
                    || *top >= other[3]
                    || *bottom <= other[1];
                assert!(apart, "`{text}` touches `{text_of_other}`");
            }
        }
        boxes.into_iter().map(|(_, text)| text.to_string()).collect()
    }

    #[test]
    fn any_number_of_cells_versions_and_panels_is_drawn_without_touching_labels() {
        for cells in [1, 2, 9, 40] {
            for changed in [0, 1, 3, 12, 40] {
                for versions in [2, 5, 12] {
                    let one = panel("openvino", cells, changed, versions);
                    let all = ["tract", "onnxruntime{graph_optimization=disabled}", "pytorch"]
                        .map(|setting| panel(setting, cells, changed, versions));
                    texts(&drawn(std::slice::from_ref(&one)));
                    texts(&drawn(&[&[one][..], &all[..]].concat()));
                }
            }
        }
    }

    #[test]
    fn nothing_to_draw_says_why() {
        let texts = texts(&drawn(&[]));
        assert!(texts.iter().any(|text| text.contains("no cell was measured with two versions")));
    }

    #[test]
    fn what_changed_is_named_and_what_did_not_is_not() {
        let texts = texts(&drawn(&[panel("openvino", 40, 2, 5)]));
        let named = |cell: usize| texts.contains(&format!("network-of-some-length-{cell}"));
        assert!(named(0) && named(1) && !named(2), "{texts:?}");
        assert!(
            texts.contains(&"2026.0.0".to_string()) && texts.contains(&"2026.8.0".to_string()),
            "{texts:?}"
        );
    }
}
