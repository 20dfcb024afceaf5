//! How engines' logits compare with the reference's, as a table and as a page.

use std::collections::{BTreeMap, BTreeSet};

use formbench_measure::Host;
use formbench_protocol::{HARNESS_VERSION, Precision};
use serde_json::{Value, json};

use super::cells::{DEPTH, WIDTH};
use super::{LogitDifference, ParityLine, ParityOutcome};

/// Returns a line as JSON.
pub fn as_json(line: &ParityLine) -> Value {
    let (compared, refusal) = match &line.outcome {
        ParityOutcome::Compared(compared) => (Some(compared), None),
        ParityOutcome::Refused(refusal) => (None, Some(refusal)),
    };
    json!({
        "architecture": line.architecture,
        "resolution": line.resolution,
        "engine": line.engine,
        "precision": compared.map(|one| one.precision),
        "agrees": compared.map(|one| one.agrees),
        "difference": compared.map(|one| one.difference),
        "allowed": compared.map(|one| one.allowed),
        "refusal": refusal,
    })
}

/// Returns one row per architecture and one column per engine setting: the largest difference as a
/// share of what is allowed.
pub fn matrix(lines: &[ParityLine]) -> String {
    let mut rows: Vec<(String, BTreeMap<&str, String>)> = Vec::new();
    let mut columns: Vec<&str> = Vec::new();
    for line in lines {
        if !columns.contains(&line.engine.as_str()) {
            columns.push(&line.engine);
        }
        let row = match line.resolution {
            Some(pixels) => format!("{} at {pixels}", line.architecture),
            None => line.architecture.clone(),
        };
        if rows.last().is_none_or(|(last, _)| *last != row) {
            rows.push((row, BTreeMap::new()));
        }
        if let Some((_, shares)) = rows.last_mut() {
            shares.insert(&line.engine, share(&line.outcome));
        }
    }
    let head = format!(
        "| architecture at pixels | {} |\n|---|{}",
        columns.join(" | "),
        "--:|".repeat(columns.len())
    );
    let text = |(architecture, shares): &(String, BTreeMap<&str, String>)| {
        let shares = columns.iter().map(|column| shares.get(column).map_or("", String::as_str));
        format!("| {architecture} | {} |", shares.collect::<Vec<_>>().join(" | "))
    };
    let rows: Vec<String> = rows.iter().map(text).collect();
    format!("{head}\n{}", rows.join("\n"))
}

fn share(outcome: &ParityOutcome) -> String {
    match outcome {
        ParityOutcome::Compared(LogitDifference { difference, allowed, agrees, .. }) => {
            // Where nothing is allowed, as of whole numbers, any difference is without bound beside it.
            let share = if *difference > 0.0 { difference / allowed } else { 0.0 };
            let verdict = if *agrees { "" } else { " differs" };
            let share = if share.is_finite() { format!("{share:.4}") } else { "∞".to_owned() };
            share + verdict
        }
        ParityOutcome::Refused(refusal) => refusal.kind.label().to_owned(),
    }
}

/// Returns how many agree, what may be wrong with engines that do not, and each reason why one is not
/// compared.
pub fn remarks(lines: &[ParityLine]) -> String {
    let agrees =
        |line: &&ParityLine| matches!(line.outcome, ParityOutcome::Compared(c) if c.agrees);
    let compared = |line: &&ParityLine| matches!(line.outcome, ParityOutcome::Compared(_));
    let reasons: BTreeSet<String> = (lines.iter())
        .filter_map(|line| match &line.outcome {
            ParityOutcome::Refused(refusal) => Some(format!("- {refusal}")),
            ParityOutcome::Compared(_) => None,
        })
        .collect();
    let defects: BTreeSet<String> = (lines.iter().filter(|line| line.differs()))
        .filter_map(|line| {
            let defect = line.known_defect.as_ref()?;
            Some(format!("- {} differs: its release has a known defect: {defect}", line.engine))
        })
        .collect();
    let counts = format!(
        "{} of {} comparisons agree; {} refused.",
        lines.iter().filter(agrees).count(),
        lines.iter().filter(compared).count(),
        lines.iter().filter(|line| !compared(line)).count(),
    );
    std::iter::once(counts).chain(defects).chain(reasons).collect::<Vec<_>>().join("\n")
}

/// Returns the page of a comparison that `command` made on a host on a day.
pub fn page(lines: &[ParityLine], command: &str, host: &Host, today: &str) -> String {
    let precision = Precision::F32.label();
    format!(
        "# Parity\n\nEach number is the largest difference of an engine's logits from those of its \
         reference engine, burn/ndarray (of a file: from those of the engines that agree on it), as a share of what is allowed there (a thousandth of the \
         logit plus a ten-thousandth of the largest logit; a twentieth of the largest after eight-bit integers): up to 1 they agree. Both image buffers, \
         batch 1 unless the command says another, one thread, {precision}; patterns at depth {DEPTH} and width \
         {WIDTH}.\n\nMade by `{0}` on {1} ({2}), {3}, formbench {HARNESS_VERSION}.\n\n{4}\n\n{5}\n",
        command,
        host.slug,
        host.cpu_model,
        today,
        matrix(lines),
        remarks(lines),
    )
}

#[cfg(test)]
mod tests {
    use formbench_protocol::{Refusal, RefusalKind};

    use super::*;

    fn line(architecture: &str, engine: &str, outcome: ParityOutcome) -> ParityLine {
        let (architecture, engine) = (architecture.to_owned(), engine.to_owned());
        ParityLine { architecture, resolution: Some(64), engine, known_defect: None, outcome }
    }

    fn compared(difference: f64, agrees: bool) -> ParityOutcome {
        ParityOutcome::Compared(LogitDifference {
            precision: Precision::F32,
            agrees,
            difference,
            allowed: 0.5,
        })
    }

    #[test]
    fn a_row_holds_each_architecture_and_a_column_each_engine() {
        let refusal = Refusal::new(RefusalKind::Unavailable, "tract: not here");
        let lines = [
            line("plain", "tract", compared(0.25, true)),
            line("plain", "openvino", compared(1.0, false)),
            line("resnet18", "tract", ParityOutcome::Refused(refusal)),
        ];
        // 0.25 of 0.5 is half of what is allowed, 1.0 is twice.
        let expected = "| architecture at pixels | tract | openvino |\n|---|--:|--:|\n\
                        | plain at 64 | 0.5000 | 2.0000 differs |\n\
                        | resnet18 at 64 | unavailable |  |";
        assert_eq!(matrix(&lines), expected);
        let expected = "1 of 2 comparisons agree; 1 refused.\n- tract: not here";
        assert_eq!(remarks(&lines), expected);
        // A defect that is known is named where something differs, and nowhere else.
        let defect =
            |line: ParityLine| ParityLine { known_defect: Some("issue 1".to_owned()), ..line };
        let [agrees, differs, refused] = lines.map(defect);
        assert_eq!(
            remarks(&[agrees, refused]),
            "1 of 1 comparisons agree; 1 refused.\n- tract: not here"
        );
        let expected = "0 of 1 comparisons agree; 0 refused.\n\
                        - openvino differs: its release has a known defect: issue 1";
        assert_eq!(remarks(&[differs]), expected);
    }
}
