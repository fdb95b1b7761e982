"""Outputs and gradients of every layer and loss in PyTorch, in float64, for tiny inputs.

    python3 layers.py > layers.json

Each case has the layer's kind and arguments as the records name them, its inputs and parameters, the
output y, and the gradients of sum(y * cos(0, 1, 2, ...)) by every floating-point input and parameter.
Inputs touch the kinks of the activations, so that one-sided slopes are compared too.
Made with PyTorch 1.13; nothing here differs in PyTorch 2.
"""

import json
import math
import sys

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
cases = []


def numbers(*shape, seed=0, scale=1.5):
    """Fixed numbers in place of a random generator, so that every version makes the same."""
    size = math.prod(shape)
    return torch.tensor([scale * math.sin(1.7 * i + 0.3 + seed) for i in range(size)]).round(decimals=3).reshape(shape)


def dump(tensor):
    values = [float(f"{v:.10g}") if math.isfinite(v) else str(v) for v in tensor.detach().double().flatten().tolist()]
    kind = {"integer": True} if tensor.dtype == torch.int64 else {}
    return {"shape": list(tensor.shape), "values": values, **kind}


def case(name, kind, arguments, inputs, function, parameters=None, mode="train", buffers=None):
    parameters = parameters or {}
    leaves = [t.clone().requires_grad_() if t.dtype != torch.int64 else t for t in inputs]
    roles = {role: t.clone().requires_grad_() for role, t in parameters.items()}
    y = function(*leaves, **roles)
    cotangent = torch.cos(torch.arange(y.numel(), dtype=torch.float64)).reshape(y.shape)
    total = (y * cotangent).sum()
    total.backward()
    gradients = {f"input/{k}": dump(t.grad) for k, t in enumerate(leaves) if t.dtype != torch.int64 and t.grad is not None}
    gradients.update({role: dump(t.grad) for role, t in roles.items()})
    made = {
        "name": name, "kind": kind, "arguments": arguments, "mode": mode,
        "inputs": [dump(t) for t in inputs],
        "parameters": {role: dump(t) for role, t in parameters.items()},
        "output": dump(y), "gradients": gradients,
    }
    if buffers:
        made["buffers"] = {key: dump(t) for key, t in buffers.items()}
    cases.append(made)


kinks = torch.tensor([[-7.0, -3.0, -1.0, -0.5, 0.0, 0.25], [0.5, 1.0, 2.5, 3.0, 6.0, 9.0]])
activations = [
    ("relu", {}, F.relu), ("relu6", {}, F.relu6),
    ("leakyRelu", {"slope": 0.2}, lambda x: F.leaky_relu(x, 0.2)),
    ("elu", {"alpha": 0.7}, lambda x: F.elu(x, 0.7)), ("selu", {}, F.selu),
    ("celu", {"alpha": 1.3}, lambda x: F.celu(x, 1.3)),
    ("gelu", {"approximate": "none"}, F.gelu),
    ("gelu", {"approximate": "tanh"}, lambda x: F.gelu(x, approximate="tanh")),
    ("silu", {}, F.silu), ("mish", {}, F.mish), ("sigmoid", {}, torch.sigmoid), ("logSigmoid", {}, F.logsigmoid),
    ("hardSigmoid", {}, F.hardsigmoid), ("tanh", {}, torch.tanh), ("tanhshrink", {}, F.tanhshrink),
    ("hardTanh", {"low": -1, "high": 2.5}, lambda x: F.hardtanh(x, -1, 2.5)),
    ("softplus", {"beta": 2, "threshold": 4}, lambda x: F.softplus(x, 2, 4)), ("softsign", {}, F.softsign),
    ("softshrink", {"lambda": 0.5}, lambda x: F.softshrink(x, 0.5)),
    ("hardshrink", {"lambda": 0.5}, lambda x: F.hardshrink(x, 0.5)),
    ("threshold", {"threshold": 0.25, "value": -2}, lambda x: F.threshold(x, 0.25, -2)),
    ("softmax", {"axis": 1}, lambda x: F.softmax(x, 1)), ("softmax", {"axis": 0}, lambda x: F.softmax(x, 0)),
    ("softmin", {"axis": -1}, lambda x: F.softmin(x, -1)), ("logSoftmax", {"axis": -1}, lambda x: F.log_softmax(x, -1)),
]
for kind, arguments, function in activations:
    case(kind + (" " + str(arguments.get("approximate", arguments.get("axis", "")))).rstrip(), kind, arguments, [kinks], function)
