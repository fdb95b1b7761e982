"""The loss of a Keras net with attention and its parameters after two steps of Adam, from the formulas of Keras's documentation.

    /usr/bin/python3 keras_attention.py

Weights are in the layout of the reader: [out, in]. Gradients are central differences in double precision.
"""
import json
import pathlib

import numpy as np
from sklearn.datasets import load_digits

random = np.random.RandomState(5)
digits = load_digits()
x, y = digits.images[:60] / 16.0, digits.target[:60]
heads, width, value_width, epsilon = 2, 3, 5, 1e-7
weights = {}


def weight(name, *shape):
    weights[name] = np.round(random.randn(*shape) * 0.4, 3)


layer = "multi_head_attention"
for name, out, into in [("query", 6, 8), ("key", 6, 8), ("value", 10, 8), ("output", 8, 10)]:
    weight(f"{layer}.{name}.weight", out, into)
    weight(f"{layer}.{name}.bias", out)
weight("dense.weight", 10, 48)
weight("dense.bias", 10)


def in_heads(p, name, size):
    flat = x @ p[f"{layer}.{name}.weight"].T + p[f"{layer}.{name}.bias"]
    return flat.reshape(len(x), 8, heads, size).transpose(0, 2, 1, 3)


def loss(p):
    q, k, v = in_heads(p, "query", width), in_heads(p, "key", width), in_heads(p, "value", value_width)
    scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(width)
    scores = np.exp(scores - scores.max(-1, keepdims=True))
    attended = (scores / scores.sum(-1, keepdims=True)) @ v
    joined = attended.transpose(0, 2, 1, 3).reshape(len(x), 8, heads * value_width)
    out = joined @ p[f"{layer}.output.weight"].T + p[f"{layer}.output.bias"]
    flat = out[:, 1:7].reshape(len(x), -1)  # Cropping1D(1)
    logits = flat @ p["dense.weight"].T + p["dense.bias"]
    logs = logits - logits.max(1, keepdims=True)
    logs = logs - np.log(np.exp(logs).sum(1, keepdims=True))
    smooth = np.eye(10)[y] * 0.9 + 0.01  # label_smoothing=0.1 over ten classes
    return -(smooth * logs).sum(1).mean()


def gradient(p):
    made = {}
    for name, value in p.items():
        made[name] = np.zeros_like(value)
        for at in np.ndindex(value.shape):
            ends = []
            for h in (1e-5, -1e-5):
                moved = value.copy()
                moved[at] += h
                ends.append(loss({**p, name: moved}))
            made[name][at] = (ends[0] - ends[1]) / 2e-5
    return made


p = {name: value.copy() for name, value in weights.items()}
m = {name: np.zeros_like(value) for name, value in p.items()}
v = {name: np.zeros_like(value) for name, value in p.items()}
losses = []
for t in (1, 2, 3):
    losses.append(loss(p))
    g = gradient(p)
    # Keras: a rate of 1e-2 sqrt(1 - b2^t) / (1 - b1^t) over sqrt(v) + epsilon.
    rate = 1e-2 * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    for name in p:
        m[name] = 0.9 * m[name] + 0.1 * g[name]
        v[name] = 0.999 * v[name] + 0.001 * g[name] ** 2
        p[name] = p[name] - rate * m[name] / (np.sqrt(v[name]) + epsilon)
out = {"losses": losses, "weights": {k: {"shape": list(w.shape), "values": w.ravel().tolist()} for k, w in weights.items()}}
pathlib.Path(__file__).with_name("keras_attention.json").write_text(json.dumps(out) + "\n")
