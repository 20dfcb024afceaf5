//! The order of a run: in each round all groups, in each group its engines, the first one a place
//! further every round.

use crate::RunCell;
use crate::record::BlockPlace;

/// Returns every turn of a run as an index into `cells` and its place.
///
/// A cell that is refused beforehand has one turn, in the first round behind the others, and takes
/// no place in the rotation.
pub fn order(
    cells: &[RunCell],
    groups: &[Vec<usize>],
    refused: impl Fn(&RunCell) -> bool,
) -> Vec<(usize, BlockPlace)> {
    let rounds = cells.iter().map(|cell| cell.budget.rounds).max().unwrap_or(0);
    let groups: Vec<(Vec<usize>, Vec<usize>)> = groups
        .iter()
        .map(|group| group.iter().partition(|&&index| !refused(&cells[index])))
        .collect();
    let mut order = Vec::new();
    for round in 0..rounds {
        for (running, refused) in &groups {
            let taking_part: Vec<usize> = (running.iter().copied())
                .filter(|&index| round < cells[index].budget.rounds)
                .collect();
            let last: &[usize] = if round == 0 { refused } else { &[] };
            let turns = rotated(&taking_part, round).chain(last.iter().copied());
            order.extend(
                turns
                    .zip(0..)
                    .map(|(index, position)| (index, BlockPlace { round, block: 0, position })),
            );
        }
    }
    order
}

/// Returns the group's cells, beginning `round` places further.
fn rotated(group: &[usize], round: u32) -> impl Iterator<Item = usize> {
    let first = round as usize % group.len().max(1);
    group[first..].iter().chain(&group[..first]).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_begins_one_place_further_every_round() {
        let orders: Vec<Vec<usize>> =
            (0..4).map(|round| rotated(&[4, 5, 6], round).collect()).collect();
        assert_eq!(orders, [vec![4, 5, 6], vec![5, 6, 4], vec![6, 4, 5], vec![4, 5, 6]]);
        assert_eq!(rotated(&[], 3).count(), 0);
    }
}
