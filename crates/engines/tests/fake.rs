//! The fake engine does what its options say.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use formbench_engines::fake::{Fake, NAME};
use formbench_engines::{Engine, Model};
use formbench_protocol::{Architecture, CLASSES, Images, Job};
use serde_json::{Value, json};

fn job(options: &[(&str, Value)]) -> Job {
    Job {
        engine: NAME.to_owned(),
        options: options.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect(),
        architecture: Architecture::Network { name: "resnet18".to_owned() },
        weights_seed: 1,
        input: Images { batch: 2, resolution: 32, seed: 7 }.into(),
        threads: 1,
        software_gpu: false,
    }
}

#[test]
fn latencies_move_the_virtual_clock_in_turn() {
    let options = [("latency_ns", json!("100, 300")), ("load_ns", json!(50))];
    let mut session = Fake.prepare(&job(&options), Model::Module).unwrap();
    let clock = session.clock();
    // Loading took 50; then 100, 300 and 100 again.
    assert_eq!(clock.now_ns(), 50);
    for expected in [150, 450, 550] {
        session.infer(&[]).unwrap();
        assert_eq!(clock.now_ns(), expected);
    }
}

#[test]
fn wrong_logits_start_when_they_are_told_to() {
    let options = [("failure", json!("wrong-logits")), ("after", json!(1))];
    let mut session = Fake.prepare(&job(&options), Model::Module).unwrap();
    let mut logits = || session.infer(&[]).unwrap()[0].as_floats().unwrap().to_vec();
    let (right, wrong) = (logits(), logits());
    assert_eq!(right.len(), 2 * CLASSES);
    assert_eq!(wrong[CLASSES / 2], right[CLASSES / 2] + 1.0);
}

#[test]
fn an_unknown_failure_is_refused_by_name() {
    let refusal = Fake.prepare(&job(&[("failure", json!("fire"))]), Model::Module).err().unwrap();
    assert!(refusal.reason.contains("unknown failure `fire`; known: crash, hang"), "{refusal}");
}
