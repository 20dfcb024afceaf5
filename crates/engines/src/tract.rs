//! tract, Sonos' engine for ONNX files, written in Rust.

use std::panic::catch_unwind;
use std::sync::Arc;

use formbench_protocol::{Identity, Job, OptionInfo, Refusal, RefusalKind};
use tract_onnx::prelude::multithread::Executor;
use tract_onnx::prelude::*;

use crate::{Engine, Failure, Model, Session, error_text, instruction_set, onnx_engine, option};

/// The engine's registry name.
const NAME: &str = "tract";

/// The release that the lock file holds.
const VERSION: &str = "0.23.9";

/// What tract-linalg, its kernel library, chooses from when it starts.
const INSTRUCTION_SETS: &[&str] = &["avx512f", "avx2", "neon"];

/// tract.
pub struct Tract;

impl Engine for Tract {
    fn name(&self) -> &'static str {
        NAME
    }

    fn identity(&self) -> Identity {
        let build = format!("rustc for {}", std::env::consts::ARCH);
        onnx_engine::identity(NAME, VERSION, build, instruction_set::widest(INSTRUCTION_SETS))
    }

    fn options(&self) -> Vec<OptionInfo> {
        vec![optimize()]
    }

    /// None: a plan has a pool of its own, and one thread is the caller's.
    fn thread_variables(&self) -> &'static [&'static str] {
        &[]
    }

    fn model(&self, job: &Job) -> Result<Model, Refusal> {
        Model::onnx(job)
    }

    fn prepare(&self, job: &Job, model: Model) -> Result<Box<dyn Session>, Refusal> {
        let optimize = optimize();
        let optimize = option::word(job, &optimize)?;
        let bytes = onnx_engine::bytes(NAME, model)?;
        let shape = onnx_engine::shape(job)?;
        let state = plan(&bytes, shape, optimize, executor(job.threads)?)
            .and_then(|plan| plan.spawn())
            .map_err(|error| error_text::refusal(NAME, format!("{error:#}")))?;
        Ok(Box::new(TractSession { state, shape }))
    }
}

/// Returns the option that sets how far the graph is rewritten.
fn optimize() -> OptionInfo {
    option::words("optimize", &["full", "declutter", "none"])
}

/// Returns what computes: the calling thread, or a pool of exactly `threads`.
///
/// # Errors
/// A refusal if the host has no more threads to give; tract panics then.
fn executor(threads: u32) -> Result<Executor, Refusal> {
    if threads == 1 {
        return Ok(Executor::SingleThread);
    }
    catch_unwind(|| Executor::multithread(threads as usize)).map_err(|_| {
        let reason = format!("{NAME}: no pool of {threads} threads can be started here");
        Refusal::new(RefusalKind::Failed, reason)
    })
}

fn plan(
    bytes: &[u8],
    shape: [usize; 4],
    optimize: &str,
    executor: Executor,
) -> TractResult<Arc<TypedRunnableModel>> {
    let mut file = bytes;
    let model = onnx().model_for_read(&mut file)?;
    let model = model.with_input_fact(0, f32::fact(shape).into())?.into_typed()?;
    let model = match optimize {
        "none" => model,
        "declutter" => model.into_decluttered()?,
        _ => model.into_optimized()?,
    };
    let options = RunOptions { executor: Some(executor), ..RunOptions::default() };
    model.into_runnable_with_options(&options)
}

struct TractSession {
    state: TypedSimpleState,
    shape: [usize; 4],
}

impl TractSession {
    /// Copies the images into a tensor of tract's own, as aligned as its kernels expect.
    fn logits(&mut self, images: &[f32]) -> TractResult<Vec<f32>> {
        let images = Tensor::from_shape(&self.shape, images)?;
        let outputs = self.state.run(tvec![images.into()])?;
        Ok(outputs[0].try_as_plain_ram()?.as_slice()?.to_vec())
    }
}

impl Session for TractSession {
    fn infer(&mut self, images: &[f32]) -> Result<Vec<f32>, Failure> {
        self.logits(images).map_err(|error| onnx_engine::failure(NAME, format!("{error:#}")))
    }
}
