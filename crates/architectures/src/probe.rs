//! What the tests of this crate look at.

use formbench_blueprint::Blueprint;
use formbench_protocol::{Architecture, Width};

/// Returns a pattern at a depth and a whole width.
pub(crate) fn pattern(name: &str, depth: u32, width: u32) -> Blueprint {
    let (name, width) = (name.to_owned(), Width::whole(width));
    crate::blueprint(&Architecture::Pattern { name, depth, width }).unwrap()
}
