//! The order of turns: in every round and every block of it, the one who was first comes last.

/// Returns who takes the turns of a block, as places into the list of those who take part: each
/// block begins one place further and every other one runs backwards, so that a machine that slows
/// down steadily favours nobody.
pub fn order(taking_part: usize, round: u32, block: u32) -> Vec<usize> {
    let first = (round + block / 2) as usize % taking_part.max(1);
    let mut order: Vec<usize> = (first..taking_part).chain(0..first).collect();
    if block % 2 == 1 {
        order.reverse();
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_blocks_mirror_each_other_and_the_next_two_begin_further() {
        let orders: Vec<Vec<usize>> = (0..4).map(|block| order(3, 0, block)).collect();
        assert_eq!(orders, [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]]);
        assert_eq!(order(3, 1, 0), [1, 2, 0]);
        assert_eq!(order(0, 5, 0), [0; 0]);
    }

    #[test]
    fn a_steady_drift_favours_nobody() {
        // In two blocks everybody's places sum up to the same: 0 + 5, 1 + 4, 2 + 3.
        let places = |who: usize| -> usize {
            let at = |block| order(3, 4, block).iter().position(|&one| one == who).unwrap();
            at(0) + 3 + at(1)
        };
        assert_eq!([0, 1, 2].map(places), [5, 5, 5]);
    }
}
