//! Vector instructions of this processor, as far as engines choose between them when they run.

/// Returns the first of `sets`, widest first, that this processor offers; empty if it has none.
///
/// That an engine has kernels for a set is known from its source or its documentation; that it
/// chose them cannot be seen from outside.
pub(crate) fn widest(sets: &[&str]) -> String {
    let found = sets.iter().find(|set| offers(set));
    found.map_or_else(String::new, ToString::to_string)
}

/// Returns whether this processor offers an instruction set.
#[cfg(target_arch = "x86_64")]
fn offers(set: &str) -> bool {
    match set {
        "avx512f" => std::is_x86_feature_detected!("avx512f"),
        "avx2" => std::is_x86_feature_detected!("avx2"),
        "avx" => std::is_x86_feature_detected!("avx"),
        "sse4.2" => std::is_x86_feature_detected!("sse4.2"),
        _ => false,
    }
}

/// Returns whether this processor offers an instruction set.
#[cfg(target_arch = "aarch64")]
fn offers(set: &str) -> bool {
    set == "neon" && std::arch::is_aarch64_feature_detected!("neon")
}

/// Returns whether this processor offers an instruction set.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn offers(_set: &str) -> bool {
    false
}
