use crate::BlockKey;
use crate::table::table;

/// One burst of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Number of the turn within the block, from 0.
    pub turn: u32,
    /// Start of the burst, in nanoseconds since 1970.
    pub started_unix_ns: u64,
    /// Wall time of the burst, in nanoseconds.
    pub wall_ns: u64,
    /// Processor time of the worker's threads during the burst, in nanoseconds.
    pub cpu_ns: u64,
    /// The probe's parts in registers and from memory just before the burst, in nanoseconds.
    pub before_ns: [u64; 2],
    /// The same just after it.
    pub after_ns: [u64; 2],
}

table! {
    /// One row per burst: the inferences of one cell in one turn, and how fast fixed work was just before and after it.
    "turns" => TurnRow {
        /// Key into `cells`; with round and block, key into `blocks`.
        cell: String,
        /// Number of the round, from 0.
        round: u32,
        /// Number of the block within the cell's round, from 0.
        block: u32,
        /// Number of the turn within the block, from 0.
        turn: u32,
        /// Start of the burst, since 1970-01-01 UTC.
        started_unix_ns: u64 [ns],
        /// Duration of the burst by the wall clock.
        wall_ns: u64 [ns],
        /// Processor time of the worker's threads during the burst.
        cpu_ns: u64 [ns],
        /// Duration of the probe's part in registers, just before the burst on one of its processors.
        registers_before_ns: u64 [ns],
        /// Duration of the probe's part from memory, just before the burst.
        memory_before_ns: u64 [ns],
        /// Duration of the probe's part in registers, just after the burst.
        registers_after_ns: u64 [ns],
        /// Duration of the probe's part from memory, just after the burst.
        memory_after_ns: u64 [ns],
    }
}

impl TurnRow {
    /// Returns the rows of a block's turns, in their order.
    pub(crate) fn rows(key: &BlockKey, turns: &[Turn]) -> impl Iterator<Item = Self> {
        turns.iter().map(|of| Self {
            cell: key.cell.clone(),
            round: key.round,
            block: key.block,
            turn: of.turn,
            started_unix_ns: of.started_unix_ns,
            wall_ns: of.wall_ns,
            cpu_ns: of.cpu_ns,
            registers_before_ns: of.before_ns[0],
            memory_before_ns: of.before_ns[1],
            registers_after_ns: of.after_ns[0],
            memory_after_ns: of.after_ns[1],
        })
    }

    /// Returns the block that the turn is of.
    pub(crate) fn key(&self) -> BlockKey {
        BlockKey { cell: self.cell.clone(), round: self.round, block: self.block }
    }
}

impl From<&TurnRow> for Turn {
    fn from(row: &TurnRow) -> Self {
        Self {
            turn: row.turn,
            started_unix_ns: row.started_unix_ns,
            wall_ns: row.wall_ns,
            cpu_ns: row.cpu_ns,
            before_ns: [row.registers_before_ns, row.memory_before_ns],
            after_ns: [row.registers_after_ns, row.memory_after_ns],
        }
    }
}
