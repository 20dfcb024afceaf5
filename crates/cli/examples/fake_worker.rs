//! A worker that has only the fake engine: what the end-to-end tests run instead of Burn.
//!
//! Two failures are the pipe's and not the engine's: a job with `failure: garbage` is answered with
//! something that is not the protocol, one with `failure: empty-block` with blocks that hold nothing.

use std::cell::RefCell;
use std::io::{BufReader, Read, Result, Write, stdin};
use std::rc::Rc;

use formbench_protocol::{ArchitectureInfo, ArchitectureKind, Reply, TakenBlock};
use formbench_worker::{Catalogue, claim_stdout, end_with_parent, serve};

const NETWORKS: [&str; 3] = ["resnet18", "resnet50", "mobilenet-v2"];
const PATTERNS: [&str; 4] = ["plain", "residual", "bottleneck", "depthwise-bottleneck"];
const GARBAGE: &[u8] = b"\x00\xfflibrary banner, not JSON\n";

fn main() -> anyhow::Result<()> {
    end_with_parent()?;
    let asked = Rc::new(RefCell::new(String::new()));
    let requests = Watched { inner: stdin(), asked: asked.clone() };
    let replies = Spoiling { inner: claim_stdout()?, asked };
    let of_kind = |kind, names: &[&str]| -> Vec<_> {
        names.iter().map(|name| architecture(name, kind)).collect()
    };
    let mut architectures = of_kind(ArchitectureKind::Network, &NETWORKS);
    architectures.extend(of_kind(ArchitectureKind::Pattern, &PATTERNS));
    // Other engines are left out even where the build has them: these tests are of the harness.
    let mut engines = formbench_engines::engines();
    engines.retain(|engine| engine.name() == formbench_engines::fake::NAME);
    serve(&Catalogue { engines, architectures }, BufReader::new(requests), replies)
}

fn architecture(name: &str, kind: ArchitectureKind) -> ArchitectureInfo {
    ArchitectureInfo { name: name.to_owned(), kind, source: "none".to_owned(), parameters: None }
}

/// Remembers a request whose failure is the pipe's, and hides that failure from the engine.
struct Watched<R> {
    inner: R,
    asked: Rc<RefCell<String>>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let count = self.inner.read(buffer)?;
        for failure in ["garbage", "empty-block"] {
            let option = format!("\"failure\":\"{failure}\"");
            let found = buffer[..count].windows(option.len()).position(|w| w == option.as_bytes());
            if let Some(at) = found {
                *self.asked.borrow_mut() = failure.to_owned();
                // A known option of the same length, and blanks, which JSON ignores.
                let harmless = "\"load_ns\":0";
                buffer[at..at + option.len()].fill(b' ');
                buffer[at..at + harmless.len()].copy_from_slice(harmless.as_bytes());
            }
        }
        Ok(count)
    }
}

/// Answers something else once it was asked for.
struct Spoiling<W> {
    inner: W,
    asked: Rc<RefCell<String>>,
}

impl<W: Write> Write for Spoiling<W> {
    fn write(&mut self, buffer: &[u8]) -> Result<usize> {
        match self.asked.borrow().as_str() {
            "garbage" => self.inner.write_all(GARBAGE)?,
            "empty-block" if buffer.starts_with(b"{\"block\"") => {
                self.inner.write_all(&empty_block())?;
            }
            _ => self.inner.write_all(buffer)?,
        }
        Ok(buffer.len())
    }

    fn flush(&mut self) -> Result<()> {
        self.inner.flush()
    }
}

fn empty_block() -> Vec<u8> {
    let taken = TakenBlock { samples_ns: Vec::new(), wall_ns: 0, cpu_ns: 0, peak_rss_bytes: 0 };
    let mut line = serde_json::to_vec(&Reply::Block(taken)).unwrap_or_default();
    line.push(b'\n');
    line
}
