use std::collections::HashMap;
use std::sync::Arc;

use burn_ir::TensorId;

use super::Constant;

/// Paths of parameters, by tensor.
#[derive(Debug, Default)]
pub(crate) struct Names(HashMap<TensorId, Arc<str>>);

impl Names {
    /// Names a tensor; a tensor with two names keeps the first.
    pub(crate) fn insert(&mut self, id: TensorId, path: &str) {
        self.0.entry(id).or_insert_with(|| path.into());
    }

    /// Returns the path of the parameter that a constant is.
    pub(crate) fn of(&self, constant: &Constant) -> Option<&Arc<str>> {
        self.0.get(&constant.id)
    }

    /// Returns the path of the parameter that a constant is or was computed from.
    pub(crate) fn behind<'a>(&'a self, constant: &'a Constant) -> Option<&'a Arc<str>> {
        self.of(constant).or(constant.derived_from.as_ref())
    }

    /// Returns the path of the module that has all parameters among some constants, if there are
    /// any and the module is not the root.
    pub(crate) fn module<'a>(
        &self,
        constants: impl IntoIterator<Item = &'a Arc<Constant>>,
    ) -> Option<String> {
        let paths = constants.into_iter().filter_map(|constant| self.behind(constant).cloned());
        let module = paths.map(|path| parent(&path)).reduce(|one, two| common(&one, &two))?;
        (!module.is_empty()).then(|| module.join("."))
    }
}

fn parent(path: &str) -> Vec<String> {
    let mut parts: Vec<String> = path.split('.').map(str::to_owned).collect();
    parts.pop();
    parts
}

fn common(one: &[String], two: &[String]) -> Vec<String> {
    one.iter().zip(two).take_while(|(one, two)| one == two).map(|(one, _)| one.clone()).collect()
}
