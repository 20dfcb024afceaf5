use formbench_measure::host::Change;

use super::Spread;

/// What was seen of a host in a minute; what it does not show is absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed {
    /// How long was looked, in seconds.
    pub seconds: f64,
    /// How long a window of the drift is, in seconds.
    pub window_s: f64,
    /// Processors that the kernel schedules on.
    pub logical_cores: u32,
    /// Whether two of them share a core.
    pub has_siblings: Option<bool>,
    /// What decides about the processors' clock.
    pub governor: Option<String>,
    /// Load average of the minute before.
    pub load_before: Option<f64>,
    /// What the kernel counted meanwhile.
    pub change: Change,
    /// Lowest and highest clock of the busiest processor, in kHz.
    pub clock_khz: Option<[u64; 2]>,
    /// How much the times of equal work differ on one thread.
    pub work: Option<Spread>,
    /// By how much work takes longer while a second thread does the same, as a share.
    pub slowed_by_second_thread: Option<f64>,
    /// Share of the time in which the probe of a run took longer than on this host when it is quiet.
    pub contended: Option<f64>,
}
