use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use burn_ir::{OperationIr, TensorId, TensorStatus};

use super::Constant;
use super::names::Names;
use super::operation::Logged;

/// What a device knows.
#[derive(Debug, Default)]
pub(crate) struct Context {
    constants: HashMap<TensorId, Arc<Constant>>,
    symbols: HashSet<TensorId>,
    log: Vec<Logged>,
    names: Names,
}

/// What there is to do for an operation.
pub(crate) enum Task {
    /// Nothing more: it is logged.
    Logged,
    /// To compute it from constants, in the order in which it reads them.
    Fold(Vec<Arc<Constant>>),
    /// To refuse it, for it reads a tensor that is not on this device.
    Refuse,
}

impl Context {
    /// Logs an operation if it depends on the input.
    pub(crate) fn register(&mut self, operation: &OperationIr) -> Task {
        let reads: Vec<TensorId> = operation.inputs().map(|tensor| tensor.id).collect();
        if !reads.iter().all(|id| self.symbols.contains(id) || self.constants.contains_key(id)) {
            return Task::Refuse;
        }
        let constants: Vec<_> = reads.iter().filter_map(|id| self.constant(*id)).collect();
        if constants.len() == reads.len() {
            return Task::Fold(constants);
        }
        self.symbols.extend(operation.outputs().map(|tensor| tensor.id));
        self.log.push(Logged { operation: operation.clone(), constants });
        self.forget_consumed(operation);
        Task::Logged
    }

    /// Frees the tensors that an operation is the last to read.
    pub(crate) fn forget_consumed(&mut self, operation: &OperationIr) {
        for tensor in operation.inputs().filter(|t| t.status == TensorStatus::ReadWrite) {
            self.constants.remove(&tensor.id);
        }
    }

    /// Returns a constant.
    pub(crate) fn constant(&self, id: TensorId) -> Option<Arc<Constant>> {
        self.constants.get(&id).cloned()
    }

    /// Keeps a constant.
    pub(crate) fn keep(&mut self, constant: Constant) {
        self.constants.insert(constant.id, Arc::new(constant));
    }

    /// Makes a tensor the input.
    pub(crate) fn begin(&mut self, input: TensorId) {
        self.symbols.insert(input);
    }

    /// Names a tensor after a parameter.
    pub(crate) fn name(&mut self, id: TensorId, path: &str) {
        self.names.insert(id, path);
    }

    /// Returns the path of the first parameter behind some constants.
    pub(crate) fn path_behind(&self, constants: &[Arc<Constant>]) -> Option<Arc<str>> {
        constants.iter().find_map(|constant| self.names.behind(constant).cloned())
    }

    /// Forgets everything; returns the log and the names.
    pub(crate) fn finish(&mut self) -> (Vec<Logged>, Names) {
        let Self { log, names, .. } = std::mem::take(self);
        (log, names)
    }
}
