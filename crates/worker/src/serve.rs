//! Requests in, replies out, one JSON value per line; the first refusal ends the conversation.

use std::io::{BufRead, Write};

use anyhow::{Context, Result};
use formbench_engines::Engine;
use formbench_protocol::{Job, Refusal, RefusalKind, Reply, Request};

use crate::catalogue::Catalogue;
use crate::loaded::Loaded;
use crate::{block, warm_up};

/// Answers every request until the input ends or a job is refused.
///
/// # Errors
/// An error if the pipe breaks or a line is not a request.
pub fn serve(catalogue: &Catalogue, requests: impl BufRead, mut replies: impl Write) -> Result<()> {
    let mut loaded = None;
    for line in requests.lines() {
        let line = line.context("cannot read a request")?;
        let request = serde_json::from_str(&line)
            .with_context(|| format!("expected a request, got `{line}`"))?;
        let reply = answer(catalogue, &mut loaded, request).unwrap_or_else(Reply::Refused);
        let mut text = serde_json::to_vec(&reply).context("cannot write a reply")?;
        text.push(b'\n');
        replies.write_all(&text).and_then(|()| replies.flush()).context("cannot reply")?;
        if matches!(reply, Reply::Refused(_)) {
            break;
        }
    }
    Ok(())
}

fn answer(
    catalogue: &Catalogue,
    loaded: &mut Option<Loaded>,
    request: Request,
) -> Result<Reply, Refusal> {
    let model = loaded.as_mut().ok_or_else(|| {
        Refusal::new(RefusalKind::Failed, "nothing is prepared: expected `prepare` first")
    });
    match request {
        Request::Describe => Ok(Reply::Description(catalogue.description())),
        Request::Prepare(job) => {
            let engine = catalogue.engine(&job.engine)?;
            check_options(engine, &job)?;
            check_threads(engine, &job)?;
            let (model, prepared) = Loaded::prepare(engine, &job)?;
            *loaded = Some(model);
            Ok(Reply::Prepared(prepared))
        }
        Request::WarmUp(request) => warm_up::warm_up(model?, request).map(Reply::WarmedUp),
        Request::Block(request) => block::take(model?, request).map(Reply::Block),
    }
}

fn check_options(engine: &dyn Engine, job: &Job) -> Result<(), Refusal> {
    let known = engine.options();
    match job.options.keys().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => {
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            let reason = format!("{}: unknown option `{name}`; known: {known}", job.engine);
            Err(Refusal::new(RefusalKind::Unsupported, reason))
        }
    }
}

/// Thread pools read their size when they start, so it must be in the environment before.
fn check_threads(engine: &dyn Engine, job: &Job) -> Result<(), Refusal> {
    let asked = job.threads.to_string();
    let differs = |name: &&&str| std::env::var(name).ok().as_deref() != Some(asked.as_str());
    match engine.thread_variables().iter().find(differs) {
        None => Ok(()),
        Some(name) => {
            let reason = format!("{}: `{name}` is not {asked}, the threads asked for", job.engine);
            let refusal = Refusal::new(RefusalKind::Failed, reason);
            Err(refusal.remedy(format!("start the worker with {name}={asked}")))
        }
    }
}
