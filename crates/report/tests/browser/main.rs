//! The page in a browser: what it shows, what it does, and how long it takes to be there.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod chromium;
#[path = "../imagined/mod.rs"]
mod imagined;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chromium::Chromium;
use formbench_analysis::{ReasonCount, Run, cell_numbers};
use formbench_report::{Supplement, VerdictRow, render};
use formbench_store::CheckRow;
use imagined::{Scope, Size};
use serde_json::{Value, json};

const SMALL: Size = Size { rounds: 3, samples: 8, noise: 0.02 };
const SMALL_SCOPE: Scope<'_> = Scope { grid: &[(8, 32)], patterns: 4, networks: 2 };
/// 15 patterns at seven forms and at equal cost, and 60 networks: 180 architectures of 12 settings.
const LARGE_SCOPE: Scope<'_> = Scope {
    grid: &[(8, 32), (14, 32), (20, 32), (32, 32), (14, 16), (14, 64), (14, 128)],
    patterns: 15,
    networks: 60,
};

/// One browser at a time, so that none waits for another's processor.
static TURN: Mutex<()> = Mutex::new(());

fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn supplement() -> Supplement {
    let verdict = |engine: &str, verdict: &str| VerdictRow {
        claim: "C1".to_string(),
        statement: "Acceleration speeds inference up `3.8` times on average.".to_string(),
        interpretation: "the study's own".to_string(),
        engine: engine.to_string(),
        verdict: verdict.to_string(),
        estimate: Some(2.5),
        low: Some(2.0),
        high: Some(3.1),
        n: 24,
        explanation: "The whole interval lies below.".to_string(),
        figure: Some("paper/speedup-by-pattern".to_string()),
    };
    Supplement {
        verdicts: vec![
            verdict("openvino", "does not hold"),
            verdict("tract", "undecided"),
            verdict("onnxruntime", "holds"),
        ],
        disturbed: Some(vec![ReasonCount {
            reason: "steal",
            meaning: "stolen time".into(),
            blocks: 12,
            share: 0.034,
        }]),
        self_test: vec![CheckRow {
            check: "null engine".into(),
            expected: "at most 5 µs".into(),
            measured: "0.31 µs".into(),
            passed: Some(true),
        }],
        ..Supplement::default()
    }
}

/// Writes the page of a run and returns its path.
fn page(run: &Run, name: &str) -> PathBuf {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    render(run, &[], &out, "formbench figures", &supplement()).unwrap();
    out.join("report.html")
}

fn small() -> Run {
    imagined::paper(&SMALL, &SMALL_SCOPE)
}

/// Clicks a heading of the table of cells and returns the numbers or texts of its column.
fn sorted_by(browser: &mut Chromium, heading: &str) -> Vec<Value> {
    let script = format!(
        "(() => {{
            const table = document.getElementById('cells-table');
            const heading = [...table.tHead.rows[0].cells]
                .find((cell) => cell.textContent === '{heading}');
            heading.querySelector('button').click();
            return [...table.tBodies[0].rows].map((row) => {{
                const cell = row.cells[heading.cellIndex];
                return cell.dataset.v ? parseFloat(cell.dataset.v) : cell.textContent;
            }});
        }})()"
    );
    browser.value(&script).as_array().unwrap().clone()
}

/// Sets a field of the filter, waits until it has worked, and returns what is announced.
fn filtered(browser: &mut Chromium, field: &str, value: &str) -> String {
    let script = format!(
        "new Promise((resolve) => {{
            const element = document.querySelector('#filter [name={field}]');
            element.value = '{value}';
            element.dispatchEvent(new Event('input', {{ bubbles: true }}));
            setTimeout(() => resolve(document.getElementById('shown').textContent), 400);
        }})"
    );
    browser.value(&script).as_str().unwrap().to_owned()
}

#[test]
fn a_page_loads_without_a_complaint_and_asks_nobody() {
    let _turn = turn();
    let Some(mut browser) = Chromium::start() else { return };
    let file = page(&small(), "browser-load");
    browser.open(&file);
    // Whatever comes late comes before the answer to this.
    browser.value("new Promise((resolve) => setTimeout(resolve, 200))");
    assert_eq!(browser.complaints(), Vec::<String>::new());
    let elsewhere = |url: &&str| !url.starts_with("file:") && !url.starts_with("data:");
    assert_eq!(browser.requests().into_iter().filter(elsewhere).count(), 0);
    assert_eq!(browser.requests().into_iter().filter(|url| url.starts_with("file:")).count(), 1);
}

