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

import contextlib
import io
import json
import os
import sys
import traceback

import numpy as np
import torch

MEDIA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "media")
sys.path.insert(0, os.path.join(MEDIA, "python"))
sys.dont_write_bytecode = True

from descent_lens.exchange import Exchange
from descent_lens.patches import install, run
from descent_lens.record import changes, differences, norms_of, rounded, sketch

STEPS_OF_NORMS = 20

# Gradients below this share of the largest so far are measured against that share, as in gaps.ts.
SMALLEST_GRADIENT = 1e-2


def gaps(ours, exact, floor):
    """Relative distances; 0 where both are equally not finite."""
    same = (ours == exact) | (np.isnan(ours) & np.isnan(exact))
    return np.where(same, 0.0, np.abs(ours - exact) / np.maximum(np.maximum(np.abs(exact), floor), 1e-300))


def worst_so_far(values):
    return np.maximum.accumulate(np.where(np.isnan(values), np.inf, values))


def ran(script, exchange):
    """The exchange after the script ran in its own folder, with nothing printed."""
    before = os.getcwd()
    os.chdir(os.path.dirname(script))
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            return run(script, exchange)
    finally:
        os.chdir(before)


def replay(job):
    with np.load(job["trace"]) as archive:
        trace = dict(archive)
    exact, single = (ran(job["script"], Exchange(trace, dtype, job["generated"])) for dtype in (torch.float64, torch.float32))
    if exact.optimizer is None:
        raise LookupError(f"no {exact.meta['optimizer']['kind']} optimizer over tensors of the trace's shapes was made")
    norms, loss = norms_of(exact)[:, :STEPS_OF_NORMS], np.array(exact.losses)
    floor = SMALLEST_GRADIENT * np.maximum.accumulate(np.sqrt(np.square(norms).sum(axis=0)))
    final, short = exact.final(), single.final()
    reference = {
        "steps": len(exact.losses),
        "loss": rounded(loss, 9),
        "lossGaps": rounded(worst_so_far(gaps(np.array(single.losses), loss, 0.0)), 2),
        "rates": rounded(changes(exact.rates), 9),
        "norms": rounded(dict(zip(exact.trained, norms)), 7),
        "normGaps": rounded(worst_so_far(gaps(norms_of(single)[:, :STEPS_OF_NORMS], norms, floor).max(axis=0)), 2),
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
    return {"reference": reference, "differences": rounded(differences(exact, final), 3)}


def main():
    np.seterr(all="ignore")
    torch.set_num_threads(1)
    install(os.path.join(MEDIA, "datasets"))
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