# At its ends PyTorch's own hardswish kernels disagree about the slope: kept away from.
case("hardSwish", "hardSwish", {}, [kinks + 0.1], F.hardswish)
case("prelu one slope", "prelu", {}, [kinks], lambda x, weight: F.prelu(x, weight), {"weight": torch.tensor([0.3])})
case("prelu by channel", "prelu", {}, [numbers(2, 3, 4)], lambda x, weight: F.prelu(x, weight), {"weight": numbers(3, seed=2)})

x, w, b = numbers(4, 3), numbers(2, 3, seed=1), numbers(2, seed=2)
case("linear", "linear", {"in": 3, "out": 2}, [x], lambda x, weight, bias: F.linear(x, weight, bias), {"weight": w, "bias": b})
case("linear without bias", "linear", {"in": 3, "out": 2}, [x], lambda x, weight: F.linear(x, weight), {"weight": w})
case("linear over a sequence", "linear", {"in": 3, "out": 2}, [numbers(2, 4, 3)], lambda x, weight, bias: F.linear(x, weight, bias), {"weight": w, "bias": b})
case("embedding", "embedding", {"count": 5, "dimension": 2}, [torch.tensor([[0, 4], [4, 2], [1, 4]])], lambda x, weight: F.embedding(x, weight), {"weight": numbers(5, 2)})

scale = {"weight": numbers(3, seed=4), "bias": numbers(3, seed=5)}
norm = {"features": 3, "epsilon": 1e-5, "momentum": 0.1, "trackStatistics": True, "dimensions": 1}
for name, data in [("", numbers(4, 3)), (" over a length", numbers(2, 3, 4)), (" over images", numbers(2, 3, 2, 2))]:
    mean, var = torch.zeros(3), torch.ones(3)
    case("batchNorm in training" + name, "batchNorm", norm, [data], lambda x, weight, bias: F.batch_norm(x, mean, var, weight, bias, True, 0.1, 1e-5), scale, buffers={"running_mean": mean, "running_var": var})
mean, var = numbers(3, seed=6), numbers(3, seed=7).abs() + 0.5
case("batchNorm in evaluation", "batchNorm", norm, [numbers(4, 3)], lambda x, weight, bias: F.batch_norm(x, mean, var, weight, bias, False, 0.1, 1e-5), scale, mode="eval", buffers={"running_mean": mean, "running_var": var})
case("layerNorm", "layerNorm", {"shape": [3], "epsilon": 1e-5}, [numbers(4, 3)], lambda x, weight, bias: F.layer_norm(x, [3], weight, bias), scale)
case("layerNorm over two axes", "layerNorm", {"shape": [2, 3], "epsilon": 1e-5}, [numbers(2, 2, 3)], lambda x: F.layer_norm(x, [2, 3]))
case("groupNorm", "groupNorm", {"groups": 2, "channels": 4, "epsilon": 1e-5}, [numbers(2, 4, 3)], lambda x, weight, bias: F.group_norm(x, 2, weight, bias), {"weight": numbers(4, seed=4), "bias": numbers(4, seed=5)})

conv = {"inChannels": 2, "outChannels": 4, "kernel": [3, 3], "stride": [1, 1], "padding": [0, 0], "dilation": [1, 1], "groups": 1}
kernels = {"weight": numbers(4, 2, 3, 3, seed=3), "bias": numbers(4, seed=4)}
for name, change, shape in [
    ("conv2d", {}, (2, 2, 5, 4)),
    ("conv2d padded", {"padding": [1, 2]}, (2, 2, 4, 4)),
    ("conv2d strided", {"stride": [2, 2], "padding": [1, 1]}, (2, 2, 6, 5)),
    ("conv2d dilated", {"dilation": [2, 1]}, (1, 2, 6, 4)),
]:
    a = {**conv, **change}
    case(name, "conv2d", a, [numbers(*shape)], lambda x, weight, bias: F.conv2d(x, weight, bias, a["stride"], a["padding"], a["dilation"]), kernels)
