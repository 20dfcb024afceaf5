/// Returns the latencies of a burst that count: all but the first. The first inference finds the data of
/// whoever ran before it in the caches, which costs a fast engine more than a slow one.
pub fn counting(burst_ns: &[u64]) -> &[u64] {
    burst_ns.get(1..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_inference_does_not_count() {
        assert_eq!(counting(&[9, 3, 4]), [3, 4]);
        assert_eq!(counting(&[9]), []);
        assert_eq!(counting(&[]), []);
    }
}
