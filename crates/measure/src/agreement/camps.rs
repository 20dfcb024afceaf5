use std::collections::BTreeSet;
use std::fmt;

use formbench_protocol::{Output, OutputCheck, Precision};

use super::difference::{coarser, outputs, tolerance};

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
pub struct Camps {
    camps: Vec<Camp>,
    /// How each output is held against another engine's.
    pub(super) checks: Vec<OutputCheck>,
}

/// Engines that give the same outputs, within the tolerance.
#[derive(Clone, Debug, PartialEq)]
pub struct Camp {
    engines: Vec<String>,
    precision: Precision,
    /// What the first of them gives.
    pub(super) outputs: Vec<Output>,
}

impl Camps {
    /// Returns no camp yet, of a file whose outputs are checked so; none stands for number by number.
    pub fn new(checks: Vec<OutputCheck>) -> Self {
        Self { camps: Vec::new(), checks }
    }

    /// Adds an engine to the first camp whose first engine it agrees with, or as a camp of its own.
    pub fn add(&mut self, Answer { engine, precision, outputs }: Answer) {
        let checks = &self.checks;
        match self.camps.iter_mut().find(|camp| camp.agrees(precision, &outputs, checks)) {
            Some(camp) => camp.engines.push(engine),
            None => self.camps.push(Camp { engines: vec![engine], precision, outputs }),
        }
    }

    /// Returns whether an engine is among them.
    pub fn has(&self, engine: &str) -> bool {
        self.camps.iter().any(|camp| camp.engines.iter().any(|one| one == engine))
    }

    /// Returns whether one more voice is needed: a single one would confirm itself, or as many say one thing as another.
    pub fn are_undecided(&self) -> bool {
        !self.are_several() || self.right().is_none()
    }

    /// Returns the camp with more votes than any other, if there is one.
    pub(super) fn right(&self) -> Option<&Camp> {
        let largest = self.camps.iter().max_by_key(|camp| camp.votes())?;
        let as_large = self.camps.iter().filter(|camp| camp.votes() == largest.votes());
        (as_large.count() == 1).then_some(largest)
    }

    /// Returns whether more than one reading of the file is among them: nobody confirms himself.
    pub fn are_several(&self) -> bool {
        let readings: BTreeSet<&str> = self
            .camps
            .iter()
            .flat_map(|camp| &camp.engines)
            .map(|engine| reading(engine))
            .collect();
        readings.len() > 1
    }

    /// Returns who confirms whom, in words.
    pub fn sentence(&self) -> String {
        match self.camps.as_slice() {
            [] => "unchecked: no engine gives outputs with its own defaults".to_owned(),
            _ if !self.are_several() => {
                format!(
                    "unchecked: {self}, and no other engine's reading of the file to hold it against"
                )
            }
            [one] => format!("checked: {} agree", one.names()),
            _ => format!("checked: engines disagree, in camps: {self}"),
        }
    }

    /// Returns the outputs of the camp with more votes than any other, if there is one.
    pub fn majority(&self) -> Option<&[Output]> {
        self.right().map(|camp| camp.outputs.as_slice())
    }

    /// Returns how each output is held against another engine's.
    pub fn checks(&self) -> &[OutputCheck] {
        &self.checks
    }

    /// Returns whether no engine loads the file.
    pub fn is_empty(&self) -> bool {
        self.camps.is_empty()
    }
}

impl FromIterator<Answer> for Camps {
    fn from_iter<I: IntoIterator<Item = Answer>>(answers: I) -> Self {
        let mut camps = Self::default();
        answers.into_iter().for_each(|answer| camps.add(answer));
        camps
    }
}

impl fmt::Display for Camps {
    /// Writes who agrees with whom, as `onnxruntime and openvino / tract`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let camps: Vec<String> = self.camps.iter().map(Camp::names).collect();
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

    /// Engines that share how a file is read have one vote together: what is read wrongly, all of them have wrong.
    fn votes(&self) -> usize {
        self.engines.iter().map(|engine| reading(engine)).collect::<BTreeSet<_>>().len()
    }

    /// Outputs of two precisions are compared as the coarser one allows.
    fn agrees(&self, precision: Precision, got: &[Output], checks: &[OutputCheck]) -> bool {
        let [one, other] = [self.precision, precision].map(tolerance);
        let compared = outputs(&self.outputs, got, coarser(one, other), checks);
        compared.is_ok_and(|(agrees, _)| agrees)
    }
}

/// Returns whose reading of a file an engine computes: PyTorch's layers and Burn's interpreter are made from this
/// project's.
fn reading(engine: &str) -> &str {
    if engine.starts_with("burn/") || engine == "pytorch" { "formbench" } else { engine }
}

#[cfg(test)]
mod tests {
    use formbench_protocol::{ElementType, Values};

    use super::*;

    fn answer(engine: &str, precision: Precision, value: f32) -> Answer {
        let (shape, element_type) = (vec![1], ElementType::F32);
        let outputs = vec![Output { shape, element_type, values: Values::Floats(vec![value]) }];
        Answer { engine: engine.to_owned(), precision, outputs }
    }

    #[test]
    fn engines_that_agree_are_one_camp() {
        let camps = Camps::from_iter([
            answer("a", Precision::F32, 1.0),
            answer("b", Precision::F32, 2.0),
            answer("c", Precision::F32, 1.0005),
            // In `bf16` a hundredth is nothing.
            answer("d", Precision::Bf16, 1.02),
        ]);
        assert_eq!(camps.to_string(), "a, c and d / b");
        assert_eq!(camps.right().unwrap().names(), "a, c and d");
        let split =
            Camps::from_iter([answer("a", Precision::F32, 1.0), answer("b", Precision::F32, 2.0)]);
        assert_eq!(split.right(), None);
        assert!(split.are_several());
        assert!(Camps::default().is_empty());
    }

    #[test]
    fn engines_that_share_a_reading_have_one_vote() {
        let of = |engines: &[(&str, f32)]| {
            let answers = engines.iter().map(|(name, value)| answer(name, Precision::F32, *value));
            answers.collect::<Camps>()
        };
        let shared = of(&[("burn/flex", 1.0), ("burn/ndarray", 1.0), ("pytorch", 1.0)]);
        assert!(!shared.are_several());
        let said = shared.sentence();
        assert!(
            said.starts_with("unchecked: burn/flex, burn/ndarray and pytorch, and no"),
            "{said}"
        );
        let outvoted = of(&[
            ("burn/flex", 1.0),
            ("burn/ndarray", 1.0),
            ("pytorch", 1.0),
            ("openvino", 2.0),
            ("tract", 2.0),
        ]);
        assert_eq!(outvoted.right().unwrap().names(), "openvino and tract");
        let camps = "burn/flex, burn/ndarray and pytorch / openvino and tract";
        assert_eq!(outvoted.sentence(), format!("checked: engines disagree, in camps: {camps}"));
        let one = of(&[("openvino", 1.0), ("tract", 1.0)]);
        assert_eq!(one.sentence(), "checked: openvino and tract agree");
        assert!(Camps::default().sentence().starts_with("unchecked: no engine"));
    }
}
