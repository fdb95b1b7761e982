"""A small Keras net computed in NumPy from its documentation, for keras_forward.json beside it.

Pictures are [rows, height, width, channels], kernels [height, width, in, out]. Padding "same" gives ceil(size / stride)
outputs and puts the odd place behind. Batch normalisation uses the batch's mean and biased variance, epsilon 0.001.
"""
import json
import math
import pathlib

import numpy as np
from sklearn.datasets import load_digits

random = np.random.RandomState(0)


def framed(x, kernel, stride, fill):
    total = [max((math.ceil(size / stride) - 1) * stride + kernel - size, 0) for size in x.shape[1:3]]
    pads = [(0, 0)] + [(t // 2, t - t // 2) for t in total] + [(0, 0)]
    return np.pad(x, pads, constant_values=fill)


def windows(x, kernel, stride):
    rows = range(0, x.shape[1] - kernel + 1, stride)
    columns = range(0, x.shape[2] - kernel + 1, stride)
    return np.stack([np.stack([x[:, i:i + kernel, j:j + kernel] for j in columns], 1) for i in rows], 1)


def conv(x, weight, bias, stride, same):
    kernel = weight.shape[0]
    x = framed(x, kernel, stride, 0) if same else x
    return np.einsum("nijhwc,hwco->nijo", windows(x, kernel, stride), weight) + bias


def pool(x, size, stride, same):
    x = framed(x, size, stride, -np.inf) if same else x
    return windows(x, size, stride).max((3, 4))


def batch_norm(x, gamma, beta):
    mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
    return gamma * (x - mean) / np.sqrt(variance + 1e-3) + beta


weights = {}


def weight(name, *shape):
    # Rounded, so that the text of the file holds the very numbers.
    weights[name] = np.round(random.randn(*shape) * 0.4, 3)
    return weights[name]


digits = load_digits()
x, y = digits.images[:1797, ..., np.newaxis] / 16.0, digits.target
x = np.maximum(conv(x, weight("conv2d.weight", 3, 3, 1, 4), weight("conv2d.bias", 4), 1, True), 0)
x = batch_norm(x, weight("batch_normalization.weight", 4), weight("batch_normalization.bias", 4))
x = pool(x, 3, 2, True)
x = np.tanh(conv(x, weight("conv2d_1.weight", 2, 2, 4, 6), weight("conv2d_1.bias", 6), 1, True))
x = conv(x, weight("conv2d_2.weight", 3, 3, 6, 5), weight("conv2d_2.bias", 5), 2, True)
x = x.reshape(len(x), -1)
x = x @ weight("dense.weight", x.shape[1], 10) + weight("dense.bias", 10)
x = x - x.max(1, keepdims=True)
entropy = np.mean(np.log(np.exp(x).sum(1)) - x[np.arange(len(y)), y])
loss = entropy + 0.02 * (weights["conv2d_1.weight"] ** 2).sum() + 0.01 * np.abs(weights["dense.weight"]).sum()
out = {"loss": float(loss), "weights": {k: {"shape": list(v.shape), "values": v.ravel().tolist()} for k, v in weights.items()}}
pathlib.Path(__file__).with_name("keras_forward.json").write_text(json.dumps(out) + "\n")
