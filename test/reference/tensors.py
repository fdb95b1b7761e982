"""Outputs, gradients and Hessian-vector products of tensor operations and further layers in PyTorch, in float64.

    python3 tensors.py > tensors.json

The form of a case is told in layer_cases.py. Made with PyTorch 1.13; what is new in PyTorch 2 (RMSNorm, attention) is written out.
"""

import math

import torch
import torch.nn.functional as F

from layer_cases import case, cases, numbers, write

u, v, column = numbers(3, 4), numbers(3, 4, seed=1), numbers(3, 1, seed=2)
positive = u.abs() + 0.2
cube = numbers(2, 3, 4)
whole = {"axes": None, "keep": False}

case("reciprocal", "reciprocal", {}, [positive], torch.reciprocal)
case("erf", "erf", {}, [u], torch.erf)
case("sign", "sign", {}, [u], torch.sign)
case("floor", "floor", {}, [u], torch.floor)
case("round", "round", {}, [torch.tensor([[-2.5, -1.5, -0.5], [0.5, 1.5, 2.4]])], torch.round)
case("powerOf", "powerOf", {}, [positive, v], torch.pow)
case("maximum", "maximum", {}, [u, column], torch.maximum)
case("minimum", "minimum", {}, [u, column], torch.minimum)
case("maximum of equals", "maximum", {}, [torch.ones(2, 2), torch.ones(2, 2)], torch.maximum)
for function, compare in [(">", torch.gt), (">=", torch.ge), ("<", torch.lt), ("<=", torch.le), ("==", torch.eq), ("!=", torch.ne)]:
    case(f"compare {function}", "compare", {"function": function}, [torch.tensor([[1, 2, 3]]), torch.tensor([[2, 2, 2]])], lambda a, b: compare(a, b).long())
case("where", "where", {}, [torch.tensor([[1, 0, 1, 0]] * 3), u, column], lambda m, a, b: torch.where(m.bool(), a, b))
case("glu", "glu", {"axis": -1}, [u], lambda x: F.glu(x, -1))
case("stopGradient", "stopGradient", {}, [u], lambda x: x.detach() + 0 * x)

for equation, inputs in [
    ("bhld,bhmd->bhlm", [numbers(2, 2, 3, 2), numbers(2, 2, 4, 2, seed=1)]),
    ("bhlm,bmhd->blhd", [numbers(2, 2, 3, 4), numbers(2, 4, 2, 2, seed=1)]),
    ("bi,ij,bj->b", [numbers(2, 3), numbers(3, 4, seed=1), numbers(2, 4, seed=2)]),
    ("bi->", [u]), ("bi->ib", [u]), ("bi,bj->bij", [u, v]), ("bii->bi", [numbers(2, 3, 3)]), ("bij->bj", [cube]),
]:
    case("einsum " + equation, "einsum", {"equation": equation}, inputs, lambda *x: torch.einsum(equation, *x))

for kind, function in [("max", torch.amax), ("min", torch.amin)]:
    case(kind, kind, whole, [u], lambda x: function(x, dim=(0, 1)))
    case(kind + " over axes", kind, {"axes": [0, 2], "keep": True}, [cube], lambda x: function(x, dim=(0, 2), keepdim=True))
case("max of equals", "max", {"axes": [1], "keep": False}, [torch.tensor([[1.0, 2.0, 2.0]])], lambda x: torch.amax(x, 1))
ties = torch.tensor([[1.0, 2.0, 2.0], [0.0, 0.0, -1.0]])
case("maxAlong", "maxAlong", {"axis": 1, "keep": False}, [ties], lambda x: x.max(1).values)
case("minAlong", "minAlong", {"axis": -2, "keep": True}, [cube], lambda x: x.min(-2, keepdim=True).values)
case("argMax", "argMax", {"axis": 1, "keep": False}, [u], lambda x: x.argmax(1))
case("argMax of all", "argMax", {"axis": None, "keep": False}, [u], lambda x: x.argmax())
case("argMin", "argMin", {"axis": 1, "keep": True}, [u], lambda x: x.argmin(1, keepdim=True))
case("largest values", "largest", {"count": 3, "axis": -1, "smallest": False, "part": "values"}, [u], lambda x: x.topk(3).values)
case("smallest values", "largest", {"count": 2, "axis": 1, "smallest": True, "part": "values"}, [cube], lambda x: x.topk(2, 1, largest=False).values)
case("largest places", "largest", {"count": 2, "axis": -1, "smallest": False, "part": "places"}, [u], lambda x: x.topk(2).indices)
for correction in (0, 1):
    case(f"variance {correction}", "variance", {**whole, "correction": correction}, [u], lambda x: x.var(unbiased=bool(correction)))
