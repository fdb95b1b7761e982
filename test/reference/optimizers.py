"""A hundred steps of every optimizer, and a hundred rates of every schedule, in PyTorch in float64.

    python3 optimizers.py > optimizers.json

`gap` is how far PyTorch's own float32 run ends from its float64 run, relative in norm.

The net is 3-4-2 with tanh and cross-entropy on twelve fixed rows, all of them in each step.
Made with PyTorch 1.13. PyTorch 2 differs in NAdam, written out below.
`form: keras` marks Keras's formulas; `falls` is a factor on the rate after each step.
"""

import json
import math
import sys

import torch
import torch.nn as nn
import torch.optim as optim
from torch.optim import lr_scheduler as sched

torch.set_default_dtype(torch.float64)


def numbers(*shape, seed=0, scale=1.0):
    """Fixed numbers in place of a random generator, so that every version makes the same."""
    size = math.prod(shape)
    return torch.tensor([scale * math.sin(1.7 * i + 0.3 + seed) for i in range(size)]).round(decimals=3).reshape(shape)


X = numbers(12, 3, scale=1.5)
Y = torch.tensor([i * 7 % 5 % 2 for i in range(12)])
# Each row twice, some with both labels: no net gets them all right, so that the loss has a lowest value.
DISAGREEING = torch.cat([X[:6], X[:6]]), torch.tensor([0, 1, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0])


def net(dtype=torch.float64):
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)).to(dtype)
    with torch.no_grad():
        for k, parameter in enumerate(model.parameters()):
            parameter.copy_(numbers(*parameter.shape, seed=k, scale=0.7))
    return model


def floats(values):
    return [float(f"{float(v):.8g}") for v in values]


runs = []


def train(name, kind, make, rate, settings=None, steps=100, clip=None, zero="everyStep", groups=None, maximize=False, form=None, falls=None, disagreeing=False):
    losses, norms, model = descend(torch.float64, make, steps, clip, zero, falls, disagreeing)
    _, _, rounded = descend(torch.float32, make, steps, clip, zero, falls, disagreeing)
    final = {key: floats(value.flatten()) for key, value in model.named_parameters()}
    exact = dict(model.named_parameters())
    gap = {key: floats([(value.double() - exact[key]).norm() / exact[key].norm()])[0] for key, value in rounded.named_parameters()}
    if clip and clip["normType"] == math.inf:
        clip = {**clip, "normType": "Infinity"}
    runs.append({"name": name, "kind": kind, "rate": rate, "settings": settings or {}, "steps": steps, "clip": clip, "zero": zero,
                 "groups": groups, "maximize": maximize, "losses": floats(losses), "norms": floats(norms), "final": final, "gap": gap,
                 **({"form": form} if form else {}), **({"falls": falls} if falls else {}), **({"disagreeing": True} if disagreeing else {})})


def lbfgs(name, rate, steps, keywords=None, settings=None):
    """Each step evaluates a closure; the loss and the gradient's norm are those of its first evaluation."""
    def descend(dtype):
        model = net(dtype)
        optimizer = optim.LBFGS(model.parameters(), lr=rate, **(keywords or {}))
        losses, norms = [], []
        for _ in range(steps):
            seen = []

            def closure():
                optimizer.zero_grad()
                loss = nn.functional.cross_entropy(model(X.to(dtype)), Y)
                loss.backward()
                seen.append((loss.item(), math.sqrt(sum(float((p.grad ** 2).sum()) for p in model.parameters()))))
                return loss

            optimizer.step(closure)
            losses.append(seen[0][0])
            norms.append(seen[0][1])
        return losses, norms, dict(model.named_parameters())

    (losses, norms, final), (_, _, rounded) = descend(torch.float64), descend(torch.float32)
    gap = {key: floats([(value.double() - final[key]).norm() / final[key].norm()])[0] for key, value in rounded.items()}
    runs.append({"name": name, "kind": "lbfgs", "rate": rate, "settings": settings or {}, "steps": steps, "clip": None, "zero": "everyStep", "groups": None, "maximize": False,
                 "losses": floats(losses), "norms": floats(norms), "final": {key: floats(value.flatten()) for key, value in final.items()}, "gap": gap})


