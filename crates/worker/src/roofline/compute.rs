//! Independent chains of fused multiply-adds in registers.

use super::Share;

/// Chains of one thread: more than latency × issue width of today's processors needs, and few
/// enough to stay in registers.
const CHAINS: usize = 12;
/// Steps of each chain in one repetition: some tens of milliseconds.
const STEPS: u64 = 5_000_000;
/// Factor and offset of a step, such that values neither grow nor vanish.
const CONTRACTION: [f32; 2] = [0.999, 0.001];

/// The vector instructions that compute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    /// 16 lanes.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// 8 lanes with fused multiply-add.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// What the target has without asking: 4 lanes.
    Baseline,
}

impl Kernel {
    /// Returns the name that data carry.
    pub fn name(self) -> &'static str {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => "avx512f",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => "avx2",
            Self::Baseline if cfg!(target_arch = "aarch64") => "neon",
            Self::Baseline => "baseline",
        }
    }
}

/// Returns the widest kernel that this processor has.
pub fn widest() -> Kernel {
    #[cfg(target_arch = "x86_64")]
    {
        let fma = std::is_x86_feature_detected!("fma");
        if fma && std::is_x86_feature_detected!("avx512f") {
            return Kernel::Avx512;
        }
        if fma && std::is_x86_feature_detected!("avx2") {
            return Kernel::Avx2;
        }
    }
    Kernel::Baseline
}

/// Returns what one thread computes.
pub fn set_up(kernel: Kernel) -> impl Fn() -> Share + Sync {
    move || {
        let work: fn(&mut [f32]) -> u64 = match kernel {
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx512 => with_avx512,
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx2 => with_avx2,
            Kernel::Baseline => with_baseline,
        };
        (vec![0.0; CHAINS], work)
    }
}

/// Chains of fused multiply-adds in one width of vectors: a function that computes with them, and
/// returns its FLOPs.
#[cfg(target_arch = "x86_64")]
macro_rules! fused {
    ($name:ident, $features:literal, $lanes:literal, $set:ident, $fused:ident, $store:ident) => {
        fn $name(results: &mut [f32]) -> u64 {
            #[target_feature(enable = $features)]
            fn run(results: &mut [f32]) {
                use std::arch::x86_64::{$fused, $set};
                let [factor, offset] = std::hint::black_box(CONTRACTION);
                let (factor, offset) = ($set(factor), $set(offset));
                let mut chains = [$set(1.0); CHAINS];
                for _ in 0..STEPS {
                    for chain in &mut chains {
                        *chain = $fused(*chain, factor, offset);
                    }
                }
                for (result, chain) in results.iter_mut().zip(chains) {
                    *result = std::arch::x86_64::$store(chain);
                }
            }
            #[expect(unsafe_code, reason = "`widest` found these instructions on this processor")]
            unsafe {
                run(results);
            }
            2 * (CHAINS * $lanes) as u64 * STEPS
        }
    };
}

#[cfg(target_arch = "x86_64")]
fused!(with_avx512, "avx512f", 16, _mm512_set1_ps, _mm512_fmadd_ps, _mm512_cvtss_f32);
#[cfg(target_arch = "x86_64")]
fused!(with_avx2, "avx2,fma", 8, _mm256_set1_ps, _mm256_fmadd_ps, _mm256_cvtss_f32);

/// Returns the FLOPs of a product and a sum for each lane: on processors without fused
/// instructions a step of a chain is two operations too.
fn with_baseline(results: &mut [f32]) -> u64 {
    const LANES: usize = 4;
    let [factor, offset] = std::hint::black_box(CONTRACTION);
    let mut chains = [[1.0_f32; LANES]; CHAINS];
    for _ in 0..STEPS {
        for chain in &mut chains {
            *chain = chain.map(|lane| lane * factor + offset);
        }
    }
    for (result, chain) in results.iter_mut().zip(chains) {
        *result = chain[0];
    }
    2 * (CHAINS * LANES) as u64 * STEPS
}
