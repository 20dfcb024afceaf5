//! Enums that are words in Parquet.

use formbench_protocol::{
    Architecture, CostTarget, DeviceKind, InferencePart, Origin, RefusalKind, Width,
};
use serde::Serialize;

/// An enum of which each value is a word of a column.
pub(crate) trait Word: Copy + 'static {
    /// Every value.
    const ALL: &'static [Self];

    /// Returns the word of a value.
    fn word(self) -> &'static str;

    /// Returns the value of a word.
    fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.word() == word)
    }
}

/// Declares an enum of words and its table of words at once.
macro_rules! words {
    (
        $(#[doc = $about:literal])+
        $name:ident {
            $( $(#[doc = $meaning:literal])+ $value:ident = $word:literal, )+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum $name {
            #[default]
            $( $(#[doc = $meaning])+ #[serde(rename = $word)] $value, )+
        }

        impl $name {
            /// Returns the word that data and tables carry.
            pub fn label(self) -> &'static str {
                match self { $( Self::$value => $word, )+ }
            }
        }

        impl Word for $name {
            const ALL: &'static [Self] = &[$( Self::$value, )+];

            fn word(self) -> &'static str {
                self.label()
            }
        }
    };
}

words! {
    /// What kind of architecture a cell executes.
    CellKind {
        /// A complete network of the registry.
        Network = "network",
        /// A design pattern at a depth and a width.
        Pattern = "pattern",
        /// A model of one's own.
        File = "file",
    }
}

words! {
    /// Where counts of caches come from, in the order of tables.
    CacheSource {
        /// The processor counted.
        Counters = "counters",
        /// A simulator counted.
        Simulation = "simulation",
    }
}

words! {
    /// What a machine was worked with.
    RooflineQuantity {
        /// Independent fused multiply-adds in registers: FLOPs.
        Compute = "compute",
        /// A triad over arrays that no cache holds: bytes.
        Memory = "memory",
    }
}

words! {
    /// What a pattern's width was chosen for.
    MatchedCost {
        /// Multiply-accumulates of one image.
        Macs = "macs",
        /// Trainable parameters.
        Parameters = "parameters",
    }
}

impl CellKind {
    /// Returns the kind of an architecture, with the depth and width of a pattern.
    pub fn of_architecture(architecture: &Architecture) -> (Self, Option<(u32, Width)>) {
        match *architecture {
            Architecture::Network { .. } => (Self::Network, None),
            Architecture::File(_) => (Self::File, None),
            Architecture::Pattern { depth, width, .. } => (Self::Pattern, Some((depth, width))),
        }
    }
}

impl From<CostTarget> for MatchedCost {
    fn from(target: CostTarget) -> Self {
        match target {
            CostTarget::Macs(_) => Self::Macs,
            CostTarget::Parameters(_) => Self::Parameters,
        }
    }
}

/// Enums of the protocol, which know their words.
macro_rules! protocol_words {
    ($($name:ident),+) => {
        $(impl Word for $name {
            const ALL: &'static [Self] = &$name::ALL;

            fn word(self) -> &'static str {
                self.label()
            }
        })+
    };
}

protocol_words!(DeviceKind, InferencePart, Origin, RefusalKind);

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns how many values come back from their words.
    fn returning<W: Word + PartialEq>() -> usize {
        W::ALL.iter().filter(|value| W::of(value.word()) == Some(**value)).count()
    }

    #[test]
    fn every_value_comes_back_from_its_word() {
        assert_eq!(returning::<CellKind>(), 3);
        assert_eq!((returning::<CacheSource>(), returning::<RooflineQuantity>()), (2, 2));
        assert_eq!((returning::<MatchedCost>(), returning::<Origin>()), (2, 2));
        assert_eq!((returning::<DeviceKind>(), returning::<RefusalKind>()), (7, 10));
        assert_eq!(returning::<InferencePart>(), 13);
        assert_eq!(CellKind::of("networks"), None);
    }

    #[test]
    fn a_protocol_s_word_is_what_the_protocol_writes() {
        for kind in RefusalKind::ALL {
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.word()));
        }
        for kind in DeviceKind::ALL {
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.word()));
        }
    }
}
