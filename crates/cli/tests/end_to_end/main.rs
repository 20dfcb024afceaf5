//! The command driven end to end with a fake engine: exact assertions, no Burn.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod bad_input;
mod caches;
mod choosing;
#[expect(dead_code, reason = "the tests of the page use the rest")]
#[path = "../../../report/tests/browser/chromium.rs"]
mod chromium;
mod cluster;
mod comparing;
mod documents;
mod environment;
mod fixture;
mod fleet;
mod history;
mod hosts;
#[path = "../../../analysis/tests/history/imagined.rs"]
mod imagined;
mod interruption;
mod looking;
mod measuring;
mod noise;
mod own_file;
mod prediction;
mod profiling;
mod refusals;
mod report_page;
mod sharing;
mod tables;
mod verifying;
