"""Runs the scripts beside this one in scikit-learn and writes what their weights start and end at to weights.json.

Run with scikit-learn 1.2: python3 _fit.py
"""
import json
import pathlib
import runpy
import warnings

import numpy as np
from sklearn.neural_network import _multilayer_perceptron as networks

warnings.simplefilter("ignore")
here = pathlib.Path(__file__).parent
first = {}


def weights(model):
    if hasattr(model, "coef_"):
        return {"coef_": np.atleast_2d(model.coef_), "intercept_": np.atleast_1d(model.intercept_)}
    named = {f"coefs_.{i}": matrix.T for i, matrix in enumerate(model.coefs_)}
    return named | {f"intercepts_.{i}": vector for i, vector in enumerate(model.intercepts_)}


def watched(initialize):
    def wrapper(self, *args):
        self._random_state = np.random.RandomState(0)
        initialize(self, *args)
        first.update({name: array.copy() for name, array in weights(self).items()})
    return wrapper


networks.BaseMultilayerPerceptron._initialize = watched(networks.BaseMultilayerPerceptron._initialize)


def plain(arrays):
    return {name: [float(f"{value:.9g}") for value in np.ravel(array)] for name, array in arrays.items()}


reference = {}
for path in sorted(here.glob("[a-z]*.py")):
    first.clear()
    model = runpy.run_path(str(path))["model"]
    model = model[-1] if hasattr(model, "steps") else model
    reference[path.stem] = {"start": plain(first), "end": plain(weights(model))}
(here / "weights.json").write_text(json.dumps(reference) + "\n")
