//! What log speed-ups truly are, and of what parts.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::{ENGINES, Imagined, architecture_name};

/// A number for each part of a log speed-up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parts {
    /// What an architecture gains on every engine and host.
    pub architecture: f64,
    /// What an engine gains on every architecture and host.
    pub engine: f64,
    /// What a host gains for every architecture and engine.
    pub host: f64,
    /// What an architecture gains on an engine beyond these, on every host.
    pub architecture_engine: f64,
    /// What an architecture gains on a host.
    pub architecture_host: f64,
    /// What an engine gains on a host.
    pub engine_host: f64,
    /// What one cell of one host gains beyond all of these.
    pub all: f64,
    /// How far rounds of one cell are apart, as a log latency: no part of what is true.
    pub round: f64,
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            architecture: 0.30,
            engine: 0.40,
            host: 0.15,
            architecture_engine: 0.20,
            architecture_host: 0.05,
            engine_host: 0.10,
            all: 0.03,
            round: 0.01,
        }
    }
}

/// The parts as drawn; indices are numbers of hosts, of architectures, and of engines without the baseline.
#[derive(Clone, Debug)]
pub struct Truth {
    architecture: Vec<f64>,
    engine: Vec<f64>,
    host: Vec<f64>,
    architecture_engine: Vec<Vec<f64>>,
    architecture_host: Vec<Vec<f64>>,
    engine_host: Vec<Vec<f64>>,
    all: Vec<Vec<Vec<f64>>>,
    sd: Parts,
}

impl Truth {
    pub(super) fn draw(of: &Imagined) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(of.seed);
        let mut row = |count: usize, sd: f64| -> Vec<f64> {
            (0..count)
                .map(|_| sd * Distribution::<f64>::sample(&StandardNormal, &mut rng))
                .collect()
        };
        let Imagined { hosts, architectures, engines, sd, .. } = *of;
        let mut table = |rows: usize, columns: usize, sd: f64| -> Vec<Vec<f64>> {
            (0..rows).map(|_| row(columns, sd)).collect()
        };
        let flat = |mut table: Vec<Vec<f64>>| table.pop().unwrap();
        Self {
            architecture: flat(table(1, architectures, sd.architecture)),
            engine: flat(table(1, engines, sd.engine)),
            host: flat(table(1, hosts, sd.host)),
            architecture_engine: table(architectures, engines, sd.architecture_engine),
            architecture_host: table(architectures, hosts, sd.architecture_host),
            engine_host: table(engines, hosts, sd.engine_host),
            all: (0..hosts).map(|_| table(architectures, engines, sd.all)).collect(),
            sd,
        }
    }

    /// Returns the true log speed-up of a cell over the baseline; engine 0 is the first that is no baseline.
    pub fn log_speed_up(&self, architecture: usize, engine: usize, host: usize) -> f64 {
        self.architecture[architecture]
            + self.engine[engine]
            + self.host[host]
            + self.architecture_engine[architecture][engine]
            + self.architecture_host[architecture][host]
            + self.engine_host[engine][host]
            + self.all[host][architecture][engine]
    }

    /// Returns the truth in words: the standard deviation of each part, and what each engine and the first
    /// architectures gain everywhere.
    pub fn lines(&self) -> Vec<String> {
        let sd = self.sd;
        let parts = [
            ("architecture", sd.architecture),
            ("engine", sd.engine),
            ("host", sd.host),
            ("architecture x engine", sd.architecture_engine),
            ("architecture x host", sd.architecture_host),
            ("engine x host", sd.engine_host),
            ("architecture x engine x host", sd.all),
            ("rounds of a cell", sd.round),
        ];
        let deviations = parts.iter().map(|(part, sd)| format!("sd of log, {part}: {sd}"));
        let engines = self.engine.iter().enumerate();
        let engines =
            engines.map(|(at, gain)| format!("engine {}: {:.3}", ENGINES[at + 1], gain.exp()));
        let architectures = self.architecture.iter().enumerate().take(3);
        let architectures = architectures
            .map(|(at, gain)| format!("architecture {}: {:.3}", architecture_name(at), gain.exp()));
        deviations.chain(engines).chain(architectures).collect()
    }
}
