//! Requests in, replies out, one JSON value per line; the first refusal ends the conversation.

use std::io::{BufRead, Write};
use std::os::fd::AsFd;

use anyhow::{Context, Result};
use formbench_engines::Engine;
use formbench_protocol::{
    ExportRequest, Exported, Job, Refusal, RefusalKind, Reply, Request, Subject,
};

use crate::catalogue::Catalogue;
use crate::loaded::{Loaded, guard};
use crate::{block, operators, process, warm_up};

/// Answers every request until the input ends or a job is refused.
///
/// # Errors
/// An error if the pipe breaks or a line is not a request.
pub fn serve(
    catalogue: &Catalogue,
    requests: impl BufRead,
    mut replies: impl Write + AsFd,
) -> Result<()> {
    let mut loaded = None;
    for line in requests.lines() {
        let line = line.context("cannot read a request")?;
        let request = serde_json::from_str(&line)
            .with_context(|| format!("expected a request, got `{line}`"))?;
        let reply =
            answer(catalogue, &mut loaded, request, &replies).unwrap_or_else(Reply::Refused);
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
    replies: &impl AsFd,
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
            hand_over(engine, &job, replies)?;
            let (model, prepared) = Loaded::prepare(engine, &job)?;
            *loaded = Some(model);
            Ok(Reply::Prepared(prepared))
        }
        Request::Interface(file) => {
            guard(|| (catalogue.inspector.interface)(&file)).map(Reply::Interface)
        }
        Request::Inspect(subject) => inspect(catalogue, &subject),
        Request::Export(request) => export(catalogue, &request),
        Request::Roofline(request) => Ok(Reply::Roofline((catalogue.inspector.roofline)(request))),
        Request::WarmUp(request) => warm_up::warm_up(model?, request).map(Reply::WarmedUp),
        Request::Block(request) => block::take(model?, request).map(Reply::Block),
        Request::Profile(request) => operators::profile(model?, request).map(Reply::Profile),
    }
}

fn inspect(catalogue: &Catalogue, subject: &Subject) -> Result<Reply, Refusal> {
    let inspection = guard(|| (catalogue.inspector.inspect)(subject))?;
    Ok(Reply::Inspected(Box::new(inspection)))
}

fn export(catalogue: &Catalogue, request: &ExportRequest) -> Result<Reply, Refusal> {
    let path = &request.path;
    let written = guard(|| (catalogue.inspector.export)(&request.subject, path))?;
    let unreadable = |error| {
        let reason = format!("{}: {error}", path.display());
        Refusal::new(RefusalKind::Failed, reason)
    };
    Ok(Reply::Exported(Exported {
        file_bytes: path.metadata().map_err(unreadable)?.len(),
        record_ns: written.record_ns,
        write_ns: written.write_ns,
        peak_rss_bytes: process::peak_rss_bytes(),
        weight_bytes: written.weight_bytes,
    }))
}

/// Becomes the program that serves an engine in another language, if the engine has one. That
/// program answers the job in this process's place.
fn hand_over(engine: &dyn Engine, job: &Job, replies: &impl AsFd) -> Result<(), Refusal> {
    let failed = |error: std::io::Error| {
        Refusal::new(RefusalKind::Failed, format!("{}: {error}", engine.name()))
    };
    match guard(|| engine.program(job, process::number(replies)))? {
        None => Ok(()),
        Some(program) => {
            process::leave_open(replies).map_err(failed)?;
            Err(failed(process::become_program(program)))
        }
    }
}

fn check_options(engine: &dyn Engine, job: &Job) -> Result<(), Refusal> {
    let known: Vec<String> = engine.options().into_iter().map(|option| option.name).collect();
    match job.options.keys().find(|name| !known.contains(name)) {
        None => Ok(()),
        Some(name) => {
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            let reason = format!("{}: unknown option `{name}`; known: {known}", job.engine);
            Err(Refusal::new(RefusalKind::Unsupported, reason))
        }
    }
}

/// Refuses a job whose threads the environment does not state: thread pools read their size from
/// there when they start.
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
