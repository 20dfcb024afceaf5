//! tract, Sonos' engine for ONNX files, written in Rust.

use std::sync::Arc;
use std::time::Instant;

use formbench_protocol::{
    Array, ElementType, Elements, Identity, Input, Job, OperatorTime, OptionInfo, Refusal,
    RefusalKind, of_each_type,
};
use rayon::ThreadPoolBuilder;
use tract_onnx::prelude::multithread::Executor;
use tract_onnx::prelude::*;
use tract_onnx::tract_core::plan::eval;

use crate::{
    Engine, Failure, Model, Session, TimedOperators, error_text, instruction_set, onnx_engine,
    option,
};

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
        let state = plan(&bytes, &facts(&job.input), optimize, executor(job.threads)?)
            .and_then(|plan| plan.spawn())
            .map_err(|error| error_text::refusal(NAME, format!("{error:#}")))?;
        Ok(Box::new(TractSession { state }))
    }
}

/// Returns the option that sets how far the graph is rewritten.
fn optimize() -> OptionInfo {
    option::words("optimize", &["full", "declutter", "none"])
}

/// Returns what computes: the calling thread, or a pool of exactly `threads`, of which it is one.
///
/// tract computes what it does not share on the calling thread. In a pool of others, which look for work between two products,
/// that would be one thread more than was asked for.
///
/// # Errors
/// A refusal if the host has no more threads to give.
fn executor(threads: u32) -> Result<Executor, Refusal> {
    if threads == 1 {
        return Ok(Executor::SingleThread);
    }
    let pool = ThreadPoolBuilder::new().num_threads(threads as usize).use_current_thread().build();
    pool.map(|pool| Executor::MultiThread(Arc::new(pool))).map_err(|error| {
        let reason = format!("{NAME}: no pool of {threads} threads can be started here: {error}");
        Refusal::new(RefusalKind::Failed, reason)
    })
}

/// Returns type and shape of each input, in the model's order.
fn facts(input: &Input) -> Vec<InferenceFact> {
    match input {
        Input::Images(images) => vec![f32::fact(images.shape()).into()],
        Input::Tensors(of) => {
            let fact = |tensor: &formbench_protocol::InputTensor| {
                let shape: Vec<usize> = tensor.shape.iter().map(|size| *size as usize).collect();
                TypedFact::dt_shape(datum_type(tensor.element_type), &shape).into()
            };
            of.tensors.iter().map(fact).collect()
        }
    }
}

fn datum_type(element_type: ElementType) -> DatumType {
    match element_type {
        ElementType::F16 => DatumType::F16,
        ElementType::F32 => DatumType::F32,
        ElementType::F64 => DatumType::F64,
        ElementType::I8 => DatumType::I8,
        ElementType::I16 => DatumType::I16,
        ElementType::I32 => DatumType::I32,
        ElementType::I64 => DatumType::I64,
        ElementType::U8 => DatumType::U8,
        ElementType::U16 => DatumType::U16,
        ElementType::U32 => DatumType::U32,
        ElementType::U64 => DatumType::U64,
        ElementType::Bool => DatumType::Bool,
    }
}

fn plan(
    bytes: &[u8],
    facts: &[InferenceFact],
    optimize: &str,
    executor: Executor,
) -> TractResult<Arc<TypedRunnableModel>> {
    let mut file = bytes;
    let mut model = onnx().model_for_read(&mut file)?;
    for (at, fact) in facts.iter().enumerate() {
        model.set_input_fact(at, fact.clone())?;
    }
    let model = model.into_typed()?;
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
}

impl TractSession {
    /// Copies the inputs into tensors of tract's own, as aligned as its kernels expect.
    fn outputs(&mut self, inputs: &[Array]) -> TractResult<Vec<Array>> {
        let inputs = inputs.iter().map(|array| tensor(array).map(TValue::from));
        let inputs = inputs.collect::<TractResult<TVec<TValue>>>()?;
        self.state.run(inputs)?.iter().map(|output| array(output)).collect()
    }
}

fn tensor(array: &Array) -> TractResult<Tensor> {
    of_each_type!(&array.elements, vector => Tensor::from_shape(&array.shape, vector))
}

fn array(tensor: &Tensor) -> TractResult<Array> {
    fn each<T: Datum + Copy>(tensor: &Tensor) -> TractResult<Vec<T>> {
        Ok(tensor.try_as_plain_ram()?.as_slice::<T>()?.to_vec())
    }
    let elements = match tensor.datum_type() {
        DatumType::F16 => Elements::F16(each(tensor)?),
        DatumType::F32 => Elements::F32(each(tensor)?),
        DatumType::F64 => Elements::F64(each(tensor)?),
        DatumType::I8 => Elements::I8(each(tensor)?),
        DatumType::I16 => Elements::I16(each(tensor)?),
        DatumType::I32 => Elements::I32(each(tensor)?),
        DatumType::I64 => Elements::I64(each(tensor)?),
        DatumType::U8 => Elements::U8(each(tensor)?),
        DatumType::U16 => Elements::U16(each(tensor)?),
        DatumType::U32 => Elements::U32(each(tensor)?),
        DatumType::U64 => Elements::U64(each(tensor)?),
        DatumType::Bool => Elements::Bool(each(tensor)?),
        // What is computed from sizes, and quantised numbers.
        DatumType::TDim => Elements::I64(each(&*tensor.cast_to::<i64>()?)?),
        other if other.is_quantized() => Elements::F32(each(&*tensor.cast_to::<f32>()?)?),
        other => {
            let reason = format!("gives an output of {other:?}, which cannot be compared");
            return Err(TractError::msg(reason));
        }
    };
    Ok(Array { shape: tensor.shape().to_vec(), elements })
}

/// Returns the operator of a plan, before it is timed. Its name is that of a node of the file, with what tract appends to it
/// where it makes several operators of one node.
fn operator(node: &TypedNode) -> OperatorTime {
    let kind = node.op.name().into_owned();
    OperatorTime { name: node.name.clone(), kind, nodes: vec![node.name.clone()], ns: 0.0 }
}

impl Session for TractSession {
    fn operator_times(&mut self, inputs: &[Array]) -> Result<TimedOperators, Failure> {
        let mut timed = TimedOperators::default();
        let mut first = None;
        let mut run = || {
            let inputs = inputs.iter().map(|array| tensor(array).map(TValue::from));
            let inputs = inputs.collect::<TractResult<TVec<TValue>>>()?;
            self.state.run_plan_with_eval(inputs, |context, state, node, inputs| {
                let start = Instant::now();
                let outputs = eval(context, state, node, inputs);
                let end = Instant::now();
                let ns_since = |from| end.duration_since(from).as_nanos() as f64;
                timed.span_ns = ns_since(*first.get_or_insert(start));
                timed.operators.push(OperatorTime { ns: ns_since(start), ..operator(node) });
                outputs
            })
        };
        run().map_err(|error| onnx_engine::failure(NAME, format!("{error:#}")))?;
        Ok(timed)
    }

    fn infer(&mut self, inputs: &[Array]) -> Result<Vec<Array>, Failure> {
        self.outputs(inputs).map_err(|error| onnx_engine::failure(NAME, format!("{error:#}")))
    }
}
