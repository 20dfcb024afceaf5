use formbench_analysis::{DisturbedBlocks, Finding, ReasonCount, Run, Verdict};
use formbench_store::CheckRow;

/// What the page shows beside the run itself; the default shows nothing more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Supplement {
    /// Verdicts on the study's claims, those of one claim together.
    pub verdicts: Vec<VerdictRow>,
    /// Blocks that were disturbed, by reason; none where there are no blocks.
    pub disturbed: Option<Vec<ReasonCount>>,
    /// What the harness found of itself; empty where it was not asked.
    pub self_test: Vec<CheckRow>,
    /// Where other files lie.
    pub links: Links,
}

impl Supplement {
    /// Returns what a run and its verdicts show beside the figures.
    pub fn of(run: &Run, verdicts: &[Verdict], links: Links) -> Self {
        let counts = DisturbedBlocks::of(run).counts();
        let disturbed = counts.reasons.into_iter().filter(|one| one.blocks > 0);
        Self {
            verdicts: verdicts.iter().flat_map(VerdictRow::of).collect(),
            disturbed: (counts.blocks > 0).then(|| disturbed.collect()),
            self_test: run.checks.clone(),
            links,
        }
    }
}

impl VerdictRow {
    /// Returns a row for each check of a verdict, below one for all of them if there are several.
    fn of(verdict: &Verdict) -> Vec<Self> {
        let Verdict { claim, statement, interpretation, engine, findings, .. } = verdict;
        let row = Self {
            claim: claim.clone(),
            statement: statement.clone(),
            interpretation: interpretation.clone(),
            engine: engine.clone(),
            ..Self::default()
        };
        let mut rows = Vec::new();
        if findings.len() > 1 {
            let n = findings.iter().map(|one| one.count.cells).max().unwrap_or_default();
            let explanation = "All checks together".to_string();
            rows.push(Self { verdict: verdict.summary(), n, explanation, ..row.clone() });
        }
        rows.extend(findings.iter().map(|finding| row.clone().with(finding)));
        rows
    }

    fn with(self, finding: &Finding) -> Self {
        let measure = finding.measure.as_ref();
        Self {
            verdict: finding.outcome.to_string(),
            estimate: measure.map(|measure| measure.value),
            low: measure.map(|measure| measure.low),
            high: measure.map(|measure| measure.high),
            n: finding.count.cells,
            explanation: match finding.says.as_str() {
                "" => finding.check.clone(),
                says => format!("{}: {says}", finding.check),
            },
            figure: Some(finding.figure.clone()),
            ..self
        }
    }
}

/// One verdict on a claim.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VerdictRow {
    /// Name of the claim, such as `C1`.
    pub claim: String,
    /// The claim in words.
    pub statement: String,
    /// The interpretation, such as `the paper's own`.
    pub interpretation: String,
    /// Registry name of the engine that it was judged on.
    pub engine: String,
    /// The verdict in words. `holds`, `does not hold` and `undecided` have a sign and a colour.
    pub verdict: String,
    /// The estimate it rests on, if it rests on one.
    pub estimate: Option<f64>,
    /// Lower end of its 95 % interval.
    pub low: Option<f64>,
    /// Upper end of its 95 % interval.
    pub high: Option<f64>,
    /// What it was judged on: pairs of cells, or architectures.
    pub n: usize,
    /// Why this verdict.
    pub explanation: String,
    /// Figure that shows it, such as `speedup-by-pattern` or `paper/speedup-by-pattern`.
    pub figure: Option<String>,
}

/// Where other files lie, as paths from the page's folder with `/` between the parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Links {
    /// Folder of the run.
    pub run: Option<String>,
    /// Tables that the folder has, such as `samples`.
    pub tables: Vec<&'static str>,
    /// How formbench measures.
    pub method: Option<String>,
}
