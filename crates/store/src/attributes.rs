use formbench_protocol::{Attributes, CostTarget, Origin, Subject};

use crate::table::table;
use crate::{CellKind, CellRow, InputShape, MatchedCost, Provenance};

table! {
    /// One row per architecture and input shape: what one inference costs, all images of its batch
    /// together, counted on the graph as it is exported; no engine's own fusion is assumed.
    "attributes" => AttributesRow {
        /// Kind of architecture: `network`, `pattern` or `file`; with name, depth, width, batch,
        /// resolution and inputs, key from `cells`.
        kind: CellKind,
        /// Registry name of the network or pattern; path of the file as its experiment writes it.
        name: String,
        /// Blocks over all stages; null for a network and for a file.
        depth: Option<u32> [blocks],
        /// Channels out of the first stage; null for a network and for a file.
        width: Option<f64> [channels],
        /// Images per inference; null where it is given other inputs than square RGB images.
        batch: Option<u32> [images],
        /// Height and width of the images; null where it is given other inputs.
        resolution: Option<u32> [pixels],
        /// Inputs that are not square RGB images, as `cells` has them; null where they are.
        inputs: Option<String>,
        /// Who decided a network's layers: `hand-designed` or `searched`; null for a pattern and
        /// for a file.
        origin: Option<Origin>,
        /// Cost that the width was chosen for: `macs` or `parameters`; null where it was given.
        matched: Option<MatchedCost>,
        /// What that cost was to be, in MACs of one image or in parameters; null where the width
        /// was given.
        match_target: Option<u64>,
        /// Trainable parameters; running statistics of a normalisation are not.
        parameters: u64 [parameters],
        /// Multiply-accumulates of convolutions and matrix products; padding positions count.
        macs: u64 [MACs],
        /// Of those, MACs of convolutions with one filter per channel.
        depthwise_macs: u64 [MACs],
        /// Of those, MACs of ungrouped 1×1 convolutions.
        pointwise_macs: u64 [MACs],
        /// Of those, MACs of all other convolutions.
        dense_macs: u64 [MACs],
        /// Floating-point operations: two for each MAC, and those of every other operator.
        flops: u64 [FLOPs],
        /// Bytes that operators read: activations and weights, once for each operator.
        bytes_read: u64 [bytes],
        /// Bytes that operators write.
        bytes_written: u64 [bytes],
        /// Bytes of all constants.
        weight_bytes: u64 [bytes],
        /// Largest sum of the activations that are alive at once, in the order of execution.
        peak_activation_bytes: u64 [bytes],
        /// Largest sum of inputs, weights and outputs of one operator.
        largest_working_set_bytes: u64 [bytes],
        /// Operators.
        operators: u64 [operators],
        /// Operators by kind, named as in ONNX, as a JSON object, keys in order.
        operator_mix: String,
        /// Operators on the longest path from input to output.
        longest_path: u64 [operators],
    }
}

impl AttributesRow {
    /// Returns the row of what a subject costs.
    pub fn new(subject: &Subject, provenance: Provenance, attributes: &Attributes) -> Self {
        let Subject { architecture, input, .. } = subject;
        let (kind, form) = CellKind::of_architecture(architecture);
        let Provenance { origin, matched } = provenance;
        let InputShape { batch, resolution, inputs } = InputShape::from(input);
        Self {
            kind,
            name: architecture.name().to_owned(),
            depth: form.map(|(depth, _)| depth),
            width: form.map(|(_, width)| width.channels()),
            batch,
            resolution,
            inputs,
            origin,
            matched: matched.map(MatchedCost::from),
            match_target: matched.map(CostTarget::value),
            parameters: attributes.parameters,
            macs: attributes.macs,
            depthwise_macs: attributes.depthwise_macs,
            pointwise_macs: attributes.pointwise_macs,
            dense_macs: attributes.dense_macs,
            flops: attributes.flops,
            bytes_read: attributes.bytes_read,
            bytes_written: attributes.bytes_written,
            weight_bytes: attributes.weight_bytes,
            peak_activation_bytes: attributes.peak_activation_bytes,
            largest_working_set_bytes: attributes.largest_working_set_bytes,
            operators: attributes.operators,
            operator_mix: serde_json::json!(attributes.operator_mix).to_string(),
            longest_path: attributes.longest_path,
        }
    }

