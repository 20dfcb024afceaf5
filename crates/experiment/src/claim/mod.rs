//! A study's claims as data: what is compared, what must come out, and how it would be refuted.

mod cells;
mod check;
mod document;
mod interpretation;
mod relation;
mod words;

pub use cells::{ClaimCells, ClaimKind};
pub use check::ClaimCheck;
pub use document::{Claim, Claimant, Claims, parse_claims, read_claims};
pub use interpretation::Interpretation;
pub use relation::{Property, Relation, Sign};
pub use words::ClaimWords;
