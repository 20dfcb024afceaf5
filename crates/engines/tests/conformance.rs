//! Every engine gives the reference engine's logits for every architecture, minus its declared
//! refusals. Inputs are small; a software adapter takes part.

use formbench_engines::{Engine, engines};
use formbench_protocol::{
    Architecture, ArchitectureKind, CLASSES, EngineKind, Input, Job, REFERENCE_ENGINE, RefusalKind,
};
use formbench_seed::images;
use formbench_statistics::{Tolerance, disagreement};

/// The smallest input that five halvings leave something of.
const INPUT: Input = Input { batch: 2, resolution: 64, seed: 7 };

/// Every network, and every pattern at a depth that the four stages share unevenly.
fn architectures() -> Vec<Architecture> {
    let infos = formbench_engines::architectures().into_iter();
    let architecture = |info: formbench_protocol::ArchitectureInfo| match info.kind {
        ArchitectureKind::Network => Architecture::Network { name: info.name },
        ArchitectureKind::Pattern => Architecture::Pattern { name: info.name, depth: 6, width: 16 },
    };
    infos.map(architecture).collect()
}

fn measured_engines() -> Vec<Box<dyn Engine>> {
    engines().into_iter().filter(|engine| engine.kind() == EngineKind::Engine).collect()
}

/// Two inferences on different images, or why there are none.
fn logits(engine: &dyn Engine, architecture: &Architecture) -> Result<[Vec<f32>; 2], String> {
    let job = Job {
        engine: engine.name().to_owned(),
        options: Default::default(),
        architecture: architecture.clone(),
        weights_seed: 1,
        input: INPUT,
        threads: 1,
        software_gpu: true,
    };
    let mut session = engine.prepare(&job).map_err(|refusal| refusal.to_string())?;
    let mut infer = |variant| session.infer(&images(&INPUT, variant)).map_err(|f| f.reason);
    Ok([infer(0)?, infer(1)?])
}

fn conforms(name: &str) {
    let engines = measured_engines();
    let of_name = |name| engines.iter().find(|engine| engine.name() == name);
    let engine = of_name(name).expect("the engine is in this build");
    let reference = of_name(REFERENCE_ENGINE).expect("the reference engine is in this build");
    if let Err(refusal) = engine.check() {
        // Without a driver there is nothing to compare; a software adapter is good enough here.
        if refusal.kind == RefusalKind::Unavailable {
            return;
        }
    }
    for architecture in architectures() {
        let expected =
            logits(reference.as_ref(), &architecture).expect("the reference engine runs");
        let got = logits(engine.as_ref(), &architecture)
            .unwrap_or_else(|reason| panic!("{architecture} on {name}: {reason}"));
        for (expected, got) in expected.iter().zip(&got) {
            assert_eq!(got.len(), INPUT.batch as usize * CLASSES);
            let found = disagreement(expected, got, Tolerance::default());
            assert_eq!(found, Ok(None), "{architecture} on {name}");
        }
        assert_ne!(got[0], got[1], "{architecture} on {name} does not look at its images");
    }
}

#[test]
fn candle_agrees_with_the_reference() {
    conforms("burn/candle");
}

#[test]
fn flex_agrees_with_the_reference() {
    conforms("burn/flex");
}

#[test]
fn ndarray_is_the_reference_and_repeats_itself() {
    conforms("burn/ndarray");
}

#[test]
fn wgpu_agrees_with_the_reference() {
    conforms("burn/wgpu");
}

#[test]
fn the_suite_names_every_engine() {
    let names: Vec<_> = measured_engines().iter().map(|engine| engine.name()).collect();
    assert_eq!(names, ["burn/ndarray", "burn/candle", "burn/flex", "burn/wgpu"]);
}
