"""Layers over volumes and windows, and those of random slopes, in PyTorch, in float64.

    python3 volumes.py > volumes.json

The form of a case is told in layer_cases.py. Made with PyTorch 1.13; nothing here differs in PyTorch 2.
"""

import torch
import torch.nn.functional as F

from layer_cases import case, numbers, write


conv = {"inChannels": 2, "outChannels": 4, "kernel": [2, 3, 3], "stride": [1, 1, 1], "padding": [0, 0, 0], "dilation": [1, 1, 1], "groups": 1}
roles = {"weight": numbers(4, 2, 2, 3, 3, seed=3, scale=0.5), "bias": numbers(4, seed=4)}
for name, change, shape in [
    ("", {}, (2, 2, 3, 4, 3)),
    (" strided and padded", {"stride": [2, 1, 2], "padding": [1, 0, 1]}, (1, 2, 4, 3, 4)),
    (" dilated", {"dilation": [2, 1, 1], "padding": [1, 1, 0]}, (1, 2, 3, 3, 3)),
]:
    a = {**conv, **change}
    case("conv3d" + name, "conv3d", a, [numbers(*shape)], lambda x, weight, bias: F.conv3d(x, weight, bias, a["stride"], a["padding"], a["dilation"]), roles)
case("conv3d in groups", "conv3d", {**conv, "groups": 2}, [numbers(1, 2, 3, 3, 4)], lambda x, weight: F.conv3d(x, weight, None, groups=2), {"weight": numbers(4, 1, 2, 3, 3)})
case("conv3d padded by replicate", "conv3d", {**conv, "padding": [1, 1, 1], "paddingMode": "replicate"}, [numbers(1, 2, 2, 3, 3)],
     lambda x, weight: F.conv3d(F.pad(x, (1, 1, 1, 1, 1, 1), mode="replicate"), weight), {"weight": roles["weight"]})
same = {**conv, "padding": [0, 1, 1], "paddingEnd": [1, 1, 1]}
case("conv3d with same padding", "conv3d", same, [numbers(1, 2, 3, 3, 3)], lambda x, weight: F.conv3d(x, weight, padding="same"), {"weight": roles["weight"]})
back = {**conv, "inChannels": 4, "outChannels": 2, "outputPadding": [0, 0, 0]}
for name, change, shape in [
    ("", {}, (1, 4, 2, 2, 3)),
    (" strided", {"stride": [2, 2, 1], "padding": [1, 1, 0], "outputPadding": [1, 0, 0]}, (1, 4, 2, 3, 2)),
    (" dilated", {"dilation": [2, 1, 1], "padding": [1, 0, 0]}, (1, 4, 2, 2, 2)),
    (" in groups", {"groups": 2, "outChannels": 4}, (1, 4, 2, 2, 2)),
]:
    b = {**back, **change}
    case("convTranspose3d" + name, "convTranspose3d", b, [numbers(*shape)],
         lambda x, weight, bias: F.conv_transpose3d(x, weight, bias, b["stride"], b["padding"], b["outputPadding"], b["groups"], b["dilation"]),
         {"weight": numbers(4, 2, 2, 3, 3, seed=5, scale=0.5), "bias": numbers(2 * b["groups"], seed=6)})
