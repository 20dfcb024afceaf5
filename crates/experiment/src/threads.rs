use std::fmt;

use crate::node::{Fault, Node};

/// Threads as a file says them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedThreads {
    /// So many.
    Number(u32),
    /// One for each processor: of two or more, the most that a run has.
    All,
}

impl AskedThreads {
    pub(crate) fn read(node: &Node) -> Result<Self, Fault> {
        if node.text("threads").is_ok_and(|text| text == "all") {
            return Ok(Self::All);
        }
        let number = node.whole("threads", 1..=1024);
        number
            .map(Self::Number)
            .map_err(|_| node.unexpected("threads", "a whole number from 1 to 1024, or `all`"))
    }
}

impl fmt::Display for AskedThreads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::All => f.write_str("all"),
        }
    }
}
