//! What is read from a worker's stdout and stderr, each by a thread of its own, within bounds.

use std::io::{BufRead, BufReader, Read};
use std::sync::Mutex;

/// Bytes of an answer at most: twenty million numbers, of both buffers together.
const LONGEST_ANSWER_BYTES: u64 = 256 << 20;
/// Bytes of a worker's stderr that are kept.
const STDERR_TAIL_BYTES: usize = 2_000;

/// Passes on whole lines; a line without an end is what a dying worker leaves, not an answer.
pub fn for_each_line(pipe: impl Read, mut take: impl FnMut(Vec<u8>) -> bool) {
    let mut pipe = BufReader::new(pipe);
    loop {
        let mut line = Vec::new();
        let read = pipe.by_ref().take(LONGEST_ANSWER_BYTES).read_until(b'\n', &mut line);
        let too_long = line.len() as u64 == LONGEST_ANSWER_BYTES;
        let whole = read.is_ok() && (line.ends_with(b"\n") || too_long);
        if !whole || !take(line) || too_long {
            return;
        }
    }
}

/// Keeps the end of what comes out of the pipe.
pub fn keep_tail(mut pipe: impl Read, tail: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = pipe.read(&mut buffer) {
        let Ok(mut tail) = tail.lock() else { return };
        tail.extend_from_slice(&buffer[..count]);
        let surplus = tail.len().saturating_sub(STDERR_TAIL_BYTES);
        tail.drain(..surplus);
    }
}
