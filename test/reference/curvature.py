"""The curvature operators of a tiny net as dense matrices, in PyTorch in float64.

    python3 curvature.py > curvature.json

The net is 2-2-3 with tanh and cross-entropy on eight fixed rows; `regression` is the same with the mean squared error. Fisher matrices are
made from their definition: the expectation of the score's square over the model's own distribution. `preconditioned` holds
P^-1/2 H P^-1/2 after five steps on all rows, with P from PyTorch's own optimizer state. Made with PyTorch 1.13.
"""

import json
import math

import torch
import torch.nn.functional as F
from torch.autograd.functional import hessian, jacobian

torch.set_default_dtype(torch.float64)

SHAPES = [(2, 2), (2,), (3, 2), (3,)]


def numbers(*shape, seed=0, scale=1.0):
    size = math.prod(shape)
    return torch.tensor([scale * math.sin(1.7 * i + 0.3 + seed) for i in range(size)]).round(decimals=3).reshape(shape)


X = numbers(8, 2, scale=1.5)
CLASSES = torch.tensor([i * 7 % 5 % 3 for i in range(8)])
TARGETS = numbers(8, 3, seed=5)
THETA = torch.cat([numbers(*shape, seed=k, scale=0.8).flatten() for k, shape in enumerate(SHAPES)])


def parts(theta):
    out, place = [], 0
    for shape in SHAPES:
        size = math.prod(shape)
        out.append(theta[place : place + size].reshape(shape))
        place += size
    return out


def hidden(theta):
    w, b, _, _ = parts(theta)
    return torch.tanh(X @ w.T + b)


def outputs(theta):
    _, _, w, b = parts(theta)
    return hidden(theta) @ w.T + b


def cross_entropy(theta):
    return F.cross_entropy(outputs(theta), CLASSES)


def squared(theta):
    return F.mse_loss(outputs(theta), TARGETS)


def gauss_newton(loss_of_outputs):
    z = outputs(THETA)
    j = jacobian(outputs, THETA).reshape(-1, THETA.numel())
    h = hessian(loss_of_outputs, z).reshape(z.numel(), z.numel())
    return j.T @ h @ j


def score(row, label):
    return jacobian(lambda theta: F.log_softmax(outputs(theta), 1)[row, label], THETA)


def fisher():
    p = F.softmax(outputs(THETA), 1)
    total = torch.zeros(THETA.numel(), THETA.numel())
    for row in range(8):
        for label in range(3):
            g = score(row, label)
            total += p[row, label] * torch.outer(g, g) / 8
    return total


ROWS = torch.stack([-score(row, CLASSES[row]) for row in range(8)])


def after_steps(make, diagonal):
    tensors = [part.clone().requires_grad_() for part in parts(THETA)]
    optimizer = make(tensors)
    for _ in range(5):
        optimizer.zero_grad()
        cross_entropy(torch.cat([t.flatten() for t in tensors])).backward()
        optimizer.step()
    theta = torch.cat([t.detach().flatten() for t in tensors])
    p = torch.cat([diagonal(optimizer.state[t]).flatten() for t in tensors])
    return hessian(cross_entropy, theta) / p.sqrt().outer(p.sqrt())


OPTIMIZERS = {
    "adam": (lambda ps: torch.optim.Adam(ps, lr=0.01), lambda s: (s["exp_avg_sq"] / (1 - 0.999**5)).sqrt() + 1e-8),
    "adamw": (
        lambda ps: torch.optim.AdamW(ps, lr=0.01, weight_decay=0.1),
        lambda s: (s["exp_avg_sq"] / (1 - 0.999**5)).sqrt() + 1e-8,
    ),
    "rmsprop": (lambda ps: torch.optim.RMSprop(ps, lr=0.01), lambda s: s["square_avg"].sqrt() + 1e-8),
    "adagrad": (lambda ps: torch.optim.Adagrad(ps, lr=0.01), lambda s: s["sum"].sqrt() + 1e-10),
}


def rounded(matrix):
    return [float(f"{x:.9g}") for x in matrix.flatten().tolist()]


print(
    json.dumps(
        {
            "torch": torch.__version__,
            "x": X.flatten().tolist(),
            "classes": CLASSES.tolist(),
            "targets": TARGETS.flatten().tolist(),
            "theta": THETA.tolist(),
            "hessian": rounded(hessian(cross_entropy, THETA)),
            "batchHessian": rounded(hessian(lambda theta: F.cross_entropy(outputs(theta)[:3], CLASSES[:3]), THETA)),
            "gaussNewton": rounded(gauss_newton(lambda z: F.cross_entropy(z, CLASSES))),
            "fisher": rounded(fisher()),
            "empiricalFisher": rounded(ROWS.T @ ROWS / 8),
            "covariance": rounded(torch.cov(ROWS.T)),
            "regression": {
                "hessian": rounded(hessian(squared, THETA)),
                "gaussNewton": rounded(gauss_newton(lambda z: F.mse_loss(z, TARGETS))),
            },
            "secondMoments": {"first": rounded(X.T @ X / 8), "second": rounded(hidden(THETA).T @ hidden(THETA) / 8)},
            "preconditioned": {name: rounded(after_steps(*make)) for name, make in OPTIMIZERS.items()},
        }
    )
)
