use std::fmt;
use std::time::Duration;

/// How long a job may take, as Slurm writes it: days, hours, minutes, seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WallTime(pub Duration);

impl fmt::Display for WallTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
        write!(f, "{days}-{hours:02}:{minutes:02}:{:02}", seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_slurm_reads_it() {
        // 1 day, 2 hours, 3 minutes and 4 seconds.
        let seconds = ((24 + 2) * 60 + 3) * 60 + 4;
        assert_eq!(WallTime(Duration::from_secs(seconds)).to_string(), "1-02:03:04");
        assert_eq!(WallTime(Duration::from_secs(90)).to_string(), "0-00:01:30");
    }
}