def descend(dtype, make, steps, clip, zero, falls, disagreeing):
    model = net(dtype)
    x, y = DISAGREEING if disagreeing else (X, Y)
    optimizer = make(model)
    losses, norms = [], []
    for _ in range(steps):
        if zero == "everyStep":
            optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x.to(dtype)), y)
        loss.backward()
        losses.append(loss.item())
        norms.append(math.sqrt(sum(float((p.grad ** 2).sum()) for p in model.parameters())))
        if clip and clip["kind"] == "norm":
            nn.utils.clip_grad_norm_(model.parameters(), clip["limit"], norm_type=clip["normType"])
        elif clip:
            nn.utils.clip_grad_value_(model.parameters(), clip["limit"])
        optimizer.step()
        for group in optimizer.param_groups if falls else []:
            group["lr"] *= falls
    return losses, norms, model


class Keras(optim.Optimizer):
    """Keras 3's optimizers, written from its sources; `form` is the name of one."""

    def __init__(self, parameters, lr, form, **keywords):
        super().__init__(parameters, dict(lr=lr))
        self.form, self.keywords, self.t = form, keywords, 0

    @torch.no_grad()
    def step(self):
        self.t += 1
        for group in self.param_groups:
            for p in group["params"]:
                given = (p, p.grad) if self.form == "adamw" else (p.grad,)
                p.add_(getattr(self, self.form)(*given, self.state[p], group["lr"], **self.keywords))

    def velocity(self, state, g):
        return state.setdefault("m", torch.zeros_like(g)), state.setdefault("v", torch.zeros_like(g))

    def sgd(self, g, state, lr, momentum, nesterov=False):
        m, _ = self.velocity(state, g)
        m.mul_(momentum).sub_(lr * g)
        return momentum * m - lr * g if nesterov else m

    def adam(self, g, state, lr, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False):
        m, v = self.velocity(state, g)
        alpha = lr * math.sqrt(1 - beta_2 ** self.t) / (1 - beta_1 ** self.t)
        m.add_((g - m) * (1 - beta_1))
        v.add_((g * g - v) * (1 - beta_2))
        if amsgrad:
            state["max"] = torch.maximum(state.get("max", torch.zeros_like(v)), v)
        return -alpha * m / (torch.sqrt(state["max"] if amsgrad else v) + epsilon)

    def adamw(self, p, g, state, lr, weight_decay, **keywords):
        return -lr * weight_decay * p + self.adam(g, state, lr, **keywords)

    def adagrad(self, g, state, lr, initial=0.1, epsilon=1e-7):
        total = state.setdefault("sum", torch.full_like(g, initial))
        total.add_(g * g)
        return -lr * g / torch.sqrt(total + epsilon)

    def rmsprop(self, g, state, lr, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False):
        m, v = self.velocity(state, g)
        v.mul_(rho).add_((1 - rho) * g * g)
        below = v + epsilon
        if centered:
            average = state.setdefault("average", torch.zeros_like(g))
            average.mul_(rho).add_((1 - rho) * g)
            below = v - average * average + epsilon
        increment = lr * g / torch.sqrt(below)
        if momentum == 0:
            return -increment
        m.mul_(momentum).add_(increment)
        return -m

    def adadelta(self, g, state, lr, rho=0.95, epsilon=1e-7):
        deltas, squares = self.velocity(state, g)
        squares.mul_(rho).add_((1 - rho) * g * g)
        delta = -torch.sqrt(deltas + epsilon) * g / torch.sqrt(squares + epsilon)
        deltas.mul_(rho).add_((1 - rho) * delta * delta)
        return lr * delta

    def adamax(self, g, state, lr, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        m, u = self.velocity(state, g)
        m.add_((g - m) * (1 - beta_1))
        u.copy_(torch.maximum(beta_2 * u, g.abs()))
        return -(lr * m) / ((1 - beta_1 ** self.t) * (u + epsilon))

    def nadam(self, g, state, lr, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        m, v = self.velocity(state, g)
        now, then = (beta_1 * (1 - 0.5 * 0.96 ** t) for t in (self.t, self.t + 1))
        state["product"] = state.get("product", 1.0) * now
        m.add_((g - m) * (1 - beta_1))
        v.add_((g * g - v) * (1 - beta_2))
        m_hat = then * m / (1 - state["product"] * then) + (1 - now) * g / (1 - state["product"])
        return -lr * m_hat / (torch.sqrt(v / (1 - beta_2 ** self.t)) + epsilon)


class NAdam(optim.Optimizer):
    """PyTorch 2's NAdam: 1.13 multiplies the product of the momenta by the momentum once too often."""

    def __init__(self, parameters, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, momentum_decay=4e-3):
        super().__init__(parameters, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, momentum_decay=momentum_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            (beta1, beta2), lr = group["betas"], group["lr"]
            for p in group["params"]:
                state = self.state[p]
                t = state["step"] = state.get("step", 0) + 1
                m, v = (state.setdefault(key, torch.zeros_like(p)) for key in ("m", "v"))
                g = p.grad + group["weight_decay"] * p
                mu, mu_next = (beta1 * (1.0 - 0.5 * 0.96 ** (k * group["momentum_decay"])) for k in (t, t + 1))
                product = state["product"] = state.get("product", 1.0) * mu
                m.mul_(beta1).add_(g, alpha=1 - beta1)
                v.mul_(beta2).addcmul_(g, g, value=1 - beta2)
                denom = v.div(1 - beta2 ** t).sqrt().add_(group["eps"])
                p.addcdiv_(g, denom, value=-lr * (1 - mu) / (1 - product))
                p.addcdiv_(m, denom, value=-lr * mu_next / (1 - product * mu_next))


class Decoupled(optim.Optimizer):
    """`decoupled_weight_decay` of PyTorch 2's NAdam and RAdam, which 1.13 lacks: the parameters shrink before the step."""

    def __init__(self, inner, decay):
        super().__init__(inner.param_groups[0]["params"], {})
        self.inner, self.decay = inner, decay

    def step(self):
        for group in self.inner.param_groups:
            for p in group["params"]:
                p.data.mul_(1 - group["lr"] * self.decay)
        self.inner.step()


def keras(name, kind, form, rate, keywords=None, settings=None, falls=None):
    train(f"Keras: {name}", kind, lambda m: Keras(m.parameters(), rate, form, **(keywords or {})), rate, settings, form="keras", falls=falls)


def simple(name, kind, cls, rate, keywords=None, settings=None, **extra):
    keywords = keywords or {}
    train(name, kind, lambda m: cls(m.parameters(), lr=rate, **keywords, **({"maximize": True} if extra.get("maximize") else {})), rate, settings, **extra)


simple("SGD", "sgd", optim.SGD, 0.4)
simple("SGD with decay", "sgd", optim.SGD, 0.4, {"weight_decay": 0.02}, {"weightDecay": 0.02})
simple("SGD with momentum", "sgd", optim.SGD, 0.1, {"momentum": 0.9}, {"momentum": 0.9})
simple("SGD with dampening", "sgd", optim.SGD, 0.3, {"momentum": 0.8, "dampening": 0.5, "weight_decay": 0.01}, {"momentum": 0.8, "dampening": 0.5, "weightDecay": 0.01})
simple("SGD with Nesterov momentum", "sgd", optim.SGD, 0.1, {"momentum": 0.9, "nesterov": True}, {"momentum": 0.9, "nesterov": True})
simple("SGD that climbs", "sgd", optim.SGD, 0.02, {"momentum": 0.5}, {"momentum": 0.5}, maximize=True, steps=30)
for kind, cls in (("adam", optim.Adam), ("adamw", optim.AdamW)):
    simple(kind, kind, cls, 0.03, {"weight_decay": 0}, {"weightDecay": 0})
    simple(f"{kind} with decay", kind, cls, 0.03, {"weight_decay": 0.1, "betas": (0.8, 0.99), "eps": 1e-4}, {"weightDecay": 0.1, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-4})
    simple(f"{kind} with amsgrad", kind, cls, 0.03, {"weight_decay": 0.01, "amsgrad": True}, {"weightDecay": 0.01, "amsgrad": True})
simple("RMSprop", "rmsprop", optim.RMSprop, 0.01)
simple("RMSprop with momentum", "rmsprop", optim.RMSprop, 0.001, {"momentum": 0.8, "alpha": 0.9, "weight_decay": 0.01}, {"momentum": 0.8, "alpha": 0.9, "weightDecay": 0.01})
simple("RMSprop, centered", "rmsprop", optim.RMSprop, 0.005, {"centered": True, "alpha": 0.95, "eps": 1e-3}, {"centered": True, "alpha": 0.95, "epsilon": 1e-3})
simple("Adagrad", "adagrad", optim.Adagrad, 0.1)
simple("Adagrad with decays", "adagrad", optim.Adagrad, 0.3, {"lr_decay": 0.05, "weight_decay": 0.01, "initial_accumulator_value": 0.2}, {"learningRateDecay": 0.05, "weightDecay": 0.01, "initialAccumulator": 0.2})
simple("RMSprop, centered with momentum", "rmsprop", optim.RMSprop, 0.002, {"centered": True, "momentum": 0.7}, {"centered": True, "momentum": 0.7})
simple("Adagrad that climbs", "adagrad", optim.Adagrad, 0.01, maximize=True, steps=30)
simple("SGD that climbs with decay", "sgd", optim.SGD, 0.02, {"weight_decay": 0.3, "momentum": 0.5}, {"weightDecay": 0.3, "momentum": 0.5}, maximize=True, steps=30)
simple("Adadelta", "adadelta", optim.Adadelta, 1.0)
simple("Adadelta with decay", "adadelta", optim.Adadelta, 2.0, {"rho": 0.95, "eps": 1e-4, "weight_decay": 0.01}, {"rho": 0.95, "epsilon": 1e-4, "weightDecay": 0.01})
simple("Adamax", "adamax", optim.Adamax, 0.03)
simple("Adamax with decay", "adamax", optim.Adamax, 0.03, {"betas": (0.8, 0.99), "eps": 1e-4, "weight_decay": 0.05}, {"beta1": 0.8, "beta2": 0.99, "epsilon": 1e-4, "weightDecay": 0.05})
for kind, cls in (("nadam", NAdam), ("radam", optim.RAdam)):
    simple(kind, kind, cls, 0.03)
    simple(f"{kind} with decay", kind, cls, 0.01, {"betas": (0.8, 0.98), "eps": 1e-4, "weight_decay": 0.05}, {"beta1": 0.8, "beta2": 0.98, "epsilon": 1e-4, "weightDecay": 0.05})
    train(f"{kind} with decoupled decay", kind, lambda m: Decoupled(cls(m.parameters(), lr=0.03), 0.1), 0.03, {"weightDecay": 0.1, "decoupledDecay": True})
simple("nadam with its momentum's decay", "nadam", NAdam, 0.03, {"momentum_decay": 0.1}, {"momentumDecay": 0.1})
simple("ASGD", "asgd", optim.ASGD, 0.3)
simple("ASGD with decay", "asgd", optim.ASGD, 0.4, {"lambd": 0.01, "alpha": 0.9, "weight_decay": 0.02}, {"pull": 0.01, "power": 0.9, "weightDecay": 0.02})
train("ASGD with a falling rate", "asgd", lambda m: optim.ASGD(m.parameters(), lr=0.4, lambd=0.01), 0.4, {"pull": 0.01}, falls=0.9)
# Rprop heeds the gradient's sign alone. Where all rows can be told apart the loss falls to 2e-5 in twenty steps, gradients to 1e-8:
# from there on rounding decides their sign, and PyTorch's own float32 run parts from its float64 run (from step 21 on, by 0.9 at step 50).
simple("Rprop", "rprop", optim.Rprop, 0.01, steps=18)
simple("Rprop from small steps", "rprop", optim.Rprop, 0.001, steps=30)
simple("Rprop on rows that disagree", "rprop", optim.Rprop, 0.01, steps=60, disagreeing=True)
simple("Rprop with a largest step, on rows that disagree", "rprop", optim.Rprop, 0.01, {"step_sizes": (1e-6, 0.1)}, {"largestStep": 0.1}, disagreeing=True)
simple("Rprop with bounds", "rprop", optim.Rprop, 0.004, {"etas": (0.4, 1.3), "step_sizes": (1e-4, 0.006)}, {"shrinking": 0.4, "growing": 1.3, "smallestStep": 1e-4, "largestStep": 0.006})
keras("SGD with momentum and a falling rate", "sgd", "sgd", 0.1, {"momentum": 0.9}, {"momentum": 0.9}, falls=0.97)
keras("SGD with Nesterov momentum and a falling rate", "sgd", "sgd", 0.1, {"momentum": 0.9, "nesterov": True}, {"momentum": 0.9, "nesterov": True}, falls=0.97)
keras("Adam", "adam", "adam", 0.03, {"epsilon": 1e-3}, {"epsilon": 1e-3})
keras("Adam with amsgrad", "adam", "adam", 0.03, {"amsgrad": True}, {"epsilon": 1e-7, "amsgrad": True})
keras("AdamW", "adamw", "adamw", 0.03, {"weight_decay": 0.1, "epsilon": 1e-3}, {"weightDecay": 0.1, "epsilon": 1e-3})
keras("AdamW with amsgrad", "adamw", "adamw", 0.03, {"weight_decay": 0.1, "amsgrad": True}, {"weightDecay": 0.1, "epsilon": 1e-7, "amsgrad": True})
keras("Adagrad", "adagrad", "adagrad", 0.1, {"epsilon": 1e-2}, {"initialAccumulator": 0.1, "epsilon": 1e-2})
keras("RMSprop", "rmsprop", "rmsprop", 0.01, {"epsilon": 1e-3}, {"alpha": 0.9, "epsilon": 1e-3})
keras("RMSprop, centered, with momentum and a falling rate", "rmsprop", "rmsprop", 0.003, {"momentum": 0.8, "centered": True, "epsilon": 1e-3},
      {"alpha": 0.9, "momentum": 0.8, "centered": True, "epsilon": 1e-3}, falls=0.97)
keras("Adadelta", "adadelta", "adadelta", 1.0, None, {"rho": 0.95, "epsilon": 1e-7})
keras("Adamax", "adamax", "adamax", 0.03, {"epsilon": 1e-2}, {"epsilon": 1e-2})
keras("Nadam", "nadam", "nadam", 0.03, None, {"epsilon": 1e-7, "momentumDecay": 1})
lbfgs("LBFGS", 0.1, 3)
lbfgs("LBFGS of one iteration a step", 0.2, 30, {"max_iter": 1, "max_eval": 1}, {"maxIterations": 1, "maxEvaluations": 1})
lbfgs("LBFGS with a short history", 0.1, 5, {"max_iter": 5, "history_size": 3}, {"maxIterations": 5, "maxEvaluations": 6, "history": 3})
lbfgs("LBFGS with a line search", 1, 2, {"max_iter": 6, "line_search_fn": "strong_wolfe"}, {"maxIterations": 6, "maxEvaluations": 7, "lineSearch": True})
lbfgs("LBFGS with a line search from a long first step", 30, 3, {"max_iter": 4, "line_search_fn": "strong_wolfe"}, {"maxIterations": 4, "maxEvaluations": 5, "lineSearch": True})
train("two groups", "sgd", lambda m: optim.SGD([{"params": m[0].parameters()}, {"params": m[2].parameters(), "lr": 0.05, "weight_decay": 0.1}], lr=0.3, momentum=0.5),
      0.3, {"momentum": 0.5}, groups=[{"parameters": [0, 1]}, {"parameters": [2, 3], "learningRate": 0.05, "weightDecay": 0.1}])
for p in (2, 1, math.inf):
    simple(f"clipping by {p}-norm", "sgd", optim.SGD, 0.5, {"momentum": 0.9}, {"momentum": 0.9}, clip={"kind": "norm", "limit": 0.15, "normType": p})
simple("clipping by value", "adam", optim.Adam, 0.03, clip={"kind": "value", "limit": 0.02, "normType": 2})
simple("no zero_grad", "sgd", optim.SGD, 0.002, zero="never")

schedules = []
BASE = [0.2, 0.05]


def rates(name, rules, make, steps=100, metrics=None, momentum=None):
    a, b = nn.Parameter(torch.zeros(1)), nn.Parameter(torch.zeros(1))
    optimizer = optim.SGD([{"params": [a]}, {"params": [b], "lr": BASE[1]}], lr=BASE[0], momentum=momentum or 0)
    schedulers = make(optimizer)
    seen, momenta = [], []
    for step in range(steps):
        seen.append(floats(group["lr"] for group in optimizer.param_groups))
        momenta.append(optimizer.param_groups[0]["momentum"])
        optimizer.step()
        for scheduler in schedulers:
            scheduler.step(metrics[step]) if isinstance(scheduler, sched.ReduceLROnPlateau) else scheduler.step()
    schedules.append({"name": name, "rules": rules, "base": BASE, "rates": seen, "metrics": metrics, "momenta": floats(momenta) if momentum else None})


rates("step", [{"kind": "step", "stepSize": 7, "gamma": 0.5}], lambda o: [sched.StepLR(o, 7, 0.5)])
rates("multiStep", [{"kind": "multiStep", "milestones": [5, 20, 20, 60], "gamma": 0.3}], lambda o: [sched.MultiStepLR(o, [5, 20, 20, 60], 0.3)])
rates("exponential", [{"kind": "exponential", "gamma": 0.97}], lambda o: [sched.ExponentialLR(o, 0.97)])
rates("cosine, past its period", [{"kind": "cosine", "period": 30, "minimum": 0.001}], lambda o: [sched.CosineAnnealingLR(o, 30, 0.001)])
rates("cosineWarmRestarts", [{"kind": "cosineWarmRestarts", "period": 10, "factor": 2, "minimum": 0.002}], lambda o: [sched.CosineAnnealingWarmRestarts(o, 10, 2, 0.002)])
rates("linear", [{"kind": "linear", "startFactor": 0.1, "endFactor": 0.8, "length": 25}], lambda o: [sched.LinearLR(o, 0.1, 0.8, 25)])
for shape in ("cos", "linear"):
    rule = {"kind": "oneCycle", "maximum": 0.5, "totalSteps": 101, "rise": 0.3, "initialDivisor": 25, "finalDivisor": 1e4, "shape": shape}
    rates(f"oneCycle {shape}", [rule], lambda o: [sched.OneCycleLR(o, 0.5, 101, anneal_strategy=shape)], momentum=0.9)
rates("polynomial", [{"kind": "polynomial", "length": 40, "power": 2}], lambda o: [sched.PolynomialLR(o, 40, 2)])
rates("table", [{"kind": "table", "factors": [1, 0.5, 0.7, 0.1]}], lambda o: [sched.LambdaLR(o, lambda e: [1, 0.5, 0.7, 0.1][min(e, 3)])])
loss = [round(1 / (1 + step) + (0.1 if step % 13 == 0 else 0), 6) if step < 40 else 0.03 for step in range(100)]
rates("reduceOnPlateau", [{"kind": "reduceOnPlateau", "factor": 0.3, "patience": 4, "threshold": 1e-4, "minimum": 1e-4, "of": "training"}],
      lambda o: [sched.ReduceLROnPlateau(o, factor=0.3, patience=4, threshold=1e-4, min_lr=1e-4)], metrics=loss)
for extra, arguments in (({"mode": "max"}, {"measure": "accuracy"}), ({"threshold_mode": "abs", "threshold": 0.02}, {"thresholdMode": "abs", "threshold": 0.02}),
                         ({"cooldown": 5, "threshold": 0.01}, {"cooldown": 5, "threshold": 0.01}), ({"mode": "max", "threshold_mode": "abs", "threshold": 0.01}, {"measure": "accuracy", "thresholdMode": "abs", "threshold": 0.01})):
    seen = loss if extra.get("mode") != "max" else [round(1 - value, 6) for value in loss]
    rates(f"reduceOnPlateau with {extra}", [{"kind": "reduceOnPlateau", "factor": 0.5, "patience": 3, "threshold": 1e-4, "minimum": 0, "of": "validation", **arguments}],
          lambda o: [sched.ReduceLROnPlateau(o, factor=0.5, patience=3, **extra)], metrics=seen)
rates("warm-up, then decay", [{"kind": "linear", "startFactor": 0.2, "endFactor": 1, "length": 10}, {"kind": "exponential", "gamma": 0.95}],
      lambda o: [sched.LinearLR(o, 0.2, 1, 10), sched.ExponentialLR(o, 0.95)])
one = {"kind": "oneCycle", "maximum": 0.5, "totalSteps": 101, "rise": 0.3, "initialDivisor": 25, "finalDivisor": 1e4, "shape": "cos"}
rates("oneCycle in three phases", [{**one, "threePhase": True, "initialDivisor": 10, "finalDivisor": 50, "momentum": {"base": 0.8, "maximum": 0.9}}],
      lambda o: [sched.OneCycleLR(o, 0.5, 101, three_phase=True, div_factor=10, final_div_factor=50, base_momentum=0.8, max_momentum=0.9)], momentum=0.9)
rates("oneCycle with a maximum for each group, momentum left alone", [{**one, "maxima": [0.5, 0.1], "rise": 0.25, "shape": "linear", "momentum": None}],
      lambda o: [sched.OneCycleLR(o, [0.5, 0.1], 101, pct_start=0.25, anneal_strategy="linear", cycle_momentum=False)])
for mode, written, gamma in (("triangular", "triangular", 1.0), ("triangular2", "triangular2", 1.0), ("exp_range", "expRange", 0.98)):
    rule = {"kind": "cyclic", "low": [0.01], "high": [0.3], "up": 8, "down": 13, "mode": written, "gamma": gamma}
    rates(f"cyclic {mode}", [{**rule, "momentum": None}], lambda o: [sched.CyclicLR(o, 0.01, 0.3, 8, 13, mode=mode, gamma=gamma, cycle_momentum=False)])
rule = {"kind": "cyclic", "low": [0.01, 0.02], "high": [0.3, 0.1], "up": 9, "down": 9, "mode": "triangular", "gamma": 1, "momentum": {"base": 0.7, "maximum": 0.95}}
rates("cyclic with momentum and groups", [rule], lambda o: [sched.CyclicLR(o, [0.01, 0.02], [0.3, 0.1], 9, base_momentum=0.7, max_momentum=0.95)], momentum=0.9)
rates("constant", [{"kind": "constant", "factor": 0.25, "length": 7}], lambda o: [sched.ConstantLR(o, 0.25, 7)])
rates("multiplicative", [{"kind": "multiplicative", "factors": [1, 0.9, 1.05, 0.97]}], lambda o: [sched.MultiplicativeLR(o, lambda e: [1, 0.9, 1.05, 0.97][min(e, 3)])])
parts = [{"kind": "linear", "startFactor": 0.1, "endFactor": 1, "length": 10}, {"kind": "cosine", "period": 40, "minimum": 0.001}, {"kind": "constant", "factor": 0.1, "length": 20}, {"kind": "step", "stepSize": 5, "gamma": 0.5}]
rates("sequence", [{"kind": "sequence", "parts": parts, "milestones": [10, 50, 80]}],
      lambda o: [sched.SequentialLR(o, [sched.LinearLR(o, 0.1, 1, 10), sched.CosineAnnealingLR(o, 40, 0.001), sched.ConstantLR(o, 0.1, 20), sched.StepLR(o, 5, 0.5)], [10, 50, 80])])
rates("sequence that begins with a decay", [{"kind": "sequence", "parts": [{"kind": "exponential", "gamma": 0.9}, {"kind": "cosineWarmRestarts", "period": 10, "factor": 2, "minimum": 0}], "milestones": [15]}],
      lambda o: [sched.SequentialLR(o, [sched.ExponentialLR(o, 0.9), sched.CosineAnnealingWarmRestarts(o, 10, 2)], [15])])
rates("chain", [{"kind": "chain", "parts": [{"kind": "constant", "factor": 0.1, "length": 4}, {"kind": "exponential", "gamma": 0.95}]}],
      lambda o: [sched.ChainedScheduler([sched.ConstantLR(o, 0.1, 4), sched.ExponentialLR(o, 0.95)])])


def keras_rates(name, curve, factor):
    """Keras 3's schedules, written from its sources as functions of the step."""
    schedules.append({"name": f"Keras: {name}", "rules": [{"kind": "decay", "curve": curve}], "base": BASE, "rates": [floats(base * factor(step) for base in BASE) for step in range(100)],
                      "metrics": None, "momenta": None})


def cosine_restarts(step, first, t_mul, m_mul, alpha):
    completed = step / first
    if t_mul == 1:
        restarts = math.floor(completed)
        completed -= restarts
    else:
        restarts = math.floor(math.log(1 - completed * (1 - t_mul)) / math.log(t_mul))
        completed = (completed - (1 - t_mul ** restarts) / (1 - t_mul)) / t_mul ** restarts
    return (1 - alpha) * 0.5 * m_mul ** restarts * (1 + math.cos(math.pi * completed)) + alpha


def polynomial(step, length, end, power, cycle):
    whole = length * (1 if step == 0 else math.ceil(step / length)) if cycle else length
    return (1 - end) * (1 - min(step, whole) / whole) ** power + end


keras_rates("ExponentialDecay", {"kind": "exponential", "length": 30, "gamma": 0.6, "staircase": False}, lambda t: 0.6 ** (t / 30))
keras_rates("ExponentialDecay, a staircase", {"kind": "exponential", "length": 30, "gamma": 0.6, "staircase": True}, lambda t: 0.6 ** (t // 30))
keras_rates("InverseTimeDecay", {"kind": "inverseTime", "length": 10, "gamma": 0.5, "staircase": False}, lambda t: 1 / (1 + 0.5 * t / 10))
keras_rates("InverseTimeDecay, a staircase", {"kind": "inverseTime", "length": 10, "gamma": 0.5, "staircase": True}, lambda t: 1 / (1 + 0.5 * (t // 10)))
keras_rates("PiecewiseConstantDecay", {"kind": "piecewise", "boundaries": [20, 60], "factors": [1, 0.5, 0.1]}, lambda t: 1 if t <= 20 else 0.5 if t <= 60 else 0.1)
keras_rates("PolynomialDecay", {"kind": "polynomial", "length": 40, "end": 0.05, "power": 2, "cycle": False}, lambda t: polynomial(t, 40, 0.05, 2, False))
keras_rates("PolynomialDecay in cycles", {"kind": "polynomial", "length": 40, "end": 0.05, "power": 1, "cycle": True}, lambda t: polynomial(t, 40, 0.05, 1, True))
keras_rates("CosineDecay", {"kind": "cosine", "length": 60, "end": 0.1, "warmUp": 0, "top": 1}, lambda t: 0.9 * 0.5 * (1 + math.cos(math.pi * min(t, 60) / 60)) + 0.1)
keras_rates("CosineDecay with warm-up", {"kind": "cosine", "length": 60, "end": 0.1, "warmUp": 12, "top": 5},
            lambda t: 1 + 4 * t / 12 if t < 12 else 5 * (0.9 * 0.5 * (1 + math.cos(math.pi * min(t - 12, 60) / 60)) + 0.1))
keras_rates("CosineDecayRestarts", {"kind": "cosineRestarts", "length": 12, "lengthFactor": 2, "heightFactor": 0.7, "end": 0.1}, lambda t: cosine_restarts(t, 12, 2, 0.7, 0.1))
keras_rates("CosineDecayRestarts of one length", {"kind": "cosineRestarts", "length": 16, "lengthFactor": 1, "heightFactor": 0.7, "end": 0}, lambda t: cosine_restarts(t, 16, 1, 0.7, 0))

json.dump({"torch": torch.__version__, "x": floats(X.flatten()), "y": Y.tolist(), "disagreeing": {"x": floats(DISAGREEING[0].flatten()), "y": DISAGREEING[1].tolist()}, "init": {key: floats(value.flatten()) for key, value in net().named_parameters()},
           "runs": runs, "schedules": schedules}, sys.stdout, separators=(",", ":"))
sys.stdout.write("\n")
