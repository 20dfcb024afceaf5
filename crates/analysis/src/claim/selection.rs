use formbench_experiment::{AskedThreads, ClaimCells, ClaimKind, Interpretation};
use formbench_protocol::DeviceKind;
use formbench_store::{CellKind, CellRow};

use crate::Run;
use crate::absence::{absences, absences_of_comparisons};
use crate::series::engine_label;
use crate::view::{Comparison, Kinds, View, is_pattern};

/// The cells of a run that a check looks at, in one interpretation on one engine.
pub(super) struct Selection<'a> {
    pub(super) view: View<'a>,
    kinds: Kinds,
    cells: &'a ClaimCells,
    interpretation: &'a Interpretation,
    engine: &'a str,
    /// Threads of the cells; nothing where all were asked for and none has more than one.
    threads: Option<u32>,
}

impl<'a> Selection<'a> {
    pub(super) fn new(
        run: &'a Run,
        interpretation: &'a Interpretation,
        engine: &'a str,
        cells: &'a ClaimCells,
    ) -> Self {
        let takes = |name: &str| {
            let below =
                name.strip_prefix(&interpretation.set).and_then(|rest| rest.strip_prefix('/'));
            let is_named = |below| cells.experiments.iter().any(|one| one == below);
            below.is_some_and(|below| cells.experiments.is_empty() || is_named(below))
        };
        let experiments = run.experiments.iter().filter(|row| takes(&row.experiment)).collect();
        let kinds = match cells.of {
            ClaimKind::Patterns => Kinds::Patterns,
            ClaimKind::Networks => Kinds::Networks,
            ClaimKind::All => Kinds::All,
        };
        let view = View::of(run, &interpretation.set, experiments);
        let threads = match cells.threads {
            AskedThreads::Number(number) => Some(number),
            AskedThreads::All => {
                let of_each = view.cells(kinds).into_iter().map(|cell| cell.threads);
                of_each.max().filter(|&most| most > 1)
            }
        };
        Self { view, kinds, cells, interpretation, engine, threads }
    }

    /// Returns the comparisons of the engine with the interpretation's baseline, measured or not.
    ///
    /// # Errors
    /// There is none that has samples: why not.
    pub(super) fn comparisons(&self) -> Result<Vec<Comparison<'a>>, String> {
        let (all, is_asked) = (self.view.comparisons(self.kinds), |cell| self.holds(cell));
        let of_engine: Vec<_> = all.into_iter().filter(|pair| is_asked(pair.accelerated)).collect();
        let over_baseline =
            |pair: &Comparison<'_>| pair.baseline.engine_label() == self.interpretation.baseline;
        let pairs: Vec<_> = of_engine.iter().copied().filter(over_baseline).collect();
        if pairs.is_empty() && !of_engine.is_empty() {
            return Err(self.absent_baseline());
        }
        self.refuse_software(pairs.iter().map(|pair| pair.accelerated))?;
        if pairs.iter().any(|pair| !self.view.pairs(*pair).is_empty()) {
            return Ok(pairs);
        }
        let absence = absences_of_comparisons(&self.view, &pairs).into_iter().next();
        Err(absence.map_or_else(|| self.nothing(), |one| because(one.reason, one.remedy)))
    }

    /// Returns the engine's cells, measured or not; nothing is compared with the baseline.
    ///
    /// # Errors
    /// There is none that has samples: why not.
    pub(super) fn measured(&self) -> Result<Vec<&'a CellRow>, String> {
        let cells = self.view.cells(self.kinds).into_iter();
        let cells: Vec<&CellRow> = cells.filter(|cell| self.holds(cell)).collect();
        self.refuse_software(cells.iter().copied())?;
        if cells.iter().any(|cell| !self.view.rounds(cell).is_empty()) {
            return Ok(cells);
        }
        let absence = absences(&self.view, &cells).into_iter().next();
        Err(absence.map_or_else(|| self.nothing(), |one| because(one.reason, one.remedy)))
    }

    fn holds(&self, cell: &CellRow) -> bool {
        let only = &self.cells.only;
        let is_named = only.is_empty() || only.contains(&cell.name);
        let is_whole = is_pattern(cell) || cell.kind == CellKind::Network;
        is_whole
            && is_named
            && Some(cell.threads) == self.threads
            && cell.engine_label() == self.engine
    }

    /// Fails if the engine's device is the processor in a graphics processor's place.
    fn refuse_software(&self, mut cells: impl Iterator<Item = &'a CellRow>) -> Result<(), String> {
        let is_software = |cell: &&CellRow| cell.device_kind == DeviceKind::SoftwareAdapter;
        match cells.find(is_software) {
            Some(cell) => Err(format!("no GPU here: {}", engine_label(cell))),
            None => Ok(()),
        }
    }

    fn absent_baseline(&self) -> String {
        let stand_ins: Vec<String> =
            self.view.stand_ins().iter().map(ToString::to_string).collect();
        if stand_ins.is_empty() {
            format!("nothing is compared with {} in this run", self.interpretation.baseline)
        } else {
            stand_ins.join(" ")
        }
    }

    fn nothing(&self) -> String {
        let of = match self.cells.only.as_slice() {
            [] => self.cells.of.to_string(),
            only => only.join(" or "),
        };
        let place = match self.cells.experiments.as_slice() {
            [one] => format!("{}/{one}", self.interpretation.set),
            _ => format!("set {}", self.interpretation.set),
        };
        format!("the run has no cell of {of} on {} in {place}", self.engine)
    }
}

fn because(reason: String, remedy: Option<String>) -> String {
    remedy.map_or_else(|| reason.clone(), |remedy| format!("{reason}; {remedy}"))
}
