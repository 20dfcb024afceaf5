use std::fmt;
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::document;
use crate::node::{Fault, Node};
use crate::vocabulary::unknown;
use crate::{Budget, BudgetOverride, ExperimentError};

/// How much of an experiment a run measures: each profile includes the ones before it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// Shows in minutes that everything works.
    #[default]
    Quick,
    /// Short enough for a reader to repeat.
    Standard,
    /// What a publication rests on.
    Full,
}

impl Profile {
    /// Every profile, smallest first.
    pub const ALL: [Self; 3] = [Self::Quick, Self::Standard, Self::Full];
    const NAMES: [&str; 3] = ["quick", "standard", "full"];

    /// Returns the name that files and options carry.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    pub(crate) fn read(node: &Node) -> Result<Self, Fault> {
        node.text("profile")?.parse().map_err(|message: String| node.fault(message))
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Profile {
    type Err = String;

    /// Returns the profile of that name; the error lists the names.
    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|profile| profile.name() == name)
            .ok_or_else(|| unknown("profile", name, &Self::NAMES))
    }
}

/// The budget of each profile.
#[derive(Clone, Debug, PartialEq)]
pub struct Profiles {
    /// In the order of [`Profile::ALL`].
    budgets: [Budget; 3],
}

impl Profiles {
    /// Returns what a cell may cost under `profile`, unless its experiment sets another budget.
    pub fn budget(&self, profile: Profile) -> &Budget {
        &self.budgets[profile as usize]
    }

    fn read(node: &Node) -> Result<Self, Fault> {
        let fields = node.fields("profiles", &Profile::NAMES)?;
        let budget = |profile: Profile| {
            let node = fields.require(profile.name())?;
            BudgetOverride::read(node)?
                .complete()
                .map_err(|key| node.fault(format!("missing key `{key}` in profile `{profile}`")))
        };
        let [quick, standard, full] = Profile::ALL.map(budget);
        Ok(Self { budgets: [quick?, standard?, full?] })
    }
}

/// Returns the budgets in a profiles file.
///
/// # Errors
/// The file cannot be read, or something in it is wrong: the error says where.
pub fn read_profiles(path: &Path) -> Result<Profiles, ExperimentError> {
    parse_profiles(path, &document::read_text(path)?)
}

/// Returns the budgets in `source`; `path` is shown in errors.
///
/// # Errors
/// Something in the text is wrong: the error says where.
pub fn parse_profiles(path: &Path, source: &str) -> Result<Profiles, ExperimentError> {
    document::parse(path, source, Profiles::read)
}
