use super::*;
use crate::{Operator, OperatorPadding};

fn text(name: &str, word: &'static str) -> AttributeProto {
    AttributeProto {
        name: Some(name.to_owned()),
        s: Some(word.as_bytes().into()),
        ..AttributeProto::default()
    }
}

fn single(opset: i64, images: &[&str], node: NodeProto, constants: Vec<TensorProto>) -> Graph {
    let file = holding(file(images, &["1"], vec![node]), constants);
    read(&ModelProto { graph: file.graph, ..of_opset(opset) }).unwrap()
}

#[test]
fn padding_that_keeps_the_size_goes_to_the_named_side() {
    let pool = |side| {
        let mut node =
            with("MaxPool", "images", "logits", &[("kernel_shape", &[3, 2]), ("strides", &[2, 1])]);
        node.attribute.push(text("auto_pad", side));
        let graph = single(17, &["1", "3", "8", "8"], node, vec![]);
        let Operator::MaxPool(pool) = graph.nodes[0].operator else { panic!("a pool") };
        (pool.padding, nodes(&graph)[0].1.clone())
    };
    // Rows: four windows of 3 in steps of 2 end at 9, one beyond; columns: eight of 2 at 9.
    let below = OperatorPadding { bottom: 1, right: 1, ..OperatorPadding::default() };
    assert_eq!(pool("SAME_UPPER"), (below, vec![1, 3, 4, 8]));
    let above = OperatorPadding { top: 1, left: 1, ..OperatorPadding::default() };
    assert_eq!(pool("SAME_LOWER"), (above, vec![1, 3, 4, 8]));
    assert_eq!(pool("VALID"), (OperatorPadding::default(), vec![1, 3, 3, 7]));
}

#[test]
fn a_last_window_that_would_begin_in_padding_is_none() {
    let lists: [(&str, &[i64]); 4] = [
        ("kernel_shape", &[2, 2]),
        ("strides", &[3, 3]),
        ("pads", &[1, 1, 1, 1]),
        ("ceil_mode", &[1]),
    ];
    let graph =
        single(17, &["1", "1", "5", "6"], with("MaxPool", "images", "logits", &lists), vec![]);
    // With padding 7 rows: windows begin at 0, 3 and 6, which is padding. 8 columns: 6 is the last.
    assert_eq!(nodes(&graph), [("MaxPool", vec![1, 1, 2, 3])]);
}

#[test]
fn axes_are_attributes_and_later_inputs() {
    let images = ["1", "3", "1", "1"];
    let old = with("Squeeze", "images", "logits", &[("axes", &[2, 3])]);
    assert_eq!(nodes(&single(11, &images, old, vec![])), [("Reshape", vec![1, 3])]);
    let axes = || vec![integers("axes", &[-1, 2])];
    let new = node("Squeeze", "images axes", "logits");
    assert_eq!(nodes(&single(13, &images, new, axes())), [("Reshape", vec![1, 3])]);
    let old = with("ReduceMean", "images", "logits", &[("axes", &[2, 3]), ("keepdims", &[0])]);
    assert_eq!(nodes(&single(17, &images, old, vec![])), [("ReduceMean", vec![1, 3])]);
    let new = node("ReduceMean", "images axes", "logits");
    assert_eq!(nodes(&single(18, &images, new, axes())), [("ReduceMean", vec![1, 3, 1, 1])]);
}

#[test]
fn bounds_are_attributes_and_later_inputs() {
    let float = |name: &str, f| AttributeProto {
        name: Some(name.to_owned()),
        f: Some(f),
        ..AttributeProto::default()
    };
    let old = NodeProto {
        attribute: vec![float("min", 0.0), float("max", 6.0)],
        ..node("Clip", "images", "logits")
    };
    let clip = Operator::Clip { low: 0.0, high: 6.0 };
    assert_eq!(single(10, &["1"], old, vec![]).nodes[0].operator, clip);
    let one = TensorProto { dims: vec![], ..ones("one", &[1]) };
    let new = node("Clip", "images _ one", "logits");
    let clip = Operator::Clip { low: f32::NEG_INFINITY, high: 1.0 };
    assert_eq!(single(11, &["1"], new, vec![one]).nodes[0].operator, clip);
}

#[test]
fn a_split_is_a_slice_for_each_part() {
    let split = with("Split", "images", "logits rest", &[("axis", &[1])]);
    let graph = single(12, &["1", "5"], split, vec![]);
    // Parts of three; the last has what is left.
    assert_eq!(nodes(&graph), [("Slice", vec![1, 3]), ("Slice", vec![1, 2])]);
    assert_eq!(graph.nodes[1].name, "split_2");
    let Operator::Slice { starts, ends, .. } = &graph.nodes[1].operator else { panic!("a slice") };
    assert_eq!((starts.as_slice(), ends.as_slice()), (&[0, 3][..], &[1, 5][..]));
}

#[test]
fn a_softmax_over_several_axes_is_refused_before_it_is_over_one() {
    let softmax = || node("Softmax", "images", "logits");
    let shape = ["2", "3", "4"];
    assert_eq!(
        single(13, &shape, softmax(), vec![]).nodes[0].operator,
        Operator::Softmax { axis: 2 }
    );
    let old = ModelProto { graph: file(&shape, &["2"], vec![softmax()]).graph, ..of_opset(12) };
    assert_eq!(error(&old), "node `softmax`: Softmax: is over axes 1 to 2, expected one");
}

#[test]
fn a_kernel_that_is_not_stated_is_that_of_the_filters() {
    let lists: [(&str, &[i64]); 2] = [("strides", &[2, 2]), ("pads", &[3, 3, 3, 3])];
    let stem = with("Conv", "images w", "logits", &lists);
    let graph = single(7, &["1", "3", "224", "224"], stem, vec![ones("w", &[64, 3, 7, 7])]);
    let inspection = crate::attributes::inspect(&graph);
    assert_eq!(nodes(&graph), [("Conv", vec![1, 64, 112, 112])]);
    // As the stem of ResNet: 802 816 elements of 147 MACs.
    assert_eq!(inspection.attributes.macs, 118_013_952);
    assert_eq!(inspection.layers[0].detail, "7×7, stride 2, pad 3");
}
