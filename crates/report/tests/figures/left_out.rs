//! What the figures of an imagined run show about cells that are absent, disturbed, or not known
//! well.

use formbench_analysis::{DisturbedBlocks, Narrowing, Run, cell_numbers};
use formbench_protocol::RefusalKind;
use formbench_store::BlockRow;

use crate::drawn::{SMALL, cells_of, rendered, table};
use crate::imagined::{self, Scope};

#[test]
fn an_interval_wider_than_asked_is_said_to_be_wide() {
    let mut run = imagined::run(&SMALL);
    let wide = |run: &Run| {
        let numbers = cell_numbers(run, |_| true).into_iter();
        let wide: Vec<_> = numbers.filter_map(|one| Some((one.speed_up?, one.wide?))).collect();
        let is_so = |([value, low, high], wide): &([f64; 3], bool)| {
            let asked = run.experiments[0].ratio_half_width;
            assert_eq!(*wide, (high - low) / (2.0 * value) > asked, "{value} [{low}, {high}]");
            *wide
        };
        (wide.iter().filter(|one| is_so(one)).count(), wide.len())
    };
    let pairs = wide(&run).1;
    run.experiments.iter_mut().for_each(|row| row.ratio_half_width = 1e-4);
    assert_eq!(wide(&run), (pairs, pairs));
    let drawn = table(&run, "network-speedup");
    let of_networks: usize =
        drawn.rows.iter().filter(|row| !row.summary).map(|row| row.cells).sum();
    let said = format!("Intervals wider than asked: {of_networks}.");
    assert!(drawn.reading.contains(&said), "{}", drawn.reading);
    run.experiments.iter_mut().for_each(|row| row.ratio_half_width = 1.0);
    assert_eq!(wide(&run), (0, pairs));
    assert!(!table(&run, "network-speedup").reading.contains("wider"));
}

#[test]
fn speed_ups_are_known_after_the_first_rounds_that_make_them_narrow() {
    let mut run = imagined::run(&SMALL);
    let of_cells: Vec<String> = run.latencies.keys().cloned().collect();
    // Each round costs a cell as many blocks of 0.1 s as it has.
    of_cells.iter().for_each(|cell| add_blocks(&mut run, cell, |_| false));
    let blocks_s = 0.1 * run.latencies[&of_cells[0]][&0].len() as f64;
    run.experiments.iter_mut().for_each(|row| row.ratio_half_width = 10.0);
    let soon = Narrowing::of(&run);
    assert!(soon.pairs > 0 && soon.narrow == soon.pairs, "{soon:?}");
    // Two rounds of both cells are the least that has an interval.
    assert!((soon.median_s.unwrap() - 2.0 * 2.0 * blocks_s).abs() < 1e-9, "{soon:?}");
    run.experiments.iter_mut().for_each(|row| row.ratio_half_width = 1e-9);
    let never = Narrowing::of(&run);
    assert_eq!((never.pairs, never.narrow, never.median_s), (soon.pairs, 0, None));
    // Neither depends on what is asked.
    assert_eq!((never.log_ratio_sd, never.half_width), (soon.log_ratio_sd, soon.half_width));
    assert!(soon.log_ratio_sd.unwrap() > 0.0 && soon.half_width.unwrap() > 0.0, "{soon:?}");
}

#[test]
fn refused_cells_are_named_counted_and_never_called_a_gpu() {
    let table = table(&imagined::run(&SMALL), "network-latency");
    let absence = &table.absences[0];
    assert_eq!(absence.engine, "burn/wgpu on llvmpipe (software)");
    assert_eq!((absence.cells, absence.drawn), (3, 0));
    let refused = "Refused (software-adapter): 3\u{a0}cells of burn/wgpu on llvmpipe (software).";
    assert!(table.reading.contains(refused), "{}", table.reading);
    assert!(!table.reading.contains("GPU"), "{}", table.reading);
}

#[test]
fn a_cell_without_samples_or_refusal_is_said_to_be_unmeasured() {
    let mut run = imagined::run(&SMALL);
    for cell in cells_of(&run, "burn/flex") {
        run.latencies.remove(&cell);
    }
    let table = table(&run, "network-latency");
    assert!(table.reading.contains("Not measured: 3\u{a0}cells of burn/flex."), "{table:?}");
    assert!(table.rows.iter().all(|row| row.series.engine != "burn/flex"));
}

#[test]
fn a_cell_whose_baseline_is_missing_is_said_to_be_so() {
    let mut run = imagined::run(&SMALL);
    for cell in cells_of(&run, "burn/ndarray") {
        run.latencies.remove(&cell);
    }
    let table = table(&run, "network-speedup");
    assert!(table.rows.is_empty());
    assert!(table.reading.contains("Without a baseline: 3\u{a0}cells of burn/flex."), "{table:?}");
}

