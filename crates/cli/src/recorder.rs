//! Keeps what the conductor takes in a run's folder.

use std::collections::BTreeSet;

use formbench_measure::{Measured, RecordError, Recorder};
use formbench_protocol::Refusal;
use formbench_store::{BlockKey, RunFolder, StoreError};

use crate::rows;

/// A run's folder with what is in it already.
pub struct FolderRecorder<'a> {
    folder: &'a RunFolder,
    blocks: BTreeSet<BlockKey>,
    refused: BTreeSet<String>,
}

impl<'a> FolderRecorder<'a> {
    /// Returns a recorder that knows the folder's blocks and refusals.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn new(folder: &'a RunFolder) -> Result<Self, StoreError> {
        let refusals = folder.refusals()?;
        let refused = refusals.into_iter().map(|row| row.cell).collect();
        Ok(Self { folder, blocks: folder.acknowledged()?, refused })
    }

    /// Returns how many blocks are kept.
    pub fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// Returns how many cells are refused.
    pub fn refused(&self) -> usize {
        self.refused.len()
    }
}

impl Recorder for FolderRecorder<'_> {
    fn has_block(&self, key: &str, round: u32, block: u32) -> bool {
        self.blocks.contains(&BlockKey { cell: key.to_owned(), round, block })
    }

    fn is_refused(&self, key: &str) -> bool {
        self.refused.contains(key)
    }

    fn block(&mut self, key: &str, measured: &Measured) -> Result<(), RecordError> {
        self.folder.append_block(&rows::block(key, measured), &measured.taken.samples_ns)?;
        let (round, block) = (measured.place.round, measured.place.block);
        self.blocks.insert(BlockKey { cell: key.to_owned(), round, block });
        Ok(())
    }

    fn refusal(
        &mut self,
        key: &str,
        round: u32,
        refusal: &Refusal,
        stderr_tail: &str,
    ) -> Result<(), RecordError> {
        self.folder.append_refusal(&rows::refusal(key, round, refusal, stderr_tail))?;
        self.refused.insert(key.to_owned());
        Ok(())
    }
}
