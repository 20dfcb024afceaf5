//! A process that waits for its turn is stopped: whatever its threads do while they wait, they disturb nobody.

#[cfg(target_os = "linux")]
pub use linux::{go_on, stop};

#[cfg(target_os = "linux")]
mod linux {
    use std::time::{Duration, Instant};

    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};

    /// How long a child may take to stop.
    const PATIENCE: Duration = Duration::from_secs(1);

    /// Stops a child of this process with all its threads, and returns whether it was seen to have
    /// stopped. One that was not goes on.
    pub fn stop(id: u32) -> bool {
        let Some(pid) = pid(id) else { return false };
        let has_stopped = kill_process(pid, Signal::STOP).is_ok() && is_seen_to_stop(pid);
        if !has_stopped {
            go_on(id);
        }
        has_stopped
    }

    /// Lets a stopped child go on; it is no error if it has ended.
    pub fn go_on(id: u32) {
        if let Some(pid) = pid(id) {
            let _ = kill_process(pid, Signal::CONT);
        }
    }

    fn is_seen_to_stop(pid: Pid) -> bool {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            match waitid(WaitId::Pid(pid), WaitIdOptions::STOPPED | WaitIdOptions::NOHANG) {
                Ok(Some(status)) => return status.stopped(),
                Ok(None) => std::thread::yield_now(),
                Err(_) => return false,
            }
        }
        false
    }

    fn pid(id: u32) -> Option<Pid> {
        Pid::from_raw(i32::try_from(id).ok()?)
    }
}

/// Returns that nothing was stopped: the kernel ends a stopped child together with this process on Linux
/// alone.
#[cfg(not(target_os = "linux"))]
pub fn stop(_id: u32) -> bool {
    false
}

/// Does nothing: nothing was stopped.
#[cfg(not(target_os = "linux"))]
pub fn go_on(_id: u32) {}
