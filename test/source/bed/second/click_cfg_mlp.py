import json
import os
import torch
from torch import nn

config = {
    "model": {"hidden": [48, 24], "activation": "relu"},
    "optim": {"name": "adam", "kwargs": {"lr": 0.002, "weight_decay": 1e-5}},
    "train": {"epochs": 40, "batch": 20},
}
if os.path.exists('override.json'):
    config.update(json.load(open('override.json')))
ACT = {"relu": nn.ReLU, "tanh": nn.Tanh, "gelu": nn.GELU}
OPT = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}


def build(n_in, n_out, spec):
    act = ACT[spec["activation"]]
    mods, last = [], n_in
    for h in spec["hidden"]:
        mods.extend([nn.Linear(last, h), act()])
        last = h
    return nn.Sequential(*mods, nn.Linear(last, n_out))


g = torch.Generator().manual_seed(5)
X = torch.rand(500, 6)
Y = (X.pow(2).sum(1, keepdim=True) > 2).float()
net = build(6, 1, config["model"])
opt = OPT[config["optim"]["name"]](net.parameters(), **config["optim"]["kwargs"])
bs = config["train"]["batch"]
for epoch in range(config["train"]["epochs"]):
    perm = torch.randperm(X.size(0))
    for i in range(0, X.size(0), bs):
        idx = perm[i:i + bs]
        loss = nn.functional.binary_cross_entropy_with_logits(net(X[idx]), Y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
