"""Lets a training script run as it stands, on the parameters, rows, batches and dropout masks of a trace.

`install` patches PyTorch, scikit-learn and torchvision once; `run` executes a script under an `Exchange`, which records
the loss of each step (the mean of what its batches go backward from), the norm of each gradient before clipping, the
rates and, at the end, the parameters.

What is exchanged, and where:
- parameters: into the module whose state_dict has the trace's names (else into the optimizer's parameters, in order),
  when the optimizer is made and before each forward pass until its first step;
- rows: `train_test_split` and `random_split` give the trace's rows where the sizes agree;
- batches: the `DataLoader` over the training rows, and permutations and draws of row numbers of the script's own;
- dropout: `torch.nn.functional.dropout` and its relatives, where gradients are recorded;
- noise: `torch.randn_like`, `torch.rand_like`, and `torch.randn` and `torch.rand` inside a forward pass;
- data that the script draws at random: in place of the model's input and of the loss's target. All other data are the
  script's own, and how far they are from the trace's is recorded.

In float64 the script's data are rounded to float32 first, as the script itself would: only the arithmetic differs.
"""

import atexit
import contextlib
import gzip
import io
import json
import os
import shutil
import sys
import tempfile
import types

import numpy as np
import sklearn.model_selection
import torch
import torch.nn.functional as F
import torch.utils.data
from torch.nn.modules.module import register_module_forward_pre_hook
from torch.utils.data import DataLoader, SequentialSampler, Subset
from torch.utils.data.sampler import BatchSampler

LOSSES = ["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "cross_entropy", "nll_loss", "kl_div", "poisson_nll_loss",
          "binary_cross_entropy", "binary_cross_entropy_with_logits", "hinge_embedding_loss", "soft_margin_loss",
          "multi_margin_loss", "multilabel_soft_margin_loss", "multilabel_margin_loss"]

# Rounding of data preparation in another order: what the script's own data may differ by, relative to the largest value.
SAME_DATA = 1e-5

current = None  # the Exchange of the script that runs, if any


class Finished(BaseException):
    """Ends a script; not an Exception, so that a script's own handlers let it pass."""


