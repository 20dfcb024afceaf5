//! An engine's options: what they are called, which values they take, what was given.

use formbench_protocol::{Job, OptionInfo, Refusal, RefusalKind};

/// Returns an option that takes one of a few words, the first by default.
pub(crate) fn words(name: &str, values: &[&str]) -> OptionInfo {
    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
    let default = values.first().cloned().unwrap_or_default();
    OptionInfo { name: name.to_owned(), values, default }
}

/// The value of `waiting` that is the default of everyone who has the option.
pub(crate) const SPIN: &str = "spin";

/// Returns the option of what a pool's threads do when they have nothing to do: look for work for a while
/// before they sleep, or sleep at once.
pub(crate) fn waiting() -> OptionInfo {
    words("waiting", &[SPIN, "sleep"])
}

/// Returns an option that takes more than a few words.
pub(crate) fn free(name: &str, default: &str) -> OptionInfo {
    OptionInfo { name: name.to_owned(), values: Vec::new(), default: default.to_owned() }
}

/// Returns the word that the job gives to an option, or its default.
///
/// # Errors
/// A refusal if the option does not take it.
pub(crate) fn word<'a>(job: &'a Job, option: &'a OptionInfo) -> Result<&'a str, Refusal> {
    let Some(given) = job.options.get(&option.name) else {
        return Ok(&option.default);
    };
    given.as_str().filter(|word| option.values.iter().any(|value| value == word)).ok_or_else(|| {
        let known = option.values.join(", ");
        let name = &option.name;
        let reason = format!("{}: unknown {name} `{given}`; known: {known}", job.engine);
        Refusal::new(RefusalKind::Unsupported, reason)
    })
}
