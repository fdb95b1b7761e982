"""Lets a training script run as it stands under an `Exchange`: patches of PyTorch, NumPy, scikit-learn and torchvision.

`install` patches once; `run` executes a script under an exchange. Each patch passes through where no exchange has a say.
Everything runs on the processor, and data are loaded in this process.
"""

import os
import sys
import types

import numpy as np
import torch
import torch.nn.functional as F
import torch.utils.data
from torch.nn.modules.module import register_module_forward_pre_hook
from torch.utils.data import DataLoader, SequentialSampler
from torch.utils.data.sampler import BatchSampler

from descent_lens.exchange import Finished
from descent_lens.images import serve_images

LOSSES = ["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "cross_entropy", "nll_loss", "kl_div", "poisson_nll_loss",
          "binary_cross_entropy", "binary_cross_entropy_with_logits", "hinge_embedding_loss", "soft_margin_loss",
          "multi_margin_loss", "multilabel_soft_margin_loss", "multilabel_margin_loss"]

set_default_dtype = torch.set_default_dtype

current = None  # the Exchange of the script that runs, if any


def training():
    """The exchange, where a training pass runs."""
    return current if current is not None and current.optimizer is not None and torch.is_grad_enabled() else None


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
    if not exchange.losses and not exchange.again:
        exchange.place_parameters()
    # A model that computes its own loss is given the targets behind its inputs.
    further = [f"x/{k}" if f"x/{k}" in exchange.trace else "y" for k in range(1, len(inputs))]
    letters = iter(["x", *further])
    return tuple(exchange.receive(next(letters), v) if isinstance(v, torch.Tensor) else v for v in inputs)


def losing(original):
    def loss(prediction, target, *args, **kwargs):
        exchange = training()
        if exchange is not None:
            target = exchange.receive_target(target)
        elif current is not None:
            target = current.promote(target)
        return original(prediction, target, *args, **kwargs)
    return loss


def adapting(original):
    def forward(self, given, target):
        exchange = training()
        return original(self, given, target if exchange is None else exchange.receive_target(target))
    return forward


def aligning(original):
    def loss(log_probs, targets, input_lengths, target_lengths, *args, **kwargs):
        exchange = training()
        if exchange is not None:
            targets = exchange.receive_target(targets)
            input_lengths, target_lengths = exchange.receive_lengths(input_lengths), exchange.receive_lengths(target_lengths)
        return original(log_probs, targets, input_lengths, target_lengths, *args, **kwargs)
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


def alpha_dropping(original):
    """What is dropped becomes the value that SELU tends to; scaled and shifted so that mean and variance stay."""
    low = -1.7580993408473766

    def dropout(input, p=0.5, training_mode=False, inplace=False, **kwargs):
        exchange = training()
        active = kwargs.get("training", training_mode)
        if exchange is None or not active or p == 0:
            return original(input, p, active, inplace)
        kept = exchange.take_numbers().to(input.dtype) * (1 - p)
        scale = ((1 - p) * (1 + p * low ** 2)) ** -0.5
        return scale * (input * kept + low * (1 - kept)) - scale * p * low
    return dropout


def sloping(original):
    def rrelu(input, lower=1.0 / 8, upper=1.0 / 3, training_mode=False, inplace=False, **kwargs):
        exchange = training()
        active = kwargs.get("training", training_mode)
        if exchange is None or not active:
            return original(input, lower, upper, active, inplace)
        slope = lower + (upper - lower) * exchange.take_numbers().to(input.dtype).reshape(input.shape)
        return torch.where(input > 0, input, input * slope)
    return rrelu


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


def loading_here(original):
    """Workers would be processes of their own, which the exchange does not reach."""
    def init(self, *args, **kwargs):
        kwargs.update(zip(("num_workers", "collate_fn", "pin_memory", "drop_last"), args[5:]))
        for name in ("num_workers", "persistent_workers", "prefetch_factor", "multiprocessing_context", "timeout"):
            kwargs.pop(name, None)
        original(self, *args[:5], **kwargs)
    return init


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


def choosing_type(original):
    """The run's type is the exchange's: a script in float64 is compared in float32, as it is trained here."""
    return lambda dtype: None if current is not None else original(dtype)


def doubling(original):
    return lambda module: module.to(current.dtype) if current is not None else original(module)


def install(images=None):
    """Patches once and for all. `images`: the folder that holds FashionMNIST/raw with compressed files, to be served."""
    patch(torch.optim.Optimizer, "__init__", made_optimizer)
    patch(torch.nn.Module, "__init__", made_module)
    register_module_forward_pre_hook(before_forward)
    for name in LOSSES:
        patch(F, name, losing)
    patch(F, "ctc_loss", aligning)
    patch(torch.nn.AdaptiveLogSoftmaxWithLoss, "forward", adapting)
    for name in ("dropout", "dropout1d", "dropout2d", "dropout3d"):
        if hasattr(F, name):
            patch(F, name, dropping)
    for name in ("alpha_dropout", "feature_alpha_dropout"):
        patch(F, name, alpha_dropping)
    patch(F, "rrelu", sloping)
    for name in ("randn_like", "rand_like", "randn", "rand"):
        patch(torch, name, drawing)
    patch(torch.Tensor, "backward", going_back)
    for name in ("clip_grad_norm_", "clip_grad_value_"):
        patch(torch.nn.utils, name, clipping)
    patch(DataLoader, "__init__", loading_here)
    patch(DataLoader, "__iter__", loading)
    for module in (torch.utils.data, torch.utils.data.dataset):
        patch(module, "random_split", splitting_dataset)
    patch(torch, "randperm", lambda original: permuting(original, torch.tensor))
    patch(np.random, "permutation", lambda original: permuting(original, lambda rows: rows))
    patch(torch, "set_default_dtype", choosing_type)
    patch(torch.nn.Module, "double", doubling)
    patch_others(images)


def patch_others(images):
    """Libraries that need not be installed, and parts of PyTorch that not every version has."""
    try:
        import sklearn.model_selection
        patch(sklearn.model_selection, "train_test_split", splitting)
    except ImportError:
        pass
    if images is not None:
        serve_images(images)
    if hasattr(torch, "compile"):
        torch.compile = lambda model=None, **_: (lambda function: function) if model is None else model
    if hasattr(torch.backends, "mps"):
        torch.backends.mps.is_available = lambda: False


def run(script, exchange, text=None):
    """Executes a script (`text` in place of the file's) until the trace's last step, with its folder on the path."""
    global current
    folder, before, known = os.path.dirname(script), (sys.argv, list(sys.path)), set(sys.modules)
    if text is None:
        with open(script, encoding="utf-8") as file:
            text = file.read()
    main, module = sys.modules["__main__"], types.ModuleType("__main__")
    module.__file__ = script
    sys.argv, current, sys.modules["__main__"] = [script], exchange, module
    sys.path.insert(0, folder)
    set_default_dtype(exchange.dtype)
    try:
        exec(compile(text, script, "exec"), module.__dict__)
    except Finished:
        pass
    finally:
        current, sys.modules["__main__"] = None, main
        set_default_dtype(torch.float32)
        sys.argv, sys.path[:] = before
        for name in set(sys.modules) - known:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(folder + os.sep):
                del sys.modules[name]
    return exchange
