"""Losses with their gradients and Hessian-vector products in PyTorch, in float64, for tiny inputs.

    python3 losses.py > losses.json

Each case has the loss's kind and arguments as the records name them, its inputs (the first `trained` of which are
differentiated), the output y, the gradients of f = sum(y * cos(0, 1, 2, ...)), and the products of f's Hessian with the
direction sin(1, 2, 3, ...) over all trained inputs. Made with PyTorch 1.13; nothing here differs in PyTorch 2.
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
    kind = {"integer": True} if tensor.dtype == torch.int64 else {}
    return {"shape": list(tensor.shape), "values": [float(f"{v:.9g}") for v in tensor.detach().double().flatten().tolist()], **kind}


def case(name, kind, arguments, inputs, trained, function):
    leaves = [t.clone().requires_grad_(k < trained) if t.dtype != torch.int64 else t for k, t in enumerate(inputs)]
    y = function(*leaves)
    total = (y * torch.cos(torch.arange(y.numel(), dtype=torch.float64)).reshape(y.shape)).sum()
    points = leaves[:trained]
    gradients = torch.autograd.grad(total, points, create_graph=True)
    directions, place = [], 1
    for point in points:
        directions.append(torch.sin(torch.arange(place, place + point.numel(), dtype=torch.float64)).reshape(point.shape))
        place += point.numel()
    slope = sum((g * v).sum() for g, v in zip(gradients, directions))
    products = torch.autograd.grad(slope, points, allow_unused=True) if slope.requires_grad else [None] * trained
    cases.append({"name": name, "kind": kind, "arguments": arguments, "trained": trained, "inputs": [dump(t) for t in inputs], "output": dump(y),
                  "gradients": [dump(torch.zeros_like(p) + g) for p, g in zip(points, gradients)], "products": [dump(torch.zeros_like(p) if h is None else torch.zeros_like(p) + h) for p, h in zip(points, products)]})


def multi_margin(a, t, p, margin, weight, reduction):
    """multi_margin_loss out of parts that can be differentiated twice, as PyTorch's own cannot; the values are its own."""
    right = a.gather(1, t[:, None])
    short = (margin - right + a).clamp(min=0) ** p
    rows = short.masked_fill(F.one_hot(t, a.shape[1]).bool(), 0).sum(1) / a.shape[1]
    rows = rows if weight is None else rows * weight[t]
    y = rows if reduction == "none" else rows.sum() if reduction == "sum" else rows.mean()
    assert torch.allclose(y, F.multi_margin_loss(a, t, p, margin, weight, reduction=reduction), rtol=1e-12)
    return y


def ctc(x, targets, times, labels, blank, reduction, zero_infinity=False):
    """ctc_loss out of parts that can be differentiated twice, as PyTorch's own cannot: the forward variables, row by row.

    PyTorch takes x for a log-softmax: e^x joins its slope (and e^x as a second derivative), which a log-softmax before takes out again.
    """
    rows = []
    for n in range(x.shape[1]):
        label = targets[n, : labels[n]].tolist()
        extended = [blank] + [k for one in label for k in (one, blank)]
        nought = torch.tensor(-math.inf)
        forward = [x[0, n, k] if s < 2 else nought for s, k in enumerate(extended)]
        for t in range(1, times[n]):
            nexts = []
            for s, k in enumerate(extended):
                before = forward[max(0, s - 1) : s + 1]
                if s > 1 and k != blank and k != extended[s - 2]:
                    before = [forward[s - 2], *before]
                reached = [b for b in before if b > -math.inf]
                nexts.append(x[t, n, k] + torch.logsumexp(torch.stack(reached), 0) if reached else nought)
            forward = nexts
        ends = [f for f in forward[-2:] if f > -math.inf]
        if not ends:
            rows.append(0 * x.sum() if zero_infinity else torch.tensor(math.inf))
            continue
        total = x[: times[n], n].exp().sum()
        rows.append(total - total.detach() - torch.logsumexp(torch.stack(ends), 0))
    y = torch.stack(rows)
    y = y if reduction == "none" else y.sum() if reduction == "sum" else (y / labels.clamp(min=1)).mean()
    own = F.ctc_loss(x, targets, times, labels, blank, reduction, zero_infinity)
    assert torch.allclose(y, own, rtol=1e-12)
    for weights in (torch.ones_like(y), torch.cos(torch.arange(y.numel(), dtype=torch.float64)).reshape(y.shape)):
        slope, same = (torch.autograd.grad((z * weights).sum(), x, retain_graph=True)[0] for z in (y, own))
        assert torch.allclose(slope, same, rtol=1e-9, atol=1e-12)
    return y


