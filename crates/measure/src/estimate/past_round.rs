//! From the blocks of earlier runs to what their rounds cost.

use std::collections::BTreeMap;

/// What is kept of a block that was taken before.
#[derive(Clone, Debug, PartialEq)]
pub struct PastBlock {
    /// Key of the cell.
    pub cell: String,
    /// Round, from 0.
    pub round: u32,
    /// Process that took it.
    pub process: u32,
    /// When its command started, in nanoseconds since 1970.
    pub session_unix_ns: u64,
    /// When it was asked for, in nanoseconds since 1970.
    pub started_unix_ns: u64,
    /// How long it took, turns of other cells included, in nanoseconds.
    pub wall_ns: u64,
    /// Building the model and the first inference, in nanoseconds.
    pub load_ns: u64,
    /// The warm-up of its process, in nanoseconds.
    pub warm_up_ns: u64,
    /// Inferences of that warm-up.
    pub warm_up_inferences: u64,
}

/// What one round of a cell cost.
#[derive(Clone, Debug, PartialEq)]
pub struct PastRound {
    /// Key of the cell.
    pub cell: String,
    /// Everything about its process that is neither loading, warm-up nor blocks, in seconds: starting,
    /// importing, checking, ending. Absent where nothing was measured before it.
    pub start_s: Option<f64>,
    /// Building the model and the first inference, in seconds.
    pub load_s: f64,
    /// Warm-up in seconds.
    pub warm_up_s: f64,
    /// One inference in seconds, the mean of its warm-up.
    pub inference_s: f64,
}

/// A process from its first block to the end of its last.
struct Life<'a> {
    first: &'a PastBlock,
    end_unix_ns: u64,
}

/// Returns what each process of earlier runs cost.
///
/// No clock runs while processes start. But those of a group start one after the other, right after
/// the group before has ended, and then take turns: what lies between the two groups, less loading
/// and warming up, is shared evenly among the processes that started in it.
pub fn past_rounds(blocks: &[PastBlock]) -> Vec<PastRound> {
    let mut rounds = Vec::new();
    for lives in sessions(blocks).into_values() {
        let mut ended_unix_ns = None;
        for together in overlapping(lives) {
            let gap_s = ended_unix_ns.map(|ended| start_s(&together, ended));
            rounds.extend(together.iter().map(|life| round(life.first, gap_s)));
            ended_unix_ns = together.iter().map(|life| life.end_unix_ns).max();
        }
    }
    rounds
}

/// Returns the lives of each command's processes, in the order of their first blocks.
fn sessions(blocks: &[PastBlock]) -> BTreeMap<u64, Vec<Life<'_>>> {
    let mut lives = BTreeMap::<_, Life<'_>>::new();
    for block in blocks {
        let key = (block.session_unix_ns, &block.cell, block.round, block.process);
        let end_unix_ns = block.started_unix_ns.saturating_add(block.wall_ns);
        let life = lives.entry(key).or_insert(Life { first: block, end_unix_ns });
        life.end_unix_ns = life.end_unix_ns.max(end_unix_ns);
        if block.started_unix_ns < life.first.started_unix_ns {
            life.first = block;
        }
    }
    let mut sessions = BTreeMap::<u64, Vec<Life<'_>>>::new();
    for ((session, ..), life) in lives {
        sessions.entry(session).or_default().push(life);
    }
    sessions.values_mut().for_each(|lives| lives.sort_by_key(|life| life.first.started_unix_ns));
    sessions
}

/// Returns the lives that overlap, together.
fn overlapping(lives: Vec<Life<'_>>) -> Vec<Vec<Life<'_>>> {
    let mut groups: Vec<Vec<Life<'_>>> = Vec::new();
    let mut end_unix_ns = 0;
    for life in lives {
        let is_alone = life.first.started_unix_ns >= end_unix_ns;
        end_unix_ns = life.end_unix_ns.max(end_unix_ns);
        match groups.last_mut().filter(|_| !is_alone) {
            Some(group) => group.push(life),
            None => groups.push(vec![life]),
        }
    }
    groups
}

/// Returns what each process of a group spent unseen since the group before ended, in seconds.
fn start_s(together: &[Life<'_>], ended_unix_ns: u64) -> f64 {
    let began = together.iter().map(|life| life.first.started_unix_ns).min().unwrap_or_default();
    let seen_ns: u64 = together.iter().map(|life| life.first.load_ns + life.first.warm_up_ns).sum();
    let unseen_ns = began.saturating_sub(ended_unix_ns).saturating_sub(seen_ns);
    unseen_ns as f64 / 1e9 / together.len().max(1) as f64
}

fn round(first: &PastBlock, start_s: Option<f64>) -> PastRound {
    PastRound {
        cell: first.cell.clone(),
        start_s,
        load_s: first.load_ns as f64 / 1e9,
        warm_up_s: first.warm_up_ns as f64 / 1e9,
        inference_s: first.warm_up_ns as f64 / 1e9 / first.warm_up_inferences.max(1) as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: u64 = 1_000_000_000;

    /// Returns a block that starts at so many seconds and takes one; its process loaded for one
    /// second and warmed up for two, with eight inferences.
    fn block(cell: &str, round: u32, started_s: u64) -> PastBlock {
        PastBlock {
            cell: cell.to_owned(),
            round,
            process: round,
            session_unix_ns: 1,
            started_unix_ns: started_s * S,
            wall_ns: S,
            load_ns: S,
            warm_up_ns: 2 * S,
            warm_up_inferences: 8,
        }
    }

    #[test]
    fn what_no_clock_saw_is_shared_by_the_processes_that_started_meanwhile() {
        // Two processes take turns up to 104; the next two begin at 120: 16 s, of which loading and
        // warming up of both took 6; 5 s each.
        let mut blocks = Vec::new();
        for (round, began) in [(0, 100), (1, 120)] {
            for (cell, at) in [("a", 0), ("b", 1), ("b", 2), ("a", 3)] {
                blocks.push(block(cell, round, began + at));
            }
        }
        let rounds = past_rounds(&blocks);
        let starts: Vec<_> = rounds.iter().map(|one| (one.cell.as_str(), one.start_s)).collect();
        assert_eq!(starts, [("a", None), ("b", None), ("a", Some(5.0)), ("b", Some(5.0))]);
        assert_eq!(
            (rounds[0].load_s, rounds[0].warm_up_s, rounds[0].inference_s),
            (1.0, 2.0, 0.25)
        );
    }

    #[test]
    fn a_process_that_was_alone_has_its_start_to_itself() {
        // From 101 to 105 are four seconds, three of which are seen.
        let rounds = past_rounds(&[block("a", 0, 100), block("b", 0, 105)]);
        assert_eq!(rounds[1].start_s, Some(1.0));
    }

    #[test]
    fn the_pause_between_two_commands_is_nobody_s_start() {
        let later = PastBlock { session_unix_ns: 2, ..block("a", 1, 9000) };
        let rounds = past_rounds(&[block("a", 0, 100), later]);
        assert!(rounds.iter().all(|round| round.start_s.is_none()));
    }

    #[test]
    fn a_clock_that_was_set_back_gives_no_negative_start() {
        let rounds = past_rounds(&[block("a", 0, 100), block("b", 0, 101)]);
        assert_eq!(rounds[1].start_s, Some(0.0));
    }
}
