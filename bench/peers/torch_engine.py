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


class Work:
    """A net, its batch and its loss."""

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
            made[key] = TASKS[request["task"]](Work(request["net"]), request["foreach"])
        run = made[key]
        start = time.perf_counter()
        for _ in range(request["iterations"]):
            run()
        elapsed = time.perf_counter() - start
        print(json.dumps({"ms": elapsed * 1000 / request["iterations"]}), flush=True)


main()