class Exchange:
    """A trace, and the run of its script in PyTorch so far."""

    def __init__(self, trace, dtype, generated):
        self.trace, self.dtype, self.generated = trace, dtype, generated
        self.meta = json.loads(str(trace["meta"]))
        self.trained = [name for group in self.meta["optimizer"]["groups"] for name in group["parameters"]]
        self.init = {key[5:]: trace[key] for key in trace if key.startswith("init/")}
        self.train_rows, self.validation_rows = trace["rows/train"], trace["rows/validation"]
        self.steps, self.part, self.calls = len(trace["loss"]), 0, 0
        self.batches = np.split(trace["batch/indices"], trace["batch/offsets"][1:-1])
        self.next_batch, self.rows, self.backwards, self.by_hand = 0, None, 0, {}
        self.modules, self.optimizer, self.root, self.parameters = [], None, None, {}
        self.pending, self.norms_of_step = 0.0, None
        self.losses, self.rates, self.norms = [], [], {name: [] for name in self.trained}
        self.own_init, self.checks = {}, {"names": False, "x": None, "y": None, "substituted": [], "batches": True}

    # Parameters and optimizer

    def optimizer_made(self, optimizer):
        parameters = [p for group in optimizer.param_groups for p in group["params"]]
        shapes = [self.init[name].shape for name in self.trained]
        if self.optimizer is not None or type(optimizer).__name__.lower() != self.meta["optimizer"]["kind"]:
            return
        if [tuple(p.shape) for p in parameters] != shapes:
            return
        self.optimizer, self.pending = optimizer, 0.0
        self.parameters = dict(zip(self.trained, parameters))
        # Of the modules that hold these parameters, the one whose state_dict has the trace's names; else the outermost.
        for module in self.modules:
            named = dict(module.named_parameters())
            if {id(p) for p in parameters} <= {id(p) for p in named.values()}:
                same = all(named.get(name) is p for name, p in self.parameters.items())
                if self.root is None or same:
                    self.root, self.checks["names"] = module, same
                if same:
                    break
        self.own_init = {name: summary(p) for name, p in self.parameters.items()}
        self.place_parameters()
        step = optimizer.step
        optimizer.step = types.MethodType(lambda _, *args, **kwargs: self.step(step, *args, **kwargs), optimizer)

    def place_parameters(self):
        state = self.root.state_dict(keep_vars=True) if self.root is not None else {}
        with torch.no_grad():
            for name, values in self.init.items():
                target = self.parameters.get(name, state.get(name))
                values = torch.tensor(values).to(self.dtype)
                # Not written again where it is there already: what was computed from it may wait for its backward pass.
                if target is not None and target.is_floating_point() and not torch.equal(target, values):
                    target.copy_(values)

    def step(self, step, *args, **kwargs):
        self.before_clipping(list(self.parameters.values()))
        for name, norm in self.norms_of_step.items():
            self.norms[name].append(norm)
        self.losses.append(self.pending / max(self.part, 1))
        self.rates.append([group["lr"] for group in self.optimizer.param_groups])
        self.pending, self.norms_of_step, self.part = 0.0, None, 0
        result = step(*args, **kwargs)
        if len(self.losses) == self.steps:
            raise Finished
        return result

    def before_clipping(self, parameters):
        """Notes the gradients' norms, once a step, when `parameters` are this optimizer's."""
        mine = {id(p) for p in self.parameters.values()}
        if self.norms_of_step is None and any(id(p) in mine for p in parameters):
            self.norms_of_step = {n: 0.0 if p.grad is None else float(p.grad.double().norm()) for n, p in self.parameters.items()}

    def backward(self, loss):
        self.pending += float(loss.detach().double().sum())
        self.part, self.calls, self.backwards = self.part + 1, 0, self.backwards + 1

    def take_numbers(self, count=None):
        """The numbers of the next random call of this batch; None when the trace has none of `count` there."""
        place = f"{len(self.losses)}.{self.part}" if self.part > 0 else f"{len(self.losses)}"
        numbers = self.trace.get(f"dropout/{self.calls}/{place}") if count is not None else self.trace[f"dropout/{self.calls}/{place}"]
        if numbers is None or (count is not None and numbers.size != count):
            return None
        self.calls += 1
        return torch.tensor(numbers)

    def final(self):
        state = dict(self.root.state_dict()) if self.root is not None else {}
        state.update(self.parameters)
        return {name: state[name].detach().double().numpy() for name in self.init if name in state}

    # Rows and batches

    def positions(self, count):
        """Where the trace's training and other rows stand among `count` rows that are split; None if they do not fit."""
        train = self.train_rows
        known = np.union1d(train, self.validation_rows)
        if len(known) == count:
            train = np.searchsorted(known, train)
            return train, np.searchsorted(known, self.validation_rows)
        if train.max() >= count:
            return None
        rest = self.validation_rows if len(self.validation_rows) else np.setdiff1d(np.arange(count), train)
        return train, rest

    def take_batch(self):
        """The next batch's rows; None when the trace has no more."""
        if self.next_batch == len(self.batches):
            return None
        self.rows = self.batches[self.next_batch]
        self.next_batch += 1
        return self.rows

    def take_epoch(self, count):
        """As many batches as hold `count` rows, one after the other; what the trace lacks is filled in."""
        rows, first = [], self.next_batch
        while len(rows) < count and self.next_batch < len(self.batches):
            rows.extend(self.take_batch())
        if first == self.next_batch:
            return None
        taken = self.batches[first:self.next_batch]
        self.rows, self.by_hand = None, {self.backwards + k: batch for k, batch in enumerate(taken)}
        return np.concatenate([rows, np.setdiff1d(np.arange(count), rows)]).astype(np.int64)[:count]

    # What the model and the loss receive

    def receive(self, letter, tensor):
        """A tensor for the model or the loss: the script's own, noted how far it is from the trace's, or the trace's."""
        expected = self.trace[letter]
        rows = self.by_hand.get(self.backwards, self.rows)
        if rows is not None:
            expected = expected[rows]
        if tensor.numel() == expected.size:
            wanted = torch.tensor(expected).reshape(tensor.shape)
            scale = float(wanted.double().abs().max()) or 1.0
            gap = float((tensor.detach().double() - wanted.double()).abs().max()) / scale
            if gap > SAME_DATA and self.generated:
                if letter not in self.checks["substituted"]:
                    self.checks["substituted"].append(letter)
                tensor = wanted.to(tensor.dtype)
            else:
                self.checks[letter] = max(gap, self.checks[letter] or 0.0)
        else:
            self.checks[letter] = float("inf")
        return self.cast(tensor)

    def cast(self, value):
        """Rounded to float32, as the script's own data are, and then of the run's type; what is no float as it is."""
        return value.float().to(self.dtype) if isinstance(value, torch.Tensor) and value.is_floating_point() else value

    def promote(self, value):
        """Of the run's type, for parts of the script that the trace says nothing of."""
        return value.to(self.dtype) if isinstance(value, torch.Tensor) and value.is_floating_point() else value


