use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};

use crate::GraphRecordError;

/// What ends a recording from inside the forward pass.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Interruption {
    /// The numbers of a tensor that depends on the input are asked for.
    #[error("a recording knows only shapes: the numbers of this tensor cannot be read")]
    ReadsData,
    /// A tensor is unknown on the device of an operation.
    #[error("operation `{operation}`: one of its tensors is not on the recorder's device")]
    OtherDevice {
        /// Name of the operation.
        operation: String,
    },
}

thread_local! {
    /// Whether this thread is inside a recorded forward pass.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Returns whether this thread is inside a recorded forward pass.
pub(crate) fn is_inside() -> bool {
    INSIDE.get()
}

/// Leaves the forward pass.
///
/// # Panics
/// Unwinds silently to [`run`], or panics with the text if no forward pass is recorded here.
pub(crate) fn raise(interruption: Interruption) -> ! {
    if is_inside() {
        panic::resume_unwind(Box::new(interruption));
    }
    panic!("{interruption}");
}

/// Returns what a forward pass returns, or what ended it.
pub(crate) fn run<T>(forward: impl FnOnce() -> T) -> Result<T, Box<dyn Any + Send>> {
    let outer = INSIDE.replace(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(forward));
    INSIDE.set(outer);
    outcome
}

/// Returns the error that stands for what ended a forward pass at a place.
pub(crate) fn error(payload: Box<dyn Any + Send>, place: String) -> GraphRecordError {
    match payload.downcast::<Interruption>().map(|interruption| *interruption) {
        Ok(Interruption::ReadsData) => GraphRecordError::ReadsData { place },
        Ok(Interruption::OtherDevice { operation }) => {
            GraphRecordError::OtherDevice { operation, place }
        }
        Err(payload) => GraphRecordError::Panicked { place, message: message(payload.as_ref()) },
    }
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "no message".to_owned()).trim().to_owned()
}
