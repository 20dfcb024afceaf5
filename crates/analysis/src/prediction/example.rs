use std::collections::BTreeMap;

use formbench_protocol::{InferencePart, OperatorClass};
use formbench_statistics::Bootstrap;
use formbench_store::{CellRow, InputShape, OperatorRow};

use super::OperatorWork;
use crate::{Rounds, Run};

/// The engine that fuses next to nothing: its operators are the graph's nodes.
const UNFUSED: &str = "pytorch";

/// The pattern that exists to learn from.
const TO_LEARN_FROM: &str = "assorted";

/// Which networks are relatives.
const FAMILIES: &str = include_str!("families.csv");

/// An architecture that was timed on an engine, operator by operator.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// Label of the architecture.
    pub architecture: String,
    /// What it was given.
    pub input: InputShape,
    /// Whose relative it is.
    pub family: String,
    /// Whether it is one that somebody might use: predictions are tested on these. The others are there to learn from.
    pub is_tested: bool,
    /// What the graph's nodes do.
    pub nodes: Vec<OperatorWork>,
    /// What the engine's operators do, and how long each takes in nanoseconds.
    pub operators: Vec<(OperatorWork, f64)>,
    /// How long the others take, those of the engine's own and those that became several, in nanoseconds.
    pub own_ns: f64,
    /// Latency with the operators, as their profile has it, in nanoseconds.
    pub profile_ns: f64,
    /// Latency as the run measured it, in nanoseconds.
    pub latency_ns: f64,
}

/// Returns the architectures that an engine was profiled on in a run, one thread, in order of their labels.
pub fn examples(run: &Run, engine: &str) -> Vec<Example> {
    let mut operators: BTreeMap<&str, Vec<&OperatorRow>> = BTreeMap::new();
    for row in &run.operators {
        operators.entry(&row.cell).or_default().push(row);
    }
    let of_engine = |engine: &str| {
        let plain = run.cells.values().filter(|cell| cell.threads == 1 && cell.options == "{}");
        let cells = plain.filter(|cell| cell.engine == engine);
        let with = cells.filter_map(|cell| Some((cell, operators.get(cell.cell.as_str())?)));
        with.map(|(cell, rows)| ((cell.architecture(), cell.input_shape()), (cell, rows)))
            .collect::<BTreeMap<_, _>>()
    };
    let families = families();
    let unfused = of_engine(UNFUSED);
    let example = |(place, (cell, rows)): (_, (&CellRow, &Vec<&OperatorRow>))| {
        let (_, nodes) = unfused.get(place)?;
        let nodes: Vec<OperatorWork> = nodes.iter().filter_map(|row| work(row)).collect();
        let latency_ns = Bootstrap::latency_alone(&Rounds::of(run, &cell.cell).medians_ns)?;
        let timed = rows.iter().filter(|row| row.class != InferencePart::Between);
        let all_ns: f64 = timed.clone().map(|row| row.ns).sum();
        let profile_ns = rows.first()?.latency_ns;
        // Where a profiler makes operators longer than an inference without it, they are scaled to that.
        let scale = if all_ns > 0.0 { (profile_ns / all_ns).min(1.0) } else { 1.0 };
        let operators: Vec<(OperatorWork, f64)> =
            timed.filter_map(|row| Some((work(row)?, row.ns * scale))).collect();
        let operators_ns: f64 = operators.iter().map(|(_, ns)| ns).sum();
        // Tables of an earlier version say too little of their operators.
        (!nodes.is_empty()).then(|| Example {
            architecture: cell.architecture(),
            input: cell.input_shape(),
            family: families.get(&cell.name).unwrap_or(&cell.name).clone(),
            is_tested: cell.name != TO_LEARN_FROM,
            nodes,
            operators,
            own_ns: all_ns * scale - operators_ns,
            profile_ns,
            latency_ns,
        })
    };
    of_engine(engine).iter().filter_map(|(place, found)| example((place, *found))).collect()
}

/// Returns what an operator does that stands for nodes of the graph and is counted: of one that became several, the longest.
fn work(row: &OperatorRow) -> Option<OperatorWork> {
    match row.class {
        InferencePart::Work(class) if row.macs + row.bytes > 0 => {
            let after = row.after.and_then(class_of);
            let OperatorRow { macs, flops, bytes, .. } = *row;
            Some(OperatorWork { class, after, macs, flops, bytes, positions: row.positions? })
        }
        InferencePart::Work(_) | InferencePart::Own | InferencePart::Between => None,
    }
}

fn class_of(part: InferencePart) -> Option<OperatorClass> {
    match part {
        InferencePart::Work(class) => Some(class),
        InferencePart::Own | InferencePart::Between => None,
    }
}

fn families() -> BTreeMap<String, String> {
    let mut reader = csv::Reader::from_reader(FAMILIES.as_bytes());
    reader.deserialize::<(String, String)>().filter_map(Result::ok).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_families_is_read() {
        assert_eq!(families().len(), FAMILIES.lines().count() - 1);
        assert_eq!(families()["pnasnet-5-large"], "nasnet");
    }
}
