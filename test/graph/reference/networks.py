"""Writes networks.json: loss, gradient and Hessian-vector product of small nets by PyTorch in float64.

Run with a Python that has PyTorch: python3 networks.py
"""

import json
import pathlib

import torch
import torch.nn.functional as F

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)


def classifier(x, labels, p):
    hidden = torch.tanh(x @ p[0].T + p[1])
    return F.cross_entropy(hidden @ p[2].T + p[3], labels)


def regression(x, target, p):
    hidden = F.relu(F.gelu(x @ p[0].T + p[1]) @ p[2].T + p[3])
    return F.smooth_l1_loss(hidden @ p[4].T, target, beta=0.5)


def binary(x, target, p):
    hidden = F.softplus(F.layer_norm(x @ p[0].T, (5,), p[1], p[2]))
    return F.binary_cross_entropy_with_logits(hidden @ p[3].T, target)


def attention(x, target, p):
    q, k, v = x @ p[0], x @ p[1], x @ p[2]
    weights = torch.softmax(q @ k.transpose(1, 2) / 2.0, -1)
    return F.mse_loss(torch.sigmoid(weights @ v), target)


def embedding(rows, labels, p):
    return F.nll_loss(F.log_softmax(p[0][rows].mean(1) @ p[1].T, -1), labels)


def lenet(x, labels, p):
    first = F.max_pool2d(F.relu(F.conv2d(x, p[0], p[1], padding=1)), 2)
    second = F.avg_pool2d(torch.tanh(F.conv2d(first, p[2], p[3], stride=2, padding=1)), 3, 2, padding=1, ceil_mode=True)
    return F.cross_entropy(second.flatten(1) @ p[4].T, labels)


def grouped(x, target, p):
    widened = F.conv_transpose2d(F.softplus(F.conv2d(x, p[0], groups=2, dilation=2)), p[1], stride=2, padding=1, output_padding=1)
    pooled = F.avg_pool2d(widened, 3, 2, padding=1, count_include_pad=False)
    return F.mse_loss(F.adaptive_avg_pool2d(torch.sigmoid(pooled), (2, 3)), target)


CASES = {
    "lenet": (lenet, torch.randn(2, 1, 8, 8), torch.randint(3, (2,)), [(2, 1, 3, 3), (2,), (3, 2, 3, 3), (3,), (3, 12)]),
    "grouped": (grouped, torch.randn(1, 4, 6, 6), torch.rand(1, 2, 2, 3), [(4, 2, 2, 2), (4, 2, 3, 3)]),
    "classifier": (classifier, torch.randn(6, 4), torch.randint(3, (6,)), [(5, 4), (5,), (3, 5), (3,)]),
    "regression": (regression, torch.randn(6, 4), torch.randn(6, 2), [(5, 4), (5,), (4, 5), (4,), (2, 4)]),
    "binary": (binary, torch.randn(7, 3), torch.rand(7, 1), [(5, 3), (5,), (5,), (1, 5)]),
    "attention": (attention, torch.randn(2, 3, 4), torch.rand(2, 3, 4), [(4, 4), (4, 4), (4, 4)]),
    "embedding": (embedding, torch.randint(6, (5, 3)), torch.randint(4, (5,)), [(6, 3), (4, 3)]),
}


def flat(tensors):
    return [value for tensor in tensors for value in tensor.detach().reshape(-1).tolist()]


def main():
    out = {}
    for name, (loss_of, x, target, shapes) in CASES.items():
        parameters = [torch.randn(shape, requires_grad=True) for shape in shapes]
        tangents = [torch.randn(shape) for shape in shapes]
        loss = loss_of(x, target, parameters)
        gradient = torch.autograd.grad(loss, parameters, create_graph=True)
        product = torch.autograd.grad(gradient, parameters, tangents)
        out[name] = {
            "x": flat([x]),
            "target": flat([target]),
            "shapes": shapes,
            "parameters": flat(parameters),
            "tangents": flat(tangents),
            "loss": loss.item(),
            "gradient": flat(gradient),
            "product": flat(product),
        }
    text = json.dumps(out, separators=(",", ":"))
    pathlib.Path(__file__).with_suffix(".json").write_text(text + "\n")


main()
