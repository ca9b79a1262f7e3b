"""ONNX graphs, and the proof that they equal PyTorch."""
