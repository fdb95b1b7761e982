"""Makes the picture files and the expected numbers for the tests of pictures: torchvision's transforms on PIL images.

Run from the folder of the project: python3 test/reference/pictures.py
Needs numpy, Pillow, torchvision.
"""

import json
import pickle
from pathlib import Path

import numpy as np
from PIL import Image
from torchvision import datasets, transforms

FILES = Path("test/data/files")
FOLDER = FILES / "pictures"
generator = np.random.default_rng(0)


def smooth(height, width):
    """A picture with waves: jpg keeps it nearly as it is."""
    y, x = np.mgrid[0:height, 0:width]
    phases = generator.uniform(0, 6, 3)
    waves = [127 + 100 * np.sin(x / 5 + p) * np.cos(y / 7 + p) for p in phases]
    return np.stack(waves, -1).round().astype(np.uint8)


def write_folder():
    for name, count in (("cat", 2), ("dog", 3)):
        (FOLDER / name).mkdir(parents=True, exist_ok=True)
        for i in range(count):
            height, width = (20 + 3 * i, 17 + 5 * i)
            Image.fromarray(generator.integers(0, 256, (height, width, 3), dtype=np.uint8)).save(FOLDER / name / f"{i}.png")
    Image.fromarray(generator.integers(0, 256, (19, 22), dtype=np.uint8)).save(FOLDER / "cat" / "grey.png")
    Image.fromarray(generator.integers(0, 256, (16, 16, 4), dtype=np.uint8), "RGBA").save(FOLDER / "dog" / "clear.png")
    Image.fromarray(smooth(24, 30)).save(FOLDER / "dog" / "wave.jpg", quality=95)


CHANGES = {
    "shorter side, then the middle": [
        {"kind": "resize", "size": [12]},
        {"kind": "centerCrop", "size": [9]},
    ],
    "larger": [{"kind": "resize", "size": [24, 21]}],
    "smaller, grey": [{"kind": "resize", "size": [7, 5]}, {"kind": "grayscale", "channels": 1}],
    "padded, grey on three channels": [
        {"kind": "resize", "size": [10, 10]},
        {"kind": "centerCrop", "size": [13, 12]},
        {"kind": "grayscale", "channels": 3},
    ],
}


def transform_of(change):
    if change["kind"] == "resize":
        size = change["size"]
        return transforms.Resize(size[0] if len(size) == 1 else size)
    if change["kind"] == "centerCrop":
        size = change["size"]
        return transforms.CenterCrop(size[0] if len(size) == 1 else size)
    return transforms.Grayscale(change["channels"])


def expected(changes):
    data = datasets.ImageFolder(FOLDER, transforms.Compose([transform_of(c) for c in changes]))
    pictures = [np.asarray(picture) for picture, _ in data]
    return {
        "changes": changes,
        "paths": [str(Path(path).relative_to(FOLDER)) for path, _ in data.samples],
        "shape": list(np.stack(pictures).shape),
        "labels": [label for _, label in data],
        "values": [picture.flatten().tolist() for picture in pictures],
    }


class Python2(pickle._Pickler):
    """Writes bytes as Python 2 wrote its strings, which is how the published files of CIFAR are."""

    dispatch = dict(pickle._Pickler.dispatch)

    def save_string(self, value):
        self.write(b"U" + bytes([len(value)]) + value if len(value) < 256 else b"T" + len(value).to_bytes(4, "little") + value)
        self.memoize(value)

    dispatch[bytes] = save_string


def write_cifar():
    ten = FILES / "cifar-10-batches-py"
    ten.mkdir(exist_ok=True)
    batches = []
    for name in [f"data_batch_{i}" for i in range(1, 6)] + ["test_batch"]:
        data = np.zeros((2, 3072), np.uint8)
        data[:, ::37] = generator.integers(0, 256, (2, 84))
        labels = generator.integers(0, 10, 2).tolist()
        with open(ten / name, "wb") as file:
            Python2(file, protocol=2).dump({b"batch_label": name.encode(), b"labels": labels, b"data": data})
        batches.append((data, labels))
    hundred = FILES / "cifar-100-python"
    hundred.mkdir(exist_ok=True)
    for name in ("train", "test"):
        data = np.zeros((2, 3072), np.uint8)
        data[:, ::53] = generator.integers(0, 256, (2, 58))
        labels = generator.integers(0, 100, 2).tolist()
        with open(hundred / name, "wb") as file:
            pickle.dump({"fine_labels": labels, "coarse_labels": [0, 0], "data": data}, file, protocol=4 if name == "test" else 2)
        batches.append((data, labels))
    last = [data.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1) for data, _ in batches]
    labels = [labels for _, labels in batches]
    parts = {"train": (last[:5], labels[:5]), "test": (last[5:6], labels[5:6]), "fineTrain": (last[6:7], labels[6:7]), "fineTest": (last[7:], labels[7:])}
    return {
        name: {
            "labels": np.concatenate(own).tolist(),
            "weighted": float((np.concatenate(pictures) * np.arange(1, 3073).reshape(32, 32, 3)).sum()),
        }
        for name, (pictures, own) in parts.items()
    }


write_folder()
reference = {
    "folder": {name: expected(changes) for name, changes in CHANGES.items()},
    "cifar": write_cifar(),
}
Path("test/reference/pictures.json").write_text(json.dumps(reference, separators=(",", ":")) + "\n")
