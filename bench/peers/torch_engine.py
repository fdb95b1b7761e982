"""PyTorch's side of the engine bench: reads one JSON request a line, answers one JSON line.

{"task", "net", "foreach", "iterations"} -> {"ms": milliseconds for each iteration}
"""

import json
import sys
import time

import torch
import torch.nn.functional as F

torch.manual_seed(0)
torch.set_num_threads(int(sys.argv[1]))

NETS = {"2-16-16-1": 64, "64-128-10": 128, "784-512-512-10": 256}


def convolution_block(channels):
    layers = []
    for _ in range(2):
        layers += [torch.nn.Conv2d(channels, channels, 3, padding=1, bias=False), torch.nn.BatchNorm2d(channels), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers)


def lenet():
    return torch.nn.Sequential(
        torch.nn.Conv2d(1, 6, 5, padding=2), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(6, 16, 5), torch.nn.ReLU(), torch.nn.MaxPool2d(2), torch.nn.Flatten(),
        torch.nn.Linear(400, 120), torch.nn.ReLU(), torch.nn.Linear(120, 84), torch.nn.ReLU(), torch.nn.Linear(84, 10),
    )


WIDE = {
    "lenet": (lenet, (64, 1, 28, 28), None),
    "block16": (lambda: convolution_block(16), (32, 16, 32, 32), (32, 16, 32, 32)),
    "block64": (lambda: convolution_block(64), (32, 64, 16, 16), (32, 64, 16, 16)),
    "encoder": (
        lambda: torch.nn.TransformerEncoderLayer(128, 4, 512, dropout=0.0, batch_first=True), (32, 64, 128), (32, 64, 128)),
}


class WideWork:
    """A net beyond the fully connected ones."""

    def __init__(self, name):
        build, shape, target_shape = WIDE[name]
        self.model = build()
        self.parameters = list(self.model.parameters())
        self.x = torch.randn(shape)
        self.target = torch.randint(10, shape[:1]) if target_shape is None else torch.randn(target_shape)
        self.loss_function = F.cross_entropy if target_shape is None else F.mse_loss

    def loss(self):
        return self.loss_function(self.model(self.x), self.target)


class Work:
    """A fully connected net, its batch and its loss."""

    def __init__(self, name):
        sizes = [int(size) for size in name.split("-")]
        batch = NETS[name]
        layers = []
        for before, after in zip(sizes, sizes[1:]):
            layers += [torch.nn.Linear(before, after), torch.nn.Tanh() if sizes[-1] == 1 else torch.nn.ReLU()]
        self.model = torch.nn.Sequential(*layers[:-1])
        self.parameters = list(self.model.parameters())
        self.x = torch.randn(batch, sizes[0])
        binary = sizes[-1] == 1
        self.target = torch.rand(batch, 1).round() if binary else torch.randint(sizes[-1], (batch,))
        self.loss_function = F.binary_cross_entropy_with_logits if binary else F.cross_entropy

    def loss(self):
        return self.loss_function(self.model(self.x), self.target)


def stepper(work, optimizer):
    def step():
        optimizer.zero_grad(set_to_none=True)
        work.loss().backward()
        optimizer.step()

    return step


def sgd(work, foreach):
    return stepper(work, torch.optim.SGD(work.parameters, lr=1e-3, foreach=foreach))


def adam(work, foreach):
    return stepper(work, torch.optim.Adam(work.parameters, lr=1e-5, foreach=foreach))


def hvp(work, _):
    """The graph of the gradient is kept: one backward pass a vector."""
    gradient = torch.autograd.grad(work.loss(), work.parameters, create_graph=True)
    vectors = [torch.randn_like(p) for p in work.parameters]
    return lambda: torch.autograd.grad(gradient, work.parameters, vectors, retain_graph=True)


def hvp_from_scratch(work, _):
    vectors = [torch.randn_like(p) for p in work.parameters]

    def product():
        gradient = torch.autograd.grad(work.loss(), work.parameters, create_graph=True)
        torch.autograd.grad(gradient, work.parameters, vectors)

    return product


TASKS = {"sgd": sgd, "adam": adam, "hvp": hvp, "hvpFromScratch": hvp_from_scratch}


def main():
    made = {}
    for line in sys.stdin:
        request = json.loads(line)
        key = (request["task"], request["net"], request["foreach"])
        if key not in made:
            made[key] = TASKS[request["task"]]((WideWork if request["net"] in WIDE else Work)(request["net"]), request["foreach"])
        run = made[key]
        start = time.perf_counter()
        for _ in range(request["iterations"]):
            run()
        elapsed = time.perf_counter() - start
        print(json.dumps({"ms": elapsed * 1000 / request["iterations"]}), flush=True)


main()
