use crate::node::{Fault, Node};

const KEYS: [&str; 1] = ["l3_mib"];

/// A small, a medium and a large last-level cache of today's processors.
const DEFAULT_L3_MIB: [u32; 3] = [4, 8, 48];

/// Most ways of a cache set.
const MOST_WAYS: u32 = 16;

/// Returns the sizes, in MiB, of the last-level caches that an experiment asks about.
pub(crate) fn read(node: &Node) -> Result<Vec<u32>, Fault> {
    let fields = node.fields("cache", &KEYS)?;
    let sizes = fields.read("l3_mib", |node| node.one_or_more("l3_mib", read_size))?;
    Ok(sizes.unwrap_or_else(|| DEFAULT_L3_MIB.to_vec()))
}

/// Returns a size that a cache can have.
///
/// The number of sets is a power of two, so the odd factor of a size must divide the number of
/// ways. All ways of a set are searched at once, so their number is at most `MOST_WAYS`.
fn read_size(node: &Node) -> Result<u32, Fault> {
    let mib: u32 = node.whole("l3_mib", 1..=1024)?;
    if mib >> mib.trailing_zeros() <= MOST_WAYS {
        Ok(mib)
    } else {
        Err(node.unexpected(
            "l3_mib",
            "a power of two, or one times an odd number up to 15, as no cache has more ways",
        ))
    }
}