#[test]
fn a_heading_sorts_its_table_up_down_and_back() {
    let _turn = turn();
    let Some(mut browser) = Chromium::start() else { return };
    browser.open(&page(&small(), "browser-sort"));
    let numbers =
        |values: &[Value]| -> Vec<f64> { values.iter().filter_map(Value::as_f64).collect() };
    let [up, down, back] = [(); 3].map(|()| sorted_by(&mut browser, "median ms"));
    let (rising, falling) = (numbers(&up), numbers(&down));
    assert!(rising.len() > 50 && rising.is_sorted(), "{up:?}");
    assert!(falling.is_sorted_by(|one, next| one >= next), "{down:?}");
    // What was refused has no number and comes last either way.
    let refused = up.len() - rising.len();
    assert!(refused > 0);
    for column in [&up, &down] {
        assert!(column[column.len() - refused..].iter().all(|value| value == ""), "{column:?}");
    }
    assert_ne!(back, up);
    let first = sorted_by(&mut browser, "architecture");
    let texts: Vec<&str> = first.iter().filter_map(Value::as_str).collect();
    // Numbers within names count as numbers: depth 8 comes before depth 14.
    let at = |name: &str| texts.iter().position(|text| text.starts_with(name)).unwrap();
    assert!(at("bottleneck-d8-") < at("bottleneck-d14-"), "{texts:?}");
}

#[test]
fn a_heading_sorts_from_the_keyboard_and_says_how() {
    let _turn = turn();
    let Some(mut browser) = Chromium::start() else { return };
    browser.open(&page(&small(), "browser-keyboard"));
    let heading = "document.querySelector('#cells-table thead th.n')";
    browser.value(&format!("{heading}.querySelector('button').focus()"));
    for expected in [json!("ascending"), json!("descending"), Value::Null] {
        browser.press("Enter", 13);
        assert_eq!(browser.value(&format!("{heading}.getAttribute('aria-sort')")), expected);
    }
    let said = browser.value("document.getElementById('shown').textContent");
    assert!(said.as_str().unwrap().ends_with("sorted as written."), "{said}");
}

#[test]
fn the_filter_narrows_every_table_and_says_how_many_rows_are_left() {
    let _turn = turn();
    let Some(mut browser) = Chromium::start() else { return };
    let run = small();
    browser.open(&page(&run, "browser-filter"));
    let said = filtered(&mut browser, "engine", "openvino");
    let visible = "[...document.querySelectorAll('tbody tr[data-e]:not([hidden])')]";
    let engines = browser.value(&format!("[...new Set({visible}.map((row) => row.dataset.e))]"));
    assert_eq!(engines, json!(["openvino"]));
    let all = "document.querySelectorAll('.scroll > table tbody tr')";
    let left = browser.value(&format!("[...{all}].filter((row) => !row.hidden).length"));
    let total = browser.value(&format!("{all}.length"));
    assert_eq!(said, format!("{left} of {total}\u{a0}rows shown."));
    // One of openvino for each of ten architectures, of 120 cells: twelve settings each.
    let count = "document.querySelector('#cells-table .count').textContent";
    assert_eq!(browser.value(count), "10 of 120\u{a0}rows");
    filtered(&mut browser, "architecture", "RESNET");
    assert_eq!(browser.value(count), "1 of 120\u{a0}rows");
    browser.value("document.querySelector('#filter button').click()");
    let said = filtered(&mut browser, "threads", "");
    assert_eq!(said, format!("All {total}\u{a0}rows shown."));
}

#[test]
fn the_numbers_are_those_of_the_data() {
    let _turn = turn();
    let Some(mut browser) = Chromium::start() else { return };
    let run = small();
    browser.open(&page(&run, "browser-numbers"));
    let rows = browser.value(include_str!("read_cells.js"));
    let rows = rows.as_array().unwrap();
    // Read back from JSON as the page's numbers are, since interpretation may miss the last bit.
    let expected = serde_json::to_string(&cell_numbers(&run, |_| true)).unwrap();
    let expected: Vec<Value> = serde_json::from_str(&expected).unwrap();
    assert_eq!(rows.len(), expected.len());
    for (row, cell) in rows.iter().zip(&expected) {
        for name in ["cell", "architecture", "threads", "resolution", "rounds", "samples"] {
            assert_eq!(row[name], cell[name], "{name}");
        }
        for name in ["median_ms", "speed_up", "over"] {
            assert_eq!(row[name], cell[name], "{name}");
        }
        assert_eq!(row["refusal"], cell["refusal"]["kind"].as_str().unwrap_or_default());
    }
}

