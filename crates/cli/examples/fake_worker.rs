//! A worker that has only the fake engine: what the end-to-end tests run instead of Burn.
//!
//! A job with `failure: garbage` makes it answer something that is not the protocol.

use std::cell::Cell;
use std::io::{BufReader, Read, Result, Write, stdin};
use std::rc::Rc;

use formbench_protocol::{ArchitectureInfo, ArchitectureKind};
use formbench_worker::{Catalogue, claim_stdout, end_with_parent, serve};

const NETWORKS: [&str; 3] = ["resnet18", "resnet50", "mobilenet-v2"];
const PATTERNS: [&str; 4] = ["plain", "residual", "bottleneck", "depthwise-bottleneck"];

fn main() -> anyhow::Result<()> {
    end_with_parent()?;
    let garbage = Rc::new(Cell::new(false));
    let requests = Watched { inner: stdin(), garbage: garbage.clone() };
    let replies = Garbling { inner: claim_stdout()?, garbage };
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

/// Sees a request that asks for garbage.
struct Watched<R> {
    inner: R,
    garbage: Rc<Cell<bool>>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let count = self.inner.read(buffer)?;
        let text = String::from_utf8_lossy(&buffer[..count]);
        self.garbage.set(self.garbage.get() || text.contains("\"failure\":\"garbage\""));
        Ok(count)
    }
}

/// Answers garbage once it was asked for.
struct Garbling<W> {
    inner: W,
    garbage: Rc<Cell<bool>>,
}

impl<W: Write> Write for Garbling<W> {
    fn write(&mut self, buffer: &[u8]) -> Result<usize> {
        if self.garbage.get() {
            self.inner.write_all(b"\x00\xfflibrary banner, not JSON\n")?;
            return Ok(buffer.len());
        }
        self.inner.write(buffer)
    }

    fn flush(&mut self) -> Result<()> {
        self.inner.flush()
    }
}
