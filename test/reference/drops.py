"""Layers that draw numbers in training, in PyTorch, in float64, with what they drew.

    python3 drops.py > drops.json

PyTorch draws; what was kept is seen in the gradient, which is 0 where an element was dropped, and the slopes of rrelu are its
gradient. `kept` has the shape of the draw: one number for each element, or for each channel of each row. `gradient` is that of
sum(y * cos(0, 1, 2, ...)). Made with PyTorch 1.13; nothing here differs in PyTorch 2.
"""

import json

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.manual_seed(3)
cases = []


def case(name, kind, p, shape, draw):
    x = torch.round(1000 * torch.sin(1.7 * torch.arange(float(torch.Size(shape).numel())) + 0.3)).div(1000).reshape(shape)
    x.requires_grad_()
    y = draw(x)
    slope, = torch.autograd.grad(y.sum(), x, retain_graph=True)
    gradient, = torch.autograd.grad((y.flatten() * torch.cos(torch.arange(float(y.numel())))).sum(), x)
    kept = (slope != 0).double()
    if kind.startswith("feature"):
        kept = kept.flatten(2)[:, :, 0] if len(shape) > 2 else kept
    assert 0 < kept.mean() < 1
    dump = lambda t: t.flatten().tolist()
    cases.append({"name": name, "kind": kind, "p": p, "shape": shape, "x": dump(x), "kept": dump(kept), "y": dump(y), "gradient": dump(gradient)})


case("dropout", "dropout", 0.4, [4, 5], lambda x: F.dropout(x, 0.4, True))
case("dropout1d", "featureDropout", 0.5, [3, 4, 3], lambda x: F.dropout1d(x, 0.5, True))
case("dropout2d", "featureDropout", 0.3, [3, 4, 2, 2], lambda x: F.dropout2d(x, 0.3, True))
case("dropout3d", "featureDropout", 0.3, [4, 4, 2, 1, 2], lambda x: F.dropout3d(x, 0.3, True))
case("alpha dropout", "alphaDropout", 0.2, [4, 5], lambda x: F.alpha_dropout(x, 0.2, True))
case("alpha dropout of half of all", "alphaDropout", 0.5, [2, 3, 4], lambda x: F.alpha_dropout(x, 0.5, True))
case("feature alpha dropout", "featureAlphaDropout", 0.3, [3, 4, 2, 2], lambda x: F.feature_alpha_dropout(x, 0.3, True))
case("feature alpha dropout of vectors", "featureAlphaDropout", 0.3, [4, 3], lambda x: F.feature_alpha_dropout(x, 0.3, True))

print(json.dumps({"torch": torch.__version__, "cases": cases}, separators=(",", ":")))
