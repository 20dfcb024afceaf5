//! The engine of CONTRIBUTING.md is an engine. No feature is needed for it.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "example/skeleton.rs"]
mod skeleton;

use std::time::{Duration, Instant};

use formbench_engines::{Engine, Failure, Model, Session};
use formbench_protocol::{Architecture, Array, CLASSES, Images, Job, RefusalKind};

/// A registry with the row that CONTRIBUTING.md shows.
mod registry {
    use crate::Engine;

    pub fn engines() -> Vec<Box<dyn Engine>> {
        vec![Box::new(crate::skeleton::Skeleton)]
    }
}

fn job(threads: u32) -> Job {
    Job {
        engine: "skeleton".to_owned(),
        options: Default::default(),
        architecture: Architecture::Network { name: "resnet18".to_owned() },
        weights_seed: 1,
        input: Images { batch: 2, resolution: 32, seed: 7 }.into(),
        threads,
        software_gpu: false,
    }
}

#[test]
fn contributing_quotes_the_skeleton_of_an_engine_and_its_row() {
    let manual = include_str!("../../../CONTRIBUTING.md");
    let source = include_str!("example/skeleton.rs");
    let shown = &source[source.find("    fn prepare(").unwrap()..];
    assert!(manual.contains(&format!("```rust\n{shown}```\n")));
    assert!(manual.contains("Box::new(crate::skeleton::Skeleton),"));
}

#[test]
fn the_skeleton_of_an_engine_answers_zeros_after_a_millisecond() {
    let engine = registry::engines().remove(0);
    let mut session = engine.prepare(&job(1), Model::Module).unwrap();
    let start = Instant::now();
    let answer: Result<Vec<Array>, Failure> = session.infer(&[]);
    assert!(start.elapsed() >= Duration::from_millis(1));
    // A thousand classes for each of two images.
    assert_eq!(answer, Ok(vec![Array::floats(&[2, CLASSES], vec![0.0; 2 * CLASSES])]));
}

#[test]
fn the_skeleton_of_an_engine_says_what_it_is_and_refuses_what_it_cannot() {
    let engine = registry::engines().remove(0);
    let info = engine.info();
    assert_eq!((info.identity.name.as_str(), info.refusal), (engine.name(), None));
    assert!(info.known_defect.unwrap().contains("every logit is 0"));
    let refusal = engine.prepare(&job(2), Model::Module).err().unwrap();
    assert_eq!(refusal.kind, RefusalKind::Unsupported);
    assert_eq!(refusal.to_string(), "skeleton: has one thread, asked for 2; ask for one");
}