#[test]
fn a_page_of_two_thousand_cells_is_there_within_a_second() {
    let _turn = turn();
    let Some(mut browser) = Chromium::start() else { return };
    let run = imagined::paper(&Size { rounds: 2, samples: 3, noise: 0.05 }, &LARGE_SCOPE);
    assert!(run.cells.len() >= 2000, "{}", run.cells.len());
    let file = page(&run, "browser-large");
    let painted = "addEventListener('load', () => requestAnimationFrame(() =>
        requestAnimationFrame(() => { window.paintedMs = performance.now(); })));";
    browser.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": painted }));
    let took_ms = until_quiet(|| {
        browser.open(&file);
        browser.value("new Promise((resolve) => setTimeout(resolve, 500))");
        browser.value("window.paintedMs").as_f64().unwrap()
    });
    assert!(took_ms.iter().any(|ms| *ms <= 1000.0), "{took_ms:?}");
    let sort = "(() => { const begun = performance.now();
        document.querySelector('#cells-table thead th.n button').click();
        document.body.offsetHeight;
        return performance.now() - begun; })()";
    // As many plain fields, laid out anew: how slow this machine is at this hour.
    let plain = "(() => { const table = document.querySelector('#cells-table');
        const [rows, fields] = [table.tBodies[0].rows.length, table.tHead.rows[0].cells.length];
        const box = document.createElement('div');
        const begun = performance.now();
        box.innerHTML = `<table>${`<tr>${'<td>1.234 [1.200, 1.300]</td>'.repeat(fields)}</tr>`.repeat(rows)}</table>`;
        document.body.append(box);
        document.body.offsetHeight;
        const took = performance.now() - begun;
        box.remove();
        document.body.offsetHeight;
        return took; })()";
    let mut of_plain = Vec::new();
    let sorting_ms = until_quiet(|| {
        let plain_ms = browser.value(plain).as_f64().unwrap();
        let took_ms = browser.value(sort).as_f64().unwrap();
        of_plain.push(took_ms / plain_ms);
        took_ms
    });
    of_plain.sort_by(f64::total_cmp);
    let of_plain = of_plain[of_plain.len() / 2];
    let is_soon = sorting_ms.iter().any(|ms| *ms <= 1000.0) || of_plain <= MOST_OF_PLAIN;
    assert!(is_soon, "{sorting_ms:?}, {of_plain} times a plain table");
    let said = format!(
        "painted after {took_ms:.0?} ms, sorted in {sorting_ms:.0?} ms, {of_plain:.2} times a plain table\n"
    );
    std::fs::write(file.with_file_name("times.txt"), said).unwrap();
}

/// Where a machine is too busy to show a second: sorting may take so many times what a plain table of as many fields
/// takes to be laid out. It was 0.57 on such a machine; where sorting takes 0.65 s, a second is 0.88.
const MOST_OF_PLAIN: f64 = 0.85;

/// Returns how long something took, in ms, of five times at least: a machine that is busy with something
/// else gets up to thirty, since only its quiet moments show what the page itself takes.
fn until_quiet(mut took_ms: impl FnMut() -> f64) -> Vec<f64> {
    let mut all_ms = Vec::new();
    while all_ms.len() < 5 || (all_ms.len() < 30 && all_ms.iter().all(|ms| *ms > 1000.0)) {
        all_ms.push(took_ms());
    }
    all_ms
}

#[test]
fn nothing_is_wider_than_a_telephone() {
    let _turn = turn();
    let Some(mut browser) = Chromium::start() else { return };
    browser.narrow(390);
    for run in [small(), imagined::run(&SMALL)] {
        browser.open(&page(&run, "browser-narrow"));
        browser.value("for (const one of document.querySelectorAll('details')) one.open = true");
        assert_eq!(browser.value("innerWidth"), 390);
        assert_eq!(browser.value("document.documentElement.scrollWidth"), 390);
    }
}

#[test]
fn names_are_unique_headings_are_in_order_and_everything_has_a_name() {
    let _turn = turn();
    let Some(mut browser) = Chromium::start() else { return };
    browser.open(&page(&small(), "browser-structure"));
    let faults = browser.value(include_str!("structure.js"));
    assert_eq!(faults, json!([]));
}

#[test]
fn every_text_can_be_read_in_the_light_and_in_the_dark() {
    let _turn = turn();
    let Some(mut browser) = Chromium::start() else { return };
    let file = page(&small(), "browser-contrast");
    for scheme in ["light", "dark"] {
        browser.emulate("screen", scheme);
        browser.open(&file);
        assert_eq!(browser.value(include_str!("contrast.js")), json!([]), "{scheme}");
    }
    assert_eq!(browser.value("matchMedia('(prefers-color-scheme: dark)').matches"), true);
}

#[test]
fn on_paper_nothing_is_folded_and_there_is_no_filter() {
    let _turn = turn();
    let Some(mut browser) = Chromium::start() else { return };
    browser.emulate("print", "light");
    browser.open(&page(&small(), "browser-print"));
    assert_eq!(browser.value("document.querySelector('details').open"), false);
    let height = "document.querySelector('details .scroll').getBoundingClientRect().height > 50";
    assert_eq!(browser.value(height), true);
    // A sheet of paper has no buttons, so that headings are repeated on every sheet.
    let buttons = "document.querySelectorAll('thead button').length";
    let before = browser.value(buttons);
    browser.value("dispatchEvent(new Event('beforeprint'))");
    assert_eq!(browser.value(buttons), 0);
    browser.value("dispatchEvent(new Event('afterprint'))");
    assert_eq!(browser.value(buttons), before);
    let hidden = "['#filter', 'nav', '.skip'].every((name) =>
        getComputedStyle(document.querySelector(name)).display === 'none')";
    assert_eq!(browser.value(hidden), true);
}

#[test]
fn without_scripts_everything_is_there_but_the_filter() {
    let _turn = turn();
    let Some(mut browser) = Chromium::start() else { return };
    browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    browser.open(&page(&small(), "browser-plain"));
    browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": false }));
    assert_eq!(browser.value("document.querySelectorAll('thead button').length"), 0);
    assert_eq!(browser.value("document.querySelectorAll('#cells-table tbody tr').length"), 120);
    assert_eq!(browser.value("document.getElementById('filter').hidden"), true);
}
