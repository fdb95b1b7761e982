"""Writes rows_made.json: rows and targets that scripts make one by one in loops, as Python makes them.

Each case is the part of a script that ends with rows `X` and targets `y`. Run it in this folder:
    /usr/bin/python3 rows_made.py
"""
import json
import os

import numpy as np

CASES = {
    "lists of what the number of the pass gives": """
import math
data, labels = [], []
for i in range(5000):
    t = i / 5000
    data.append([t, math.sin(6 * t), (i % 7) ** 2])
    labels.append(t * 3 - 1)
X, y = np.array(data), np.array(labels)
""",
    "one of two labels": """
data = []
labels = []
for i in range(6000):
    data.append([i * 0.01, i % 3])
    if i % 2 == 0:
        labels.append(0)
    else:
        labels.append(1)
X = np.array(data)
y = np.array(labels)
""",
    "one of three rows": """
data, labels = [], []
for i in range(6000):
    r = i % 5
    if r < 1:
        point, label = [r, 1], 0
    elif r < 3:
        point, label = [r * 2, r], 1
    else:
        point, label = [-r, 0.5], 2
    data.append(point)
    labels.append(label)
X = np.array(data, dtype=float)
y = np.array(labels)
""",
    "a function with several ways out": """
def label(a, b):
    if a > 0.5:
        if b > 0.5:
            return 2
        return 1
    return 0
data, labels = [], []
for i in range(5000):
    a, b = (i % 10) / 10, (i % 7) / 7
    data.append((a, b))
    labels.append(label(a, b))
X, y = np.array(data), np.array(labels)
""",
    "entries of arrays": """
X = np.zeros((5000, 2))
y = np.zeros((5000, 1))
def f(x):
    return x ** 2 + 1
for i in range(5000):
    X[i] = [i / 5000, i % 4]
    y[i] = f(X[i, 0]) - X[i][1]
""",
    "a number for all entries of a row": """
X = np.zeros((5000, 1))
y = np.zeros((5000, 1))
for i in range(5000):
    X[i] = i / 5000
    y[i] = X[i] ** 2
""",
    "entries of arrays on a condition": """
X = np.linspace(-1, 1, 4000).reshape(1000, 4)
y = np.zeros(1000)
for i in range(1000):
    if X[i, 0] + X[i, 1] > X[i, 3]:
        y[i] = 1
    elif X[i, 2] < -0.5:
        y[i] = 2
""",
    "rows of an array taken apart": """
X = np.sin(np.arange(2000)).reshape(1000, 2)
y = np.array([1 if a + b > 0 else 0 for a, b in X])
""",
    "a comprehension over numbers of an array": """
import math
x = np.arange(0, math.pi * 2, 0.01)
y = np.array([math.cos(v) * 2 for v in x])
X = x.reshape(-1, 1)
""",
    "a comprehension with a function of each row": """
X = np.cos(np.arange(3000)).reshape(1000, 3)
def score(row):
    return row[0] * 2 - row[2] if row[1] > 0 else row[1]
y = np.array([score(row) for row in X])
""",
    "a list that is cut afterwards": """
rows = []
for i in range(5000):
    rows.append([i, i * i, 1 if i > 2500 else 0])
table = np.array(rows, dtype=float)
X = table[:4000, :2] / 1000
y = table[:4000, 2]
""",
    "lists that are cut before": """
xs, ys = [], []
for i in range(5000):
    xs.append([i / 100, (i % 11) / 11])
    ys.append(i % 11)
X = np.array(xs[:3000])
y = np.array(ys[:3000])
""",
    "a constant beside": """
xs, ys = [], []
for i in range(5000):
    xs.append([1, i % 9, 2.5])
    ys.append(float(i // 9))
X = np.array(xs)
y = np.array(ys)
""",
    "several rows in a pass": """
X, y = [], []
for i in range(700):
    v = i / 700
    X.append([v, 1])
    X.append([-v, v * v])
    y.append(0)
    y.append(i % 3)
X, y = np.array(X), np.array(y)
""",
    "two loops one after the other": """
X, y = [], []
for i in range(500):
    X.append([i, i % 7])
    y.append(0)
for i in range(300):
    X.append([-i, i % 5])
    y.append(1)
X, y = np.array(X, dtype=float), np.array(y)
""",
    "loops inside a loop": """
X, y = [], []
for i in range(400):
    for j in range(5):
        X.append([i, j * j])
        y.append(i + j)
X, y = np.array(X, dtype=float), np.array(y)
""",
    "a long loop for each of a few classes": """
X, y = [], []
for c in range(3):
    for j in range(4500):
        X.append([c + j / 100, np.sin(j * (c + 1))])
        y.append(c)
X, y = np.array(X), np.array(y)
""",
    "pairs that are taken apart": """
pairs = []
for i in range(5000):
    pairs.append((i * 0.1, 2 - i))
X = np.array([[p[0], p[0] ** 2] for p in pairs])
y = np.array([b for a, b in pairs])
""",
    "two windows in a pass": """
line = np.sin(np.arange(900) / 9)
X, y = [], []
for i in range(len(line) - 4):
    X.append(line[i:i + 4])
    X.append(line[i:i + 4] * 2)
    y.append(line[i + 4])
    y.append(i % 2)
X, y = np.array(X), np.array(y)
""",
    "a counter of its own": """
xs, ys = [], []
k = 3
for i in range(5000):
    xs.append([k * k, i])
    ys.append(k % 4)
    k += 2
X = np.array(xs, dtype=float)
y = np.array(ys)
""",
}


def numbers(x):
    """The first numbers, and a sum in which each has a weight of its own place."""
    flat = np.asarray(x, dtype=np.float64).reshape(-1)
    weights = 1 + np.arange(len(flat)) % 7
    return {"shape": list(x.shape), "first": [float(v) for v in flat[:30]], "weighted": float((flat * weights).sum())}


def main():
    made = {}
    for name, code in CASES.items():
        scope = {"np": np}
        exec(code, scope)
        made[name] = {"code": code, "x": numbers(scope["X"]), "y": numbers(scope["y"])}
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "rows_made.json"), "w") as out:
        json.dump({"cases": made}, out)
        out.write("\n")


main()