def multi_label_margin(a, t, reduction):
    """multilabel_margin_loss likewise; a row of `t` ends at -1."""
    rows = []
    for scores, numbers_of_row in zip(a, t.tolist()):
        classes = numbers_of_row[: numbers_of_row.index(-1)] if -1 in numbers_of_row else numbers_of_row
        others = [i for i in range(len(scores)) if i not in classes]
        rows.append(sum(((1 - scores[c] + scores[i]).clamp(min=0) for c in classes for i in others), 0 * scores.sum()) / len(scores))
    y = torch.stack(rows)
    y = y if reduction == "none" else y.sum() if reduction == "sum" else y.mean()
    assert torch.allclose(y, F.multilabel_margin_loss(a, t, reduction=reduction), rtol=1e-12)
    return y


x, far = numbers(4, 3), 2 * numbers(4, 3, seed=1)
signs = torch.tensor([[1.0, -1.0, 1.0], [-1.0, -1.0, 1.0], [1.0, 1.0, -1.0], [-1.0, 1.0, -1.0]])
hits = (signs + 1) / 2
labels = torch.tensor([0, 2, 1, 2])
weight = [0.5, 2.0, 1.3]
each = torch.tensor([1.0, -1.0, -1.0, 1.0])
shares = F.softmax(far, 1).round(decimals=4)

# Those with a test of their values elsewhere: here for their second derivatives.
plain = {"labelSmoothing": 0.1, "weight": weight, "ignoreIndex": -100}
case("crossEntropy", "crossEntropy", {"reduction": "mean", **plain}, [x, labels], 1, lambda a, t: F.cross_entropy(a, t, torch.tensor(weight), label_smoothing=0.1))
case("nll", "nll", {"reduction": "mean", "weight": None, "ignoreIndex": -100}, [x, labels], 1, lambda a, t: F.nll_loss(a, t))
case("bce", "bce", {"reduction": "mean"}, [shares, hits], 1, F.binary_cross_entropy)
case("bceWithLogits", "bceWithLogits", {"reduction": "mean", "positiveWeight": weight}, [x, hits], 1, lambda a, t: F.binary_cross_entropy_with_logits(a, t, pos_weight=torch.tensor(weight)))
case("mse", "mse", {"reduction": "mean"}, [x, far], 2, F.mse_loss)
case("l1", "l1", {"reduction": "mean"}, [x, far], 1, F.l1_loss)
case("huber", "huber", {"reduction": "mean", "delta": 0.8}, [x, far], 1, lambda a, t: F.huber_loss(a, t, delta=0.8))
case("smoothL1", "smoothL1", {"reduction": "mean", "beta": 0.6}, [x, far], 1, lambda a, t: F.smooth_l1_loss(a, t, beta=0.6))
case("klDivergence", "klDivergence", {"reduction": "batchmean", "logTarget": False}, [x, shares], 1, lambda a, t: F.kl_div(a, t, reduction="batchmean"))

for reduction in ("mean", "sum", "none"):
    r = {"reduction": reduction}
    case(f"hingeEmbedding {reduction}", "hingeEmbedding", {**r, "margin": 0.9}, [x, signs], 1, lambda a, t: F.hinge_embedding_loss(a, t, 0.9, reduction=reduction))
    case(f"marginRanking {reduction}", "marginRanking", {**r, "margin": 0.4}, [x[:, 0], far[:, 0], each], 2, lambda a, b, t: F.margin_ranking_loss(a, b, t, 0.4, reduction=reduction))
    case(f"softMargin {reduction}", "softMargin", r, [x, signs], 1, lambda a, t: F.soft_margin_loss(a, t, reduction=reduction))
    case(f"cosineEmbedding {reduction}", "cosineEmbedding", {**r, "margin": 0.2}, [x, far, each], 2, lambda a, b, t: F.cosine_embedding_loss(a, b, t, 0.2, reduction=reduction))
    for p in (1, 2):
        for w in (None, weight):
            tensor = None if w is None else torch.tensor(w)
            case(f"multiMargin {reduction} p={p} {'weighted' if w else ''}", "multiMargin", {**r, "power": p, "margin": 0.8, "weight": w}, [x, labels], 1,
                 lambda a, t: multi_margin(a, t, p, 0.8, tensor, reduction))
