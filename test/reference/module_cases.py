"""Losses, gradients and Hessian-vector products of modules in PyTorch, in float64, as the scripts beside write them.

Each case is the two bodies of a module as a script has them; the test reads the same text. The loss is
mean((model(x) - y)^2) on fixed numbers, the direction of the product is cos(1, 2, 3, ...) over all parameters. The product is
null where PyTorch has no second derivative. `starts`: mean and standard deviation of each parameter's first values.
"""

import json
import math
import sys
import textwrap

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def numbers(*shape, seed=0, scale=1.0):
    """Fixed numbers in place of a random generator, so that every version makes the same."""
    return torch.tensor([scale * math.sin(1.7 * i + 0.3 + seed) for i in range(math.prod(shape))]).round(decimals=3).reshape(shape)


def module_of(init, forward):
    body = "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    body += textwrap.indent("\n".join(init), 8 * " ") + "\n    def forward(self, x):\n" + textwrap.indent("\n".join(forward), 8 * " ")
    scope = {"nn": nn, "F": F, "torch": torch}
    exec(body, scope)
    return scope["Net"]()


def dump(tensors):
    return [float(f"{v:.10g}") for tensor in tensors for v in tensor.detach().flatten().tolist()]


def started(init, forward):
    """Mean and standard deviation of each parameter's first values, over a hundred modules."""
    torch.manual_seed(0)
    values = {}
    for _ in range(100):
        model = module_of(init, forward)
        model(numbers(5, 6, 3, seed=1))
        for name, p in model.named_parameters():
            values.setdefault(name, []).append(p.detach().flatten())
    pooled = {name: torch.cat(parts) for name, parts in values.items()}
    return {name: [float(f"{v:.4g}") for v in (p.mean(), p.std(unbiased=False))] for name, p in pooled.items()}


def measured(init, forward):
    model = module_of(init, forward)
    model(numbers(5, 6, 3, seed=1))  # Lazy layers take their sizes from a first call.
    named = dict(model.named_parameters())
    with torch.no_grad():
        for k, p in enumerate(named.values()):
            p.copy_(numbers(*p.shape, seed=k, scale=0.7))
    x, y = numbers(5, 6, 3, seed=1), numbers(5, 2, seed=2)
    loss = ((model(x) - y) ** 2).mean()
    gradients = torch.autograd.grad(loss, list(named.values()), create_graph=True)
    start, directions = 1, []
    for p in named.values():
        directions.append(torch.cos(torch.arange(start, start + p.numel(), dtype=torch.float64)).reshape(p.shape))
        start += p.numel()
    slope = sum((g * d).sum() for g, d in zip(gradients, directions))
    try:
        product = torch.autograd.grad(slope, list(named.values()), allow_unused=True)
    except RuntimeError as error:
        if "not implemented" not in str(error):
            raise
        product = None
    return {"parameters": {name: list(p.shape) for name, p in named.items()}, "starts": started(init, forward), "loss": float(loss.detach()),
            "gradient": dump(gradients), "product": None if product is None else dump(torch.zeros_like(p) if h is None else h for p, h in zip(named.values(), product))}


def write(cases):
    """All cases, by name the two bodies, as one line of JSON on the output."""
    made = [{"name": name, "init": init, "forward": forward, **measured(init, forward)} for name, (init, forward) in cases.items()]
    json.dump({"torch": torch.__version__, "cases": made}, sys.stdout, separators=(",", ":"))
    sys.stdout.write("\n")
