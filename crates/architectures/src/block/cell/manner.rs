/// What authors whose cells are written alike do differently.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// Whether a factorized reduction picks its pixels with 1×1 pools of stride 2 before its
    /// convolutions, else with the stride of these.
    pub(crate) pick_by_pool: bool,
    /// Whether a skip of stride 2 is a factorized reduction, else a 1×1 convolution of stride 2.
    pub(crate) factorize_skips: bool,
    /// Whether a batch norm is behind each pool.
    pub(crate) norm_pools: bool,
}

impl Manner {
    /// As in NASNet and PNASNet.
    ///
    /// Source: Zoph et al. 2017, arXiv:1707.07012, appendix A.
    pub(crate) const NASNET: Self =
        Self { pick_by_pool: true, factorize_skips: false, norm_pools: false };

    /// As in DARTS and its descendants.
    ///
    /// Source: Liu et al. 2018, arXiv:1806.09055, the authors' code.
    pub(crate) const DARTS: Self =
        Self { pick_by_pool: false, factorize_skips: true, norm_pools: false };

    /// As in SNAS.
    ///
    /// Source: Xie et al. 2018, arXiv:1812.09926, the authors' code.
    pub(crate) const SNAS: Self = Self { norm_pools: true, ..Self::DARTS };
}
