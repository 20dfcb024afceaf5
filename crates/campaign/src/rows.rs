//! The plan and its results as the store's rows.

use formbench_experiment::{Plan, PlannedExperiment};
use formbench_measure::cache::{Counted, L1_BYTES, LastLevel, Simulated, Valgrind};
use formbench_measure::host::quota;
use formbench_measure::{
    AllowedProcessors, BlockEnvironment, Host, Measured, RunCell, Settings, nanoseconds,
    short_hash, unix_ns,
};
use formbench_protocol::{HARNESS_VERSION, Refusal};
use formbench_store::{
    BlockRow, CacheRow, CacheSource, CellKind, CellRow, ExperimentRow, HostRow, InputShape,
    MemberRow, RefusalRow,
};

use crate::caches::SimulationRequest;
use crate::{EarlierRuns, Planned};

/// The versions of everything that this command was built from.
const LOCK: &str = include_str!("../../../Cargo.lock");

/// Returns the host's row of a run that starts now.
pub fn host(
    planned: &Planned,
    past: &EarlierRuns,
    run: &str,
    plan: String,
    software_gpu: bool,
) -> HostRow {
    let Host { slug, fingerprint, machine, cpu_model, os, kernel, .. } = planned.host.clone();
    let (allowed_processors, quota) = allowed();
    let Settings { microcode, governor, turbo, smt, hypervisor, libc, variables } =
        Settings::here();
    HostRow {
        run: run.to_owned(),
        host: slug,
        fingerprint,
        cpu_model,
        logical_cores: planned.host.logical_cores,
        memory_bytes: planned.host.memory_bytes,
        l2_bytes: planned.host.l2_bytes,
        l3_bytes: planned.host.l3_bytes,
        os,
        kernel,
        rustc: include_str!(concat!(env!("OUT_DIR"), "/rustc")).to_owned(),
        harness_version: HARNESS_VERSION.to_owned(),
        profile: planned.plan.extent.to_string(),
        plan,
        started_unix_ns: unix_ns(),
        software_gpu,
        microcode,
        governor,
        turbo,
        smt,
        hypervisor,
        libc,
        lock_hash: Some(short_hash(LOCK)),
        environment: Some(serde_json::json!(variables).to_string()),
        allowed_processors,
        quota,
        quiet_memory_ns: past.quiet_memory_ns,
        machine: Some(machine),
    }
}

/// Returns the processors that this command may use, and how many processors' time.
pub fn allowed() -> (Option<String>, Option<f64>) {
    (AllowedProcessors::here().map(|allowed| allowed.all().to_string()), quota())
}

/// Returns the hash of everything that a run of this plan measures and how.
pub fn plan_key(planned: &Planned, software_gpu: bool) -> String {
    let cells: Vec<_> = planned.cells.iter().map(|cell| (&cell.key, &cell.budget)).collect();
    let experiments: Vec<_> = (planned.plan.experiments.iter())
        .map(|one| {
            (&one.name, &one.question, &one.figures, &one.baseline, &one.budget, &one.members)
        })
        .collect();
    short_hash(&format!("{software_gpu}\n{experiments:?}\n{cells:?}"))
}

/// Returns the experiments' rows.
pub fn experiments(plan: &Plan) -> Vec<ExperimentRow> {
    plan.experiments.iter().map(experiment).collect()
}

fn experiment(experiment: &PlannedExperiment) -> ExperimentRow {
    let budget = &experiment.budget;
    ExperimentRow {
        experiment: experiment.name.clone(),
        question: experiment.question.clone(),
        figures: experiment.figures.clone(),
        baseline: experiment.baseline.to_string(),
        stand_in: experiment.stand_in.is_some(),
        rounds: budget.rounds,
        blocks: budget.blocks,
        block_inferences: budget.block_inferences,
        block_ns: nanoseconds(budget.block_s),
        warm_up_inferences: budget.warm_up_inferences,
        warm_up_ns: nanoseconds(budget.warm_up_s),
        warm_up_cap_ns: nanoseconds(budget.warm_up_cap_s),
        warm_up_stable_within: budget.warm_up_stable_within,
        limit_ns: nanoseconds(budget.limit_s),
        cell_limit_ns: nanoseconds(budget.cell_limit_s),
        ratio_half_width: budget.ratio_half_width,
    }
}

/// Returns which cell is in which experiment.
pub fn members(planned: &Planned) -> Vec<MemberRow> {
    let of_experiment = |experiment: &PlannedExperiment| {
        let name = experiment.name.clone();
        let row = |member: &formbench_experiment::Member| MemberRow {
            experiment: name.clone(),
            cell: planned.cells[member.cell].key.clone(),
            baseline: member.baseline,
        };
        experiment.members.iter().map(row).collect::<Vec<_>>()
    };
    planned.plan.experiments.iter().flat_map(of_experiment).collect()
}

