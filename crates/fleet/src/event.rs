use serde::Serialize;

/// What a job's script wrote down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// When, as `2026-01-31T12:00:00Z`.
    pub time: String,
    /// The machine's name.
    pub node: String,
    /// Number of the job, and how often it had been given back by then, as `17.1`.
    pub attempt: String,
    /// What happened.
    pub kind: EventKind,
    /// The exit code, the reason, or the run's name.
    pub detail: String,
}

/// What can happen to an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// It began on a machine.
    Started,
    /// The machine cannot use what was brought.
    Refused,
    /// The command failed.
    Failed,
    /// It was asked to stop, and saved what it had.
    Stopped,
    /// The run is finished and packed.
    Packed,
}

impl Event {
    /// Returns the event of a line; nothing of one that a killed job left half.
    pub fn parse(line: &str) -> Option<Self> {
        let mut fields = line.splitn(5, '\t').map(str::to_owned);
        let [time, node, attempt, kind, detail] = std::array::from_fn(|_| fields.next());
        let kind = match kind?.as_str() {
            "started" => EventKind::Started,
            "refused" => EventKind::Refused,
            "failed" => EventKind::Failed,
            "stopped" => EventKind::Stopped,
            "packed" => EventKind::Packed,
            _ => return None,
        };
        Some(Self { time: time?, node: node?, attempt: attempt?, kind, detail: detail? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_line_is_none() {
        let line = "2026-01-31T12:00:00Z\tnode1\t17.1\tfailed\t3";
        let event = Event::parse(line).unwrap();
        assert_eq!(
            (event.kind, event.attempt.as_str(), event.detail.as_str()),
            (EventKind::Failed, "17.1", "3")
        );
        for end in
            ["2026-01-31T12:00:00Z\tnode1\t17", "", "2026-01-31T12:00:00Z\tnode1\t17.1\tfai\t"]
        {
            assert_eq!(Event::parse(end), None, "{end}");
        }
    }
}
