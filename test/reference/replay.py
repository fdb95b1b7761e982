"""Takes the steps of a trace again in PyTorch, in float32 and in float64.

    python3 replay.py TRACE.npz ...

Prints JSON: for each trace, each final tensor's relative distance in norm from PyTorch's float64 result (`ours`),
that of PyTorch's own float32 result (`float32`), the largest difference of losses, and those of the columns by parameter.
The model, loss and optimizer are taken from the trace's `meta`.
"""

import json
import math
import sys

import numpy as np
import torch
import torch.nn.functional as F

UNARY = {"relu": F.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "gelu": F.gelu, "silu": F.silu, "softplus": F.softplus, "elu": F.elu}


def forward(meta, state, batch, step, mask_of, training):
    """Runs the model's nodes; batch norms update `state` as nn.BatchNorm does."""
    values = []
    for node in meta["nodes"]:
        kind, arguments = node["kind"], node["arguments"]
        ins = [values[i] for i in node["inputs"]]
        p = {role: state[name] for role, name in node["parameters"].items()}
        if kind == "input":
            value = batch["x"]
        elif kind == "target":
            value = batch["y"]
        elif kind == "linear":
            value = F.linear(ins[0], p["weight"], p.get("bias"))
        elif kind == "conv2d":
            value = F.conv2d(ins[0], p["weight"], p.get("bias"), arguments["stride"], arguments["padding"], arguments["dilation"], arguments["groups"])
        elif kind == "maxPool2d":
            value = F.max_pool2d(ins[0], arguments["kernel"], arguments["stride"], arguments["padding"])
        elif kind == "flatten":
            value = ins[0].flatten(arguments["start"], arguments["end"])
        elif kind == "batchNorm":
            mean, var = (state[f"{node['name']}.running_{s}"] for s in ("mean", "var"))
            value = F.batch_norm(ins[0], mean, var, p["weight"], p["bias"], training, arguments["momentum"], arguments["epsilon"])
        elif kind == "layerNorm":
            value = F.layer_norm(ins[0], arguments["shape"], p.get("weight"), p.get("bias"), arguments["epsilon"])
        elif kind == "dropout":
            value = ins[0] * mask_of(arguments["call"], step) if training else ins[0]
        elif kind == "crossEntropy":
            value = F.cross_entropy(ins[0], ins[1], label_smoothing=arguments["labelSmoothing"])
        elif kind == "mse":
            value = F.mse_loss(ins[0], ins[1])
        elif kind in UNARY:
            value = UNARY[kind](ins[0])
        else:
            raise SystemExit(f"replay.py does not know {kind}")
        values.append(value)
    return values[meta["loss"]]


def make_optimizer(meta, leaves):
    o, s = meta["optimizer"], meta["optimizer"]["settings"]
    groups = [{"params": [leaves[n] for n in g["parameters"]], "lr": g["learningRate"], "weight_decay": g["weightDecay"]} for g in o["groups"]]
    if o["kind"] == "sgd":
        return torch.optim.SGD(groups, lr=o["learningRate"], momentum=s["momentum"], dampening=s["dampening"], nesterov=s["nesterov"])
    if o["kind"] in ("adam", "adamw"):
        cls = torch.optim.Adam if o["kind"] == "adam" else torch.optim.AdamW
        return cls(groups, lr=o["learningRate"], betas=(s["beta1"], s["beta2"]), eps=s["epsilon"], amsgrad=s["amsgrad"])
    if o["kind"] == "rmsprop":
        return torch.optim.RMSprop(groups, lr=o["learningRate"], alpha=s["alpha"], eps=s["epsilon"], momentum=s["momentum"], centered=s["centered"])
    return torch.optim.Adagrad(groups, lr=o["learningRate"], lr_decay=s["learningRateDecay"], eps=s["epsilon"])


