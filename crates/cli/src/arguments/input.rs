use std::path::Path;

use clap::Args;
use formbench_campaign::own::InputWishes;
use formbench_experiment::user_file;
use formbench_protocol::Fill;

/// What an inference is given, where it can be chosen.
#[derive(Clone, Debug, Args)]
pub struct InputArguments {
    /// Sizes of an input, as `images=1x3x640x640`, or several to compare, as `tokens=1x128,1x512`; may be given several times [default: what the file states]
    #[arg(long = "shape", value_name = "NAME=SIZES", value_parser = shapes)]
    pub shapes: Vec<(String, Vec<Vec<u64>>)>,
    /// What fills an input, as `tokens=range:0..30522`: images, uniform, zeros, a range, or an array of NumPy's in a file that ends with `.npy`, whose sizes the input then has; may be given several times
    #[arg(long = "fill", value_name = "NAME=FILL", value_parser = fill)]
    pub fills: Vec<(String, Fill)>,
    /// Height and width of images in pixels, where the file leaves them open [default: 224]
    #[arg(long, value_name = "PIXELS", value_parser = clap::value_parser!(u32).range(32..=1024))]
    pub resolution: Option<u32>,
    /// Images per inference [default: 1, or what the file fixes]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub batch: Option<u32>,
}

impl InputArguments {
    /// Returns what they ask for.
    pub fn wishes(&self) -> InputWishes {
        let Self { shapes, fills, resolution, batch } = self.clone();
        InputWishes { shapes, fills, resolution, batch }
    }
}

/// Returns an input's name and each of its sizes.
fn shapes(text: &str) -> Result<(String, Vec<Vec<u64>>), String> {
    let read = || {
        // A name may hold an equals sign; sizes do not.
        let (name, sizes) = text.rsplit_once('=')?;
        let sizes: Option<Vec<Vec<u64>>> = sizes.split(',').map(shape).collect();
        sizes.map(|sizes| (name.to_owned(), sizes))
    };
    read().ok_or_else(|| "expected a name and sizes, as `images=1x3x640x640`".to_owned())
}

/// Returns sizes as `1x3x640x640`; a scalar has none.
fn shape(text: &str) -> Option<Vec<u64>> {
    let size = |text: &str| text.parse::<u64>().ok().filter(|size| *size > 0);
    if text.is_empty() { Some(Vec::new()) } else { text.split('x').map(size).collect() }
}

/// Returns an input's name and what fills it.
fn fill(text: &str) -> Result<(String, Fill), String> {
    let (name, fill) = text
        .rsplit_once('=')
        .ok_or_else(|| "expected a name and a fill, as `tokens=range:0..30522`".to_owned())?;
    let fill = if fill.ends_with(".npy") {
        let file = user_file(fill, Path::new(""));
        Fill::Array(file.map_err(|error| format!("`{fill}` cannot be read: {error}"))?)
    } else {
        fill.parse()?
    };
    Ok((name.to_owned(), fill))
}
