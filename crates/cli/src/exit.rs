//! Exit codes, documented in `formbench --help`.

use std::process::ExitCode;

use anyhow::Error;
use formbench_campaign::CampaignError;
use formbench_experiment::ExperimentError;
use formbench_measure::WorkerError;
use formbench_pack::PackError;
use formbench_profile::ProfileError;
use formbench_store::StoreError;

/// How the command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything asked for was done.
    Done = 0,
    /// Something failed that has no code of its own.
    Failed = 1,
    // 2 is clap's: the arguments are wrong.
    /// An experiment or a profile is wrong.
    BadExperiment = 3,
    /// The worker is missing or does not answer.
    NoWorker = 4,
    /// The data cannot be read or written.
    BadData = 5,
    /// Another command holds the data folder.
    Held = 6,
    /// The harness did not pass its own test.
    SelfTestFailed = 7,
    /// Logits differ from the reference's on an engine without a known defect, or timings from those of an engine's own tool.
    Disagreement = 8,
    /// A committed verdict on a claim does not come out again.
    VerdictsDiffer = 9,
    /// A version made a cell slower by more than allowed.
    Slower = 10,
    /// The run was interrupted; the same command goes on.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Returns the code of the first cause that has one.
pub fn of(error: &Error) -> Exit {
    error.chain().find_map(code).unwrap_or(Exit::Failed)
}

fn code(cause: &(dyn std::error::Error + 'static)) -> Option<Exit> {
    if let Some(campaign) = cause.downcast_ref::<CampaignError>() {
        // What it only passes on shows none of its own cause.
        return match campaign {
            CampaignError::Experiment(cause) => code(cause),
            CampaignError::Store(cause) => code(cause),
            CampaignError::WorkerError(cause) => code(cause),
            CampaignError::NoWorker { .. }
            | CampaignError::Measure(_)
            | CampaignError::Valgrind(_)
            | CampaignError::NoTemporaryFolder(_)
            | CampaignError::NoEngineInSimulator { .. }
            | CampaignError::OtherRun { .. }
            | CampaignError::OtherCells { .. }
            | CampaignError::UnknownArchitecture { .. }
            | CampaignError::NoFile { .. }
            | CampaignError::NoProfile { .. }
            | CampaignError::NoRun { .. } => None,
        };
    }
    if let Some(pack) = cause.downcast_ref::<PackError>() {
        return match pack {
            PackError::Store(cause) => code(cause),
            PackError::Io { .. }
            | PackError::Refused { .. }
            | PackError::RunName { .. }
            | PackError::TooLarge { .. }
            | PackError::UnknownColumn { .. } => Some(Exit::BadData),
            PackError::Unfinished { .. } | PackError::Private { .. } | PackError::Write { .. } => {
                None
            }
        };
    }
    if let Some(ProfileError::Worker(cause)) = cause.downcast_ref() {
        return code(cause);
    }
    if cause.is::<ExperimentError>() {
        return Some(Exit::BadExperiment);
    }
    if let Some(lost) = cause.downcast_ref::<WorkerError>() {
        let answered = matches!(lost, WorkerError::Refused(_));
        return Some(if answered { Exit::Failed } else { Exit::NoWorker });
    }
    match cause.downcast_ref::<StoreError>()? {
        StoreError::Held { .. } => Some(Exit::Held),
        _ => Some(Exit::BadData),
    }
}
