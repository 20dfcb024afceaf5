//! Files of models that are not there, or not meant.

use crate::sound::{Break, assert_broken};

const MODEL_FILES: &[Break] = &[
    (
        "network: resnet18\n",
        "onnx: gone.onnx\n",
        "6:11: onnx: `gone.onnx` cannot be read: No such file or directory (os error 2)",
    ),
    (
        "network: resnet18\n",
        "onnx: [gone.onnx, model.pt]\n",
        "6:12: onnx: `gone.onnx` cannot be read: No such file or directory (os error 2)",
    ),
    (
        "network: resnet18\n",
        "onnx: model.pt\n",
        "6:11: onnx: expected a path that ends with `.onnx`, got text `model.pt`",
    ),
    (
        "network: resnet18\n",
        "onnx: /models/own.onnx\n",
        "6:11: onnx: expected a path from this file's folder on, got text `/models/own.onnx`",
    ),
    ("network: resnet18\n", "onnx: 7\n", "6:11: onnx: expected text, got `7`"),
    (
        "network: resnet18\n    from: standard",
        "onnx: own.onnx\n    depth: 8",
        "7:12: a file has no `depth` to set; remove it",
    ),
    (
        "network: resnet18\n    from: standard",
        "onnx: own.onnx\n    width: 8",
        "7:12: a file has no `width` to set; remove it",
    ),
    (
        "network: resnet18\n",
        "network: resnet18\n    onnx: own.onnx\n",
        "7:11: a row has one of `pattern`, `network` and `onnx`; make two rows",
    ),
];

#[test]
fn a_model_s_file_that_is_not_there_or_not_meant_is_refused() {
    assert_broken(MODEL_FILES);
}
