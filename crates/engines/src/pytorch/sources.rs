//! The Python program, part of the executable so that it runs from anywhere.

use std::fs;
use std::io;
use std::path::Path;

macro_rules! sources {
    ($($path:literal)*) => { &[$(($path, include_str!(concat!("../../python/", $path)))),*] };
}

/// Path and text of each file.
const SOURCES: &[(&str, &str)] = sources! {
    "__main__.py"
    "formbench_pytorch/__init__.py"
    "formbench_pytorch/agreement.py"
    "formbench_pytorch/block.py"
    "formbench_pytorch/failure.py"
    "formbench_pytorch/inputs.py"
    "formbench_pytorch/layers/__init__.py"
    "formbench_pytorch/layers/activation.py"
    "formbench_pytorch/layers/assembly.py"
    "formbench_pytorch/layers/convolution.py"
    "formbench_pytorch/layers/elementwise.py"
    "formbench_pytorch/layers/fused.py"
    "formbench_pytorch/layers/linear.py"
    "formbench_pytorch/layers/normalisation.py"
    "formbench_pytorch/layers/padding.py"
    "formbench_pytorch/layers/pooling.py"
    "formbench_pytorch/layers/reduction.py"
    "formbench_pytorch/layers/resizing.py"
    "formbench_pytorch/layers/shaping.py"
    "formbench_pytorch/loaded.py"
    "formbench_pytorch/onnx_file.py"
    "formbench_pytorch/prepare.py"
    "formbench_pytorch/process.py"
    "formbench_pytorch/protocol.py"
    "formbench_pytorch/serve.py"
    "formbench_pytorch/session.py"
    "formbench_pytorch/start.py"
    "formbench_pytorch/timing.py"
    "formbench_pytorch/warm_up.py"
};

/// Writes the program into a folder, which a Python interpreter can then run.
///
/// # Errors
/// The operating system's.
pub(super) fn write(folder: &Path) -> io::Result<()> {
    SOURCES.iter().try_for_each(|(path, text)| {
        let path = folder.join(path);
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(path, text)
    })
}
