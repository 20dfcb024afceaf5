//! Writes packs of runs that never happened, and says what is true of them.
//!
//! `cargo run --release -p formbench-pack --example synthetic_packs -- FOLDER [HOSTS] [ARCHITECTURES] [SEED]`: as many
//! packs as hosts (500), each of five times as many cells as architectures (40), in `FOLDER/packs`, and the runs that
//! they are of in `FOLDER/runs`.

#![expect(clippy::unwrap_used, reason = "an example may panic")]
#![expect(clippy::print_stdout, reason = "it says what is true")]

#[path = "../tests/synthetic/mod.rs"]
mod synthetic;

use std::path::Path;

use formbench_pack::{PackRequest, pack};
use synthetic::Imagined;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number =
        |at: usize, default: usize| arguments.get(at).map_or(default, |text| text.parse().unwrap());
    let folder = Path::new(arguments.first().unwrap());
    let seed = number(3, 1) as u64;
    let fleet = Imagined {
        hosts: number(1, 500),
        architectures: number(2, 40),
        seed,
        ..Imagined::default()
    };
    let truth = fleet.truth();
    let (runs, packs) = (folder.join("runs"), folder.join("packs"));
    std::fs::create_dir_all(&packs).unwrap();
    let licence = "CC0-1.0".parse().unwrap();
    for host in 0..fleet.hosts {
        let run = fleet.write(&truth, host, &runs);
        let request =
            PackRequest { run: &run, experiments: &runs, licence: &licence, private: None };
        pack(&request, &packs.join(Imagined::host_name(host)).with_extension("zip")).unwrap();
    }
    truth.lines().iter().for_each(|line| println!("{line}"));
}