grouped = {**conv, "groups": 2, "padding": [1, 1]}
case("conv2d in groups", "conv2d", grouped, [numbers(1, 2, 4, 4)], lambda x, weight: F.conv2d(x, weight, None, 1, 1, 1, 2), {"weight": numbers(4, 1, 3, 3)})
conv1 = {"inChannels": 2, "outChannels": 3, "kernel": [3], "stride": [2], "padding": [1], "dilation": [1], "groups": 1}
case("conv1d", "conv1d", conv1, [numbers(2, 2, 7)], lambda x, weight, bias: F.conv1d(x, weight, bias, 2, 1), {"weight": numbers(3, 2, 3), "bias": numbers(3)})
case("maxPool2d", "maxPool2d", {"kernel": [2, 2], "stride": [2, 2], "padding": [0, 0]}, [numbers(2, 2, 4, 5)], lambda x: F.max_pool2d(x, 2))
case("maxPool2d overlapping", "maxPool2d", {"kernel": [3, 3], "stride": [2, 2], "padding": [1, 1]}, [numbers(1, 2, 5, 5)], lambda x: F.max_pool2d(x, 3, 2, 1))
case("maxPool1d", "maxPool1d", {"kernel": [2], "stride": [2], "padding": [0]}, [numbers(2, 2, 6)], lambda x: F.max_pool1d(x, 2))
case("avgPool2d", "avgPool2d", {"kernel": [2, 2], "stride": [2, 2], "padding": [0, 0]}, [numbers(2, 2, 4, 4)], lambda x: F.avg_pool2d(x, 2))
case("avgPool2d padded", "avgPool2d", {"kernel": [3, 3], "stride": [2, 2], "padding": [1, 1]}, [numbers(1, 2, 5, 5)], lambda x: F.avg_pool2d(x, 3, 2, 1))
case("avgPool1d", "avgPool1d", {"kernel": [2], "stride": [2], "padding": [0]}, [numbers(2, 2, 6)], lambda x: F.avg_pool1d(x, 2))
for out in ([1, 1], [2, 3]):
    case(f"adaptiveAvgPool2d to {out[0]}", "adaptiveAvgPool2d", {"output": out}, [numbers(2, 2, 5, 6)], lambda x: F.adaptive_avg_pool2d(x, out))

u, v, column = numbers(3, 4), numbers(3, 4, seed=1), numbers(3, 1, seed=2)
positive = u.abs() + 0.2
case("add", "add", {}, [u, column], lambda a, b: a + b)
case("subtract", "subtract", {}, [u, column], lambda a, b: a - b)
case("multiply", "multiply", {}, [u, v], lambda a, b: a * b)
case("divide", "divide", {}, [u, column], lambda a, b: a / b)
for exponent in (2, 3, 0.5, -1):
    case(f"power {exponent}", "power", {"exponent": exponent}, [positive], lambda x: x ** exponent)
case("square at 0", "power", {"exponent": 2}, [torch.tensor([[0.0, -1.0]])], lambda x: x ** 2)
case("negate", "negate", {}, [u], lambda x: -x)
for kind in ("exp", "abs", "sin", "cos"):
    case(kind, kind, {}, [u], getattr(torch, kind))
case("log", "log", {}, [positive], torch.log)
case("sqrt", "sqrt", {}, [positive], torch.sqrt)
case("clamp", "clamp", {"low": -0.5, "high": 1}, [kinks], lambda x: x.clamp(-0.5, 1))
case("clamp below", "clamp", {"low": 0, "high": None}, [kinks], lambda x: x.clamp(min=0))
case("matmul", "matmul", {}, [u, numbers(4, 2)], torch.matmul)
case("matmul of stacks", "matmul", {}, [numbers(2, 3, 4), numbers(4, 2)], torch.matmul)
case("matmul with a vector", "matmul", {}, [u, numbers(4)], torch.matmul)
case("sum", "sum", {"axes": None, "keep": False}, [u], torch.sum)
case("sum over an axis", "sum", {"axes": [-1], "keep": True}, [u], lambda x: x.sum(-1, keepdim=True))
case("mean", "mean", {"axes": [0], "keep": False}, [u], lambda x: x.mean(0))
case("concatenate", "concatenate", {"axis": 1}, [u, column], lambda a, b: torch.cat([a, b], 1))
case("reshape", "reshape", {"shape": [-1, 6]}, [u], lambda x: x.reshape(-1, 6))
case("flatten", "flatten", {"start": 1, "end": -1}, [numbers(2, 3, 2)], lambda x: x.flatten(1))
case("squeeze", "squeeze", {"axis": -1}, [column], lambda x: x.squeeze(-1))
case("unsqueeze", "unsqueeze", {"axis": -1}, [u], lambda x: x.unsqueeze(-1))
case("permute", "permute", {"order": [0, 2, 1]}, [numbers(2, 3, 2)], lambda x: x.permute(0, 2, 1))
case("slice", "slice", {"axis": 1, "start": 1, "end": -1, "step": 1}, [u], lambda x: x[:, 1:-1])
case("slice by two", "slice", {"axis": 1, "start": 0, "end": None, "step": 2}, [u], lambda x: x[:, ::2])
case("oneHot", "oneHot", {"classes": 4}, [torch.tensor([0, 3, 1])], lambda x: F.one_hot(x, 4).double().requires_grad_())

