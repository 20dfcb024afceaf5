use std::path::PathBuf;

use formbench_seed::ArrayError;

/// Why nothing can be given to a model in a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// An input has a type of which no number is known.
    #[error("input {input}: nothing can fill it")]
    Unfillable {
        /// The input with its type and sizes.
        input: String,
    },
    /// A shape is needed that neither the file nor a wish states.
    #[error(
        "input {input}: the file does not state its shape; give it one, as `--shape {name}=1x3x224x224`"
    )]
    NoShape {
        /// The input with its type and sizes.
        input: String,
        /// Its name.
        name: String,
    },
    /// The file leaves a size open that no default is plain for.
    #[error(
        "input {input}: the file leaves `{axis}` open; say how large it is, as `--shape {name}={example}`"
    )]
    OpenSize {
        /// The input with its type and sizes.
        input: String,
        /// What the file calls the size.
        axis: String,
        /// The input's name.
        name: String,
        /// Sizes that it can have.
        example: String,
    },
    /// Another number of sizes is asked for than the file states.
    #[error("input {input}: expected {expected} sizes, got {given}")]
    OtherRank {
        /// The input with its type and sizes.
        input: String,
        /// How many sizes it has.
        expected: usize,
        /// How many are asked for.
        given: usize,
    },
    /// Another size is asked for than the file fixes.
    #[error("input {input}: the file fixes {size} where {given} is asked for")]
    OtherSize {
        /// The input with its type and sizes.
        input: String,
        /// The file's size.
        size: u64,
        /// The size that is asked for.
        given: u64,
    },
    /// No input takes the number of images or of pixels that is asked for.
    #[error("its inputs are {inputs}: none takes {asked}")]
    NotTaken {
        /// The inputs with their types and sizes.
        inputs: String,
        /// What is asked for.
        asked: String,
    },
    /// Inputs are asked for at different numbers of sizes.
    #[error("shapes are listed for {} and for {} sizes; list as many for each input, or one", counts[0], counts[1])]
    UnequalLists {
        /// How many sizes two of them have.
        counts: [usize; 2],
    },
    /// Several sizes are asked for where one is expected.
    #[error(
        "input {name}: several shapes are listed; give one, or `formbench compare` the file at all of them"
    )]
    SeveralSizes {
        /// The input's name.
        name: String,
    },
    /// An array does not fill its input.
    #[error(transparent)]
    Array(#[from] ArrayError),
    /// No input has the name.
    #[error("no input `{name}` is there; known: {}", if known.is_empty() { "none, only files name their inputs" } else { known })]
    NoSuchInput {
        /// What is asked for.
        name: String,
        /// The names of all inputs.
        known: String,
    },
}

/// Why files are not compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// There is no such file.
    #[error("`{}` is no file", path.display())]
    NoFile {
        /// Its path.
        path: PathBuf,
    },
    /// A file cannot be read.
    #[error("`{}` cannot be read", path.display())]
    Unreadable {
        /// Its path.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file leaves something open.
    #[error("{name}")]
    Input {
        /// What tables call the file.
        name: String,
        /// What.
        source: InputError,
    },
    /// A file's name does not say what it is.
    #[error("`{}` does not end with `{ending}`", path.display())]
    OtherEnding {
        /// Its path.
        path: PathBuf,
        /// How it should end.
        ending: &'static str,
    },
    /// A file is given twice.
    #[error("`{}` is given twice", path.display())]
    Twice {
        /// Its path.
        path: PathBuf,
    },
    /// An engine is not written as one.
    #[error("`{label}`: expected {expected}")]
    Label {
        /// What is written.
        label: String,
        /// What is missing.
        expected: String,
    },
    /// The engine to compare with is not here.
    #[error(
        "`{label}` is not here, so nothing can be compared with it; `formbench doctor` says what it needs"
    )]
    NotHere {
        /// The engine with its options.
        label: String,
    },
    /// No engine is here.
    #[error("none of the engines is here; `formbench doctor` says what they need")]
    NoEngine,
    /// There is no place for the experiment.
    #[error("a temporary folder cannot be made and written")]
    NoFolder(#[from] std::io::Error),
}