/// Gives a cell's blocks their rows, in order, disturbed in the rounds for which `is_disturbed` says so, and
/// leaves these out.
fn add_blocks(run: &mut Run, cell: &str, is_disturbed: impl Fn(u32) -> bool) {
    for (&round, blocks) in &run.latencies[cell] {
        let steal_ns = Some(if is_disturbed(round) { 60_000_000 } else { 0 });
        run.blocks.extend(blocks.keys().map(|&block| BlockRow {
            cell: cell.to_string(),
            round,
            block,
            wall_ns: 100_000_000,
            steal_ns,
            ..BlockRow::default()
        }));
    }
    run.blocks.sort_by(|a, b| (&a.cell, a.round, a.block).cmp(&(&b.cell, b.round, b.block)));
    DisturbedBlocks::of(run).leave_out(run);
}

#[test]
fn a_cell_of_which_every_block_is_disturbed_is_absent_and_says_why() {
    let mut run = imagined::run(&SMALL);
    for cell in cells_of(&run, "burn/flex") {
        add_blocks(&mut run, &cell, |_| true);
    }
    let table = table(&run, "network-latency");
    assert!(table.rows.iter().all(|row| row.series.engine != "burn/flex"));
    assert!(
        table.reading.contains("Disturbed and left out: 3\u{a0}cells of burn/flex."),
        "{table:?}"
    );
    let absence =
        table.absences.iter().find(|absence| absence.kind.label() == "disturbed").unwrap();
    assert!(absence.remedy.as_ref().unwrap().contains("doctor --noise"), "{absence:?}");
}

#[test]
fn a_disturbed_round_is_left_out_of_latencies_and_pairs() {
    let mut run = imagined::run(&SMALL);
    for cell in cells_of(&run, "burn/flex") {
        add_blocks(&mut run, &cell, |round| round == 1);
    }
    for cell in cells_of(&run, "burn/ndarray") {
        add_blocks(&mut run, &cell, |_| false);
    }
    for figure in ["network-latency", "network-speedup"] {
        let rows = table(&run, figure).rows;
        let flex = rows.iter().filter(|row| row.series.engine == "burn/flex" && !row.summary);
        // Three rounds less the disturbed one.
        assert!(flex.map(|row| row.rounds).all(|rounds| rounds == 2), "{figure}: {rows:?}");
    }
    let page = rendered(&run, "disturbance").pop().unwrap().1;
    let page = String::from_utf8(page).unwrap();
    let (_, section) = page.split_once("## Disturbed blocks\n\n").unwrap();
    insta::assert_snapshot!(section.split("\n## ").next().unwrap());
}

#[test]
fn turns_of_which_each_has_a_disturbed_side_are_not_called_a_missing_baseline() {
    let mut run = imagined::run(&SMALL);
    for cell in cells_of(&run, "burn/flex") {
        add_blocks(&mut run, &cell, |round| round == 1);
    }
    for cell in cells_of(&run, "burn/ndarray") {
        add_blocks(&mut run, &cell, |round| round != 1);
    }
    let table = table(&run, "network-speedup");
    assert!(table.rows.iter().all(|row| row.series.engine != "burn/flex"));
    assert!(
        table.reading.contains("Disturbed and left out: 3\u{a0}cells of burn/flex."),
        "{table:?}"
    );
}

#[test]
fn a_cell_that_was_refused_later_is_drawn_from_its_rounds() {
    let mut run = imagined::run(&SMALL);
    let cell = cells_of(&run, "burn/flex").pop().unwrap();
    run.latencies.get_mut(&cell).unwrap().remove(&2);
    let mut refusal = run.refusals[0].clone();
    (refusal.cell, refusal.kind, refusal.round) = (cell, RefusalKind::Crashed, 2);
    run.refusals.push(refusal);
    let table = table(&run, "network-speedup");
    // Three rounds less the one that crashed.
    assert!(table.rows.iter().any(|row| row.rounds == 2));
    assert!(table.reading.contains("2 to 3\u{a0}rounds"), "{}", table.reading);
    assert!(table.reading.contains("1 of them drawn from fewer rounds"), "{}", table.reading);
}

#[test]
fn a_mean_over_fewer_cells_than_asked_says_so() {
    let mut run = imagined::run(&SMALL);
    let cell = cells_of(&run, "burn/flex").remove(0);
    run.latencies.remove(&cell);
    let table = table(&run, "speedup-by-pattern");
    assert!(table.rows.iter().any(|row| (row.cells, row.cells_asked) == (15, 16)), "{table:?}");
}

#[test]
fn correlations_of_too_few_or_of_what_does_not_vary_are_absent_with_the_reason() {
    let reasons = |patterns, grid: &[(u32, u32)]| {
        let run = imagined::paper(&SMALL, &Scope { grid, patterns, networks: 0 });
        let table = table(&run, "speedup-by-attribute");
        let of_tract = table.absences.into_iter().filter(|absence| absence.engine == "tract");
        (table.rows.len(), of_tract.map(|absence| absence.reason).collect::<Vec<_>>())
    };
    let few = "3\u{a0}architectures with a speed-up and attributes, expected at least 10";
    assert_eq!(reasons(3, &[]), (0, vec![few.to_string()]));
    // Plain, residual and bottleneck have no depthwise layers: six engines of six attributes.
    let same = "depthwise share of MACs is the same in all of them, which has no correlation";
    assert_eq!(reasons(3, &[(8, 16), (8, 32), (8, 64)]), (36, vec![same.to_string()]));
}
