"""The recipe that trains, measures and exports the models bundled with Headlight."""

import os

# ONNX Runtime asks for it when it is loaded.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
