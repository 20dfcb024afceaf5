/// What Burn calls the variants of enums when it visits them.
const VARIANT: &str = "Enum:";

/// Where a parameter is: its step's name, then the fields of the layer. The kind of layer is no part
/// of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Path(Vec<String>);

impl Path {
    /// Returns the path of a step's layer.
    pub(crate) fn of(step: &str) -> Self {
        Self(vec![step.to_owned()])
    }

    /// Goes into a field.
    pub(crate) fn enter(&mut self, name: &str, container: &str) {
        if !container.starts_with(VARIANT) {
            self.0.push(name.to_owned());
        }
    }

    /// Comes back out of a field.
    pub(crate) fn exit(&mut self, container: &str) {
        if !container.starts_with(VARIANT) {
            self.0.pop();
        }
    }

    /// Returns the last field.
    pub(crate) fn field(&self) -> &str {
        self.0.last().map_or("", String::as_str)
    }

    /// Returns the whole path, such as `stages.1.0.last.conv.weight`.
    pub(crate) fn joined(&self) -> String {
        self.0.join(".")
    }
}