case("variance over an axis", "variance", {"axes": [1], "keep": True, "correction": 1}, [cube], lambda x: x.var(1, keepdim=True))
case("deviation", "deviation", {"axes": [-1], "keep": False, "correction": 1}, [cube], lambda x: x.std(-1))
case("deviation of equals", "deviation", {"axes": [1], "keep": False, "correction": 0}, [torch.ones(2, 3)], lambda x: x.std(1, unbiased=False))
for p in (1, 2, 3, math.inf):
    case(f"norm {p}", "norm", {"axes": [1], "keep": False, "p": p if p < 9 else 1e999}, [cube], lambda x: torch.linalg.vector_norm(x, p, 1))
case("norm of all", "norm", {**whole, "p": 2}, [u], torch.norm)
case("norm of zeros", "norm", {"axes": [1], "keep": False, "p": 2}, [torch.zeros(2, 3)], lambda x: x.norm(dim=1))
cases[-1]["hessianVector"] = {}  # PyTorch gives NaN there
case("logSumExp", "logSumExp", {"axes": [1], "keep": False}, [cube], lambda x: torch.logsumexp(x, 1))
case("logSumExp of large numbers", "logSumExp", {"axes": [-1], "keep": True}, [u * 300], lambda x: torch.logsumexp(x, -1, True))
for axis in (0, 1, -1):
    case(f"cumulativeSum {axis}", "cumulativeSum", {"axis": axis}, [cube], lambda x: x.cumsum(axis))

case("expand", "expand", {"shape": [2, -1, 4]}, [column], lambda x: x.expand(2, -1, 4))
case("repeat", "repeat", {"counts": [2, 1, 3]}, [u], lambda x: x.repeat(2, 1, 3))
case("pad", "pad", {"before": [1, 0], "after": [0, 2], "mode": "constant", "value": 0}, [cube], lambda x: F.pad(x, (0, 2, 1, 0)))
case("pad with ones", "pad", {"before": [1], "after": [2], "mode": "constant", "value": 1}, [u], lambda x: F.pad(x, (1, 2), value=1.0))
case("pad that cuts", "pad", {"before": [-1], "after": [1], "mode": "constant", "value": 0}, [u], lambda x: F.pad(x, (-1, 1)))
for mode in ("reflect", "replicate", "circular"):
    case("pad by " + mode, "pad", {"before": [1, 2], "after": [2, 1], "mode": mode, "value": 0}, [numbers(1, 2, 3, 4)], lambda x: F.pad(x, (2, 1, 1, 2), mode=mode))
