"""Writes the defaults of PyTorch's optimizers, activations and losses to defaults.json."""
import inspect
import json
import pathlib

import torch

optimizers = {}
for name in ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad"]:
    signature = inspect.signature(getattr(torch.optim, name))
    plain = {k: p.default for k, p in signature.parameters.items() if isinstance(p.default, (int, float, bool, tuple))}
    optimizers[name] = {"order": list(signature.parameters), "defaults": plain}

layers = {}
for name in [
    "LeakyReLU", "ELU", "CELU", "GELU", "Hardtanh", "Softplus", "Softshrink", "Hardshrink", "Dropout", "Linear",
    "BatchNorm1d", "LayerNorm", "GroupNorm", "PReLU", "Flatten", "CrossEntropyLoss", "NLLLoss", "BCELoss",
    "BCEWithLogitsLoss", "MSELoss", "L1Loss", "HuberLoss", "SmoothL1Loss", "KLDivLoss", "Conv2d", "MaxPool2d",
]:
    signature = inspect.signature(getattr(torch.nn, name).__init__)
    names = [k for k in signature.parameters if k not in ("self", "device", "dtype", "args", "kwargs")]
    plain = {k: signature.parameters[k].default for k in names if isinstance(signature.parameters[k].default, (int, float, bool, str))}
    layers[name] = {"order": names, "defaults": plain}

out = {"version": torch.__version__, "optimizers": optimizers, "layers": layers}
pathlib.Path(__file__).with_name("defaults.json").write_text(json.dumps(out, indent=1) + "\n")
