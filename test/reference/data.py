#!/usr/bin/env python3
"""Makes data.json and the binary files beside it: what pandas, NumPy and scikit-learn make of small inputs.

    /usr/bin/python3 data.py [OUTPUT_FOLDER]

Each case is a list of data steps and the result of the library calls that they stand for.
"""
import gzip
import json
import math
import os
import struct
import sys
import warnings

import numpy as np
import pandas as pd
import sklearn.datasets
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import LabelEncoder, MaxAbsScaler, MinMaxScaler, Normalizer, RobustScaler, StandardScaler, PolynomialFeatures

HERE = os.path.dirname(os.path.abspath(__file__))
FILES = os.path.join(HERE, '..', 'data', 'files')
OUT = sys.argv[1] if len(sys.argv) > 1 else HERE
warnings.filterwarnings('ignore')

DEFAULTS = dict(
    delimiter=',', whitespace=False, header=0, names=None, missing=[], columns=None, skipRows=0, rowLimit=None,
    indexColumn=None, decimal='.', comment=None,
)


def plain(value):
    """A cell as JSON: null for missing, text for infinities."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, float) and math.isinf(value):
        return 'inf' if value > 0 else '-inf'
    return value


def table(frame):
    kinds = {'i': 'integer', 'u': 'integer', 'f': 'float', 'b': 'boolean', 'O': 'text'}
    return [
        dict(label=label if isinstance(label, str) else int(label), type=kinds[frame.dtypes.iloc[at].kind],
             values=[plain(cell) for cell in frame.iloc[:, at].tolist()])
        for at, label in enumerate(frame.columns)
    ]


def keys(*names):
    return dict(kind='keys', keys=list(names))


def csv(name, file, options, **arguments):
    frame = pd.read_csv(os.path.join(FILES, file), **arguments).reset_index(drop=True)
    return dict(name=name, options={**DEFAULTS, 'path': file, **options}, columns=table(frame))


def csv_cases():
    return [
        csv('plain', 'plain.csv', {}),
        csv('quoted fields with line ends', 'quoted.csv', {}),
        csv('semicolons and a decimal comma', 'decimal.csv', dict(delimiter=';', decimal=','), sep=';', decimal=','),
        csv('spaces', 'spaces.txt', dict(whitespace=True, header=None), sep=r'\s+', header=None),
        csv('comments and blank lines', 'comments.csv', dict(comment='#'), comment='#'),
        csv('skipped rows', 'comments.csv', dict(skipRows=1), skiprows=1),
        csv('no header, names given', 'bare.csv', dict(header=None, names=['a', 'b', 'c']), header=None, names=['a', 'b', 'c']),
        csv('no header', 'bare.csv', dict(header=None), header=None),
        csv('a header further down', 'late.csv', dict(header=2), header=2),
        csv('missing values', 'missing.csv', dict(missing=['?', '-999']), na_values=['?', -999]),
        csv('column selection', 'plain.csv', dict(columns=keys('species', 'width')), usecols=['species', 'width']),
        csv('column selection by position', 'plain.csv', dict(columns=keys(2, 0)), usecols=[2, 0]),
        csv('index column', 'plain.csv', dict(indexColumn=0), index_col=0),
        csv('row limit', 'plain.csv', dict(rowLimit=2), nrows=2),
        csv('repeated and empty headers', 'headers.csv', {}),
        csv('booleans', 'booleans.csv', {}),
        csv('short rows', 'short.csv', {}),
        csv('a first column without a header', 'index.csv', {}),
        csv('windows line ends and a byte-order mark', 'windows.csv', {}, encoding='utf-8-sig'),
        csv('packed', 'packed.csv.gz', {}),
    ]


def step(kind, inputs=(), **arguments):
    return dict(kind=kind, inputs=list(inputs), arguments=arguments)


def literal(array):
    array = np.asarray(array)
    return step('literal', shape=list(array.shape), values=[plain(v) for v in array.ravel().tolist()], integer=array.dtype.kind == 'i')


def read(file, **options):
    return step('readCsv', **{**DEFAULTS, 'path': file, **options})


def case(name, steps, result):
    result = np.asarray(result)
    return dict(name=name, steps=steps, shape=list(result.shape), integer=bool(result.dtype.kind in 'iub'),
                values=[plain(v) for v in result.astype(float).ravel().tolist()])


def reduce_(function, inputs, axis=None, keep=False, correction=0):
    return step('reduce', inputs, function=function, axis=axis, keep=keep, correction=correction)


def scaler(name, **options):
    return step('fitScaler', [0], **{**dict(scaler=name, withMean=True, withStd=True, low=0, high=1), **options})


def step_cases():
    rng = np.random.RandomState(7)
    a = rng.randn(4, 3)
    b = rng.randn(3)
    whole = rng.randint(-5, 9, (4, 3))
    tall = np.round(rng.randn(7, 4) * [1, 10, 100, 0], 3)
    holes = a.copy()
    holes[1, 2] = np.nan
    cube = rng.randn(2, 3, 4)
    repeated = np.array([[1., 5.], [2., np.nan], [2., 7.], [np.nan, 7.], [9., 5.]])
    frame = pd.read_csv(os.path.join(FILES, 'plain.csv'))
    gaps = pd.read_csv(os.path.join(FILES, 'gaps.csv'))
    numbers = read('gaps.csv', columns=keys('age', 'pay'))
    pair = gaps[['age', 'pay']]
    cases = [
        case('add with broadcasting', [literal(a), literal(b), step('add', [0, 1])], a + b),
        case('outer difference', [literal(b), step('unsqueeze', [0], axis=1), literal(b), step('subtract', [1, 2])], b[:, None] - b),
        case('integers divided', [literal(whole), literal(2), step('divide', [0, 1])], whole / 2),
        case('integers multiplied', [literal(whole), literal(whole), step('multiply', [0, 1])], whole * whole),
        case('power', [literal(a), literal(2), step('power', [0, 1])], a ** 2),
        case('comparison', [literal(a), literal(0.1), step('compare', [0, 1], function='>')], a > 0.1),
        case('matrix product', [literal(a), literal(b), step('matmul', [0, 1])], a @ b),
        case('matrix product of matrices', [literal(a), step('transpose', [0], order=None), step('matmul', [0, 1])], a @ a.T),
        case('mean over rows', [literal(a), reduce_('mean', [0], 0)], a.mean(0)),
        case('deviation with correction, axis kept', [literal(a), reduce_('std', [0], 0, True, 1)], a.std(0, ddof=1, keepdims=True)),
        case('variance of all', [literal(a), reduce_('var', [0])], a.var()),
        case('median over columns', [literal(a), reduce_('median', [0], 1)], np.median(a, 1)),
        case('largest of integers', [literal(whole), reduce_('max', [0], -1)], whole.max(-1)),
        case('missing values in NumPy', [literal(holes), reduce_('mean', [0], 0)], holes.mean(0)),
        case('missing values in pandas', [numbers, reduce_('mean', [0], None)], pair.mean()),
        case('deviation in pandas', [numbers, reduce_('std', [0], None, False, 1)], pair.std()),
        case('standardised in pandas', [numbers, reduce_('mean', [0]), step('subtract', [0, 1]), reduce_('std', [0], None, False, 1),
             step('divide', [2, 3])], (pair - pair.mean()) / pair.std()),
        case('median of a column', [numbers, step('select', [0], columns=keys('age'), single=True), reduce_('median', [1])], gaps.age.median()),
        case('drop missing', [numbers, step('dropMissing', [0])], pair.dropna()),
        case('fill with means', [numbers, step('fillMissing', [0], value=None, statistic='mean')], pair.fillna(pair.mean())),
        case('fill with a number', [numbers, step('fillMissing', [0], value=0, statistic=None)], pair.fillna(0)),
        case('fill with the mode', [numbers, step('fillMissing', [0], value=None, statistic='mode')], pair.fillna(pair.mode().iloc[0])),
        case('dummies', [read('plain.csv'), step('dummies', [0], columns=None, dropFirst=False)], pd.get_dummies(frame).astype(float)),
        case('dummies without the first', [read('plain.csv'), step('dummies', [0], columns=['species'], dropFirst=True)],
             pd.get_dummies(frame, columns=['species'], drop_first=True).astype(float)),
        case('labels sorted', [read('plain.csv'), step('select', [0], columns=keys('species'), single=True), step('encodeLabels', [1], order='sorted')],
             LabelEncoder().fit_transform(frame.species)),
        case('labels by appearance', [read('plain.csv'), step('select', [0], columns=keys('species'), single=True),
             step('encodeLabels', [1], order='appearance')], pd.factorize(frame.species)[0]),
        case('mapped', [read('plain.csv'), step('select', [0], columns=keys('species'), single=True),
             {**step('mapValues', [1]), 'arguments': {'from': ['setosa', 'virginica'], 'to': [0, 2]}}], frame.species.map({'setosa': 0, 'virginica': 2})),
        case('equal to a word', [read('plain.csv'), step('select', [0], columns=keys('species'), single=True), step('equals', [1], value='setosa')],
             frame.species == 'setosa'),
        case('rows where', [read('plain.csv'), step('select', [0], columns=keys('species'), single=True), step('equals', [1], value='setosa'),
             step('takeRows', [0, 2]), step('select', [3], columns=keys('length', 'width'), single=False)],
             frame[frame.species == 'setosa'][['length', 'width']]),
        case('drop and assign', [read('plain.csv'), step('drop', [0], columns=['species']), step('select', [1], columns=keys('length'), single=True),
             literal(2), step('multiply', [2, 3]), step('assign', [1, 4], column='double')],
             frame.drop(columns=['species']).assign(double=frame.length * 2)),
        case('mixed values sliced', [read('plain.csv'), step('toTensor', [0]), step('slice', [1], axis=1, start=0, end=-1, step=1), step('cast', [2], to='float')],
             frame.values[:, 0:-1].astype(float)),
        case('concatenate', [literal(a), literal(whole), step('concatenate', [0, 1], axis=1)], np.concatenate([a, whole], 1)),
        case('stack', [literal(a), literal(a), step('stack', [0, 1], axis=-1)], np.stack([a, a], -1)),
        case('transpose', [literal(cube), step('transpose', [0], order=[1, 2, 0])], cube.transpose(1, 2, 0)),
        case('reshape', [literal(cube), step('reshape', [0], shape=[-1, 6])], cube.reshape(-1, 6)),
        case('flatten', [literal(cube), step('flatten', [0], start=1, end=-1)], cube.reshape(2, -1)),
        case('slice with a step', [literal(cube), step('slice', [0], axis=2, start=None, end=None, step=-2)], cube[:, :, ::-2]),
        case('index', [literal(cube), step('index', [0], axis=1, at=-1)], cube[:, -1]),
        case('rows by number', [literal(a), literal(np.array([2, 0, -1])), step('takeRows', [0, 1])], a[[2, 0, -1]]),
        case('rows by mask', [literal(a), step('index', [0], axis=1, at=0), literal(0), step('compare', [1, 2], function='>'), step('takeRows', [0, 3])],
             a[a[:, 0] > 0]),
        case('rows where either', [literal(whole), step('index', [0], axis=1, at=0), literal(0), step('compare', [1, 2], function='>'),
             step('index', [0], axis=1, at=1), step('compare', [4, 2], function='>'), step('add', [3, 5]), step('takeRows', [0, 6])],
             whole[(whole[:, 0] > 0) | (whole[:, 1] > 0)]),
        case('an array as a table', [literal(a), literal(whole), step('index', [1], axis=1, at=0), step('assign', [0, 2], column='target'),
             step('select', [3], columns=keys('target', 1), single=False)], pd.DataFrame(a).assign(target=whole[:, 0])[['target', 1]]),
        case('one-hot', [literal(np.array([2, 0, 1])), step('oneHot', [0], classes=None)], np.eye(3, dtype=int)[[2, 0, 1]]),
        case('linspace', [step('linspace', start=-1, end=2, count=7)], np.linspace(-1, 2, 7)),
        case('arange', [step('arange', start=0, end=10, step=3)], np.arange(0, 10, 3)),
        case('clipped', [literal(a), step('clip', [0], low=-0.5, high=0.25)], np.clip(a, -0.5, 0.25)),
        case('clipped below alone', [literal(whole), step('clip', [0], low=0, high=None)], np.clip(whole, 0, None)),
        case('integers clipped by a fraction', [literal(whole), step('clip', [0], low=None, high=2.5)], np.clip(whole, None, 2.5)),
        case('clipped with a gap', [literal(holes), step('clip', [0], low=-0.1, high=0.1)], np.clip(holes, -0.1, 0.1)),
        case('column clipped', [read('plain.csv'), step('select', [0], columns=keys('length'), single=True), step('clip', [1], low=5.0, high=None)],
             frame['length'].clip(lower=5.0)),
        case('words replaced', [read('plain.csv'), step('select', [0], columns=keys('species'), single=True),
                                step('mapValues', [1], **{'from': sorted(set(frame.species)), 'to': list(range(len(set(frame.species)))), 'keep': True})],
             frame.species.replace({name: i for i, name in enumerate(sorted(set(frame.species)))})),
        case('numbers replaced, others kept', [literal(whole), step('mapValues', [0], **{'from': [-1, 3], 'to': [0, 30], 'keep': True})],
             pd.DataFrame(whole).replace({-1: 0, 3: 30})),
        case('numbers mapped, others lost', [literal(whole[:, 0]), step('mapValues', [0], **{'from': [int(whole[0, 0])], 'to': [7]})],
             pd.Series(whole[:, 0]).map({int(whole[0, 0]): 7})),
        case('rounded', [literal(np.array([0.5, 1.5, -0.5, -1.5, 2.4])), step('unary', [0], function='round')], np.round([0.5, 1.5, -0.5, -1.5, 2.4])),
        case('cast', [literal(np.array([1.7, -1.7])), step('cast', [0], to='integer')], np.array([1.7, -1.7]).astype(int)),
        case('standard scaler, one column constant', [literal(tall), scaler('standard'), step('applyScaler', [1, 0], inverse=False)],
             StandardScaler().fit_transform(tall)),
        case('standard scaler without the mean', [literal(tall), scaler('standard', withMean=False), step('applyScaler', [1, 0], inverse=False)],
             StandardScaler(with_mean=False).fit_transform(tall)),
        case('standard scaler with missing values', [literal(holes), scaler('standard'), step('applyScaler', [1, 0], inverse=False)],
             StandardScaler().fit_transform(holes)),
        case('nearly constant column', [literal(np.full((5, 1), 0.1)), scaler('standard'), step('applyScaler', [1, 0], inverse=False)],
             StandardScaler().fit_transform(np.full((5, 1), 0.1))),
        case('min-max scaler', [literal(tall), scaler('minMax', low=-1, high=1), step('applyScaler', [1, 0], inverse=False)],
             MinMaxScaler((-1, 1)).fit_transform(tall)),
        case('robust scaler', [literal(tall), scaler('robust'), step('applyScaler', [1, 0], inverse=False)], RobustScaler().fit_transform(tall)),
        case('largest-value scaler', [literal(tall), scaler('maxAbs'), step('applyScaler', [1, 0], inverse=False)], MaxAbsScaler().fit_transform(tall)),
        *[case(f'gaps filled by the {strategy}', [literal(repeated), scaler(name), step('applyScaler', [1, 0], inverse=False)],
               SimpleImputer(strategy=strategy).fit_transform(repeated))
          for name, strategy in [('imputeMean', 'mean'), ('imputeMedian', 'median'), ('imputeMode', 'most_frequent')]],
        *[case(f'products of columns up to degree {degree}{" of different ones" if only else ""}',
               [literal(a), step('polynomial', [0], degree=degree, interactionOnly=only, bias=bias)],
               PolynomialFeatures(degree, interaction_only=only, include_bias=bias).fit_transform(a))
          for degree, only, bias in [(2, False, True), (3, False, False), (2, True, True)]],
        case('sums up to each entry of rows', [literal(cube), step('cumulate', [0], axis=1)], cube.cumsum(axis=1)),
        case('sums up to each entry of all', [literal(cube), step('cumulate', [0], axis=None)], cube.cumsum()),
        case('rows of unit length', [literal(tall), scaler('l2Rows'), step('applyScaler', [1, 0], inverse=False)], Normalizer().fit_transform(tall)),
        case('fitted on some rows, applied to others',
             [literal(tall[:4]), scaler('standard'), literal(tall[4:]), step('applyScaler', [1, 2], inverse=False)],
             StandardScaler().fit(tall[:4]).transform(tall[4:])),
        case('scaled back', [literal(tall), scaler('minMax'), step('applyScaler', [1, 0], inverse=True)],
             MinMaxScaler().fit(tall).inverse_transform(tall)),
    ]
    files = os.path.join(FILES)
    for name in ['f8.npy', 'f4.npy', 'f2.npy', 'big.npy', 'i8.npy', 'u1.npy', 'bool.npy', 'fortran.npy']:
        cases.append(case('npy ' + name, [step('readNpy', path=name)], np.load(os.path.join(files, name))))
    for name in ['stored.npz', 'packed.npz']:
        cases.append(case('npz ' + name, [step('readNpz', path=name, key='y')], np.load(os.path.join(files, name))['y']))
    text = dict(delimiter=None, skipRows=0, comment='#', columns=None, allowMissing=False)
    cases += [
        case('loadtxt', [step('readText', **{**text, 'path': 'spaces.txt'})], np.loadtxt(os.path.join(files, 'spaces.txt'))),
        case('loadtxt of columns', [step('readText', **{**text, 'path': 'spaces.txt', 'columns': [2, 0]})],
             np.loadtxt(os.path.join(files, 'spaces.txt'), usecols=(2, 0))),
        case('loadtxt of one column', [step('readText', **{**text, 'path': 'spaces.txt', 'columns': [1], 'skipRows': 1})],
             np.loadtxt(os.path.join(files, 'spaces.txt'), usecols=1, skiprows=1)),
        case('genfromtxt', [step('readText', **{**text, 'path': 'missing.csv', 'delimiter': ',', 'skipRows': 1, 'allowMissing': True})],
             np.genfromtxt(os.path.join(files, 'missing.csv'), delimiter=',', skip_header=1)),
    ]
    return cases


def tables():
    """Checks of the shipped tables against what scikit-learn returns: sums that any changed value would change."""
    found = {}
    for name in ['iris', 'wine', 'digits', 'breast_cancer', 'diabetes']:
        loaded = getattr(sklearn.datasets, 'load_' + name)()
        weights = np.cos(np.arange(loaded.data.size)).reshape(loaded.data.shape)
        found[name] = dict(shape=list(loaded.data.shape), weighted=float((loaded.data * weights).sum()), target=float(loaded.target.sum()),
                           targetWeighted=float((loaded.target * np.cos(np.arange(len(loaded.target)))).sum()),
                           classes=bool(loaded.target.dtype.kind == 'i'), names=list(loaded.feature_names))
    return found


def moments():
    """Second moments of [1, x], raw, centred and standardised, and a runs test by simulation-free formulas."""
    found = {}
    rows = np.array([[1003.2, 2.1], [1005.1, 1.9], [1004.0, 2.6]])
    for name, x in [('three rows', rows), ('iris', sklearn.datasets.load_iris().data), ('wine', sklearn.datasets.load_wine().data)]:
        centred = x - x.mean(0)
        forms = [x, centred, centred / x.std(0)]
        result = []
        for form in forms:
            z = np.hstack([np.ones((len(x), 1)), form])
            # The squares of the singular values are exact where the moment's own eigenvalues drown in rounding.
            values = np.linalg.svd(z / np.sqrt(len(x)), compute_uv=False) ** 2
            result.append(dict(largest=float(values.max()), smallest=float(values.min())))
        found[name] = dict(x=x.tolist(), moments=result)
    return found


def splits():
    """Sizes of train_test_split, and rows of each class where it is stratified."""
    from sklearn.model_selection import train_test_split
    found = []
    for count, test, train in [(150, None, None), (150, 0.2, None), (442, 0.33, None), (10, 0.25, None), (101, 0.5, 0.3), (7, None, 0.6), (50, 13, None), (50, 13, 20)]:
        a, b = train_test_split(np.arange(count), test_size=test, train_size=train)
        found.append(dict(count=count, testSize=test, trainSize=train, sizes=[len(a), len(b)]))
    y = sklearn.datasets.load_wine().target
    a, b = train_test_split(y, test_size=0.3, stratify=y, random_state=0)
    return dict(sizes=found, stratified=[np.bincount(a).tolist(), np.bincount(b).tolist()])


def write_binaries():
    rng = np.random.RandomState(3)
    target = os.path.join(OUT, 'files') if OUT != HERE else FILES
    os.makedirs(target, exist_ok=True)
    save = lambda name, array: np.save(os.path.join(target, name), array)
    a = rng.randn(5, 3)
    save('f8.npy', a)
    save('f4.npy', a.astype('<f4'))
    save('f2.npy', np.array([1.5, -2.25, 65504, 6e-8, np.inf, 0], '<f2'))
    save('big.npy', a.astype('>f8'))
    save('i8.npy', np.array([[1, -2], [3, 2**31 - 1]], '<i8'))
    save('u1.npy', np.arange(12, dtype='u1').reshape(3, 2, 2))
    save('bool.npy', np.array([True, False, True]))
    save('fortran.npy', np.asfortranarray(rng.randn(2, 3, 4)))
    np.savez(os.path.join(target, 'stored.npz'), x=a, y=np.arange(5))
    np.savez_compressed(os.path.join(target, 'packed.npz'), x=a, y=np.arange(5))
    images = (np.arange(6 * 4) % 256).astype('u1')
    raw = os.path.join(target, 'MNIST', 'raw')
    os.makedirs(raw, exist_ok=True)
    with open(os.path.join(raw, 'train-images-idx3-ubyte'), 'wb') as file:
        file.write(struct.pack('>IIII', 0x803, 6, 2, 2) + images.tobytes())
    with gzip.GzipFile(os.path.join(raw, 'train-labels-idx1-ubyte.gz'), 'wb', mtime=0) as file:
        file.write(struct.pack('>II', 0x801, 6) + bytes([5, 0, 4, 1, 9, 2]))


def main():
    write_binaries()
    reference = dict(csv=csv_cases(), steps=step_cases(), tables=tables(), moments=moments(), splits=splits())
    with open(os.path.join(OUT, 'data.json'), 'w') as file:
        json.dump(reference, file, indent=None, separators=(',', ':'), allow_nan=False)
        file.write('\n')


if __name__ == '__main__':
    main()
