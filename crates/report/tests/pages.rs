//! What the pages of an imagined run show, in Markdown and in HTML.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod imagined;

use std::fs;
use std::path::Path;

use formbench_analysis::{ReasonCount, Run};
use formbench_report::{Links, Supplement, VerdictRow, render};
use formbench_store::CheckRow;
use imagined::{Scope, Size};

const SMALL: Size = Size { rounds: 3, samples: 8, noise: 0.02 };

/// Returns the study's own half on one form of each pattern and on two networks.
fn small_paper() -> Run {
    imagined::paper(&SMALL, &Scope { grid: &[(8, 32)], patterns: 4, networks: 2 })
}

/// Returns the page in Markdown.
fn page(run: &Run, name: &str) -> String {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let files = render(run, &[], &out, "formbench figures", &Supplement::default()).unwrap();
    assert_eq!(files.last().unwrap(), &out.join("README.md"));
    fs::read_to_string(out.join("README.md")).unwrap()
}

#[test]
fn the_page_says_what_the_tables_say() {
    insta::assert_snapshot!(page(&imagined::run(&SMALL), "page"));
}

#[test]
fn the_study_s_page_says_what_stands_in_and_that_no_gpu_was_measured() {
    insta::assert_snapshot!(page(&small_paper(), "paper"));
}

#[test]
fn the_html_page_says_what_the_data_say() {
    let run = imagined::paper(&SMALL, &Scope { grid: &[], patterns: 1, networks: 1 });
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("html");
    render(&run, &[], &out, "formbench figures", &supplement()).unwrap();
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    insta::assert_snapshot!(lines(&page));
}

/// Returns a page without its style, its script and its pictures, in lines that can be compared.
fn lines(page: &str) -> String {
    let inner = [("<style>", "</style>"), ("<script>", "</script>"), ("</desc>", "</svg>")];
    let without = |page: String, (from, to): (&str, &str)| {
        let parts = page.split(from).map(|part| part.split_once(to).map_or(part, |(_, rest)| rest));
        parts.collect::<Vec<_>>().join(&format!("{from}…{to}"))
    };
    let page = inner.into_iter().fold(page.to_string(), without);
    page.replace("</li>", "</li>\n").replace("<section", "\n<section")
}

/// Returns something for every section of the page.
fn supplement() -> Supplement {
    let verdict = VerdictRow {
        claim: "C1".to_string(),
        statement: "Acceleration gains `3.8` <on average> & more.".to_string(),
        interpretation: "the study's own".to_string(),
        engine: "openvino".to_string(),
        verdict: "does not hold".to_string(),
        estimate: Some(1.4912),
        low: Some(1.2),
        high: Some(1.75),
        n: 12,
        explanation: "the whole interval is below".to_string(),
        figure: Some("paper/network-speedup".to_string()),
    };
    let undecided = VerdictRow {
        engine: "tract".to_string(),
        verdict: "undecided".to_string(),
        estimate: None,
        figure: Some("no-such-figure".to_string()),
        ..verdict.clone()
    };
    let check = CheckRow {
        check: "busy waiting 1 ms".to_string(),
        expected: "within 1 %".to_string(),
        measured: "1.0001 ms (+0.010 %)".to_string(),
        passed: Some(true),
    };
    Supplement {
        verdicts: vec![verdict, undecided],
        disturbed: Some(vec![ReasonCount {
            reason: "steal",
            meaning: "stolen time".into(),
            blocks: 1200,
            share: 0.0341,
        }]),
        self_test: vec![check],
        links: Links {
            run: Some("../data/a run".to_string()),
            tables: vec!["cells", "samples"],
            method: Some("../experiments/METHODOLOGY.md".to_string()),
        },
    }
}

#[test]
fn a_page_without_verdicts_and_judged_blocks_has_no_such_sections() {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("html-empty");
    render(&imagined::empty(), &[], &out, "formbench figures", &Supplement::default()).unwrap();
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    for left_out in ["id=\"verdicts\"", "id=\"disturbed\"", "<ul class=\"tables\""] {
        assert!(!page.contains(left_out), "{left_out}");
    }
    assert!(page.contains("Not asked for this report. <code>formbench selftest</code>"));
    assert!(page.contains("No cell was refused."));
}
