"""What the scripts of bed/tables prepare, by running them in Python. Run: python3 tablesReference.py > reference/tables.json

Each script names the arrays that it trains on in its first line. Keras is a stand-in here: only the preparation matters.
"""
import contextlib
import io
import json
import os
import re
import sys
import types
import warnings
from unittest.mock import MagicMock

import numpy as np
import sklearn.decomposition._pca

warnings.filterwarnings("ignore")
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bed", "tables")


class StandIn(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return MagicMock(name=name)


def to_categorical(labels, num_classes=None):
    labels = np.asarray(labels).astype(int)
    return np.eye(num_classes or labels.max() + 1)[labels]


def signed_by_loadings(u, v, u_based_decision=False):
    """The signs of components as scikit-learn 1.5 and later choose them."""
    largest = np.argmax(np.abs(v), axis=1)
    signs = np.sign(v[np.arange(len(v)), largest])
    return u * signs, v * signs[:, None]


def stand_ins():
    sklearn.decomposition._pca.svd_flip = signed_by_loadings
    for root in ("keras", "tensorflow", "tensorflow.keras"):
        sys.modules[root] = StandIn(root)
    for root in ("keras", "tensorflow.keras"):
        for part in ("models", "layers", "utils", "callbacks", "optimizers"):
            sys.modules[f"{root}.{part}"] = StandIn(f"{root}.{part}")
        sys.modules[f"{root}.utils"].to_categorical = to_categorical
    sys.modules["tensorflow"].keras = sys.modules["tensorflow.keras"]


def text_of(path):
    with open(path) as file:
        text = file.read()
    if not path.endswith(".ipynb"):
        return text
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    lines = "\n".join("".join(cell["source"]) for cell in cells).split("\n")
    return "\n".join(line for line in lines if not line.startswith(("%", "!")))


def prepared(path):
    text = text_of(path)
    names = re.search(r"# prepared: (.*)", text).group(1).split()
    # Long trainings are cut short: they change nothing that is looked at.
    short = re.sub(r"range\((\d{2,3})\)", lambda found: "range(1)" if int(found.group(1)) >= 20 else found.group(0), text)
    values = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(short, path, "exec"), values)
    return [summary(values[name]) for name in names]


def summary(value):
    if hasattr(value, "toarray"):
        value = value.toarray()
    if hasattr(value, "detach"):
        value = value.detach().numpy()
    rows = np.asarray(value).astype(float)
    shape = list(rows.shape)
    rows = rows.reshape(shape[0] if shape else 1, -1)
    numbers = lambda array: [float(f"{x:.6g}") for x in array]
    weights = np.arange(1, len(rows) + 1) / len(rows)
    return {"shape": shape, "first": numbers(rows[0]), "last": numbers(rows[-1]), "sums": numbers(weights @ rows)}


def main():
    stand_ins()
    os.chdir(FOLDER)
    made = {name: prepared(name) for name in sorted(os.listdir(FOLDER)) if name.endswith((".py", ".ipynb"))}
    print(json.dumps(made))


main()
