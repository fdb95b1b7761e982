"""Rows that NumPy, scikit-learn and PyTorch select with a seed. Run: python3 selections.py > selections.json"""
import json

import numpy as np
import torch
from sklearn.model_selection import KFold, StratifiedKFold, train_test_split

CLASSES = [0, 1, 2, 1, 0, 2, 2, 1, 0, 0, 1, 2, 0, 1, 1, 2, 2, 0, 1, 0, 2, 1]


def split(count, seed, **arguments):
    return [part.tolist() for part in train_test_split(np.arange(count), random_state=seed, **arguments)]


def folds(maker, count, seed):
    made = maker(n_splits=5, shuffle=True, random_state=seed).split(np.zeros(count), CLASSES[:count])
    return [test.tolist() for _, test in made]


def main():
    classes = np.array(CLASSES)
    print(json.dumps({
        "numpy": [{"seed": s, "count": n, "order": np.random.RandomState(s).permutation(n).tolist()} for s, n in [(0, 9), (42, 40), (2**31 + 5, 7)]],
        "torch": [{"seed": s, "count": n, "order": torch.randperm(n, generator=torch.Generator().manual_seed(s)).tolist()} for s, n in [(0, 9), (42, 40)]],
        "splits": [{"count": n, "seed": s, "testSize": t, "parts": split(n, s, test_size=t)} for n, s, t in [(20, 42, 0.2), (33, 0, 0.25), (50, 7, 10)]],
        "classes": CLASSES,
        "stratified": [{"seed": s, "testSize": t, "parts": split(len(CLASSES), s, test_size=t, stratify=classes)} for s, t in [(0, 0.3), (42, 0.2), (3, 0.5)]],
        "folds": [{"seed": 1, "stratified": False, "test": folds(KFold, 22, 1)}, {"seed": 5, "stratified": True, "test": folds(StratifiedKFold, 22, 5)}],
    }, indent=None))


main()
