"""Checks an ONNX file by ONNX's own rules and prints what it computes, as JSON by output.

Usage: onnx_checker.py MODEL IMAGE, the image as 32-bit floats.
"""

import json
import sys

import numpy
import onnx
import onnx.reference
import onnxruntime


def compare(name, computed, reference):
    """Fails if ONNX Runtime and ONNX's reference disagree."""
    assert computed.shape == reference.shape, (name, computed.shape, reference.shape)
    assert computed.dtype == reference.dtype, (name, computed.dtype, reference.dtype)
    numpy.testing.assert_allclose(computed, reference, 1e-4, 1e-5, err_msg=name)


def stated(model):
    """Names with element and shape of everything that the file says."""
    infos = [*model.graph.value_info, *model.graph.output]
    return {info.name: info.type.SerializeToString() for info in infos}


model = onnx.load(sys.argv[1])
onnx.checker.check_model(model, full_check=True)
before = stated(model)
assert len(before) >= len(model.graph.node), "a value has no shape"
del model.graph.value_info[:]
for output in model.graph.output:
    output.type.tensor_type.ClearField("shape")
inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
assert stated(inferred) == before, "inferred shapes are not the stated ones"

shape = [axis.dim_value for axis in model.graph.input[0].type.tensor_type.shape.dim]
image = {model.graph.input[0].name: numpy.fromfile(sys.argv[2], numpy.float32).reshape(shape)}
names = [output.name for output in model.graph.output]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(sys.argv[1], options, ["CPUExecutionProvider"])
computed = dict(zip(names, session.run(None, image)))

# The reference cannot cut transposed convolutions into groups.
left_out = [node for node in model.graph.node if node.op_type == "ConvTranspose"]
for node in left_out:
    model.graph.node.remove(node)
    model.graph.output.remove(next(value for value in model.graph.output if value.name in node.output))
compared = [output.name for output in model.graph.output]
for name, value in zip(compared, onnx.reference.ReferenceEvaluator(model).run(None, image)):
    compare(name, computed[name], numpy.asarray(value))
print(json.dumps({name: value.astype(float).ravel().tolist() for name, value in computed.items()}))
