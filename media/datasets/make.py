#!/usr/bin/env python3
"""Makes the data sets of this folder.

    /usr/bin/python3 make.py FASHION_MNIST_FOLDER

The tables come from the installed scikit-learn, as its load_* functions return them (diabetes is
returned scaled), each number in its shortest form that reads back to the same double. The folder
is that of the Debian package dataset-fashion-mnist: the four idx files of the whole data set,
of which the first images are kept, in the folder layout of torchvision.
"""
import csv
import gzip
import io
import os
import struct
import sys

import sklearn.datasets

HERE = os.path.dirname(os.path.abspath(__file__))
TRAIN_IMAGES = 2000
TEST_IMAGES = 400


def write_table(name, compressed):
    loaded = getattr(sklearn.datasets, 'load_' + name)()
    whole = all(float(value).is_integer() for value in loaded.data.ravel())
    text = io.StringIO()
    writer = csv.writer(text, lineterminator='\n')
    writer.writerow([*loaded.feature_names, 'target'])
    for row, target in zip(loaded.data.tolist(), loaded.target.tolist()):
        writer.writerow([*(int(value) if whole else repr(value) for value in row), repr(target)])
    path = os.path.join(HERE, name + '.csv')
    if compressed:
        write_gzip(path + '.gz', text.getvalue().encode())
    else:
        with open(path, 'w') as file:
            file.write(text.getvalue())


def write_gzip(path, content):
    with open(path, 'wb') as file, gzip.GzipFile('', 'wb', 9, file, mtime=0) as packed:
        packed.write(content)


def write_first(source, name, count):
    """Keeps the first `count` entries of an idx file: magic, sizes (big-endian), bytes."""
    with gzip.open(os.path.join(source, name + '.gz')) as file:
        content = file.read()
    axes = content[3]
    sizes = struct.unpack('>%dI' % axes, content[4 : 4 + 4 * axes])
    entry = 1
    for size in sizes[1:]:
        entry *= size
    start = 4 + 4 * axes
    header = content[:4] + struct.pack('>%dI' % axes, count, *sizes[1:])
    raw = os.path.join(HERE, 'FashionMNIST', 'raw')
    os.makedirs(raw, exist_ok=True)
    write_gzip(os.path.join(raw, name + '.gz'), header + content[start : start + count * entry])


def main():
    for name in ['iris', 'wine', 'breast_cancer', 'diabetes']:
        write_table(name, compressed=False)
    write_table('digits', compressed=True)
    for part, count in [('train', TRAIN_IMAGES), ('t10k', TEST_IMAGES)]:
        write_first(sys.argv[1], part + '-images-idx3-ubyte', count)
        write_first(sys.argv[1], part + '-labels-idx1-ubyte', count)


if __name__ == '__main__':
    main()
