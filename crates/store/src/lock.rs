//! One writer per data folder, enforced by the kernel: a dead process holds no lock.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::Path;
use std::process;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::{StoreError, durable};

/// Name of the lock's file below the data folder.
const LOCK_NAME: &str = ".lock";

/// Longest time that a process may take from its fork to its own program.
const LONGEST_START: Duration = Duration::from_secs(2);

/// The right to write below a data folder, given back when dropped or when the process ends.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

impl DataLock {
    /// Returns the lock of `data`, taken for `command`, or an error that names the holder.
    ///
    /// # Errors
    /// [`StoreError::Held`] if another process holds the lock, [`StoreError::Io`] if the lock
    /// cannot be requested.
    pub fn acquire(data: &Path, command: &str) -> Result<Self, StoreError> {
        durable::create_folder(data)?;
        let path = data.join(LOCK_NAME);
        let options = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = options.map_err(StoreError::io("open", &path))?;
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                // A worker that a dead command was starting has the lock until it becomes its own program.
                Err(TryLockError::WouldBlock)
                    if is_of_the_dead(data) && start.elapsed() < LONGEST_START =>
                {
                    sleep(Duration::from_millis(20));
                }
                Err(TryLockError::WouldBlock) => return Err(held(data)),
                Err(TryLockError::Error(source)) => {
                    return Err(StoreError::io("lock", &path)(source));
                }
            }
        }
        Holder::this_process(command).write(&file).map_err(StoreError::io("write", &path))?;
        Ok(Self { _file: file })
    }
}

/// Returns whether the lock's holder exists no more.
fn is_of_the_dead(data: &Path) -> bool {
    let text = fs::read_to_string(data.join(LOCK_NAME)).unwrap_or_default();
    let holder = Holder::parse(&text);
    holder.is_some_and(|holder| !Path::new("/proc").join(holder.pid.to_string()).exists())
}

fn held(data: &Path) -> StoreError {
    let text = fs::read_to_string(data.join(LOCK_NAME)).unwrap_or_default();
    StoreError::Held { data: data.into(), holder: Holder::parse(&text) }
}

/// The process that holds a data folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Its process id.
    pub pid: u32,
    /// The command as given, such as `formbench run`.
    pub command: String,
    /// When it took the lock, seconds since 1970 UTC.
    pub started_unix_s: u64,
}

impl Holder {
    fn this_process(command: &str) -> Self {
        Self {
            pid: process::id(),
            command: command.replace('\n', " "),
            started_unix_s: now().as_secs(),
        }
    }

    /// Writes one line each: process id, start, command.
    fn write(&self, mut file: &File) -> io::Result<()> {
        file.set_len(0)?;
        file.write_all(
            format!("{}\n{}\n{}\n", self.pid, self.started_unix_s, self.command).as_bytes(),
        )
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        Some(Self {
            pid: lines.next()?.parse().ok()?,
            started_unix_s: lines.next()?.parse().ok()?,
            command: lines.next()?.to_owned(),
        })
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let age_s = now().as_secs().saturating_sub(self.started_unix_s);
        write!(f, "`{}`, process {}, started {age_s} s ago", self.command, self.pid)
    }
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_reads_back_from_the_file_it_wrote() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let holder = Holder { pid: 7, command: "formbench run".into(), started_unix_s: 9 };
        holder.write(file.as_file()).unwrap();
        assert_eq!(fs::read_to_string(file.path()).unwrap(), "7\n9\nformbench run\n");
        assert_eq!(Holder::parse("7\n9\nformbench run\n"), Some(holder));
    }

    #[test]
    fn what_a_dead_command_left_behind_is_waited_for() {
        let data = tempfile::tempdir().unwrap();
        // No process has such a number.
        let holder = Holder { pid: u32::MAX, command: "formbench run".into(), started_unix_s: 9 };
        let left = File::create(data.path().join(LOCK_NAME)).unwrap();
        holder.write(&left).unwrap();
        left.lock().unwrap();
        let ends = std::thread::spawn(move || {
            sleep(Duration::from_millis(200));
            drop(left);
        });
        DataLock::acquire(data.path(), "formbench run").unwrap();
        ends.join().unwrap();
    }

    #[test]
    fn a_half_written_holder_is_nobody() {
        for text in ["", "7", "7\n", "7\n9\n", "x\n9\nformbench run\n"] {
            assert_eq!(Holder::parse(text), None, "{text:?}");
        }
    }
}
