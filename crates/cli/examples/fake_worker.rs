//! A worker that has only the fake engine: what the end-to-end tests run instead of Burn.
//!
//! Two failures are the pipe's and not the engine's: a job with `failure: garbage` is answered with
//! something that is not the protocol, one with `failure: empty-block` with blocks that hold nothing.

use std::cell::RefCell;
use std::io::{self, BufReader, Read, Write, stdin};
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;
use std::rc::Rc;

use formbench_engines::ExportCost;
use formbench_protocol::{
    ArchitectureInfo, ArchitectureKind, Attributes, Declared, DeclaredSize, ElementType,
    Inspection, Interface, Layer, OperatorClass, Refusal, RefusalKind, Reply, Roofline,
    RooflineRequest, Subject, TakenBlock, Timed, UserFile,
};
use formbench_worker::{Catalogue, Inspector, claim_stdout, end_with_parent, serve};

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
    let inspector = Inspector { inspect, export, interface, roofline };
    let catalogue = Catalogue { engines, architectures, environment: None, inspector };
    serve(&catalogue, BufReader::new(requests), replies)
}

fn architecture(name: &str, kind: ArchitectureKind) -> ArchitectureInfo {
    let (name, source) = (name.to_owned(), "none".to_owned());
    let (origin, resolution, parameters) = (None, None, None);
    ArchitectureInfo { name, kind, source, origin, resolution, parameters }
}

/// One input of square images, whatever the file is.
fn interface(_file: &UserFile) -> Result<Interface, Refusal> {
    let sizes = [DeclaredSize::Open("batch".to_owned()), DeclaredSize::Fixed(3)].into_iter();
    let sides = [DeclaredSize::Open("side".to_owned()), DeclaredSize::Open("side".to_owned())];
    let images = Declared {
        name: "images".to_owned(),
        element_type: Some(ElementType::F32),
        sizes: Some(sizes.chain(sides).collect()),
    };
    let (outputs, checks, remarks) = (Vec::new(), Vec::new(), Vec::new());
    Ok(Interface { inputs: vec![images], outputs, checks, remarks })
}

/// Counts that follow from the name and the input alone; a residual pattern takes even images alone.
fn inspect(subject: &Subject) -> Result<Inspection, Refusal> {
    let name = subject.architecture.to_string();
    let resolution = subject.input.require_images()?.resolution;
    if name.starts_with("residual") && !resolution.is_multiple_of(2) {
        return Err(Refusal::new(RefusalKind::Unsupported, "cannot halve odd images"));
    }
    let macs = u64::from(resolution) * name.len() as u64;
    let layer = Layer {
        name: "stem".to_owned(),
        kind: "Conv".to_owned(),
        class: OperatorClass::DenseConvolution,
        detail: "3×3".to_owned(),
        inputs: vec![vec![1, 3, 32, 32]],
        output: vec![1, 8, 32, 32],
        macs,
        flops: 2 * macs,
        bytes_read: 1000,
        bytes_written: 500,
        ..Layer::default()
    };
    let attributes = Attributes {
        macs,
        dense_macs: macs,
        flops: 2 * macs,
        bytes_read: 1000,
        bytes_written: 500,
        operators: 1,
        operator_mix: [("Conv".to_owned(), 1)].into(),
        longest_path: 1,
        ..Attributes::default()
    };
    Ok(Inspection { attributes, layers: vec![layer] })
}

fn export(subject: &Subject, path: &Path) -> Result<ExportCost, Refusal> {
    let failed = |error: io::Error| Refusal::new(RefusalKind::Failed, error.to_string());
    std::fs::write(path, subject.architecture.to_string()).map_err(failed)?;
    Ok(ExportCost { record_ns: 1, write_ns: 2, weight_bytes: 4 })
}

/// A machine of 16 GFLOP/s and 8 GB/s for each thread.
fn roofline(request: RooflineRequest) -> Roofline {
    let repetitions = request.repetitions as usize;
    let timed =
        |work: u64| vec![Timed { work: work * u64::from(request.threads), ns: 1 }; repetitions];
    Roofline { instruction_set: "none".to_owned(), compute: timed(16), memory: timed(8) }
}

/// Remembers a request whose failure is the pipe's, and hides that failure from the engine.
struct Watched<R> {
    inner: R,
    asked: Rc<RefCell<String>>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
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
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match self.asked.borrow().as_str() {
            "garbage" => self.inner.write_all(GARBAGE)?,
            "empty-block" if buffer.starts_with(b"{\"block\"") => {
                self.inner.write_all(&empty_block())?;
            }
            _ => self.inner.write_all(buffer)?,
        }
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W: AsFd> AsFd for Spoiling<W> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.inner.as_fd()
    }
}

fn empty_block() -> Vec<u8> {
    let taken = TakenBlock { samples_ns: Vec::new(), wall_ns: 0, cpu_ns: 0, peak_rss_bytes: 0 };
    let mut line = serde_json::to_vec(&Reply::Block(taken)).unwrap_or_default();
    line.push(b'\n');
    line
}
