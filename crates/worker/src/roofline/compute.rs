//! Independent chains of fused multiply-adds in registers.

use super::Share;

/// Chains of one thread: more than latency × issue width of today's processors needs, and few
/// enough to stay in registers.
const CHAINS: usize = 12;
/// Steps of each chain in one repetition: some tens of milliseconds.
const STEPS: u64 = 20_000_000;

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
        let work: fn(&mut Vec<f32>) -> u64 = match kernel {
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx512 => with_avx512,
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx2 => with_avx2,
            Kernel::Baseline => with_baseline,
        };
        (vec![0.0], work)
    }
}

#[cfg(target_arch = "x86_64")]
fn with_avx512(sum: &mut Vec<f32>) -> u64 {
    #[target_feature(enable = "avx512f,fma")]
    fn run(sum: &mut Vec<f32>) -> u64 {
        chains::<16, true>(sum)
    }
    #[expect(unsafe_code, reason = "`widest` found these instructions on this processor")]
    unsafe {
        run(sum)
    }
}

#[cfg(target_arch = "x86_64")]
fn with_avx2(sum: &mut Vec<f32>) -> u64 {
    #[target_feature(enable = "avx2,fma")]
    fn run(sum: &mut Vec<f32>) -> u64 {
        chains::<8, true>(sum)
    }
    #[expect(unsafe_code, reason = "`widest` found these instructions on this processor")]
    unsafe {
        run(sum)
    }
}

fn with_baseline(sum: &mut Vec<f32>) -> u64 {
    chains::<4, { cfg!(target_arch = "aarch64") }>(sum)
}

/// Returns the FLOPs of all steps of all chains; without fused instructions a step is two.
#[inline(always)]
fn chains<const LANES: usize, const FUSED: bool>(sum: &mut Vec<f32>) -> u64 {
    let mut lanes = [[1.0_f32; LANES]; CHAINS];
    // Unknown to the compiler, and such that values neither grow nor vanish.
    let (factor, offset) = std::hint::black_box((0.999_f32, 0.001_f32));
    for _ in 0..STEPS / LANES as u64 {
        for chain in &mut lanes {
            for lane in chain {
                *lane = if FUSED { lane.mul_add(factor, offset) } else { *lane * factor + offset };
            }
        }
    }
    sum.push(lanes.as_flattened().iter().sum());
    2 * (CHAINS * LANES) as u64 * (STEPS / LANES as u64)
}
