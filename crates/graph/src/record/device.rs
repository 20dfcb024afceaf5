use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use burn::tensor::backend::{Device, DeviceId, DeviceOps};

/// Where the tensors of one recording live.
///
/// The default device belongs to no recording: tensors that are made there by mistake are refused
/// when a recording meets them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordingDevice {
    index: u16,
}

impl Device for RecordingDevice {
    fn from_id(id: DeviceId) -> Self {
        Self { index: id.index_id }
    }

    fn to_id(&self) -> DeviceId {
        DeviceId { type_id: 0, index_id: self.index }
    }
}

impl DeviceOps for RecordingDevice {}

/// Devices in use. Burn keeps settings by device for ever, so their numbers are used again.
static LEASED: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

/// A device that no other recording has, until it is dropped.
#[derive(Debug)]
pub(crate) struct Lease(RecordingDevice);

impl Lease {
    /// Returns the device with the lowest free number.
    ///
    /// # Panics
    /// If 65 535 recordings are under way.
    pub(crate) fn new() -> Self {
        let mut leased = LEASED.lock().unwrap_or_else(PoisonError::into_inner);
        let free = (1..=u16::MAX).find(|index| !leased.contains(index));
        let index = free.expect("fewer than 65 535 recordings at once");
        leased.insert(index);
        Self(RecordingDevice { index })
    }

    /// Returns the device.
    pub(crate) fn device(&self) -> &RecordingDevice {
        &self.0
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        LEASED.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0.index);
    }
}
