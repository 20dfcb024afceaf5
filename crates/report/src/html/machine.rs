use chrono::DateTime;
use formbench_analysis::{
    gpu::in_place_of_a_gpu,
    number::{grouped, significant},
};
use formbench_store::{ColumnFacts, HostRow};
use maud::{Markup, html};

use super::Report;
use super::text::prose;

/// Returns everything that the run states about its machine, and that no GPU was measured, if so.
pub(super) fn body(report: &Report<'_>) -> Markup {
    html! {
        (gpu_half(report))
        dl.card {
            @for (column, value) in report.run.host.texts() { (fact(&column, &value)) }
        }
    }
}

fn fact(column: &ColumnFacts, value: &str) -> Markup {
    html! {
        div {
            dt { (column.name.replace('_', " ")) }
            dd { (shown(column, value)) p.meaning { (prose(column.meaning)) } }
        }
        "\n"
    }
}

/// Returns a value as people read it: sizes in powers of 1024, instants as dates.
fn shown(column: &ColumnFacts, value: &str) -> String {
    let number = value.parse::<u64>();
    match (column.unit, number, value) {
        (_, _, "") => "not known".to_string(),
        (Some("bytes"), Ok(0), _) => "not known".to_string(),
        (Some("bytes"), Ok(bytes), _) => size(bytes),
        (Some("ns"), Ok(ns), _) if column.name.ends_with("unix_ns") => instant(ns),
        (_, _, "true") => "yes".to_string(),
        (_, _, "false") => "no".to_string(),
        (Some(unit), Ok(number), _) => format!("{}\u{a0}{unit}", grouped(number as usize)),
        _ => value.to_string(),
    }
}

fn size(bytes: u64) -> String {
    const UNITS: [(&str, u32); 3] = [("GiB", 30), ("MiB", 20), ("KiB", 10)];
    let of_unit = |(unit, power): (&str, u32)| {
        let one = (1_u64 << power) as f64;
        (bytes as f64 >= one).then(|| format!("{}\u{a0}{unit}", significant(bytes as f64 / one, 3)))
    };
    let sized = UNITS.into_iter().find_map(of_unit);
    sized.unwrap_or_else(|| format!("{bytes}\u{a0}bytes"))
}

/// Returns an instant to the second, such as `2026-01-31 12:00:00 UTC`.
pub(super) fn instant(unix_ns: u64) -> String {
    let seconds = i64::try_from(unix_ns / 1_000_000_000).unwrap_or(i64::MAX);
    DateTime::from_timestamp(seconds, 0).map_or_else(String::new, |instant| instant.to_string())
}

fn gpu_half(report: &Report<'_>) -> Markup {
    let Some(found) = in_place_of_a_gpu(report.run) else {
        return html! {};
    };
    html! {
        p.note {
            strong { "The GPU half of the study has not been measured:" }
            " no cell of this run has samples on a GPU."
            @if !found.is_empty() {
                " The adapter at hand, " (found.join(", ")) ", is software that the processor \
                 executes: no GPU."
            }
        }
    }
}

/// Returns the machine in a few words.
pub(super) fn in_short(host: &HostRow) -> String {
    let cores = formbench_analysis::number::counted(host.logical_cores as usize, "logical core");
    format!("{}, {cores}, {} of memory", host.cpu_model, size(host.memory_bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_as_people_read_them() {
        let host = HostRow {
            l2_bytes: 512 << 10,
            memory_bytes: 3 << 29,
            started_unix_ns: 1_000_000_000_000_000_000,
            ..HostRow::default()
        };
        let shown_of = |name| {
            let texts = host.texts();
            let (column, value) = texts.iter().find(|(column, _)| column.name == name).unwrap();
            shown(column, value)
        };
        assert_eq!(shown_of("l2_bytes"), "512\u{a0}KiB");
        assert_eq!(shown_of("memory_bytes"), "1.50\u{a0}GiB");
        assert_eq!(shown_of("l3_bytes"), "not known");
        assert_eq!(shown_of("software_gpu"), "no");
        // A billion seconds after 1970.
        assert_eq!(shown_of("started_unix_ns"), "2001-09-09 01:46:40 UTC");
    }
}
