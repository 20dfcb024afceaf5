//! A Burn network, its weights filled, as a session.

use burn::tensor::backend::Backend;
use burn::tensor::{Tensor, TensorData};
use formbench_architectures::{Network, build};
use formbench_protocol::{Job, Refusal, RefusalKind};

use crate::{Failure, Session};

/// A network on one backend's device.
pub struct BurnSession<B: Backend> {
    network: Box<dyn Network<B>>,
    device: B::Device,
    /// NCHW.
    shape: [usize; 4],
}

impl<B: Backend> BurnSession<B> {
    /// Returns the job's network on `device`.
    ///
    /// # Errors
    /// A refusal if no such architecture exists.
    pub fn new(job: &Job, device: B::Device) -> Result<Self, Refusal> {
        let network = build::<B>(&job.architecture, job.weights_seed, &device)
            .map_err(|error| Refusal::new(RefusalKind::Unsupported, error.to_string()))?;
        let side = job.input.resolution as usize;
        Ok(Self { network, device, shape: [job.input.batch as usize, 3, side, side] })
    }
}

impl<B: Backend> Session for BurnSession<B> {
    fn infer(&mut self, images: &[f32]) -> Result<Vec<f32>, Failure> {
        let data = TensorData::new(images.to_vec(), self.shape);
        let logits = self.network.forward(Tensor::from_data(data, &self.device));
        let data = logits.try_into_data().map_err(|error| Failure::new(format!("{error:?}")))?;
        data.into_vec().map_err(|error| Failure::new(format!("{error:?}")))
    }
}
