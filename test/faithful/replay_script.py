"""Runs training scripts in PyTorch on what their traces exchange, in float64 and in float32.

    python3 replay_script.py JOBS.json      [{"script": PATH, "trace": PATH, "generated": bool}, ...]

Prints JSON, for each job in order an `error` or: `differences`, the norms of the differences between the trace's final
tensors and those of the float64 run, and its `reference`:
- `loss`: step by step; `rates`: [first step, the groups' rates] wherever they change;
- `norms`: of each parameter's gradient over the first 20 steps;
- `lossGaps`, `normGaps`: largest relative distance of the float32 run up to each step (of the gradients': the worst one);
- `tensors`: of each tensor after the last step its norm, its sketch, and how far the float32 run's is (`float32`);
- `checks`: whether names, data and batches are those of the trace; `initial`: how the script itself initialised.
"""

import json
import math
import os
import sys
import traceback

import numpy as np
import torch

from exchange import Exchange, install, run

BUCKETS = 16
STEPS_OF_NORMS = 20

# Gradients below this share of the largest so far are measured against that share, as in gaps.ts.
SMALLEST_GRADIENT = 1e-2


def sketch(values):
    """At most 16 sums of elements with fixed pseudo-random signs: the distance of two sketches estimates that of the tensors."""
    flat = np.asarray(values, dtype=np.float64).ravel()
    if flat.size <= BUCKETS:
        return flat
    code = np.arange(flat.size, dtype=np.uint32)
    for _ in range(2):
        code = (code ^ (code >> np.uint32(16))) * np.uint32(0x45D9F3B)
    code ^= code >> np.uint32(16)
    sums = np.zeros(BUCKETS)
    np.add.at(sums, (code % BUCKETS).astype(int), flat * np.where(code & 1024, 1.0, -1.0))
    return sums


def gaps(ours, exact, floor):
    """Relative distances; 0 where both are equally not finite."""
    same = (ours == exact) | (np.isnan(ours) & np.isnan(exact))
    return np.where(same, 0.0, np.abs(ours - exact) / np.maximum(np.maximum(np.abs(exact), floor), 1e-300))


def worst_so_far(values):
    return np.maximum.accumulate(np.where(np.isnan(values), np.inf, values))


def rounded(values, digits):
    if isinstance(values, dict):
        return {key: rounded(value, digits) for key, value in values.items()}
    if isinstance(values, (list, tuple, np.ndarray)):
        return [rounded(value, digits) for value in values]
    if isinstance(values, (bool, str, int)) or values is None:
        return values
    if not math.isfinite(values):
        return "NaN" if math.isnan(values) else "Infinity" if values > 0 else "-Infinity"
    return float(f"{values:.{digits}g}")


def changes(rates):
    return [[step, *rate] for step, rate in enumerate(rates) if step == 0 or rate != rates[step - 1]]


def norms_of(exchange):
    """[parameters, steps]"""
    return np.array([exchange.norms[name] for name in exchange.trained])[:, :STEPS_OF_NORMS]


def replay(job):
    with np.load(job["trace"]) as archive:
        trace = dict(archive)
    exact, single = (run(job["script"], Exchange(trace, dtype, job["generated"])) for dtype in (torch.float64, torch.float32))
    if exact.optimizer is None:
        raise LookupError(f"no {exact.meta['optimizer']['kind']} optimizer over tensors of the trace's shapes was made")
    norms, loss = norms_of(exact), np.array(exact.losses)
    floor = SMALLEST_GRADIENT * np.maximum.accumulate(np.sqrt(np.square(norms).sum(axis=0)))
    final, short = exact.final(), single.final()
    reference = {
        "steps": len(exact.losses),
        "loss": rounded(loss, 9),
        "lossGaps": rounded(worst_so_far(gaps(np.array(single.losses), loss, 0.0)), 2),
        "rates": rounded(changes(exact.rates), 9),
        "norms": rounded(dict(zip(exact.trained, norms)), 7),
        "normGaps": rounded(worst_so_far(gaps(norms_of(single), norms, floor).max(axis=0)), 2),
        "tensors": {
            name: {
                "norm": rounded(np.linalg.norm(value), 9),
                "float32": rounded(np.linalg.norm(short[name] - value), 3),
                "sketch": rounded(sketch(value), 9),
            }
            for name, value in final.items()
        },
        "checks": rounded(single.checks, 3),
        "initial": rounded(single.own_init, 4),
    }
    differences = {name: np.linalg.norm(trace[f"final/{name}"] - value) for name, value in final.items()}
    return {"reference": reference, "differences": rounded(differences, 3)}


def main():
    np.seterr(all="ignore")
    torch.set_num_threads(1)
    here = os.path.dirname(os.path.abspath(__file__))
    install(os.path.join(here, "..", "..", "media", "datasets"))
    with open(sys.argv[1], encoding="utf-8") as file:
        jobs = json.load(file)
    results = []
    for job in jobs:
        try:
            results.append(replay(job))
        except Exception:  # the other scripts are still compared
            results.append({"error": traceback.format_exc(limit=-4)})
    json.dump(results, sys.stdout)


main()
