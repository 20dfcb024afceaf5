//! Engines that show their operators: what these stand for, and how much of an inference they are.

#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(clippy::print_stderr, reason = "a test says what it found")]

use std::path::Path;

use formbench_measure::WorkerCommand;
use formbench_profile::{InferenceProfile, OperatorScript, Profiler, SHOWN};
use formbench_protocol::{Architecture, Images, Job, OperatorClass, Options};

/// Networks of many kinds of work: depthwise convolutions, searched cells with pools, attention.
const NETWORKS: [&str; 3] = ["mobilenet-v2", "darts-v2", "deit-tiny"];

/// What of an engine's time has to stand for nodes of the graph.
const MATCHED: f64 = 0.85;

/// How far operators and the time between them, measured apart, may be from the latency with the profiler.
const UNACCOUNTED: f64 = 0.02;

/// Likewise for OpenVINO, whose time between operators is that of chains of pools, measured a second later.
const UNACCOUNTED_BY_CHAINS: f64 = 0.04;

#[test]
fn operators_stand_for_the_graph_and_take_the_time() {
    with_profiler(|profiler| {
        let shown = SHOWN.into_iter().chain(["burn/flex"]);
        for engine in shown.filter(|name| profiler.engine(name).is_ok()) {
            for network in NETWORKS {
                let mut job = job(network, engine);
                if engine == "burn/flex" {
                    // Its modules show nothing.
                    let refused = profiler.profile(&job).unwrap_err().to_string();
                    assert!(refused.contains("`burn/flex{run=graph}` does"), "{refused}");
                    job.options.insert("run".to_owned(), "graph".into());
                }
                let profile = profiler.profile(&job).unwrap();
                eprintln!("{network} on {engine}: {}", profile.sentence());
                let unaccounted =
                    if engine == "openvino" { UNACCOUNTED_BY_CHAINS } else { UNACCOUNTED };
                check(&profile, unaccounted, &format!("{network} on {engine}"));
                let attributes = profiler.worker.inspect(&job.subject()).unwrap().attributes;
                let macs: u64 = profile.operators.iter().map(|one| one.macs).sum();
                assert_eq!(macs, attributes.macs, "{network} on {engine}");
            }
        }
    });
}

#[test]
fn a_graph_that_onnx_runtime_leaves_as_it_is_has_an_operator_for_each_node() {
    with_profiler(|profiler| {
        if profiler.engine("onnxruntime").is_err() {
            eprintln!("no ONNX Runtime: `make engines` installs it");
            return;
        }
        let mut job = job("mobilenet-v2", "onnxruntime");
        let most_nodes = |job: &Job| {
            let profile = profiler.profile(job).unwrap();
            profile.operators.iter().map(|one| one.nodes.len()).max().unwrap()
        };
        // A convolution, its norm and its activation are one.
        assert!(most_nodes(&job) >= 3);
        job.options.insert("graph_optimization".to_owned(), "disabled".into());
        assert_eq!(most_nodes(&job), 1);
        job.options.insert("norm_folding".to_owned(), "off".into());
        let refused = profiler.profile(&job).unwrap_err().to_string();
        assert!(refused.contains("with `graph_optimization` of onnxruntime alone"), "{refused}");
    });
}

/// Hands over what profiles engines, the scripts among it.
fn with_profiler(ask: impl FnOnce(&Profiler<'_>)) {
    let program = env!("CARGO_BIN_EXE_formbench-worker").into();
    let worker = WorkerCommand { program };
    let description = worker.describe().unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../engines/python/operators.py");
    let python = description.environment.as_ref().map(|folder| folder.join("bin/python"));
    let script = python.as_ref().map(|python| OperatorScript { python, path: &path });
    ask(&Profiler { worker: &worker, description: &description, script, inferences: 12 });
}

fn job(network: &str, engine: &str) -> Job {
    Job {
        engine: engine.to_owned(),
        options: Options::new(),
        architecture: Architecture::Network { name: network.to_owned() },
        weights_seed: 1,
        input: Images { batch: 1, resolution: 224, seed: 7 }.into(),
        threads: 1,
        software_gpu: false,
    }
}

fn check(profile: &InferenceProfile, unaccounted: f64, what: &str) {
    assert!(profile.matched_share() >= MATCHED, "{what}: {}", profile.sentence());
    let missed = profile.accounted_share() - 1.0;
    assert!(missed.abs() <= unaccounted, "{what}: {}", profile.sentence());
    let between = profile.between_ns() / profile.profiled_ns;
    assert!((0.0..0.25).contains(&between), "{what}: {between} of the time is between operators");
    let products = |class: Option<OperatorClass>| {
        matches!(
            class,
            Some(
                OperatorClass::DenseConvolution
                    | OperatorClass::PointwiseConvolution
                    | OperatorClass::DepthwiseConvolution
                    | OperatorClass::MatrixProduct
                    | OperatorClass::Linear
            )
        )
    };
    // What multiplies is where the time goes, whatever the engine.
    let ns = profile.operators.iter().filter(|one| products(one.class)).map(|one| one.ns);
    assert!(ns.sum::<f64>() > 0.4 * profile.operators_ns(), "{what}: {}", profile.sentence());
}
