"""Cases of layers: outputs, gradients and Hessian-vector products in PyTorch, in float64, as the scripts beside write them.

Each case has the kind and arguments as the records name them, its inputs and parameters, the output y, the gradients of
sum(y * cos(0, 1, 2, ...)) by every floating-point input and parameter, and the product of its Hessian with the direction
cos(0.7 + 2.3 i) in each of them.
"""

import json
import math
import sys

import torch

torch.set_default_dtype(torch.float64)
cases = []


def numbers(*shape, seed=0, scale=1.5):
    """Fixed numbers in place of a random generator, so that every version makes the same."""
    size = math.prod(shape)
    return torch.tensor([scale * math.sin(1.7 * i + 0.3 + seed) for i in range(size)]).round(decimals=3).reshape(shape)


def dump(tensor):
    values = [float(f"{v:.9g}") for v in tensor.detach().double().flatten().tolist()]
    kind = {"integer": True} if tensor.dtype == torch.int64 else {}
    return {"shape": list(tensor.shape), "values": values, **kind}


def case(name, kind, arguments, inputs, function, parameters=None):
    leaves = {f"input/{k}": t.clone().requires_grad_() for k, t in enumerate(inputs) if t.dtype != torch.int64}
    roles = {role: t.clone().requires_grad_() for role, t in (parameters or {}).items()}
    given = [leaves.get(f"input/{k}", t) for k, t in enumerate(inputs)]
    y = function(*given, **{role.replace(".", "_"): t for role, t in roles.items()})
    made = {"name": name, "kind": kind, "arguments": arguments, "mode": "train", "inputs": [dump(t) for t in inputs],
            "parameters": {role: dump(t) for role, t in roles.items()}, "output": dump(y), "gradients": {}, "hessianVector": {}}
    every = {**leaves, **roles}
    if y.requires_grad:
        total = (y * torch.cos(torch.arange(y.numel(), dtype=torch.float64)).reshape(y.shape)).sum()
        first = torch.autograd.grad(total, list(every.values()), create_graph=True, allow_unused=True)
        directed = torch.zeros(())
        for g, t in zip(first, every.values()):
            if g is not None:
                directed = directed + (g * torch.cos(0.7 + 2.3 * torch.arange(t.numel(), dtype=torch.float64)).reshape(t.shape)).sum()
        second = torch.autograd.grad(directed, list(every.values()), allow_unused=True) if directed.requires_grad else [None] * len(every)
        for (name, t), g, h in zip(every.items(), first, second):
            made["gradients"][name] = dump(torch.zeros_like(t) if g is None else g)
            made["hessianVector"][name] = dump(torch.zeros_like(t) if h is None else torch.zeros_like(t) + h)
    cases.append(made)


def write():
    """All cases as one line of JSON on the output."""
    text = json.dumps({"torch": torch.__version__, "cases": cases}, separators=(",", ":"))
    sys.stdout.write(text.replace("Infinity", "1e999") + "\n")
