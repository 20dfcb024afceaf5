use burn::tensor::backend::Backend;

use crate::flow::Flow;

/// What flows between the steps of a network, held as long as a step has still to read it.
///
/// Backends compute in place what nobody else holds: a second holder would cost them a copy.
#[derive(Debug)]
pub(crate) struct Flows<B: Backend>(Vec<Option<Flow<B>>>);

impl<B: Backend> Flows<B> {
    /// Returns the flows of so many steps, none of them there yet.
    pub(crate) fn of(steps: usize) -> Self {
        Self(vec![None; steps])
    }

    /// Keeps the output of a step.
    pub(crate) fn keep(&mut self, step: usize, output: Option<Flow<B>>) {
        self.0[step] = output;
    }

    /// Returns the outputs of steps, in the order of `inputs`; those in `last` are read for the last
    /// time, and are let go of.
    pub(crate) fn read(&mut self, inputs: &[usize], last: &[usize]) -> Vec<Flow<B>> {
        let flow = |(position, input): (usize, &usize)| {
            let again = inputs[position + 1..].contains(input);
            if last.contains(input) && !again {
                self.0[*input].take()
            } else {
                self.0[*input].clone()
            }
        };
        inputs.iter().enumerate().filter_map(flow).collect()
    }

    /// Returns the output of the last step.
    ///
    /// # Panics
    /// If it is not there: a blueprint ends with its logits.
    pub(crate) fn last(mut self) -> Flow<B> {
        match self.0.pop().flatten() {
            Some(logits) => logits,
            None => unreachable!("a blueprint ends with its logits"),
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Tensor;
    use burn_flex::Flex;

    use super::*;

    #[test]
    fn what_is_read_for_the_last_time_is_let_go_of() {
        let flow = Flow::<Flex>::Vectors(Tensor::zeros([1, 2], &Default::default()));
        let mut flows = Flows::of(2);
        flows.keep(0, Some(flow.clone()));
        flows.keep(1, Some(flow));
        // The first is read again by a later step, the second twice by this one alone.
        assert_eq!(flows.read(&[0, 1, 1], &[1]).len(), 3);
        assert!(flows.0[0].is_some() && flows.0[1].is_none());
    }
}
