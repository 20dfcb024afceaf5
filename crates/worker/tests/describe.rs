//! A worker says what exists in it, also where nothing does.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::io::Write;
use std::process::{Command, Stdio};

use formbench_protocol::{Description, DeviceKind, EngineInfo, RefusalKind, Reply};

/// Returns the description of a worker with these variables in its environment.
fn describe(variables: &[(&str, &str)]) -> Description {
    let mut worker = Command::new(env!("CARGO_BIN_EXE_formbench-worker"))
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    worker.stdin.take().unwrap().write_all(b"\"describe\"\n").unwrap();
    let output = worker.wait_with_output().unwrap();
    match serde_json::from_slice(&output.stdout).unwrap() {
        Reply::Description(description) => description,
        other => panic!("{other:?}"),
    }
}

fn engine<'d>(description: &'d Description, name: &str) -> &'d EngineInfo {
    description.engines.iter().find(|info| info.identity.name == name).unwrap()
}

#[test]
fn without_a_driver_wgpu_is_unavailable_and_names_the_remedy() {
    let nowhere = [("VK_DRIVER_FILES", "/nowhere"), ("VK_ICD_FILENAMES", "/nowhere")];
    let description = describe(&nowhere);
    let wgpu = engine(&description, "burn/wgpu");
    let refusal = wgpu.refusal.as_ref().unwrap();
    assert_eq!(refusal.kind, RefusalKind::Unavailable);
    assert!(refusal.remedy.as_ref().unwrap().contains("mesa-vulkan-drivers"), "{refusal}");
    assert_eq!(wgpu.identity.device.kind, DeviceKind::Missing);
}

#[test]
fn the_processor_s_engines_are_always_there() {
    let description = describe(&[]);
    for name in ["burn/ndarray", "burn/candle", "burn/flex"] {
        let info = engine(&description, name);
        assert_eq!(info.refusal, None);
        assert_eq!(info.identity.device.kind, DeviceKind::Cpu);
    }
    assert!(description.architectures.len() >= 7);
}

#[test]
fn the_environment_that_engines_come_from_is_described() {
    let folder = std::env::temp_dir();
    let description = describe(&[("FORMBENCH_ENGINES", folder.to_str().unwrap())]);
    assert_eq!(description.environment, Some(folder));
    assert_eq!(describe(&[("FORMBENCH_ENGINES", "/nowhere")]).environment, None);
}