def summary(parameter):
    """How the script itself initialised: constant or not, and the spread."""
    values = parameter.detach().double()
    return {"mean": float(values.mean()), "deviation": float(values.std(unbiased=False))}


def training():
    """The exchange, where a training pass runs."""
    return current if current is not None and current.optimizer is not None and torch.is_grad_enabled() else None


# Patches: each passes through where no exchange has a say.


def patch(owner, name, make):
    setattr(owner, name, make(getattr(owner, name)))


def made_optimizer(original):
    def init(self, *args, **kwargs):
        original(self, *args, **kwargs)
        if current is not None:
            current.optimizer_made(self)
    return init


def made_module(original):
    def init(self, *args, **kwargs):
        original(self, *args, **kwargs)
        if current is not None:
            current.modules.append(self)
    return init


def before_forward(module, inputs):
    if current is None:
        return None
    if module is not current.root:
        return tuple(current.promote(value) for value in inputs)
    exchange = training()
    if exchange is None:
        return tuple(current.cast(value) for value in inputs)
    if not exchange.losses:
        exchange.place_parameters()
    letters = iter(["x"] + [f"x/{k}" for k in range(1, len(inputs))])
    return tuple(exchange.receive(next(letters), v) if isinstance(v, torch.Tensor) else v for v in inputs)


def losing(original):
    def loss(prediction, target, *args, **kwargs):
        exchange = training()
        if exchange is not None:
            target = exchange.receive("y", target)
        elif current is not None:
            target = current.promote(target)
        return original(prediction, target, *args, **kwargs)
    return loss


def dropping(original):
    def dropout(input, p=0.5, training_mode=True, inplace=False, **kwargs):
        exchange = training()
        active = kwargs.get("training", training_mode)
        if exchange is None or not active or p == 0:
            return original(input, p, active, inplace)
        mask = exchange.take_numbers().to(input.dtype)
        return input * (mask if mask.dim() == input.dim() else mask.reshape(input.shape))
    return dropout


def drawing(original):
    def noise(*args, **kwargs):
        own = original(*args, **kwargs)
        exchange = training()
        taken = exchange.take_numbers(own.numel()) if exchange is not None else None
        return own if taken is None else taken.to(own.dtype).reshape(own.shape)
    return noise


def going_back(original):
    def backward(self, *args, **kwargs):
        if current is not None and current.optimizer is not None:
            current.backward(self)
        return original(self, *args, **kwargs)
    return backward


def clipping(original):
    def clip(parameters, *args, **kwargs):
        parameters = [parameters] if isinstance(parameters, torch.Tensor) else list(parameters)
        if current is not None and current.optimizer is not None:
            current.before_clipping(parameters)
        return original(parameters, *args, **kwargs)
    return clip


def loading(original):
    def batches(self):
        exchange = training()
        if exchange is None or len(self.dataset) != len(exchange.train_rows) or not isinstance(self.batch_sampler, BatchSampler):
            yield from original(self)
            return
        ordered = isinstance(self.sampler, SequentialSampler)
        for own in self.batch_sampler:
            rows = exchange.take_batch()
            if rows is None:
                return
            if len(rows) != len(own) or (ordered and list(rows) != list(own)):
                exchange.checks["batches"] = False
            yield self.collate_fn([self.dataset[int(row)] for row in rows])
        exchange.rows = None
    return batches


