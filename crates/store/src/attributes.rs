use formbench_protocol::{Architecture, Attributes};

use crate::CellRow;
use crate::table::table;

table! {
    /// One row per architecture and input shape: what one inference costs, all images of its batch
    /// together, counted on the graph as it is exported; no engine's own fusion is assumed.
    "attributes" => AttributesRow {
        /// Kind of architecture: `network` or `pattern`; with name, depth, width, batch and
        /// resolution, key from `cells`.
        kind: String,
        /// Registry name of the network or pattern.
        name: String,
        /// Blocks over all stages; null for a network.
        depth: Option<u32> [blocks],
        /// Channels out of the first stage; null for a network.
        width: Option<u32> [channels],
        /// Images per inference.
        batch: u32 [images],
        /// Height and width of the images.
        resolution: u32 [pixels],
        /// Trainable parameters; running statistics of a normalisation are not.
        parameters: u64 [parameters],
        /// Multiply-accumulates of convolutions and linear layers; padding positions count.
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
    /// Returns the row of an architecture at a batch of images of a height and width.
    pub fn new(
        architecture: &Architecture,
        batch: u32,
        resolution: u32,
        attributes: &Attributes,
    ) -> Self {
        let (kind, depth, width) = match *architecture {
            Architecture::Network { .. } => ("network", None, None),
            Architecture::Pattern { depth, width, .. } => ("pattern", Some(depth), Some(width)),
        };
        Self {
            kind: kind.to_owned(),
            name: architecture.name().to_owned(),
            depth,
            width,
            batch,
            resolution,
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
        }
    }

    /// Returns whether the row says what the cell's inferences cost.
    pub(crate) fn is_of(&self, cell: &CellRow) -> bool {
        let of_row = (&self.kind, &self.name, self.depth, self.width, self.batch, self.resolution);
        let of_cell = (&cell.kind, &cell.name, cell.depth, cell.width, cell.batch, cell.resolution);
        of_row == of_cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_gives_back_the_attributes_it_was_made_of() {
        let operator_mix = [("Conv".to_owned(), 5), ("Add".to_owned(), 2)].into();
        let attributes = Attributes { macs: 7, flops: 15, operator_mix, ..Attributes::default() };
        let pattern = Architecture::Pattern { name: "plain".into(), depth: 8, width: 32 };
        let row = AttributesRow::new(&pattern, 1, 96, &attributes);
        assert_eq!(row.operator_mix, r#"{"Add":2,"Conv":5}"#);
        assert_eq!((row.kind.as_str(), row.depth, row.width), ("pattern", Some(8), Some(32)));
        assert_eq!(row.attributes(), attributes);
    }
}