/// Returns a cell's row.
pub fn cell(run_cell: &RunCell) -> CellRow {
    let cell = &run_cell.cell;
    let identity = run_cell.engine.identity.clone();
    let (kind, form) = CellKind::of_architecture(&cell.architecture);
    let InputShape { batch, resolution, inputs } = InputShape::from(&cell.input);
    CellRow {
        cell: run_cell.key.clone(),
        kind,
        name: cell.architecture.name().to_owned(),
        depth: form.map(|(depth, _)| depth),
        width: form.map(|(_, width)| width.channels()),
        engine: identity.name,
        engine_version: identity.version,
        engine_build: identity.build,
        instruction_set: identity.instruction_set,
        options: serde_json::Value::from_iter(cell.engine.options.clone()).to_string(),
        device: identity.device.name,
        device_kind: identity.device.kind,
        batch,
        resolution,
        inputs,
        input_seed: cell.input.seed(),
        weights_seed: cell.weights_seed,
        threads: cell.threads,
    }
}

/// Returns the row of a simulation, without its key.
pub fn simulation(
    asked: &SimulationRequest<'_>,
    valgrind: &Valgrind,
    last_level: LastLevel,
    simulated: &Simulated,
) -> CacheRow {
    let counts = simulated.counts;
    CacheRow {
        source: CacheSource::Simulation,
        tool: Valgrind::TOOL.to_owned(),
        tool_version: valgrind.version.clone(),
        instruction_set: simulated.identity.instruction_set.clone(),
        cache_bytes: last_level.bytes,
        associativity: Some(last_level.associativity),
        line_bytes: Some(last_level.line_bytes),
        l1_bytes: Some(L1_BYTES),
        inferences: 1,
        instructions: Some(counts.instructions),
        data_references: Some(counts.data_references),
        l1_misses: Some(counts.l1_misses),
        llc_references: counts.l1_misses,
        llc_misses: counts.llc_misses,
        ..cache(asked)
    }
}

/// Returns the row of what this processor counted.
pub fn counters(asked: &SimulationRequest<'_>, host: &Host, counted: &Counted) -> CacheRow {
    CacheRow {
        key: short_hash(&format!("{} {}", asked.cell.key, host.kernel)),
        source: CacheSource::Counters,
        tool: "perf_event".to_owned(),
        tool_version: host.kernel.clone(),
        instruction_set: asked.cell.engine.identity.instruction_set.clone(),
        cache_bytes: host.l3_bytes,
        inferences: counted.inferences,
        llc_references: counted.llc_references,
        llc_misses: counted.llc_misses,
        ..cache(asked)
    }
}

/// Returns a row that counts nothing yet.
fn cache(asked: &SimulationRequest<'_>) -> CacheRow {
    let model_sha256 = asked.model.sha256.clone();
    CacheRow { model_sha256, ..CacheRow::default() }.named_as(&cell(asked.cell))
}

/// Returns a block's row.
pub fn block(key: &str, measured: &Measured, session_unix_ns: u64) -> BlockRow {
    BlockRow {
        cell: key.to_owned(),
        round: measured.place.round,
        block: measured.place.block,
        position: measured.place.position,
        process: measured.process,
        session_unix_ns,
        started_unix_ns: measured.started_unix_ns,
        load_ns: measured.load_ns,
        first_inference_ns: measured.first_inference_ns,
        warm_up_inferences: measured.warmed_up.inferences,
        warm_up_ns: measured.warmed_up.wall_ns,
        warm_up_stable: measured.warmed_up.stable,
        wall_ns: measured.taken.wall_ns(),
        cpu_ns: measured.taken.cpu_ns(),
        peak_rss_bytes: measured.taken.peak_rss_bytes,
        span_ns: Some(measured.span_ns),
        processors: measured.processors.as_ref().map(ToString::to_string),
        stopped: Some(measured.is_stopped),
        ..environment(&measured.environment)
    }
}

/// Returns a block's row with only what was seen from outside.
fn environment(seen: &BlockEnvironment) -> BlockRow {
    BlockRow {
        steal_ns: seen.steal_ns,
        host_busy_ns: seen.host_busy_ns,
        load_1m: seen.load_1m,
        psi_cpu_ns: seen.psi_cpu_ns,
        psi_memory_ns: seen.psi_memory_ns,
        psi_io_ns: seen.psi_io_ns,
        run_queue_ns: seen.run_queue_ns,
        voluntary_switches: seen.voluntary_switches,
        involuntary_switches: seen.involuntary_switches,
        minor_faults: seen.minor_faults,
        major_faults: seen.major_faults,
        frequency_before_khz: seen.frequency_before_khz,
        frequency_after_khz: seen.frequency_after_khz,
        temperature_millicelsius: seen.temperature_millicelsius,
        throttles: seen.throttles,
        quota_throttled_ns: seen.quota_throttled_ns,
        ..BlockRow::default()
    }
}

/// Returns a refusal's row.
pub fn refusal(key: &str, round: u32, refusal: &Refusal, stderr_tail: &str) -> RefusalRow {
    RefusalRow {
        cell: key.to_owned(),
        round,
        kind: refusal.kind,
        reason: refusal.reason.clone(),
        remedy: refusal.remedy.clone(),
        stderr_tail: stderr_tail.to_owned(),
        unix_ns: unix_ns(),
    }
}
