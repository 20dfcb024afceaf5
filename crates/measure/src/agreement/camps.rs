use std::fmt;

use formbench_protocol::{Output, Precision};

use super::difference::{outputs, tolerance};

/// What an engine without options gives for a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Name of the engine.
    pub engine: String,
    /// What it computes in.
    pub precision: Precision,
    /// What it gives.
    pub outputs: Vec<Output>,
}

/// Engines that load a file, in groups that agree.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Camps(Vec<Camp>);

/// Engines that give the same outputs, within the tolerance.
#[derive(Clone, Debug, PartialEq)]
pub struct Camp {
    engines: Vec<String>,
    precision: Precision,
    /// What the first of them gives.
    pub(super) outputs: Vec<Output>,
}

impl Camps {
    /// Returns who agrees with whom; each engine joins the first camp whose first engine it agrees with.
    pub fn of(answers: Vec<Answer>) -> Self {
        let mut camps: Vec<Camp> = Vec::new();
        for Answer { engine, precision, outputs } in answers {
            match camps.iter_mut().find(|camp| camp.agrees(precision, &outputs)) {
                Some(camp) => camp.engines.push(engine),
                None => camps.push(Camp { engines: vec![engine], precision, outputs }),
            }
        }
        Self(camps)
    }

    /// Returns the camp with more engines than any other, if there is one.
    pub(super) fn right(&self) -> Option<&Camp> {
        let largest = self.0.iter().max_by_key(|camp| camp.engines.len())?;
        let as_large = self.0.iter().filter(|camp| camp.engines.len() == largest.engines.len());
        (as_large.count() == 1).then_some(largest)
    }

    /// Returns whether no engine loads the file.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Camps {
    /// Writes who agrees with whom, as `onnxruntime and openvino / tract`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let camps: Vec<String> = self.0.iter().map(Camp::names).collect();
        f.write_str(&camps.join(" / "))
    }
}

impl Camp {
    /// Returns the names of its engines, as `one, two and three`.
    pub(super) fn names(&self) -> String {
        match self.engines.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            [some @ .., last] => format!("{} and {last}", some.join(", ")),
        }
    }

    /// Outputs of two precisions are compared as the coarser one allows.
    fn agrees(&self, precision: Precision, got: &[Output]) -> bool {
        let coarse = [self.precision, precision].map(tolerance);
        let coarser = coarse.into_iter().max_by(|a, b| a.relative.total_cmp(&b.relative));
        let compared = outputs(&self.outputs, got, coarser.unwrap_or_default());
        compared.is_ok_and(|(agrees, _)| agrees)
    }
}

#[cfg(test)]
mod tests {
    use formbench_protocol::Values;

    use super::*;

    fn answer(engine: &str, precision: Precision, value: f32) -> Answer {
        let outputs = vec![Output { shape: vec![1], values: Values::Floats(vec![value]) }];
        Answer { engine: engine.to_owned(), precision, outputs }
    }

    #[test]
    fn engines_that_agree_are_one_camp() {
        let camps = Camps::of(vec![
            answer("a", Precision::F32, 1.0),
            answer("b", Precision::F32, 2.0),
            answer("c", Precision::F32, 1.0005),
            // In `bf16` a hundredth is nothing.
            answer("d", Precision::Bf16, 1.02),
        ]);
        assert_eq!(camps.to_string(), "a, c and d / b");
        assert_eq!(camps.right().unwrap().names(), "a, c and d");
        let split =
            Camps::of(vec![answer("a", Precision::F32, 1.0), answer("b", Precision::F32, 2.0)]);
        assert_eq!(split.right(), None);
        assert!(Camps::of(Vec::new()).is_empty());
    }
}