def replay(trace, dtype):
    meta = json.loads(str(trace["meta"]))
    cast = lambda a: torch.tensor(a, dtype=dtype) if a.dtype.kind == "f" else torch.tensor(a, dtype=torch.int64)
    state = {k[5:]: cast(trace[k]) for k in trace.files if k.startswith("init/")}
    leaves = {name: state[name].requires_grad_() for g in meta["optimizer"]["groups"] for name in g["parameters"]}
    optimizer = make_optimizer(meta, leaves)
    x, y = cast(trace["x"]), cast(trace["y"])
    indices, offsets, rates = trace["batch/indices"], trace["batch/offsets"], trace["lr"]
    accumulation = meta["accumulation"]
    losses = []
    norms, sizes, moves, cosines = ({name: [] for name in leaves} for _ in range(4))
    before = {}
    for step in range(len(trace["loss"])):
        for group, rate in zip(optimizer.param_groups, rates[step]):
            group["lr"] = float(rate)
        if meta["zeroGrad"] == "everyStep":
            optimizer.zero_grad()
        total = 0.0
        for part in range(accumulation):
            k = step * accumulation + part
            rows = torch.tensor(indices[offsets[k]:offsets[k + 1]], dtype=torch.int64)
            place = str(step) if part == 0 else f"{step}.{part}"
            loss = forward(meta, state, {"x": x[rows], "y": y[rows]}, place, lambda c, s: cast(trace[f"dropout/{c}/{s}"]), not meta["trainsInEvalMode"])
            loss.backward()
            total += loss.item() / accumulation
        losses.append(total)
        for name, leaf in leaves.items():
            norms[name].append(float(leaf.grad.norm()))
            sizes[name].append(float(leaf.norm()))
            last = before.get(name)
            cosines[name].append(math.nan if last is None else float(F.cosine_similarity(leaf.grad.flatten(), last.flatten(), dim=0)))
            before[name] = leaf.grad.clone()
        if meta["clipping"] is not None:
            c = meta["clipping"]
            if c["kind"] == "norm":
                torch.nn.utils.clip_grad_norm_(list(leaves.values()), c["limit"], norm_type=float(c["normType"].replace("Infinity", "inf")))
            else:
                torch.nn.utils.clip_grad_value_(list(leaves.values()), c["limit"])
        held = {name: leaf.detach().clone() for name, leaf in leaves.items()}
        optimizer.step()
        for name, leaf in leaves.items():
            moves[name].append(float((leaf.detach() - held[name]).norm()))
    arrays = lambda columns: {name: np.array(values) for name, values in columns.items()}
    return {name: t.detach().double().numpy() for name, t in state.items()}, np.array(losses), {"grad_norm": arrays(norms), "param_norm": arrays(sizes), "update_norm": arrays(moves), "grad_cosine": arrays(cosines)}


def distance(a, b):
    size = np.linalg.norm(b)
    return float(np.linalg.norm(np.asarray(a, dtype=np.float64) - b) / (size if size > 0 else 1))


def apart(ours, theirs):
    """The largest difference over the largest value; both must lack the same entries."""
    known = ~np.isnan(theirs)
    if np.any(np.isnan(ours) == known):
        return math.inf
    return float(np.max(np.abs(ours[known] - theirs[known])) / np.max(np.abs(theirs[known])))


results = []
for path in sys.argv[1:]:
    trace = np.load(path)
    exact, losses, columns = replay(trace, torch.float64)
    rounded, _, _ = replay(trace, torch.float32)
    tensors = {name: {"ours": distance(trace[f"final/{name}"], value), "float32": distance(rounded[name], value)} for name, value in exact.items()}
    results.append({
        "tensors": tensors,
        "loss": float(np.max(np.abs(trace["loss"] / losses - 1))),
        "columns": {entry: max(apart(trace[f"{entry}/{n}"], v) for n, v in by_name.items()) for entry, by_name in columns.items()},
    })
json.dump(results, sys.stdout, indent=1)