logits, labels = numbers(5, 4), torch.tensor([0, 3, 1, -100, 2])
weight = [0.5, 2.0, 1.0, 0.3]
for reduction in ("mean", "sum", "none"):
    for smoothing, w in ((0, None), (0.1, None), (0, weight), (0.2, weight)):
        arguments = {"reduction": reduction, "labelSmoothing": smoothing, "weight": w, "ignoreIndex": -100}
        tensor = None if w is None else torch.tensor(w)
        name = f"crossEntropy {reduction}{' smoothed' if smoothing else ''}{' weighted' if w else ''}"
        case(name, "crossEntropy", arguments, [logits, labels], lambda x, t: F.cross_entropy(x, t, tensor, reduction=reduction, label_smoothing=smoothing))
        probabilities = F.softmax(numbers(5, 4, seed=3), 1).round(decimals=4)
        case(name + " to probabilities", "crossEntropy", arguments, [logits, probabilities], lambda x, t: F.cross_entropy(x, t, tensor, reduction=reduction, label_smoothing=smoothing))
case("crossEntropy over positions", "crossEntropy", {"reduction": "mean", "labelSmoothing": 0, "weight": None, "ignoreIndex": 1}, [numbers(2, 3, 4), torch.tensor([[0, 1, 2, 0], [2, 2, 1, 0]])], lambda x, t: F.cross_entropy(x, t, ignore_index=1))
case("nll", "nll", {"reduction": "mean", "weight": weight, "ignoreIndex": -100}, [F.log_softmax(logits, 1).round(decimals=4), labels], lambda x, t: F.nll_loss(x, t, torch.tensor(weight)))
share = torch.sigmoid(numbers(3, 2)).round(decimals=3)
hits = torch.tensor([[0.0, 1.0], [1.0, 0.0], [0.3, 1.0]])
for reduction in ("mean", "sum", "none"):
    case(f"bce {reduction}", "bce", {"reduction": reduction}, [share, hits], lambda x, t: F.binary_cross_entropy(x, t.detach(), reduction=reduction))
certain = torch.tensor([[0.0, 0.0], [1.0, 1.0], [0.0, 0.5]])
case("bce at certainty", "bce", {"reduction": "sum"}, [certain, hits], lambda x, t: F.binary_cross_entropy(x, t.detach(), reduction="sum"))
for w in (None, [3.0, 0.5]):
    tensor = None if w is None else torch.tensor(w)
    case(f"bceWithLogits{' weighted' if w else ''}", "bceWithLogits", {"reduction": "mean", "positiveWeight": w}, [40 * numbers(3, 2), hits], lambda x, t: F.binary_cross_entropy_with_logits(x, t.detach(), pos_weight=tensor))
far = numbers(3, 2, seed=1) * 2
for reduction in ("mean", "sum", "none"):
    case(f"mse {reduction}", "mse", {"reduction": reduction}, [numbers(3, 2), far], lambda x, t: F.mse_loss(x, t, reduction=reduction))
case("l1", "l1", {"reduction": "mean"}, [numbers(3, 2), far], F.l1_loss)
case("huber", "huber", {"reduction": "mean", "delta": 0.8}, [numbers(3, 2), far], lambda x, t: F.huber_loss(x, t, delta=0.8))
case("smoothL1", "smoothL1", {"reduction": "mean", "beta": 0.6}, [numbers(3, 2), far], lambda x, t: F.smooth_l1_loss(x, t, beta=0.6))
target = F.softmax(far, 1).round(decimals=4)
target[0] = torch.tensor([0.0, 1.0])
for reduction in ("batchmean", "mean", "sum"):
    case(f"klDivergence {reduction}", "klDivergence", {"reduction": reduction, "logTarget": False}, [F.log_softmax(numbers(3, 2), 1).round(decimals=4), target], lambda x, t: F.kl_div(x, t.detach(), reduction=reduction))
case("klDivergence of logarithms", "klDivergence", {"reduction": "batchmean", "logTarget": True}, [F.log_softmax(numbers(3, 2), 1).round(decimals=4), F.log_softmax(far, 1).round(decimals=4)], lambda x, t: F.kl_div(x, t.detach(), reduction="batchmean", log_target=True))

json.dump({"torch": torch.__version__, "cases": cases}, sys.stdout, separators=(",", ":"))
sys.stdout.write("\n")
