/// Engines and hosts up to which every choice of them is tried.
const MOST_ENGINES: usize = 6;
const MOST_HOSTS: usize = 10;

/// Which places of a table of architectures, engines and hosts have a number.
pub(super) struct Filled {
    /// Architectures, engines, hosts.
    levels: [usize; 3],
    is: Vec<bool>,
}

/// A part of the table that has a number in every place: levels of architectures, engines and hosts, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) architectures: Vec<usize>,
    pub(super) engines: Vec<usize>,
    pub(super) hosts: Vec<usize>,
}

impl Filled {
    /// Returns a table without a number.
    pub(super) fn new(levels: [usize; 3]) -> Self {
        Self { levels, is: vec![false; levels.iter().product()] }
    }

    /// Says that a place has a number.
    pub(super) fn fill(&mut self, [architecture, engine, host]: [usize; 3]) {
        let place = self.place(architecture, engine, host);
        self.is[place] = true;
    }

    fn place(&self, architecture: usize, engine: usize, host: usize) -> usize {
        let [_, engines, hosts] = self.levels;
        (architecture * engines + engine) * hosts + host
    }

    /// Returns whether an architecture has a number on all of some engines on a host.
    fn has(&self, architecture: usize, engines: &[usize], host: usize) -> bool {
        engines.iter().all(|engine| self.is[self.place(architecture, *engine, host)])
    }

    /// Returns the whole part of the table that has two architectures and two hosts at least and in which most is free to vary:
    /// one less than each of its levels, multiplied; of equals, the one with most places. Nothing if there is no such part.
    ///
    /// All choices of engines and of hosts are tried where these are few; of many hosts, those that share most come first, and
    /// are tried one more at a time.
    pub(super) fn largest_block(&self) -> Option<Block> {
        let mut best: Option<Block> = None;
        for engines in self.choices_of_engines() {
            for hosts in self.choices_of_hosts(&engines) {
                let architectures = self.architectures(&engines, &hosts);
                let block = Block { architectures, engines: engines.clone(), hosts };
                if best.as_ref().is_none_or(|best| block.rank() > best.rank()) {
                    best = Some(block);
                }
            }
        }
        best.filter(|best| best.architectures.len() > 1 && best.hosts.len() > 1)
    }

    fn architectures(&self, engines: &[usize], hosts: &[usize]) -> Vec<usize> {
        let is_whole =
            |architecture: &usize| hosts.iter().all(|host| self.has(*architecture, engines, *host));
        (0..self.levels[0]).filter(is_whole).collect()
    }

    fn choices_of_engines(&self) -> Vec<Vec<usize>> {
        let [architectures, engines, hosts] = self.levels;
        if engines <= MOST_ENGINES {
            return subsets(engines, 1);
        }
        let filled = |engine: usize| {
            let of_architecture =
                |at| (0..hosts).filter(move |host| self.has(at, &[engine], *host)).count();
            (0..architectures).map(of_architecture).sum::<usize>()
        };
        let mut order: Vec<usize> = (0..engines).collect();
        order.sort_by_key(|engine| std::cmp::Reverse(filled(*engine)));
        (1..=engines).map(|count| ascending(&order[..count])).collect()
    }

    fn choices_of_hosts(&self, engines: &[usize]) -> Vec<Vec<usize>> {
        let [architectures, _, hosts] = self.levels;
        if hosts <= MOST_HOSTS {
            return subsets(hosts, 2);
        }
        let order = self.hosts_by_what_they_share(engines);
        // With how many of the leading hosts each architecture is whole.
        let reach = |architecture: usize| {
            order.iter().take_while(|host| self.has(architecture, engines, **host)).count()
        };
        let reaches: Vec<usize> = (0..architectures).map(reach).collect();
        let freedom = |count: &usize| {
            let whole = reaches.iter().filter(|reach| **reach >= *count).count();
            (whole.saturating_sub(1) * (count - 1), *count)
        };
        let best = (2..=hosts).max_by_key(freedom);
        best.map(|count| ascending(&order[..count])).into_iter().collect()
    }

