"""Writes the names of PyTorch's layers, functions, initialisers, optimizers and schedules to torch_names.json.

Made with PyTorch 1.13; `added` are those of PyTorch 2.
"""
import inspect
import json
import pathlib

import torch
from torch import nn

added = {
    "torch.nn": ["RMSNorm", "CircularPad1d", "CircularPad2d", "CircularPad3d", "ZeroPad1d", "ZeroPad3d"],
    "torch.nn.functional": ["scaled_dot_product_attention"],
    "torch.optim": ["Adafactor", "Muon"],
    "torch.optim.swa_utils": ["get_ema_multi_avg_fn", "get_swa_multi_avg_fn", "get_ema_avg_fn", "get_swa_avg_fn"],
}


def classes(module, base):
    names = [name for name, value in vars(module).items() if inspect.isclass(value) and issubclass(value, base) and value is not base]
    return [name for name in names if not name.startswith("_")]


# What is there for PyTorch's own use.
internal = ("handle_", "has_torch_", "boolean_dispatch", "assert_int", "native_", "conv_tbc")
functions = [
    name for name in dir(nn.functional)
    if callable(getattr(nn.functional, name)) and name[0].islower() and not name.startswith(internal) and not name.endswith("_with_indices")
]
names = {
    "torch.nn": classes(nn, nn.Module),
    "torch.nn.functional": functions,
    "torch.nn.init": [name for name in dir(nn.init) if name.endswith("_") and not name.startswith("_")] + ["calculate_gain"],
    "torch.optim": classes(torch.optim, torch.optim.Optimizer),
    "torch.optim.lr_scheduler": [name for name in classes(torch.optim.lr_scheduler, object) if name.endswith(("LR", "WarmRestarts", "OnPlateau", "Scheduler"))],
    "torch.optim.swa_utils": ["AveragedModel", "SWALR", "update_bn"],
}
out = {module: sorted(set(found + added.get(module, []))) for module, found in names.items()}
pathlib.Path(__file__).with_name("torch_names.json").write_text(json.dumps(out, indent=1) + "\n")
