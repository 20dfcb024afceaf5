use crate::limits::{MOST_BYTES, MOST_FILES, MOST_GROUP_BYTES, MOST_GROUP_ROWS, MOST_ROWS};

/// What is wrong with a pack.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// It is no zip file, or a damaged one.
    #[error("no readable zip file ({why})")]
    Zip {
        /// What the reader found.
        why: String,
    },
    /// It is too large.
    #[error("{bytes} bytes, at most {MOST_BYTES} are read")]
    Bytes {
        /// Bytes of the pack.
        bytes: u64,
    },
    /// It has too many files.
    #[error("{files} files, at most {MOST_FILES} are read")]
    Files {
        /// Files of the pack.
        files: usize,
    },
    /// A file has a name that files of a run do not have.
    #[error("`{}` is no file of a run", name.escape_debug())]
    Name {
        /// The name.
        name: String,
    },
    /// Two files have names that some systems take for one.
    #[error("`{name}` is there twice")]
    Twice {
        /// The name.
        name: String,
    },
    /// An entry is not stored as formbench stores files.
    #[error("`{name}` is {what}, which no file of a pack is")]
    Kind {
        /// The name.
        name: String,
        /// What it is, such as `compressed`.
        what: &'static str,
    },
    /// There are bytes that belong to no file.
    #[error("not laid out as formbench lays a pack out: there are bytes of no file at {at}")]
    Layout {
        /// Where in the pack.
        at: u64,
    },
    /// A line of the manifest is none, or lists a file twice.
    #[error("line {line} of `manifest-sha256.txt` is not a hash and the name of a file, once")]
    ManifestLine {
        /// Number of the line, from 1.
        line: usize,
    },
    /// A file is listed and not there.
    #[error("`{name}` is in `manifest-sha256.txt` and not in the pack")]
    Missing {
        /// The name.
        name: String,
    },
    /// A file is there and not listed.
    #[error("`{name}` is not in `manifest-sha256.txt`")]
    Unlisted {
        /// The name.
        name: String,
    },
    /// A file is another one than was packed.
    #[error("`{name}` is not the file that `manifest-sha256.txt` lists")]
    Hash {
        /// The name.
        name: String,
    },
    /// A file that every pack has is not there.
    #[error("there is no `{name}`")]
    Absent {
        /// The name.
        name: &'static str,
    },
    /// A text is none.
    #[error("`{name}` is no text that can be read")]
    Text {
        /// The name.
        name: &'static str,
    },
    /// What describes the pack does not.
    #[error("`ro-crate-metadata.json` does not describe this pack: {what}")]
    Metadata {
        /// What is wrong in it.
        what: String,
    },
    /// A table declares more than is read.
    #[error(
        "table `{table}` declares {what}; at most {MOST_ROWS} rows in groups of {MOST_GROUP_ROWS} rows and \
         {MOST_GROUP_BYTES} bytes are read"
    )]
    TableSize {
        /// Name of the table.
        table: String,
        /// What it declares.
        what: String,
    },
    /// A table cannot be read.
    #[error("{why}")]
    Table {
        /// What the reader found.
        why: String,
    },
    /// The tables are those of no finished run.
    #[error(
        "its run{final_run} is not finished: there are no whole tables of blocks, samples and refusals"
    )]
    Unfinished {
        /// The final, if it is one.
        final_run: String,
    },
    /// A row leads to a row that is not there.
    #[error("table `{table}` has {key} `{value}`, which `{other}` has not")]
    Join {
        /// Name of the table.
        table: &'static str,
        /// Name of the column.
        key: &'static str,
        /// The value.
        value: String,
        /// Name of the table where it is missing.
        other: &'static str,
    },
    /// Two rows have one key.
    #[error("table `{table}` has two rows of one key")]
    DoubledRow {
        /// Name of the table.
        table: &'static str,
    },
    /// A cell's key is none.
    #[error("cell `{}` is no key of 16 hex digits", key.escape_debug())]
    CellKey {
        /// The key.
        key: String,
    },
    /// A final was measured on another machine than its run.
    #[error("final `{name}` is of another machine than its run")]
    OtherMachine {
        /// Name of the final.
        name: String,
    },
    /// The numbers are not those of the samples.
    #[error(
        "`results.csv` has {column} `{got}` in row {row}, where the samples come to `{expected}`: one of them was changed"
    )]
    Results {
        /// Name of the column.
        column: String,
        /// Number of the row, from 1.
        row: usize,
        /// What the pack says.
        got: String,
        /// What the samples come to.
        expected: String,
    },
    /// The numbers are of other cells.
    #[error("`results.csv` has {got} rows of {expected} cells")]
    ResultRows {
        /// Rows it has.
        got: usize,
        /// Cells of the run.
        expected: usize,
    },
    /// The card of the machine is not that of the table.
    #[error(
        "`host.json` says {column} `{got}`, where table `host` has `{expected}`: one of them was changed"
    )]
    HostCard {
        /// Name of the column.
        column: String,
        /// What the card says.
        got: String,
        /// What the table has.
        expected: String,
    },
}