case("flip", "flip", {"axes": [0, -1]}, [cube], lambda x: x.flip(0, -1))
case("roll", "roll", {"shifts": [1, -2], "axes": [1, 2]}, [cube], lambda x: x.roll((1, -2), (1, 2)))
case("roll of all", "roll", {"shifts": [5], "axes": []}, [u], lambda x: x.roll(5))
case("unflatten", "unflatten", {"axis": -1, "shape": [2, -1]}, [cube], lambda x: x.unflatten(-1, (2, -1)))
case("triangle", "triangle", {"diagonal": 0, "part": "lower"}, [cube], torch.tril)
case("upper triangle", "triangle", {"diagonal": 1, "part": "upper"}, [cube], lambda x: torch.triu(x, 1))
places = torch.tensor([[[0, 2], [1, 1]], [[3, 0], [2, 2]]])
case("gather", "gather", {"axis": 2}, [cube, places], lambda x, i: x.gather(2, i))
case("gather by rows", "gather", {"axis": 1}, [u, torch.tensor([[1], [3], [0]])], lambda x, i: x.gather(1, i))
twice = torch.tensor([[0, 3, 0], [3, 3, 0], [1, 1, 1]])
case("scatterAdd", "scatterAdd", {"axis": 1}, [u, twice, numbers(3, 3, seed=3)], lambda x, i, s: x.scatter_add(1, i, s))
case("scatterAdd along rows", "scatterAdd", {"axis": 0}, [u, twice % 3, numbers(3, 3, seed=3)], lambda x, i, s: x.scatter_add(0, i, s))
case("indexAdd", "indexAdd", {"axis": 0, "factor": 1}, [u, torch.tensor([2, 0, 2]), numbers(3, 4, seed=3)], lambda x, i, s: x.index_add(0, i, s))
case("indexAdd of multiples", "indexAdd", {"axis": -1, "factor": -0.5}, [cube, torch.tensor([3, 3]), numbers(2, 3, 2, seed=3)], lambda x, i, s: x.index_add(-1, i, s, alpha=-0.5))
for function, logical in [("and", torch.logical_and), ("or", torch.logical_or)]:
    case(f"logical {function}", "logical", {"function": function}, [torch.tensor([[0, 1, 0, 1]]), torch.tensor([[0, 0, 1, 1]])], lambda a, b: logical(a, b).long())
case("logical not", "logical", {"function": "not"}, [torch.tensor([[0, 1]])], lambda a: torch.logical_not(a).long())
case("take", "take", {"axis": 1}, [cube, torch.tensor([[2, 0], [2, 1]])], lambda x, i: x[:, i])