    /// Returns the hosts, those first that have what most others have.
    fn hosts_by_what_they_share(&self, engines: &[usize]) -> Vec<usize> {
        let [architectures, _, hosts] = self.levels;
        let count =
            |architecture| (0..hosts).filter(|host| self.has(architecture, engines, *host)).count();
        let counts: Vec<usize> = (0..architectures).map(count).collect();
        let shared = |host: usize| {
            let has = (0..architectures).filter(|at| self.has(*at, engines, host));
            has.map(|at| counts[at]).sum::<usize>()
        };
        let shared: Vec<usize> = (0..hosts).map(shared).collect();
        let mut order: Vec<usize> = (0..hosts).collect();
        order.sort_by_key(|host| std::cmp::Reverse(shared[*host]));
        order
    }
}

impl Block {
    /// Returns how many places it has.
    pub(super) fn places(&self) -> usize {
        self.architectures.len() * self.engines.len() * self.hosts.len()
    }

    /// Returns what is free to vary in it, then its places. One engine takes nothing away.
    fn rank(&self) -> (usize, usize) {
        let freedom = |levels: &[usize]| levels.len().saturating_sub(1);
        let engines = freedom(&self.engines).max(1);
        (freedom(&self.architectures) * engines * freedom(&self.hosts), self.places())
    }
}

/// Returns the subsets of so many that have at least `least`, each ascending.
fn subsets(count: usize, least: usize) -> Vec<Vec<usize>> {
    let chosen = |bits: usize| (0..count).filter(|at| bits & (1 << at) != 0).collect::<Vec<_>>();
    (0..1_usize << count).map(chosen).filter(|subset| subset.len() >= least).collect()
}

fn ascending(order: &[usize]) -> Vec<usize> {
    let mut sorted = order.to_vec();
    sorted.sort_unstable();
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(levels: [usize; 3], is: impl Fn([usize; 3]) -> bool) -> Filled {
        let mut filled = Filled::new(levels);
        for architecture in 0..levels[0] {
            for engine in 0..levels[1] {
                for host in 0..levels[2] {
                    if is([architecture, engine, host]) {
                        filled.fill([architecture, engine, host]);
                    }
                }
            }
        }
        filled
    }

    #[test]
    fn a_host_that_shares_little_does_not_take_the_rest_away() {
        // The last of four hosts has two of nine architectures: 8 · 2 · 2 = 32 without it, 1 · 2 · 3 = 6 with it.
        let table = filled([9, 3, 4], |[architecture, _, host]| host < 3 || architecture < 2);
        let block = table.largest_block().unwrap();
        assert_eq!((block.architectures.len(), block.engines.len()), (9, 3));
        assert_eq!(block.hosts, [0, 1, 2]);
        assert_eq!(block.places(), 81);
    }

    #[test]
    fn more_hosts_are_worth_architectures() {
        // Two hosts share 20 architectures, three share 12: 19 · 1 against 11 · 2.
        let table = filled([20, 1, 3], |[architecture, _, host]| host < 2 || architecture < 12);
        assert_eq!(table.largest_block().unwrap().hosts, [0, 1, 2]);
    }

    #[test]
    fn an_engine_that_few_have_is_left_out() {
        let table = filled([6, 3, 4], |[_, engine, host]| engine < 2 || host == 0);
        assert_eq!(table.largest_block().unwrap().engines, [0, 1]);
    }

    #[test]
    fn of_many_hosts_those_that_share_most_are_taken() {
        // Of 40 hosts 30 have the first eight of twelve architectures; the others have the last four, and one has them all.
        let table = filled([12, 2, 40], |[architecture, _, host]| match host {
            0 => true,
            host if host <= 30 => architecture < 8,
            _ => architecture >= 8,
        });
        let block = table.largest_block().unwrap();
        assert_eq!(block.architectures, (0..8).collect::<Vec<_>>());
        assert_eq!(block.hosts, (0..=30).collect::<Vec<_>>());
    }

    #[test]
    fn what_shares_nothing_has_no_block() {
        let apart = filled([4, 1, 2], |[architecture, _, host]| architecture % 2 == host);
        assert_eq!(apart.largest_block(), None);
        assert_eq!(filled([3, 2, 1], |_| true).largest_block(), None);
        assert_eq!(Filled::new([0, 0, 0]).largest_block(), None);
    }
}