def splitting(original):
    def train_test_split(*arrays, **options):
        own = original(*arrays, **options)
        count = len(arrays[0])
        found = current.positions(count) if current is not None else None
        if found is None or len(own[0]) != len(found[0]) or len(own[1]) != len(found[1]):
            return own
        take = lambda array, rows: array.iloc[rows] if hasattr(array, "iloc") else array[rows]
        as_rows = lambda array: array if hasattr(array, "__array__") else np.asarray(array)
        return [take(as_rows(array), rows) for array in arrays for rows in found]
    return train_test_split


def splitting_dataset(original):
    def random_split(dataset, lengths, *args, **kwargs):
        own = original(dataset, lengths, *args, **kwargs)
        found = current.positions(len(dataset)) if current is not None else None
        if found is None:
            return own
        left = list(found)
        for subset in own:
            for rows in left:
                if len(rows) == len(subset):
                    subset.indices = [int(row) for row in rows]
                    left = [other for other in left if other is not rows]
                    break
        return own
    return random_split


def permuting(original, wrap):
    """A permutation of all training rows, as scripts draw it to make batches by hand. Not those of samplers."""
    def permutation(count, *args, **kwargs):
        exchange = training()
        if exchange is not None and "generator" not in kwargs and isinstance(count, int) and count == len(exchange.train_rows):
            epoch = exchange.take_epoch(count)
            if epoch is not None:
                return wrap(epoch)
        return original(count, *args, **kwargs)
    return permutation


def install(images):
    """Patches once and for all. `images` is the folder that holds FashionMNIST/raw with compressed files."""
    patch(torch.optim.Optimizer, "__init__", made_optimizer)
    patch(torch.nn.Module, "__init__", made_module)
    register_module_forward_pre_hook(before_forward)
    for name in LOSSES:
        patch(F, name, losing)
    for name in ("dropout", "dropout2d"):
        patch(F, name, dropping)
    for name in ("randn_like", "rand_like", "randn", "rand"):
        patch(torch, name, drawing)
    patch(torch.Tensor, "backward", going_back)
    for name in ("clip_grad_norm_", "clip_grad_value_"):
        patch(torch.nn.utils, name, clipping)
    patch(DataLoader, "__iter__", loading)
    patch(sklearn.model_selection, "train_test_split", splitting)
    for module in (torch.utils.data, torch.utils.data.dataset):
        patch(module, "random_split", splitting_dataset)
    patch(torch, "randperm", lambda original: permuting(original, torch.tensor))
    patch(np.random, "permutation", lambda original: permuting(original, lambda rows: rows))
    serve_images(images)


def serve_images(images):
    """torchvision's image sets read the bundled subset, wherever the script wants them."""
    try:
        from torchvision.datasets import mnist
    except ImportError:
        return
    folder = tempfile.mkdtemp(prefix="images-")
    atexit.register(shutil.rmtree, folder)
    raw = os.path.join(images, "FashionMNIST", "raw")
    for name in os.listdir(raw):
        with gzip.open(os.path.join(raw, name)) as packed, open(os.path.join(folder, name[:-3]), "wb") as plain:
            shutil.copyfileobj(packed, plain)
    mnist.MNIST.raw_folder = property(lambda self: folder)


def run(script, exchange):
    """Executes a script until the trace's last step, in its own folder, with nothing printed."""
    global current
    folder, before, known = os.path.dirname(script), (os.getcwd(), sys.argv, list(sys.path)), set(sys.modules)
    os.chdir(folder)
    sys.argv, current = [script], exchange
    sys.path.insert(0, folder)
    torch.set_default_dtype(exchange.dtype)
    try:
        with open(script, encoding="utf-8") as file, contextlib.redirect_stdout(io.StringIO()):
            exec(compile(file.read(), script, "exec"), {"__name__": "__main__", "__file__": script})
    except Finished:
        pass
    finally:
        current = None
        torch.set_default_dtype(torch.float32)
        os.chdir(before[0])
        sys.argv, sys.path[:] = before[1], before[2]
        for name in set(sys.modules) - known:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(folder + os.sep):
                del sys.modules[name]
    return exchange
