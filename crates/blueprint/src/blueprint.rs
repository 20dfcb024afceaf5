use crate::Operation;

/// Layers of a network in the order of execution, and how they are wired.
///
/// The first step is the images, the last one the logits.
#[derive(Clone, Debug, PartialEq)]
pub struct Blueprint {
    pub(crate) steps: Vec<Step>,
}

/// One layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its path from the network's root, unique, such as `stages.1.0.reduce.conv`.
    pub name: String,
    /// What it computes.
    pub operation: Operation,
    /// Indices of the steps that it reads, all before its own.
    pub inputs: Vec<usize>,
}

impl Blueprint {
    /// Returns the steps.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Returns for each step the indices of the steps whose output it is the last to read; the
    /// logits are nobody's.
    pub fn last_uses(&self) -> Vec<Vec<usize>> {
        let mut last = vec![None; self.steps.len()];
        for (at, step) in self.steps.iter().enumerate() {
            step.inputs.iter().for_each(|input| last[*input] = Some(at));
        }
        let mut uses = vec![Vec::new(); self.steps.len()];
        for (step, reader) in last.into_iter().enumerate() {
            if let Some(reader) = reader {
                uses[reader].push(step);
            }
        }
        uses
    }
}

#[cfg(test)]
mod tests {
    use crate::{Activation::Relu, Net};

    #[test]
    fn a_shortcut_is_kept_until_the_sum() {
        let mut net = Net::new();
        let images = net.images();
        let first = net.activation(images, Relu);
        let second = net.activation(first, Relu);
        let sum = net.add(&[first, second]);
        let uses = net.finish(sum).last_uses();
        assert_eq!(uses, [vec![], vec![0], vec![], vec![1, 2]]);
    }
}
