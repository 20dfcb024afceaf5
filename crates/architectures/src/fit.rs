//! The width at which a pattern costs what it should, so that patterns of equal cost are compared.

use formbench_blueprint::Cost;
use formbench_protocol::{CostTarget, Width};

use crate::pattern::Pattern;
use crate::{ArchitectureError, registry};

/// Largest relative difference from a target that still is a fit.
pub const TOLERANCE: f64 = 0.03;

/// Eighths of a channel on both sides of where the cost reaches the target: a block that rounds its
/// inner channels can be a little cheaper with one channel more.
const NEIGHBOURS: u32 = 4;

/// Returns what a cost has of the kind that a target asks for.
fn counted(target: CostTarget, cost: Cost) -> CostTarget {
    match target {
        CostTarget::Macs(_) => CostTarget::Macs(cost.macs),
        CostTarget::Parameters(_) => CostTarget::Parameters(cost.parameters),
    }
}

/// The width whose cost is nearest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// Channels out of the first stage.
    pub width: Width,
    /// What the pattern costs at this width.
    pub cost: Cost,
    /// By how much more than the target that is, relative to the target.
    pub difference: f64,
}

/// Returns the width at which a pattern's cost is nearest to a target; the smaller of two as near.
///
/// # Units
/// `resolution` is in pixels, the images are square; `depth` is in blocks.
///
/// # Errors
/// The pattern is unknown, the depth is impossible, the images are too small, or the nearest cost is
/// further away than [`TOLERANCE`].
pub fn fit(
    pattern: &str,
    depth: u32,
    resolution: u32,
    target: CostTarget,
) -> Result<Fit, ArchitectureError> {
    let search = Search { pattern: registry::pattern(pattern)?, depth, resolution, target };
    let (width, cost) = search.nearest()?;
    let difference = target.difference(counted(target, cost));
    if difference.abs() <= TOLERANCE {
        return Ok(Fit { width, cost, difference });
    }
    Err(search.failure(width, cost))
}

/// One pattern at one depth and resolution, whose width is sought.
struct Search<'a> {
    pattern: &'a Pattern,
    depth: u32,
    resolution: u32,
    target: CostTarget,
}