whole = numbers(1, 2, 4, 5, 6)
pool = {"kernel": [2, 2, 3], "stride": [2, 1, 3], "padding": [0, 0, 0]}
case("maxPool3d", "maxPool3d", pool, [whole], lambda x: F.max_pool3d(x, (2, 2, 3), (2, 1, 3)))
case("maxPool3d overlapping", "maxPool3d", {"kernel": [3, 3, 3], "stride": [2, 2, 2], "padding": [1, 1, 1]}, [whole], lambda x: F.max_pool3d(x, 3, 2, 1))
case("maxPool3d rounded up", "maxPool3d", {"kernel": [3, 2, 2], "stride": [2, 2, 2], "padding": [0, 0, 0], "ceil": True}, [whole], lambda x: F.max_pool3d(x, (3, 2, 2), 2, ceil_mode=True))
case("maxPool3d of equals", "maxPool3d", pool, [F.relu(whole)], lambda x: F.max_pool3d(x, (2, 2, 3), (2, 1, 3)))
case("avgPool3d", "avgPool3d", pool, [whole], lambda x: F.avg_pool3d(x, (2, 2, 3), (2, 1, 3)))
padded = {"kernel": [3, 3, 2], "stride": [2, 2, 2], "padding": [1, 1, 1]}
case("avgPool3d padded", "avgPool3d", padded, [whole], lambda x: F.avg_pool3d(x, (3, 3, 2), 2, 1))
case("avgPool3d without padding counted", "avgPool3d", {**padded, "countPadding": False}, [whole], lambda x: F.avg_pool3d(x, (3, 3, 2), 2, 1, count_include_pad=False))
case("avgPool3d with a divisor", "avgPool3d", {**padded, "divisor": 5}, [whole], lambda x: F.avg_pool3d(x, (3, 3, 2), 2, 1, divisor_override=5))
for out in ([1, 1, 1], [3, 2, 4], [2, 5, 6]):
    case(f"adaptiveAvgPool3d to {out}", "adaptiveAvgPool3d", {"output": out}, [whole], lambda x: F.adaptive_avg_pool3d(x, out))
    case(f"adaptiveMaxPool3d to {out}", "adaptiveMaxPool3d", {"output": out}, [whole], lambda x: F.adaptive_max_pool3d(x, out))
case("interpolate trilinear", "interpolate", {"size": None, "scale": [2, 2, 2], "mode": "linear", "alignCorners": False}, [numbers(1, 2, 2, 3, 2)], lambda x: F.interpolate(x, scale_factor=2, mode="trilinear"))
case("batchNorm of volumes", "batchNorm", {"features": 2, "epsilon": 1e-5, "momentum": 0.1, "trackStatistics": False, "dimensions": 3}, [numbers(2, 2, 2, 2, 3)],
     lambda x, weight, bias: F.batch_norm(x, None, None, weight, bias, True), {"weight": numbers(2, seed=1), "bias": numbers(2, seed=2)})

planes = numbers(2, 2, 4, 5)
for name, a in [("", {"kernel": [2, 3], "stride": [1, 1], "padding": [0, 0], "dilation": [1, 1]}),
                (" strided and padded", {"kernel": [3, 2], "stride": [2, 2], "padding": [1, 1], "dilation": [1, 1]}),
                (" dilated", {"kernel": [2, 2], "stride": [1, 2], "padding": [0, 1], "dilation": [2, 1]})]:
    moving = (a["kernel"], a["dilation"], a["padding"], a["stride"])
    case("unfold" + name, "unfold", a, [planes], lambda x: F.unfold(x, *moving))
    columns = F.unfold(planes, *moving)
    case("fold" + name, "fold", {**a, "size": [4, 5]}, [numbers(*columns.shape)], lambda x: F.fold(x, (4, 5), *moving))
dealt = numbers(2, 6, 2, 2)
assert torch.equal(F.channel_shuffle(dealt, 3), dealt.reshape(2, 3, 2, 2, 2).transpose(1, 2).reshape(dealt.shape))
case("channelShuffle", "channelShuffle", {"groups": 3}, [dealt], lambda x: x.reshape(2, 3, 2, 2, 2).transpose(1, 2).reshape(x.shape))
two = {"kernel": [2, 2], "stride": [2, 2], "padding": [0, 0]}
case("maxPoolPlaces2d", "maxPoolPlaces2d", two, [planes], lambda x: F.max_pool2d(x, 2, return_indices=True)[1])
case("maxPoolPlaces1d", "maxPoolPlaces1d", {"kernel": [2], "stride": [2], "padding": [0]}, [numbers(2, 3, 6)], lambda x: F.max_pool1d(x, 2, return_indices=True)[1])
kept, places = F.max_pool2d(planes, 2, return_indices=True)
case("maxUnpool of planes", "maxUnpool", {"size": [4, 5]}, [kept, places], lambda x, i: F.max_unpool2d(x, i, 2, output_size=(4, 5)))
kept, places = F.max_pool1d(numbers(2, 3, 6), 2, return_indices=True)
case("maxUnpool of lengths", "maxUnpool", {"size": [6]}, [kept, places], lambda x, i: F.max_unpool1d(x, i, 2))
case("randomRelu of fixed slope", "randomRelu", {"low": 0.1, "high": 0.4, "call": 0}, [numbers(3, 4)], lambda x: F.rrelu(x, 0.1, 0.4, training=False))

write()
