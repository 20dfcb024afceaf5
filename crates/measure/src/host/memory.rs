//! How much memory a process may take.

use std::io;

/// Returns the bytes that programs may take without driving others out; nothing where the system does not say.
pub fn available_memory() -> Option<u64> {
    #[cfg(target_os = "linux")]
    {
        use procfs::Current;
        procfs::Meminfo::current().ok()?.mem_available
    }
    #[cfg(not(target_os = "linux"))]
    None
}

/// Limits the bytes that this process, and each one that it starts from now on, may have for its data, resident or
/// not; a process that asks for more gets none. A lower limit stays. Does nothing where the system has no such limit.
///
/// # Errors
/// The operating system's.
pub fn limit_memory(bytes: u64) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let now = getrlimit(Resource::Data);
        let outer = [now.current, now.maximum].into_iter().flatten().min();
        let current = Some(outer.map_or(bytes, |most| most.min(bytes)));
        setrlimit(Resource::Data, rustix::process::Rlimit { current, ..now })?;
    }
    #[cfg(not(target_os = "linux"))]
    let _ = bytes;
    Ok(())
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    #[test]
    fn some_memory_is_available_and_less_than_an_exabyte() {
        assert!((1 << 20..1 << 60).contains(&available_memory().unwrap()));
    }
}
