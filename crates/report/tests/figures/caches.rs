//! What the figures of an imagined run show about caches.

use formbench_analysis::{AxisValue, Row, Run};
use formbench_store::CacheSource;

use crate::drawn::{SMALL, rendered, table};
use crate::imagined::{self, Scope};
use crate::imagined_caches::with_caches;

/// Returns the four patterns of the study at a depth of three and a width of three, with caches.
fn paper_with_caches() -> Run {
    let grid = [(8, 16), (20, 16), (32, 16), (8, 32), (8, 64)];
    let scope = Scope { grid: &grid, patterns: 4, networks: 0 };
    with_caches(imagined::paper(&SMALL, &scope))
}

#[test]
fn an_efficacy_is_what_the_counts_say_for_each_cache() {
    let run = paper_with_caches();
    let table = table(&run, "l3-efficacy-by-weights");
    let sections: Vec<_> = table.rows.chunk_by(|a, b| a.section == b.section).collect();
    let sections: Vec<_> =
        sections.iter().map(|rows| rows[0].section.as_deref().unwrap()).collect();
    let caches = ["4\u{a0}MiB, simulated", "8\u{a0}MiB, simulated", "48\u{a0}MiB, simulated"];
    assert_eq!(sections, caches);
    // Four patterns on three engines at three depths of width 16 and two more widths, for three caches.
    assert_eq!(table.rows.len(), 180);
    let row = &table.rows[0];
    let of_row = run.caches.iter().find(|cache| {
        let of_cache = (cache.name.as_str(), cache.engine.as_str(), cache.cache_bytes >> 20);
        of_cache == ("plain", "openvino", 4) && cache.depth == Some(8) && cache.width == Some(16.0)
    });
    let (references, misses) = of_row.map(|row| (row.llc_references, row.llc_misses)).unwrap();
    assert!((row.value - 100.0 * (1.0 - misses as f64 / references as f64)).abs() < 1e-9);
    assert_eq!((row.low, row.high), (row.value, row.value));
    let weights = run.attributes.iter().find(|of| of.name == "plain" && of.depth == Some(8));
    let share = weights.unwrap().weight_bytes as f64 / f64::from(4 << 20);
    assert_eq!(row.x, Some(AxisValue::Number(share)));
}

#[test]
fn a_caption_of_caches_says_source_tool_and_sizes() {
    let caption = table(&paper_with_caches(), "l3-efficacy-by-weights").reading;
    let said = "Simulated by callgrind 3.19.0: last level of 4\u{a0}MiB in 16 ways, 8\u{a0}MiB in 16 \
                ways, 48\u{a0}MiB in 12 ways behind first levels of 32\u{a0}KiB";
    assert!(caption.contains(said), "{caption}");
    assert!(!caption.contains("whisker"), "{caption}");
}

#[test]
fn what_the_processor_counted_stands_apart_from_what_was_simulated() {
    let mut run = paper_with_caches();
    for row in run.caches.iter_mut().filter(|row| row.cache_bytes == 48 << 20) {
        (row.source, row.tool) = (CacheSource::Counters, "perf_event".to_string());
        (row.cache_bytes, row.inferences) = (32 << 20, 32);
    }
    let table = table(&run, "l3-efficacy-by-weights");
    let last = table.rows.last().unwrap().section.clone();
    assert_eq!(last.as_deref(), Some("32\u{a0}MiB, counted"));
    let said = "reads of its last level of 32\u{a0}MiB over 32 inferences.";
    assert!(table.reading.contains(said), "{}", table.reading);
}

#[test]
fn cells_whose_caches_nobody_looked_at_are_counted_with_a_remedy() {
    let table = table(&paper_with_caches(), "l3-efficacy-by-weights");
    let absence = table.absences.iter().find(|absence| absence.engine == "burn/flex").unwrap();
    assert_eq!((absence.kind.label(), absence.cells, absence.drawn), ("no-caches", 20, 0));
    assert!(absence.remedy.as_deref().unwrap().contains("`formbench cache`"));
    let said = "Caches not looked at: 20\u{a0}cells of burn/flex.";
    assert!(table.reading.contains(said), "{}", table.reading);
}

#[test]
fn a_cell_that_lacks_one_cache_is_drawn_and_says_which() {
    let mut run = paper_with_caches();
    run.caches.remove(0);
    let table = table(&run, "l3-efficacy-by-weights");
    assert_eq!(table.rows.len(), 179);
    let said = "not of every cache: 4\u{a0}MiB, simulated is missing";
    assert!(table.absences.iter().any(|absence| absence.cells == 1 && absence.reason == said));
}

#[test]
fn macs_caches_and_latency_are_related_by_pattern_and_all_together() {
    let table = table(&paper_with_caches(), "macs-l3-latency");
    let find = |section: &str, group: &str| {
        let is_it = |row: &&Row| row.section.as_deref() == Some(section) && row.group == group;
        table.rows.iter().filter(is_it).find(|row| row.series.engine == "openvino").unwrap()
    };
    // Latency is imagined to follow MACs, and a cache of 4 MiB to serve less of larger weights.
    let latency = find("MACs and latency", "plain");
    assert_eq!((latency.value, latency.cells, latency.summary), (1.0, 5, false));
    let efficacy = find("MACs and efficacy of 4\u{a0}MiB, simulated", "all together");
    assert!(efficacy.value < 0.0 && efficacy.summary, "{efficacy:?}");
    assert_eq!(efficacy.cells, 20);
    let both = find("Efficacy and latency, 4\u{a0}MiB, simulated", "plain");
    assert!(both.low >= -1.0 && both.value < 0.0, "{both:?}");
}

#[test]
fn a_run_without_caches_still_relates_macs_and_latency() {
    let mut run = paper_with_caches();
    run.caches.clear();
    let related = table(&run, "macs-l3-latency");
    assert!(related.rows.iter().all(|row| row.section.as_deref() == Some("MACs and latency")));
    assert!(table(&run, "l3-efficacy-by-weights").rows.is_empty());
    rendered(&run, "no-caches");
}

#[test]
fn equal_data_of_caches_give_equal_bytes() {
    let run = paper_with_caches();
    assert!(rendered(&run, "caches-first") == rendered(&run, "caches-second"), "a file differs");
}
