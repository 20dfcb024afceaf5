use std::path::PathBuf;

use clap::Args;

use super::FilterArguments;

const EXAMPLES: &str = "\
Examples:
  formbench history                                    every cell and host with several versions, by all runs
  formbench history --engine openvino -a resnet        some of them
  formbench history data/runs/2026-11-28* data/runs/2026-11-29*   of these runs alone
  formbench history -o figures/history                 with the figure and a page
  formbench history --latest --fail-above 3% --junit history.xml  for CI: did the latest version make anything slower?

A change is said where it is larger than chance and the scatter between runs allow, with a probability of 5 % that any
is said where nothing changed. --fail-above looks at such changes alone, by their estimates.

Exit codes: 0 nothing is slower than that, or --fail-above was not given; 10 something is.";

/// Arguments of `history`.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct HistoryArguments {
    /// Folders of runs [default: all below --data, and the committed ones beside it]
    #[arg(value_name = "RUN")]
    pub runs: Vec<PathBuf>,
    /// Narrowing
    #[command(flatten)]
    pub filter: FilterArguments,
    /// Only the steps to the versions of each cell's latest run
    #[arg(long)]
    pub latest: bool,
    /// End with exit code 10 if a cell is shown to be slower by more than this, as 3%
    #[arg(long, value_name = "PERCENT", value_parser = percentage)]
    pub fail_above: Option<f64>,
    /// Write every step as a test case of JUnit's XML
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Draw the figure and write a page into this folder
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Returns a percentage as a share.
fn percentage(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').and_then(|number| number.trim().parse::<f64>().ok());
    let percent = number.filter(|percent| percent.is_finite() && *percent >= 0.0);
    let share = percent.map(|percent| percent / 100.0);
    share.ok_or_else(|| "expected a percentage, as `3%`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_a_share_and_has_its_sign() {
        assert_eq!(
            [percentage("3%"), percentage("2.5 %"), percentage("0%")],
            [Ok(0.03), Ok(0.025), Ok(0.0)]
        );
        for wrong in ["3", "0.03", "-3%", "%", "three%", "inf%"] {
            assert!(percentage(wrong).is_err(), "{wrong}");
        }
    }
}