    /// Returns the counts; the mix is empty if its text is no JSON object of counts.
    pub fn attributes(&self) -> Attributes {
        Attributes {
            parameters: self.parameters,
            macs: self.macs,
            depthwise_macs: self.depthwise_macs,
            pointwise_macs: self.pointwise_macs,
            dense_macs: self.dense_macs,
            flops: self.flops,
            bytes_read: self.bytes_read,
            bytes_written: self.bytes_written,
            weight_bytes: self.weight_bytes,
            peak_activation_bytes: self.peak_activation_bytes,
            largest_working_set_bytes: self.largest_working_set_bytes,
            operators: self.operators,
            operator_mix: serde_json::from_str(&self.operator_mix).unwrap_or_default(),
            longest_path: self.longest_path,
            ..Attributes::default()
        }
    }

    /// Returns the cost that the width was chosen for, and the cost that one image has; `None`
    /// where the width was given.
    pub fn matched(&self) -> Option<[CostTarget; 2]> {
        let (macs, target) = (self.macs.checked_div(self.batch?.into())?, self.match_target?);
        let costs = [
            [CostTarget::Macs(target), CostTarget::Macs(macs)],
            [CostTarget::Parameters(target), CostTarget::Parameters(self.parameters)],
        ];
        costs.into_iter().find(|[target, _]| self.matched == Some(MatchedCost::from(*target)))
    }

    /// Returns whether the row states what the cell's inferences cost.
    pub(crate) fn is_of(&self, cell: &CellRow) -> bool {
        let form = (self.kind, &self.name, self.depth, self.width);
        let input = (self.batch, self.resolution, &self.inputs);
        form == (cell.kind, &cell.name, cell.depth, cell.width)
            && input == (cell.batch, cell.resolution, &cell.inputs)
    }
}

#[cfg(test)]
mod tests {
    use formbench_protocol::{Architecture, Images, Width};

    use super::*;

    fn subject(architecture: Architecture) -> Subject {
        let input = Images { batch: 1, resolution: 96, seed: 7 }.into();
        Subject { architecture, weights_seed: 1, input }
    }

    #[test]
    fn a_row_gives_back_the_attributes_it_was_made_of() {
        let operator_mix = [("Conv".to_owned(), 5), ("Add".to_owned(), 2)].into();
        let attributes = Attributes { macs: 7, flops: 15, operator_mix, ..Attributes::default() };
        let width = Width::from_eighths(123);
        let pattern = Architecture::Pattern { name: "plain".into(), depth: 8, width };
        let row = AttributesRow::new(&subject(pattern), Provenance::default(), &attributes);
        assert_eq!(row.operator_mix, r#"{"Add":2,"Conv":5}"#);
        assert_eq!((row.kind, row.depth, row.width), (CellKind::Pattern, Some(8), Some(15.375)));
        assert_eq!(row.attributes(), attributes);
        assert_eq!((row.origin, row.matched()), (None, None));
    }

    #[test]
    fn a_row_says_what_a_width_was_chosen_for_and_what_that_came_to() {
        let attributes = Attributes { macs: 7, parameters: 9, ..Attributes::default() };
        let network = subject(Architecture::Network { name: "darts-v2".into() });
        let row = |target| {
            let (origin, matched) = (Some(Origin::Searched), Some(target));
            AttributesRow::new(&network, Provenance { origin, matched }, &attributes)
        };
        let (macs, parameters) = (CostTarget::Macs(8), CostTarget::Parameters(8));
        assert_eq!(row(macs).origin, Some(Origin::Searched));
        assert_eq!(row(macs).matched(), Some([macs, CostTarget::Macs(7)]));
        assert_eq!(row(parameters).matched(), Some([parameters, CostTarget::Parameters(9)]));
    }
}
