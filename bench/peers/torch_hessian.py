"""PyTorch's side of the curvature bench: reads one JSON request a line, answers one JSON line.

{"task": "eigenvalue", "sizes", "rows", "site", "tolerance", "iterations"}
    -> {"ms": milliseconds for each, "value": the last estimate, "products": Hessian-vector products of the last}
{"task": "ends", "sizes", "rows", "site", "steps"}
    -> {"ms", "largest", "smallest"} in float64: of the dense matrix up to 3,000 parameters, else of a long Lanczos run

A site is a file of little-endian float32: parameters, inputs, targets.

`eigenvalue` is the algorithm of PyHessian (Yao, Gholami, Keutzer and Mahoney 2020) written anew: the gradient with its
graph is made once, power iteration multiplies by the Hessian through autograd, and ends when the Rayleigh quotient
changes by less than the tolerance.
"""

import json
import sys
import time

import numpy
import torch
import torch.nn.functional as F

torch.manual_seed(0)
torch.set_num_threads(int(sys.argv[1]))


class Site:
    """A fully connected net at given parameters on given rows: tanh and one output, or ReLU and classes."""

    def __init__(self, sizes, rows, path, dtype):
        numbers = torch.from_numpy(numpy.fromfile(path, dtype="<f4")).to(dtype)
        layers = []
        for before, after in zip(sizes, sizes[1:]):
            layers += [torch.nn.Linear(before, after), torch.nn.Tanh() if sizes[-1] == 1 else torch.nn.ReLU()]
        self.model = torch.nn.Sequential(*layers[:-1]).to(dtype)
        self.parameters = list(self.model.parameters())
        self.dim = sum(p.numel() for p in self.parameters)
        theta, x, target = torch.split(numbers, [self.dim, rows * sizes[0], rows])
        torch.nn.utils.vector_to_parameters(theta, self.parameters)
        self.x = x.reshape(rows, sizes[0])
        self.target = target.reshape(rows, 1) if sizes[-1] == 1 else target.long()
        self.loss_function = F.binary_cross_entropy_with_logits if sizes[-1] == 1 else F.cross_entropy

    def gradient(self):
        return torch.autograd.grad(self.loss_function(self.model(self.x), self.target), self.parameters, create_graph=True)


def inner(a, b):
    return sum(torch.sum(x * y) for x, y in zip(a, b))


def normalised(v):
    length = inner(v, v).sqrt().item() + 1e-6
    return [part / length for part in v]


def eigenvalue(site, tolerance, most=100):
    gradient = site.gradient()
    v = normalised([torch.randn_like(p) for p in site.parameters])
    value = None
    for products in range(1, most + 1):
        image = torch.autograd.grad(gradient, site.parameters, v, retain_graph=True)
        estimate = inner(image, v).item()
        v = normalised(image)
        if value is not None and abs(value - estimate) / (abs(value) + 1e-6) < tolerance:
            return estimate, products
        value = estimate
    return value, most


def flat_product(site):
    gradient = site.gradient()

    def product(v):
        parts = [part.reshape(p.shape) for part, p in zip(torch.split(v, [p.numel() for p in site.parameters]), site.parameters)]
        return torch.cat([part.reshape(-1) for part in torch.autograd.grad(gradient, site.parameters, parts, retain_graph=True)])

    return product


def ends(site, steps):
    product = flat_product(site)
    if site.dim <= 3000:
        dense = torch.stack([product(column) for column in torch.eye(site.dim, dtype=torch.float64)])
        values = torch.linalg.eigvalsh((dense + dense.T) / 2)
        return values[-1].item(), values[0].item()
    q = torch.randn(site.dim, dtype=torch.float64)
    basis = [q / q.norm()]
    alphas, betas = [], []
    for _ in range(steps):
        w = product(basis[-1])
        alphas.append(torch.dot(w, basis[-1]).item())
        # Twice is enough (Kahan); all earlier vectors at once.
        known = torch.stack(basis)
        for _ in range(2):
            w = w - known.T @ (known @ w)
        betas.append(w.norm().item())
        basis.append(w / betas[-1])
    values = numpy.linalg.eigvalsh(numpy.diag(alphas) + numpy.diag(betas[:-1], 1) + numpy.diag(betas[:-1], -1))
    return values[-1], values[0]


def main():
    sites = {}
    for line in sys.stdin:
        request = json.loads(line)
        dtype = torch.float64 if request["task"] == "ends" else torch.float32
        key = (request["site"], dtype)
        if key not in sites:
            sites[key] = Site(request["sizes"], request["rows"], request["site"], dtype)
        site = sites[key]
        start = time.perf_counter()
        if request["task"] == "ends":
            largest, smallest = ends(site, request["steps"])
            answer = {"largest": largest, "smallest": smallest}
        else:
            for _ in range(request["iterations"]):
                value, products = eigenvalue(site, request["tolerance"])
            answer = {"value": value, "products": products}
        elapsed = time.perf_counter() - start
        print(json.dumps({"ms": elapsed * 1000 / request.get("iterations", 1), **answer}), flush=True)


main()
