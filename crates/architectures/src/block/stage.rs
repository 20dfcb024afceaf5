use formbench_blueprint::{Features, Net};

/// Returns the features of a stage: a block for each of its configurations, one behind the other,
/// named `stages.NUMBER.INDEX`.
pub(crate) fn stage<T>(
    net: &mut Net,
    number: usize,
    input: Features,
    config: impl IntoIterator<Item = T>,
    block: impl Fn(&mut Net, Features, T) -> Features,
) -> Features {
    config.into_iter().enumerate().fold(input, |features, (index, config)| {
        net.within(format!("stages.{number}.{index}"), |net| block(net, features, config))
    })
}
