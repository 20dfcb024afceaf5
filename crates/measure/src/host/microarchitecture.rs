//! What tells processors of one maker and model name apart.

use super::cpuinfo::cpu_entry;

const AMD: &str = "AuthenticAMD";
const INTEL: &str = "GenuineIntel";

/// Families of which every model is of one microarchitecture, or models from one to another are: maker,
/// family, models, name. Client and server parts of one microarchitecture share a name where their cores
/// are the same.
const NAMES: [(&str, u32, [u32; 2], &str); 22] = [
    (AMD, 23, [0, 31], "zen"),
    (AMD, 23, [48, 255], "zen2"),
    (AMD, 25, [0, 15], "zen3"),
    (AMD, 25, [16, 31], "zen4"),
    (AMD, 25, [32, 95], "zen3"),
    (AMD, 25, [96, 255], "zen4"),
    (AMD, 26, [0, 255], "zen5"),
    (INTEL, 6, [60, 60], "haswell"),
    (INTEL, 6, [63, 63], "haswell"),
    (INTEL, 6, [61, 61], "broadwell"),
    (INTEL, 6, [79, 79], "broadwell"),
    (INTEL, 6, [86, 86], "broadwell"),
    (INTEL, 6, [78, 78], "skylake"),
    (INTEL, 6, [94, 94], "skylake"),
    (INTEL, 6, [142, 142], "kaby-lake"),
    (INTEL, 6, [158, 158], "kaby-lake"),
    (INTEL, 6, [106, 108], "ice-lake"),
    (INTEL, 6, [151, 151], "alder-lake"),
    (INTEL, 6, [154, 154], "alder-lake"),
    (INTEL, 6, [143, 143], "sapphire-rapids"),
    (INTEL, 6, [207, 207], "emerald-rapids"),
    (INTEL, 6, [173, 174], "granite-rapids"),
];

/// Intel's model 85 is three microarchitectures, told apart by the stepping: the least of each.
const MODEL_85: [(u32, &str); 3] = [(10, "cooper-lake"), (5, "cascade-lake"), (0, "skylake")];

/// Returns the microarchitecture of this machine's processor such as `zen4`, else its family and model such
/// as `f6m85`; nothing where the kernel shows neither.
pub(super) fn here() -> Option<String> {
    let number = |key| cpu_entry(key)?.parse().ok();
    let maker = cpu_entry("vendor_id")?;
    Some(name(&maker, number("cpu family")?, number("model")?, number("stepping")))
}

fn name(maker: &str, family: u32, model: u32, stepping: Option<u32>) -> String {
    if (maker, family, model) == (INTEL, 6, 85)
        && let Some(stepping) = stepping
        && let Some((_, name)) = MODEL_85.iter().find(|(least, _)| stepping >= *least)
    {
        return (*name).to_owned();
    }
    let known = NAMES.iter().find(|(of, in_family, [from, to], _)| {
        (*of, *in_family) == (maker, family) && (*from..=*to).contains(&model)
    });
    known.map_or_else(|| format!("f{family}m{model}"), |(.., name)| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_processors_of_one_model_name_have_two_names() {
        assert_eq!(name(AMD, 25, 1, Some(1)), "zen3");
        assert_eq!(name(AMD, 25, 17, Some(1)), "zen4");
        assert_eq!(name(INTEL, 6, 143, Some(8)), "sapphire-rapids");
    }

    #[test]
    fn one_model_of_intel_s_is_told_apart_by_its_stepping() {
        let names = [4, 7, 11].map(|stepping| name(INTEL, 6, 85, Some(stepping)));
        assert_eq!(names, ["skylake", "cascade-lake", "cooper-lake"]);
        assert_eq!(name(INTEL, 6, 85, None), "f6m85");
    }

    #[test]
    fn an_unknown_processor_is_named_by_family_and_model() {
        assert_eq!(name("Someone", 7, 3, None), "f7m3");
        assert_eq!(name(INTEL, 6, 1, Some(2)), "f6m1");
    }
}
