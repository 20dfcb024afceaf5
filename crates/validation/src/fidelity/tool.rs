//! What engines' makers, or anyone with their Python interfaces, would time them with.

/// An engine's own way of being timed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tool {
    /// The engine's registry name.
    pub engine: &'static str,
    /// What the script calls it.
    pub name: &'static str,
    /// What it is.
    pub label: &'static str,
    /// How long a turn is, of either side.
    pub turn_s: f64,
    /// What its clock spans, and what it does between.
    pub span: &'static str,
}

/// A turn in a process that stays: short beside the drift of a restless machine, and longer where
/// a few inferences are.
pub const SHORT_S: f64 = 0.1;
/// A turn in a process of its own: what `benchmark_app` takes at least.
pub const WHOLE_S: f64 = 1.0;

/// Every tool, in the order in which they are asked.
pub const TOOLS: [Tool; 5] = [
    Tool {
        engine: "openvino",
        name: "benchmark_app",
        label: "benchmark_app -hint latency",
        turn_s: WHOLE_S,
        span: "its request's own latency, without copies: the images are in their tensor before \
               the first inference; each turn loads the file anew, into a fresh process, and warms \
               up with one inference",
    },
    Tool {
        engine: "openvino",
        name: "openvino",
        label: "a Python loop",
        turn_s: SHORT_S,
        span: "`infer()` on a request whose tensor holds the images: no copy of them, one of the \
               logits, the interpreter around the call",
    },
    Tool {
        engine: "onnxruntime",
        name: "onnxruntime",
        label: "a Python loop",
        turn_s: SHORT_S,
        span: "`run_with_iobinding`: images and logits are bound to the session's memory and not \
               copied; the interpreter around the call, which formbench does not have",
    },
    Tool {
        engine: "pytorch",
        name: "pytorch",
        label: "a Python loop",
        turn_s: SHORT_S,
        span: "the module's call in inference mode, and `numpy()`: on layers made from the file by \
               formbench's own code, so that it judges the harness and not the layers",
    },
    Tool {
        engine: "tract",
        name: "tract",
        label: "tract's own command",
        turn_s: WHOLE_S,
        span: "the mean, not the median, of its runs, each in a fresh state and without copies; \
               each turn loads the file anew, into a fresh process",
    },
];