# Five times, rows and columns, so that each is as long as the batch: labels that repeat, one target of a single label and one of none.
spoken = torch.tensor([[1, 2], [3, 3], [2, 0], [0, 0], [1, 3]])
[heard, words] = [torch.tensor([5, 4, 3, 5, 2]), torch.tensor([2, 2, 1, 0, 2])]
scores = numbers(5, 5, 4)
for reduction in ("mean", "sum", "none"):
    arguments = {"reduction": reduction, "blank": 0, "infinityIsZero": False}
    case(f"ctc {reduction}", "ctc", arguments, [scores, spoken, heard, words], 1, lambda a, t, n, k: ctc(a, t, n, k, 0, reduction))
short = torch.tensor([5, 2, 3, 5, 2])  # Two times are too few for the same label twice.
case("ctc zero infinity", "ctc", {"reduction": "mean", "blank": 0, "infinityIsZero": True}, [scores, spoken, short, words], 1, lambda a, t, n, k: ctc(a, t, n, k, 0, "mean", True))
case("ctc last blank", "ctc", {"reduction": "sum", "blank": 3, "infinityIsZero": False}, [scores, torch.tensor([[1, 2], [0, 0], [2, 0], [0, 1], [1, 0]]), heard, words], 1, lambda a, t, n, k: ctc(a, t, n, k, 3, "sum"))
named = torch.tensor([[2, 0, -1], [1, -1, 0], [-1, 0, 1], [0, 1, 2]])
for reduction in ("mean", "sum", "none"):
    case(f"multiLabelMargin {reduction}", "multiLabelMargin", {"reduction": reduction}, [x, named], 1, lambda a, t: multi_label_margin(a, t, reduction))
for w in (None, weight):
    tensor = None if w is None else torch.tensor(w)
    case(f"multiLabelSoftMargin {'weighted' if w else ''}", "multiLabelSoftMargin", {"reduction": "mean", "weight": w}, [x, hits], 1, lambda a, t: F.multilabel_soft_margin_loss(a, t, tensor))
for p, swap in ((2, False), (2, True), (1, False)):
    case(f"tripletMargin p={p} {'swapped' if swap else ''}", "tripletMargin", {"reduction": "mean", "margin": 1.0, "power": p, "epsilon": 1e-6, "swap": swap},
         [x, numbers(4, 3, seed=2), numbers(4, 3, seed=3)], 3, lambda a, b, c: F.triplet_margin_loss(a, b, c, 1.0, p, swap=swap))
counts = torch.tensor([[0.0, 1.0, 2.0], [3.0, 0.0, 7.0], [1.0, 1.0, 4.0], [2.0, 5.0, 0.0]])
for log_input, full in ((True, False), (True, True), (False, True)):
    point = x if log_input else x.abs() + 0.3
    case(f"poissonNll {'of log-rates' if log_input else 'of rates'} {'full' if full else ''}", "poissonNll", {"reduction": "mean", "logInput": log_input, "full": full, "epsilon": 1e-8},
         [point, counts], 1, lambda a, t: F.poisson_nll_loss(a, t, log_input, full))
variances = (numbers(4, 3, seed=4).abs() + 0.2).round(decimals=3)
variances[1, 1] = 1e-7
for name, variance, full in (("", variances, False), ("full", variances, True), ("one variance a row", variances[:, :1], False)):
    case(f"gaussianNll {name}", "gaussianNll", {"reduction": "mean", "full": full, "epsilon": 1e-4}, [x, far, variance], 3, lambda a, t, v: F.gaussian_nll_loss(a, t, v, full=full, eps=1e-4))

json.dump({"torch": torch.__version__, "cases": cases}, sys.stdout, separators=(",", ":"))
sys.stdout.write("\n")
