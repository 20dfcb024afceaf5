//! What the worker asks of its own process.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::process::CommandExt;
use std::process::Command;

use nix::time::{ClockId, clock_gettime};
use rustix::process::{Signal, set_parent_process_death_signal};
use rustix::stdio::{dup2_stdout, stderr, stdout};

/// Returns the real stdout for the protocol alone and points descriptor 1 at stderr, since native
/// libraries print.
///
/// # Errors
/// The operating system's, if a descriptor cannot be duplicated.
pub fn claim_stdout() -> io::Result<File> {
    let pipe = rustix::io::fcntl_dupfd_cloexec(stdout(), 3)?;
    dup2_stdout(stderr())?;
    Ok(File::from(pipe))
}

/// Returns the number by which a descriptor is known to programs that inherit it.
pub fn number(descriptor: &impl AsFd) -> i32 {
    descriptor.as_fd().as_raw_fd()
}

/// Lets a program that this process becomes inherit a descriptor.
///
/// # Errors
/// The operating system's.
pub fn leave_open(descriptor: &impl AsFd) -> io::Result<()> {
    Ok(rustix::io::fcntl_setfd(descriptor, rustix::io::FdFlags::empty())?)
}

/// Becomes a program and returns only why it could not; the process keeps its id and its parent.
pub fn become_program(mut program: Command) -> io::Error {
    program.exec()
}

/// Has the kernel end this process when the command that started it ends, however that happens.
///
/// # Errors
/// The operating system's.
pub fn end_with_parent() -> io::Result<()> {
    Ok(set_parent_process_death_signal(Some(Signal::KILL))?)
}

/// Returns the processor time of all threads of this process so far, in nanoseconds; 0 where there is
/// no such clock.
///
/// The clock is read through the C library. Reading it past the library needs code that the kernel
/// maps into the process, which is not there under a simulator.
pub fn cpu_ns() -> u64 {
    let time = clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID);
    let time = time.map_or(std::time::Duration::ZERO, std::time::Duration::from);
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// Returns the largest resident set of this process so far, in bytes; 0 where the kernel does not
/// report it.
pub fn peak_rss_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|rest| rest.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}
