"""What only GPUs have: the layer compiled into fewer kernels, and products in fp8."""
