"""Runs a training script in PyTorch on what a trace of Descent Lens holds, and tells how its steps went."""