impl Search<'_> {
    fn cost(&self, width: Width) -> Result<Cost, ArchitectureError> {
        let blueprint = self.pattern.blueprint(self.depth, width)?;
        blueprint.cost(self.resolution as usize).map_err(|source| ArchitectureError::Images {
            pattern: self.pattern.name.to_owned(),
            resolution: self.resolution,
            source,
        })
    }

    /// Returns the width whose cost is nearest, and its cost.
    fn nearest(&self) -> Result<(Width, Cost), ArchitectureError> {
        let widths = self.pattern.widths();
        let (least, most) = (widths.start().eighths(), widths.end().eighths());
        let reached = self.reached(least, most)?;
        let first = reached.saturating_sub(NEIGHBOURS).max(least);
        let last = (reached + NEIGHBOURS).min(most);
        let mut nearest = (Width::from_eighths(first), self.cost(Width::from_eighths(first))?);
        for width in (first + 1..=last).map(Width::from_eighths) {
            let cost = self.cost(width)?;
            if self.distance(cost) < self.distance(nearest.1) {
                nearest = (width, cost);
            }
        }
        Ok(nearest)
    }

    /// Returns the width in eighths from which on the cost is the target's or more, by halves; `most`
    /// if there is none.
    fn reached(&self, mut least: u32, mut most: u32) -> Result<u32, ArchitectureError> {
        while least < most {
            let middle = least.midpoint(most);
            let cost = self.cost(Width::from_eighths(middle))?;
            if counted(self.target, cost).value() < self.target.value() {
                least = middle + 1
            } else {
                most = middle
            }
        }
        Ok(least)
    }

    fn distance(&self, cost: Cost) -> u64 {
        counted(self.target, cost).value().abs_diff(self.target.value())
    }

    fn failure(&self, width: Width, cost: Cost) -> ArchitectureError {
        let (pattern, depth) = (self.pattern.name.to_owned(), self.depth);
        let (target, nearest) = (self.target, counted(self.target, cost));
        let least = width == *self.pattern.widths().start();
        if least && nearest.value() > target.value() {
            ArchitectureError::LeastCost { pattern, depth, width, nearest, target }
        } else {
            ArchitectureError::Cost { pattern, depth, width, nearest, target }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::PATTERNS;

    /// Returns the patterns and depths that no width fits, and why.
    fn unfit(depths: &[u32], target: CostTarget) -> Vec<(String, ArchitectureError)> {
        let names = PATTERNS.iter().map(|pattern| pattern.name);
        let cells = names.flat_map(|name| depths.iter().map(move |depth| (name, *depth)));
        let error = |(name, depth)| {
            let error = fit(name, depth, 224, target).err()?;
            Some((format!("{name}-d{depth}"), error))
        };
        cells.filter_map(error).collect()
    }

    fn assert_unfit(depths: &[u32], target: CostTarget, expected: &[&str]) {
        let unfit = unfit(depths, target);
        let texts: Vec<String> = unfit.iter().map(|(_, error)| error.to_string()).collect();
        let cells: Vec<&str> = unfit.iter().map(|(cell, _)| cell.as_str()).collect();
        assert_eq!(cells, expected, "at {target}:\n{}", texts.join("\n"));
    }

    #[test]
    fn every_pattern_has_a_width_for_common_macs() {
        let depths: Vec<u32> = (8..=44).collect();
        assert_unfit(&depths, CostTarget::Macs(600_000_000), &[]);
        let between = [
            "fused-bottleneck-d19",
            "fused-bottleneck-d43",
            "searched-cell-d33",
            "searched-cell-d42",
        ];
        assert_unfit(&depths, CostTarget::Macs(300_000_000), &between);
        // Between two widths: with seven or eight channels in the first of four stages that cost the
        // same, one channel more is 2 / 7.5 of a quarter, or 7 %, of all; with 40 or so in steps of
        // four, the searched cell's first stage and the one that follows step together.
        let between =
            ["plain-d44", "residual-d44", "searched-cell-d8", "searched-cell-d20", "attention-d44"];
        assert_unfit(&[8, 14, 20, 32, 44], CostTarget::Macs(150_000_000), &between);
    }

    #[test]
    fn every_pattern_has_a_width_for_five_million_parameters() {
        let depths: Vec<u32> = (8..=44).collect();
        assert_unfit(&depths, CostTarget::Parameters(5_000_000), &[]);
    }

    #[test]
    fn the_cost_of_a_whole_width_is_found_at_that_width() {
        // Eight residual blocks of width 64 are ResNet-18.
        let found = fit("residual", 8, 224, CostTarget::Parameters(11_689_512)).unwrap();
        assert_eq!((found.width, found.cost.parameters), (Width::whole(64), 11_689_512));
        assert_eq!(found.difference, 0.0);
        let again = fit("residual", 8, 224, CostTarget::Macs(found.cost.macs)).unwrap();
        assert_eq!(again, found);
    }

    #[test]
    fn a_wider_network_never_costs_less() {
        for pattern in PATTERNS {
            let target = CostTarget::Macs(0);
            let search = Search { pattern, depth: 7, resolution: 64, target };
            let widths = pattern.widths().start().eighths()..=160;
            let costs = widths.map(|width| search.cost(Width::from_eighths(width)).unwrap());
            let costs: Vec<Cost> = costs.collect();
            assert!(costs.is_sorted_by_key(|cost| cost.macs), "{}", pattern.name);
            assert!(costs.is_sorted_by_key(|cost| cost.parameters), "{}", pattern.name);
        }
    }

    #[test]
    fn a_cost_between_two_widths_names_the_nearest() {
        let error = fit("plain", 44, 224, CostTarget::Macs(150_000_000)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "plain of depth `44`: no width costs `150000000 MACs`, give or take 3 %; the nearest, \
             `7.375`, costs 144624239 MACs, -3.58 %; ask for another depth or cost"
        );
    }

    #[test]
    fn a_cost_below_the_least_width_is_an_error_that_says_so() {
        // Width 1. Stem: 147 + 2. Classifier: 8·1000 + 1000. A block from i to o has
        // 9·i·o + 9·o² + 4·o: 22 twice; 62 and 80; 232 and 304; 896 and 1184.
        let error = fit("plain", 8, 224, CostTarget::Parameters(5000)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "plain of depth `8`: even the least width, `1`, costs 11951 parameters, 139.0 % more \
             than `5000 parameters`; ask for fewer blocks or a higher cost"
        );
    }

    #[test]
    fn unknown_patterns_impossible_depths_and_small_images_are_errors() {
        let text = |name, depth, side| {
            fit(name, depth, side, CostTarget::Macs(1_000_000)).unwrap_err().to_string()
        };
        assert!(text("plane", 8, 224).starts_with("unknown pattern `plane`; known: plain, "));
        assert!(text("plain", 3, 224).starts_with("plain: depth `3` is impossible"));
        assert_eq!(
            text("dense", 8, 16),
            "dense: images of `16` pixels are too small; ask for larger ones"
        );
    }
}
