"""PyTorch as an engine of formbench: an ONNX file as real layers, served on formbench's protocol.

Does what `crates/worker` does for engines in Rust, file by file; must not know experiments.
"""
