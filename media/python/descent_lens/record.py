"""What is told of a run in PyTorch, in few numbers."""

import math

import numpy as np

BUCKETS = 16


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


def rounded(values, digits):
    """The same with numbers of so many digits; those that are not finite become text."""
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
    """[first step, the groups' rates] wherever they change."""
    return [[step, *rate] for step, rate in enumerate(rates) if step == 0 or rate != rates[step - 1]]


def norms_of(exchange):
    """Of each parameter's gradient: [parameters, steps]."""
    return np.array([exchange.norms[name] for name in exchange.trained])


def differences(exchange, final):
    """Norms of the differences between the trace's final tensors and those of the run."""
    return {name: np.linalg.norm(exchange.trace[f"final/{name}"] - value) for name, value in final.items()}


def recorded(exchange):
    """All that is told of one run; see `Recorded` in src/service/comparison/recorded.ts."""
    final = exchange.final()
    gaps = differences(exchange, final)
    return {
        "steps": len(exchange.losses),
        "loss": rounded(exchange.losses, 9),
        "rates": rounded(changes(exchange.rates), 9),
        "norms": rounded(dict(zip(exchange.trained, norms_of(exchange))), 7),
        "tensors": {
            name: {
                "norm": rounded(np.linalg.norm(value), 9),
                "difference": rounded(gaps[name], 4),
                "sketch": rounded(sketch(value), 9),
            }
            for name, value in final.items()
        },
        "checks": rounded(exchange.checks, 3),
        "initial": rounded(exchange.own_init, 4),
    }
