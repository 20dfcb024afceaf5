use formbench_protocol::{EQUAL_HASHES, Identity, Input, Options};
use serde_json::json;

use super::{LastLevel, Valgrind};
use crate::host::short_hash;

/// Returns 16 hex digits of the hash of everything that decides what a simulation counts.
///
/// `identity` is the engine's under the simulator, whose instruction set may be narrower than the
/// processor's. The pixels of the images are left out: no address depends on them.
pub fn content_key(
    model_sha256: &str,
    (identity, options, threads): (&Identity, &Options, u32),
    input: &Input,
    (valgrind, last_level): (&Valgrind, LastLevel),
) -> String {
    let LastLevel { bytes, associativity, line_bytes } = last_level;
    let shape = match input {
        Input::Images(images) => json!([images.batch, images.resolution]),
        Input::Tensors(tensors) => json!(tensors.tensors),
    };
    let parts = json!([
        model_sha256,
        identity.name,
        identity.version,
        identity.build,
        identity.instruction_set,
        options,
        threads,
        shape,
        valgrind.version,
        valgrind.fixed_addresses,
        [bytes, u64::from(associativity), u64::from(line_bytes)],
        super::L1_BYTES,
        EQUAL_HASHES,
    ]);
    short_hash(&parts.to_string())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use formbench_protocol::{Device, DeviceKind, Images};

    use super::*;

    #[test]
    fn a_key_holds_all_that_decides_the_counts_and_no_pixel() {
        let device = Device { name: "cpu".into(), kind: DeviceKind::Cpu };
        let text = |text: &str| text.to_owned();
        let tract = Identity {
            name: text("tract"),
            version: text("1"),
            build: text("simd"),
            instruction_set: text("avx2"),
            device,
        };
        let other_build = Identity { build: text("plain"), ..tract.clone() };
        let other_set = Identity { instruction_set: text("avx512f"), ..tract.clone() };
        let (none, some) = (Options::new(), Options::from([(text("optimize"), "none".into())]));
        let input = |resolution, seed| Images { batch: 1, resolution, seed }.into();
        let [old, new] = ["3.19.0", "3.22.0"]
            .map(|version| Valgrind { version: text(version), fixed_addresses: true });
        let random = Valgrind { fixed_addresses: false, ..old.clone() };
        let key = |model, identity, options, resolution, valgrind, mib| {
            let cache = (valgrind, LastLevel::of_mib(mib));
            content_key(model, (identity, options, 1), &input(resolution, 7), cache)
        };
        let keys = [
            key("a", &tract, &none, 64, &old, 4),
            key("b", &tract, &none, 64, &old, 4),
            key("a", &other_build, &none, 64, &old, 4),
            key("a", &other_set, &none, 64, &old, 4),
            key("a", &tract, &some, 64, &old, 4),
            key("a", &tract, &none, 96, &old, 4),
            key("a", &tract, &none, 64, &new, 4),
            key("a", &tract, &none, 64, &random, 4),
            key("a", &tract, &none, 64, &old, 8),
        ];
        assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
        let cache = (&old, LastLevel::of_mib(4));
        assert_eq!(content_key("a", (&tract, &none, 1), &input(64, 8), cache), keys[0]);
    }
}