conv = {"inChannels": 4, "outChannels": 2, "kernel": [3, 3], "stride": [1, 1], "padding": [0, 0], "outputPadding": [0, 0], "dilation": [1, 1], "groups": 1}
for name, change, shape in [
    ("", {}, (2, 4, 3, 4)),
    (" strided", {"stride": [2, 2], "padding": [1, 1], "outputPadding": [1, 0]}, (1, 4, 3, 3)),
    (" dilated", {"dilation": [2, 1], "padding": [1, 0], "stride": [1, 2]}, (1, 4, 3, 3)),
    (" with a small kernel", {"kernel": [2, 2], "stride": [2, 2]}, (2, 4, 3, 2)),
    (" in groups", {"groups": 2, "stride": [2, 2], "padding": [1, 1], "outChannels": 6}, (1, 4, 3, 3)),
]:
    a = {**conv, **change}
    case("convTranspose2d" + name, "convTranspose2d", a, [numbers(*shape)],
         lambda x, weight, bias: F.conv_transpose2d(x, weight, bias, a["stride"], a["padding"], a["outputPadding"], a["groups"], a["dilation"]),
         {"weight": numbers(4, a["outChannels"] // a["groups"], *a["kernel"], seed=3), "bias": numbers(a["outChannels"], seed=4)})
a1 = {**conv, "kernel": [4], "stride": [2], "padding": [1], "outputPadding": [0], "dilation": [1]}
case("convTranspose1d", "convTranspose1d", a1, [numbers(2, 4, 5)], lambda x, weight: F.conv_transpose1d(x, weight, None, 2, 1), {"weight": numbers(4, 2, 4, seed=3)})
same = {"inChannels": 2, "outChannels": 3, "kernel": [2, 4], "stride": [1, 1], "padding": [0, 1], "paddingEnd": [1, 2], "dilation": [1, 1], "groups": 1}
case("conv2d with same padding", "conv2d", same, [numbers(2, 2, 4, 5)], lambda x, weight: F.conv2d(x, weight, padding="same"), {"weight": numbers(3, 2, 2, 4)})
for mode in ("reflect", "replicate", "circular"):
    a2 = {"inChannels": 2, "outChannels": 3, "kernel": [3], "stride": [1], "padding": [1], "dilation": [1], "groups": 1, "paddingMode": mode}
    case("conv1d padded by " + mode, "conv1d", a2, [numbers(2, 2, 5)], lambda x, weight: F.conv1d(F.pad(x, (1, 1), mode=mode), weight), {"weight": numbers(3, 2, 3)})
planes = numbers(1, 2, 5, 6)
pool = {"kernel": [3, 3], "stride": [2, 2], "padding": [1, 1]}
case("avgPool2d without padding counted", "avgPool2d", {**pool, "countPadding": False}, [planes], lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False))
case("avgPool2d rounded up", "avgPool2d", {**pool, "padding": [0, 0], "ceil": True}, [planes], lambda x: F.avg_pool2d(x, 3, 2, ceil_mode=True))
case("avgPool2d with a divisor", "avgPool2d", {**pool, "divisor": 5}, [planes], lambda x: F.avg_pool2d(x, 3, 2, 1, divisor_override=5))
case("maxPool2d rounded up", "maxPool2d", {**pool, "padding": [0, 0], "ceil": True}, [numbers(1, 1, 6, 6)], lambda x: F.max_pool2d(x, 3, 2, ceil_mode=True))
case("maxPool2d dilated", "maxPool2d", {"kernel": [2, 2], "stride": [1, 1], "padding": [0, 0], "dilation": [2, 1]}, [planes], lambda x: F.max_pool2d(x, 2, 1, dilation=(2, 1)))
case("adaptiveAvgPool1d", "adaptiveAvgPool1d", {"output": [3]}, [numbers(2, 2, 7)], lambda x: F.adaptive_avg_pool1d(x, 3))
case("adaptiveMaxPool1d", "adaptiveMaxPool1d", {"output": [3]}, [numbers(2, 2, 7)], lambda x: F.adaptive_max_pool1d(x, 3))
case("adaptiveMaxPool2d", "adaptiveMaxPool2d", {"output": [2, 3]}, [planes], lambda x: F.adaptive_max_pool2d(x, (2, 3)))
case("adaptiveMaxPool2d that tiles", "adaptiveMaxPool2d", {"output": [1, 3]}, [numbers(1, 2, 4, 6)], lambda x: F.adaptive_max_pool2d(x, (1, 3)))

plain = {"size": None, "scale": None, "alignCorners": False}
for name, mode, torch_mode, arguments, options in [
    ("doubled", "nearest", "nearest", {"scale": [2, 2]}, {"scale_factor": 2}),
    ("to a size", "nearest", "nearest", {"size": [7, 4]}, {"size": (7, 4)}),
    ("by a fraction", "nearest", "nearest", {"scale": [1.5, 0.6]}, {"scale_factor": (1.5, 0.6)}),
    ("doubled", "linear", "bilinear", {"scale": [2, 2]}, {"scale_factor": 2}),
    ("to a size", "linear", "bilinear", {"size": [7, 4]}, {"size": (7, 4)}),
    ("by a fraction", "linear", "bilinear", {"scale": [1.5, 1.3]}, {"scale_factor": (1.5, 1.3)}),
    ("with corners", "linear", "bilinear", {"size": [7, 9], "alignCorners": True}, {"size": (7, 9), "align_corners": True}),
    ("doubled", "bicubic", "bicubic", {"scale": [2, 2]}, {"scale_factor": 2}),
    ("with corners", "bicubic", "bicubic", {"size": [6, 9], "alignCorners": True}, {"size": (6, 9), "align_corners": True}),
]:
    case(f"interpolate {torch_mode} {name}", "interpolate", {**plain, "mode": mode, **arguments}, [planes], lambda x: F.interpolate(x, mode=torch_mode, **options))
case("interpolate a length", "interpolate", {**plain, "mode": "linear", "scale": [2]}, [cube], lambda x: F.interpolate(x, scale_factor=2, mode="linear"))
case("pixelShuffle", "pixelShuffle", {"factor": 2}, [numbers(2, 8, 2, 3)], lambda x: F.pixel_shuffle(x, 2))
case("pixelUnshuffle", "pixelUnshuffle", {"factor": 2}, [numbers(1, 2, 4, 6)], lambda x: F.pixel_unshuffle(x, 2))
case("localResponseNorm", "localResponseNorm", {"size": 4, "alpha": 0.3, "beta": 0.75, "k": 2}, [numbers(2, 5, 3, 2)], lambda x: F.local_response_norm(x, 4, 0.3, 0.75, 2.0))
case("bilinear", "bilinear", {"in1": 4, "in2": 3, "out": 2}, [u, numbers(3, 3, seed=5)], lambda a, b, weight, bias: F.bilinear(a, b, weight, bias), {"weight": numbers(2, 4, 3, seed=1), "bias": numbers(2, seed=2)})
case("instance norm", "groupNorm", {"groups": 3, "channels": 3, "epsilon": 1e-5}, [numbers(2, 3, 2, 2)], lambda x, weight, bias: F.instance_norm(x, weight=weight, bias=bias), {"weight": numbers(3, seed=4), "bias": numbers(3, seed=5)})
for epsilon in (1e-3, None):
    case(f"rmsNorm {epsilon}", "rmsNorm", {"shape": [4], "epsilon": epsilon}, [cube], lambda x, weight: x / (x.square().mean(-1, keepdim=True) + (epsilon or 2.0**-23)).sqrt() * weight, {"weight": numbers(4, seed=2)})


def scaled_dot_product(q, k, v, mask=None, scale=None):
    scores = q @ k.transpose(-2, -1) * (scale or 1 / math.sqrt(q.shape[-1]))
    return (scores if mask is None else scores + mask).softmax(-1) @ v


q, k, w = numbers(2, 3, 4), numbers(2, 5, 4, seed=1), numbers(2, 5, 2, seed=2)
still = {"mask": False, "keyPadding": False, "causal": False, "scale": None, "p": 0, "call": 0}
case("attention", "attention", still, [q, k, w], scaled_dot_product)
case("attention with a scale", "attention", {**still, "scale": 0.3}, [q, k, w], lambda q, k, v: scaled_dot_product(q, k, v, scale=0.3))
case("causal attention", "attention", {**still, "causal": True}, [q, k, w], lambda q, k, v: scaled_dot_product(q, k, v, torch.full((3, 5), -math.inf).triu(1)))
case("attention with a mask", "attention", {**still, "mask": True}, [q, k, w, numbers(3, 5, seed=3)], scaled_dot_product)

heads = {"dimension": 4, "heads": 2, "batchFirst": True, "mask": False, "keyPadding": False, "p": 0, "call": 0}
projections = {"in_proj_weight": numbers(12, 4, seed=1, scale=0.7), "in_proj_bias": numbers(12, seed=2),
               "out_proj.weight": numbers(4, 4, seed=3, scale=0.7), "out_proj.bias": numbers(4, seed=4)}


def multihead(q, k, v, mask=None, padding=None, batch_first=True, **roles):
    turned = (lambda x: x.transpose(0, 1)) if batch_first and q.dim() == 3 else (lambda x: x)
    out, _ = F.multi_head_attention_forward(
        turned(q), turned(k), turned(v), 4, 2, roles["in_proj_weight"], roles.get("in_proj_bias"), None, None, False, 0.0,
        roles["out_proj_weight"], roles.get("out_proj_bias"), attn_mask=mask, key_padding_mask=padding)
    return turned(out)


x, other = numbers(2, 3, 4), numbers(2, 5, 4, seed=6)
case("multiheadAttention of three", "multiheadAttention", heads, [x, other, other + 0.1], multihead, projections)
case("multiheadAttention over lengths first", "multiheadAttention", {**heads, "batchFirst": False}, [x, x + 0.1, x - 0.1], lambda q, k, v, **roles: multihead(q, k, v, batch_first=False, **roles), projections)
case("multiheadAttention without bias", "multiheadAttention", heads, [x, other, other], multihead, {name: t for name, t in projections.items() if "bias" not in name})
case("multiheadAttention with a mask", "multiheadAttention", {**heads, "mask": True}, [x, x + 0.2, x - 0.1, numbers(3, 3, seed=9)], lambda q, k, v, m, **roles: multihead(q, k, v, m, **roles), projections)
case("multiheadAttention without rows", "multiheadAttention", heads, [x[0], x[0] + 0.3, x[0] - 0.3], multihead, projections)

write()
