//! What an architecture costs, operator by operator.

use anyhow::Result;
use formbench_campaign::own::uncounted;
use formbench_measure::Host;
use formbench_protocol::{Attributes, Inspection, Layer};
use indicatif::HumanBytes;
use serde_json::json;

use crate::arguments::{Arguments, InspectArguments};
use crate::exit::Exit;
use crate::{location, output};

/// Prints the operators of an architecture and what they cost.
///
/// # Errors
/// The worker does not answer, or cannot record the architecture.
pub fn execute(arguments: &Arguments, inspect: &InspectArguments) -> Result<Exit> {
    let worker = location::worker(arguments)?;
    let subject = inspect.subject.subject_for_once(&worker)?;
    let inspection = worker.inspect(&subject)?;
    let host = Host::here();
    let caches =
        [inspect.l2_bytes.unwrap_or(host.l2_bytes), inspect.l3_bytes.unwrap_or(host.l3_bytes)];
    if inspect.json {
        output::json(&json!({
            "architecture": subject.architecture.to_string(),
            "input": subject.input.without_places(),
            "attributes": inspection.attributes,
            "intensity": inspection.attributes.intensity(),
            "parallelism": inspection.attributes.parallelism(),
            "l2_bytes": caches[0],
            "macs_within_l2": inspection.macs_within(caches[0]),
            "l3_bytes": caches[1],
            "macs_within_l3": inspection.macs_within(caches[1]),
            "layers": inspection.layers,
        }))?;
        return Ok(Exit::Done);
    }
    output::table(
        ["layer", "operator", "", "input", "output", "parameters", "MACs", "read", "written"],
        inspection.layers.iter().map(row),
    )?;
    output::text(&format!("\n{}", totals(&inspection, caches)))?;
    Ok(Exit::Done)
}

fn row(layer: &Layer) -> [String; 9] {
    let inputs: Vec<String> = layer.inputs.iter().map(|input| shape(input)).collect();
    [
        layer.name.clone(),
        layer.kind.clone(),
        layer.detail.clone(),
        inputs.join(", "),
        shape(&layer.output),
        number_or_nothing(layer.parameters),
        number_or_nothing(layer.macs),
        HumanBytes(layer.bytes_read).to_string(),
        HumanBytes(layer.bytes_written).to_string(),
    ]
}

fn shape(shape: &[u64]) -> String {
    shape.iter().map(u64::to_string).collect::<Vec<_>>().join("×")
}

fn number_or_nothing(number: u64) -> String {
    if number == 0 { String::new() } else { number.to_string() }
}

fn totals(inspection: &Inspection, [l2_bytes, l3_bytes]: [u64; 2]) -> String {
    let attributes = &inspection.attributes;
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    let share = |macs| percent(attributes.share(macs));
    let within =
        |bytes| format!("{} ({})", percent(inspection.macs_within(bytes)), HumanBytes(bytes));
    let lines = [
        ("parameters", attributes.parameters.to_string()),
        ("MACs", format!("{} ({:.1} million)", attributes.macs, attributes.macs as f64 / 1e6)),
        ("  depthwise", share(attributes.depthwise_macs)),
        ("  pointwise", share(attributes.pointwise_macs)),
        ("  other convolutions", share(attributes.dense_macs)),
        ("  linear", share(linear_macs(attributes))),
        ("FLOPs", attributes.flops.to_string()),
        ("read", HumanBytes(attributes.bytes_read).to_string()),
        ("written", HumanBytes(attributes.bytes_written).to_string()),
        ("intensity", format!("{:.2} FLOPs per byte", attributes.intensity())),
        ("weights", HumanBytes(attributes.weight_bytes).to_string()),
        ("peak activations", HumanBytes(attributes.peak_activation_bytes).to_string()),
        ("largest working set", HumanBytes(attributes.largest_working_set_bytes).to_string()),
        ("MACs within L2", within(l2_bytes)),
        ("MACs within L3", within(l3_bytes)),
        ("operators", format!("{} ({})", attributes.operators, mix(attributes))),
        ("longest path", format!("{} operators", attributes.longest_path)),
        ("parallelism", format!("{:.2} operators at once", attributes.parallelism())),
    ];
    let uncounted = uncounted(attributes).map(|said| format!("\n{said}"));
    let lines = lines.map(|(name, value)| format!("{name:<20} {value}")).join("\n");
    lines + &uncounted.unwrap_or_default()
}

fn linear_macs(attributes: &Attributes) -> u64 {
    let Attributes { macs, depthwise_macs, pointwise_macs, dense_macs, .. } = attributes;
    macs - depthwise_macs - pointwise_macs - dense_macs
}

/// Returns the kinds of operators, the most frequent first.
fn mix(attributes: &Attributes) -> String {
    let mut kinds: Vec<_> = attributes.operator_mix.iter().collect();
    kinds.sort_by_key(|(kind, count)| (std::cmp::Reverse(**count), (*kind).clone()));
    kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect::<Vec<_>>().join(", ")
}
