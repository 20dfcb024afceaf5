use std::borrow::Cow;
use std::path::Path;

use crate::{FleetError, FleetJob, Tools};

/// What every job does.
const BODY: &str = include_str!("job.sh");
/// How long before its time is over a job is asked to stop, in seconds: longer than a large model's inferences, with the
/// copying.
const NOTICE_S: u32 = 120;

/// Returns the script of a job: what Slurm is asked for, which job it is, and what is done. Under another scheduler the
/// lines for Slurm are comments.
///
/// # Errors
/// Something of the job cannot be written down.
pub fn script(job: &FleetJob) -> Result<String, FleetError> {
    job.check()?;
    let (command, top, bundle) = match &job.tools {
        Tools::Shared { command, top } => (command.as_path(), top.as_path(), Path::new("")),
        Tools::Bundle(archive) => (Path::new(""), Path::new(""), archive.as_path()),
    };
    let path = |path: &Path| quoted(&path.to_string_lossy()).map(Cow::into_owned);
    Ok(format!(
        "#!/bin/bash\n{directives}\n\nfolder={folder}\ncommand={command}\ntop={top}\nbundle={bundle}\n\
         packing=({packing})\narguments=({arguments})\n\n{BODY}",
        directives = directives(job).join("\n"),
        folder = path(&job.folder)?,
        command = path(command)?,
        top = path(top)?,
        bundle = path(bundle)?,
        packing = words(&job.packing)?,
        arguments = words(&job.run)?,
    ))
}

/// Returns the lines that Slurm reads. A machine is measured alone; one that fails gives the job back; the script is asked
/// to stop before it is killed.
fn directives(job: &FleetJob) -> Vec<String> {
    // Slurm's own sign in the names of files.
    let log = job.folder.join("log").to_string_lossy().replace('%', "%%");
    let asked = [
        format!("--job-name=formbench-{}", job.name),
        format!("--constraint=\"{}\"", job.node_kind),
        format!("--time={}", job.time),
        "--nodes=1".to_owned(),
        "--exclusive".to_owned(),
        "--requeue".to_owned(),
        format!("--signal=B:TERM@{NOTICE_S}"),
        "--open-mode=append".to_owned(),
        format!("--output=\"{log}\""),
    ];
    asked.iter().chain(&job.options).map(|option| format!("#SBATCH {option}")).collect()
}

fn words(words: &[String]) -> Result<String, FleetError> {
    let quoted: Vec<_> = words.iter().map(|word| quoted(word)).collect::<Result<_, _>>()?;
    Ok(quoted.join(" "))
}

fn quoted(word: &str) -> Result<Cow<'_, str>, FleetError> {
    shlex::try_quote(word).map_err(|_| FleetError::Word { word: word.to_owned() })
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::job::tests::job;

    #[test]
    fn slurm_is_asked_for_one_machine_of_the_kind_alone() {
        let script = script(&job()).unwrap();
        let directives: Vec<_> =
            script.lines().filter(|line| line.starts_with("#SBATCH")).collect();
        assert_eq!(
            directives,
            [
                "#SBATCH --job-name=formbench-epyc",
                "#SBATCH --constraint=\"epyc\"",
                "#SBATCH --time=0-00:10:00",
                "#SBATCH --nodes=1",
                "#SBATCH --exclusive",
                "#SBATCH --requeue",
                "#SBATCH --signal=B:TERM@120",
                "#SBATCH --open-mode=append",
                "#SBATCH --output=\"/shared/my fleet/100%%/epyc/log\"",
                "#SBATCH --partition=long",
            ]
        );
        // Slurm stops reading at the first line that is neither blank nor a comment.
        let first = script.lines().position(|line| !line.starts_with('#')).unwrap();
        assert!(script.lines().skip(first).all(|line| !line.starts_with("#SBATCH")));
    }

    #[test]
    fn words_arrive_as_they_were_given() {
        let folder = tempfile::tempdir().unwrap();
        let header = script(&job())
            .unwrap()
            .replace(BODY, "printf '%s\\n' \"$folder\" \"${arguments[@]}\"\n");
        let path = folder.path().join("header.sh");
        std::fs::write(&path, header).unwrap();
        let printed = Command::new("bash").arg(path).output().unwrap();
        let printed = String::from_utf8(printed.stdout).unwrap();
        let words: Vec<_> = printed.lines().collect();
        assert_eq!(words, ["/shared/my fleet/100%/epyc", "--profile", "quick", "-a", "it's"]);
    }

    #[test]
    fn the_script_is_bash() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("job.sh");
        std::fs::write(&path, script(&job()).unwrap()).unwrap();
        let checked = Command::new("bash").arg("-n").arg(path).status().unwrap();
        assert!(checked.success());
    }
}
