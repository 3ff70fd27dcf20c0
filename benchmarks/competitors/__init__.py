"""Other engines on the same folder: llama.cpp and ONNX Runtime, each converted once and kept beside it.

Their packages are no requirements of the project:

    pip install xllamacpp gguf onnx onnxruntime onnxscript
"""
