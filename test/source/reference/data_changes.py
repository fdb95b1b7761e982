"""Writes data_changes.json: what scripts make of their data before training, as NumPy, pandas, scikit-learn and torch compute it.

Each case is the part of a script that ends with rows `X` and targets `y`. Run it in this folder:
    /usr/bin/python3 data_changes.py
"""
import json
import os
import tempfile
import warnings

import numpy as np
import pandas as pd
import torch

warnings.filterwarnings("ignore")

PEOPLE = """id,sex,age,fare,port,deck,label
1,male,22,7.25,S,A,0
2,female,38,71.28,C,B,1
3,female,,7.92,S,,1
4,male,35,53.1,,B,0
5,male,54,,Q,A,0
6,female,2,21.07,S,C,1
7,male,27,11.13,S,,-1
8,female,14,30.07,C,A,1
"""
NUMBERS = """a,b,c,target
1.0,0.5,3,1
2.0,nan,4,0
-1.5,2.5,5,-1
0.25,1.5,,1
4.0,-3.0,7,0
3.5,0.0,8,-1
"""
SEMICOLONS = """# made by hand
x;y;z;kind
1,5;2;3;red
2,5;?;6;blue
3,5;4;9;red
4,5;NA;12;green
5,5;6;15;blue
"""
TEXT = """1 2 3
4 5 6
7 8 9
10 11 12
"""

PEOPLE_X = "X = torch.tensor(df[cols].values.astype(np.float32))\ny = torch.tensor(df['id'].values, dtype=torch.float32)"
NUMBERS_HEAD = "data = np.genfromtxt('numbers.csv', delimiter=',', skip_header=1)\nX, y = data[:, :-1], data[:, -1]\n"
NUMBERS_TAIL = "\nX = torch.tensor(X, dtype=torch.float32)\ny = torch.tensor(y, dtype=torch.float32)"

CASES = {
    # Columns of a table that a script changes.
    "a column by a lambda with a condition": "df = pd.read_csv('people.csv')\ndf['sex'] = df['sex'].apply(lambda s: 1 if s == 'male' else 0)\ncols = ['sex', 'id']\n" + PEOPLE_X,
    "a column by a lambda that computes": "df = pd.read_csv('people.csv')\ndf['id'] = df['id'].apply(lambda v: v * 2 + 1)\ndf['w'] = df['id'].map(lambda v: v / 10)\ncols = ['id', 'w']\n" + PEOPLE_X,
    "a column by a function with branches": "def bin_age(age):\n    if age < 18:\n        return 0\n    elif age < 40:\n        return 1\n    return 2\n\ndf = pd.read_csv('people.csv')\ndf['age'] = df['age'].fillna(30)\ndf['age'] = df['age'].apply(bin_age)\ncols = ['age']\n" + PEOPLE_X,
    "gaps filled in place by a statistic": "df = pd.read_csv('people.csv')\ndf['age'].fillna(df['age'].median(), inplace=True)\ndf['fare'] = df['fare'].fillna(df['fare'].mean())\ncols = ['age', 'fare']\n" + PEOPLE_X,
    "gaps of all columns filled by means": "df = pd.read_csv('numbers.csv')\ndf = df.fillna(df.mean())\nX = torch.tensor(df[['a', 'b', 'c']].values, dtype=torch.float32)\ny = torch.tensor(df['target'].values, dtype=torch.float32)",
    "gaps filled forward": "df = pd.read_csv('numbers.csv')\ndf = df.fillna(method='ffill')\nX = torch.tensor(df[['a', 'b', 'c']].values, dtype=torch.float32)\ny = torch.tensor(df['target'].values, dtype=torch.float32)",
    "rows chosen by a label set where a mask holds": "df = pd.read_csv('people.csv')\ndf['alone'] = 0\ndf.loc[df['fare'] > 20, 'alone'] = 1\ndf.loc[df['age'].isnull(), 'age'] = df['age'].mean()\ndf.loc[df['id'] == 8, 'id'] = 80\ncols = ['alone', 'age']\n" + PEOPLE_X,
    "several columns scaled at once": "from sklearn.preprocessing import StandardScaler\ndf = pd.read_csv('people.csv').fillna(0)\nnums = ['age', 'id']\nscaler = StandardScaler()\ndf[nums] = scaler.fit_transform(df[nums])\ncols = ['age', 'id']\nX = torch.tensor(df[cols].values, dtype=torch.float32)\ny = torch.tensor(df['label'].values, dtype=torch.float32)",
    "one column scaled as a table": "from sklearn.preprocessing import MinMaxScaler\ndf = pd.read_csv('people.csv').fillna(0)\ndf['age'] = MinMaxScaler().fit_transform(df[['age']])\ndf['id'] = MinMaxScaler((-1, 1)).fit_transform(df['id'].values.reshape(-1, 1)).flatten()\nX = torch.tensor(df[['age', 'id']].values, dtype=torch.float32)\ny = torch.tensor(df['label'].values, dtype=torch.float32)",
    "each column of text encoded in a loop": "from sklearn.preprocessing import LabelEncoder\ndf = pd.read_csv('people.csv')\nfor col in ['sex', 'port', 'deck']:\n    le = LabelEncoder()\n    df[col] = le.fit_transform(df[col].astype(str))\ncols = ['sex', 'id']\n" + PEOPLE_X,
    "columns standardised in a loop": "df = pd.read_csv('numbers.csv').dropna()\nfor col in ['a', 'b']:\n    mean, std = df[col].mean(), df[col].std()\n    df[col] = (df[col] - mean) / std\nX = torch.tensor(df[['a', 'b']].values, dtype=torch.float32)\ny = torch.tensor(df['target'].values, dtype=torch.float32)",
    "every column standardised in a loop": "df = pd.read_csv('numbers.csv').fillna(1.0)\ndf.columns = ['a', 'b', 'c', 'target']\nfor col in df.columns:\n    if col != 'target':\n        df[col] = (df[col] - df[col].min()) / (df[col].max() - df[col].min())\nX = torch.tensor(df.drop(columns=['target']).values, dtype=torch.float32)\ny = torch.tensor(df['target'].values, dtype=torch.float32)",
    "codes of categories": "df = pd.read_csv('people.csv')\ndf['sex'] = df['sex'].astype('category').cat.codes\ndf['label'] = pd.Categorical(df['label']).codes\nX = torch.tensor(df[['sex', 'label']].values.astype('float32'))\ny = torch.tensor(df['id'].values, dtype=torch.float32)",
    "a column by a comparison": "df = pd.read_csv('people.csv')\ndf['sex'] = (df['sex'] == 'male').astype(int)\ndf['old'] = np.where(df['age'] > 30, 1, 0)\ndf['fare'] = np.where(df['fare'].isna(), 10.0, df['fare'])\ncols = ['sex', 'old', 'fare']\n" + PEOPLE_X,
    "columns renamed and dropped": "df = pd.read_csv('people.csv')\ndf = df.rename(columns={'id': 'number', 'label': 'out'})\ndel df['deck']\ndf.drop(['port', 'sex'], axis=1, inplace=True)\ndf = df.dropna()\ny = torch.tensor(df.pop('out').values, dtype=torch.float32)\nX = torch.tensor(df.values, dtype=torch.float32)",
    "rows kept by conditions": "df = pd.read_csv('people.csv')\ndf = df[df['age'].notnull()]\ndf = df[(df['age'] > 10) & (df['sex'] == 'female')]\ndf = df.reset_index(drop=True)\nX = torch.tensor(df[['age', 'id']].values, dtype=torch.float32)\ny = torch.tensor(df['label'].values, dtype=torch.float32)",
    "rows kept by isin and query": "df = pd.read_csv('people.csv')\ndf = df[df['port'].isin(['S', 'C'])]\ndf = df[~df['label'].isin([-1])]\nX = torch.tensor(df[['id', 'label']].values, dtype=torch.float32)\ny = torch.tensor(df['id'].values, dtype=torch.float32)",
    "rows without gaps in some columns": "df = pd.read_csv('people.csv')\ndf = df.dropna(subset=['age', 'port'])\nX = torch.tensor(df[['age', 'id']].values, dtype=torch.float32)\ny = torch.tensor(df['label'].values, dtype=torch.float32)",
    "rows sorted by a column": "df = pd.read_csv('people.csv')\ndf = df.sort_values('age', ascending=False).dropna(subset=['age'])\nX = torch.tensor(df[['age', 'id']].values, dtype=torch.float32)\ny = torch.tensor(df['label'].values, dtype=torch.float32)",
    "indicator columns beside the rest": "df = pd.read_csv('people.csv').drop('deck', axis=1)\nports = pd.get_dummies(df['port'], prefix='port')\ndf = pd.concat([df, ports], axis=1)\ndf = df.drop(['port', 'sex'], axis=1).fillna(0)\nX = torch.tensor(df.values.astype(np.float32))\ny = torch.tensor(df['label'].values, dtype=torch.float32)",
    "columns by type": "df = pd.read_csv('people.csv')\nnumeric = df.select_dtypes(include=['number']).fillna(-1)\nX = torch.tensor(numeric.values, dtype=torch.float32)\ny = torch.tensor(df['id'].values, dtype=torch.float32)",
    "skewed columns by logarithms": "df = pd.read_csv('people.csv').fillna(1)\ndf['fare'] = np.log1p(df['fare'])\ndf['age'] = df['age'] ** 2\ndf['both'] = df['fare'] * df['age']\ndf['id'] -= 1\ndf['id'] /= df['id'].max()\nX = torch.tensor(df[['fare', 'age', 'both', 'id']].values, dtype=torch.float32)\ny = torch.tensor(df['label'].values, dtype=torch.float32)",
    "a column clipped": "df = pd.read_csv('people.csv').fillna(1)\ndf['fare'] = df['fare'].clip(upper=50)\ndf['age'] = df['age'].clip(5, 40)\nX = torch.tensor(df[['fare', 'age']].values, dtype=torch.float32)\ny = torch.tensor(df['label'].values, dtype=torch.float32)",
    # Entries of an array that a script changes.
    "gaps and labels of an array": NUMBERS_HEAD + "X[np.isnan(X)] = 0\ny[y == -1] = 2" + NUMBERS_TAIL,
    "columns of an array": NUMBERS_HEAD + "X[:, 0] = X[:, 0] * 10\nX[:, 1:] = np.nan_to_num(X[:, 1:]) - 1" + NUMBERS_TAIL,
    "a column of gaps by its mean": NUMBERS_HEAD + "for j in range(3):\n    col = X[:, j]\n    X[:, j] = np.where(np.isnan(col), np.nanmean(col), col)" + NUMBERS_TAIL,
    "entries in rows of a mask": NUMBERS_HEAD + "X = np.nan_to_num(X)\nX[y > 0, 1] = 9\nX[y < 0] = 7\ny[[0, 2]] = 5" + NUMBERS_TAIL,
    "deviations of zero": NUMBERS_HEAD + "X = np.nan_to_num(X)\nX[:, 2] = 4\nmu, sigma = X.mean(0), X.std(0)\nsigma[sigma == 0] = 1.0\nX = (X - mu) / sigma" + NUMBERS_TAIL,
    "one-hot rows by indices": "from sklearn.datasets import load_iris\niris = load_iris()\ny = np.zeros((len(iris.target), 3))\ny[np.arange(len(iris.target)), iris.target] = 1\nX = torch.tensor(iris.data, dtype=torch.float32)\ny = torch.tensor(y, dtype=torch.float32)",
    "one-hot rows by an identity matrix": "from sklearn.datasets import load_wine\nwine = load_wine()\ny = torch.tensor(np.eye(3)[wine.target], dtype=torch.float32)\nX = torch.tensor(wine.data, dtype=torch.float32)",
    "one-hot rows by scatter": "from sklearn.datasets import load_iris\niris = load_iris()\nt = torch.tensor(iris.target)\ny = torch.zeros(len(t), 3)\ny.scatter_(1, t.unsqueeze(1), 1)\nX = torch.tensor(iris.data, dtype=torch.float32)",
    "classes of a spiral filled in blocks": "N, D, K = 40, 2, 3\nX = np.zeros((N * K, D))\ny = np.zeros(N * K, dtype='uint8')\nfor j in range(K):\n    ix = range(N * j, N * (j + 1))\n    r = np.linspace(0.0, 1, N)\n    t = np.linspace(j * 4, (j + 1) * 4, N)\n    X[ix] = np.c_[r * np.sin(t), r * np.cos(t)]\n    y[ix] = j\nX = torch.from_numpy(X).float()\ny = torch.from_numpy(y).float()",
    "rows filled one by one": "n = 300\nt = np.linspace(0, 2, n)\nX = np.zeros((n, 2))\ny = np.zeros(n)\nfor i in range(n):\n    X[i, 0] = t[i]\n    X[i, 1] = t[i] ** 2\n    y[i] = np.sin(t[i]) + 0.5\nX = torch.tensor(X, dtype=torch.float32)\ny = torch.tensor(y, dtype=torch.float32)",
    "blocks of rows filled one by one": "import math\nN, C = 200, 2\nX = torch.zeros(N * C, 2)\ny = torch.zeros(N * C)\nfor c in range(C):\n    index = 0\n    t = torch.linspace(0, 1, N)\n    v = torch.linspace(c, 2 + c, N)\n    for ix in range(N * c, N * (c + 1)):\n        X[ix] = t[index] * torch.FloatTensor((math.sin(v[index]), math.cos(v[index])))\n        y[ix] = c\n        index += 1",
    "half of the rows marked": "X = torch.linspace(-1, 1, 40).reshape(20, 2)\ny = torch.zeros(20)\ny[10:] = 1\nX[:5] += 2\nX[:, 1] *= -1",
    "a copy that is changed": "X = np.linspace(0, 1, 12).reshape(6, 2)\nclean = X.copy()\nX[2] = 50\nX[:, 1] = 0\ny = torch.tensor(X.sum(1), dtype=torch.float32)\nX = torch.tensor(clean, dtype=torch.float32)",
    "rows within quantiles": "df = pd.read_csv('people.csv').fillna(5)\nlow, high = df['fare'].quantile(0.25), df['fare'].quantile(0.9)\ndf = df[df['fare'] < high + 0.5 * (high - low)]\ndf = df[df['fare'] >= low]\nX = torch.tensor(df[['fare', 'id']].values, dtype=torch.float32)\ny = torch.tensor(df['label'].values, dtype=torch.float32)",
    "intervals of a column": "df = pd.read_csv('people.csv').dropna(subset=['age'])\ndf['age'] = pd.cut(df['age'], bins=[0, 14, 30, 60], labels=[0, 1, 5]).astype(int)\ndf['fare'] = pd.cut(df['fare'].fillna(1), [0, 10, 30, 100], labels=False)\nX = torch.tensor(df[['age', 'fare']].values, dtype=torch.float32)\ny = torch.tensor(df['label'].values, dtype=torch.float32)",
    "letters of a column": "df = pd.read_csv('people.csv')\ndf['sex'] = df['sex'].str.upper().str.replace('FE', 'X').map({'MALE': 1, 'XMALE': 3})\nX = torch.tensor(df[['sex', 'id']].values, dtype=torch.float32)\ny = torch.tensor(df['label'].values, dtype=torch.float32)",
    "zeros that mean nothing": "df = pd.read_csv('numbers.csv').fillna(0)\ncols = ['b', 'target']\ndf[cols] = df[cols].replace(0, np.nan)\nfor c in cols:\n    df[c].fillna(df[c].mean(), inplace=True)\nX = torch.tensor(df[['a', 'b', 'c']].values, dtype=torch.float32)\ny = torch.tensor(df['target'].values, dtype=torch.float32)",
    "sorted rows with a gap cut out": "x = np.sort(np.cos(np.arange(30) * 7.0))\nkeep = np.ones(30, dtype=bool)\nkeep[10:18] = False\nx[::5] += 2.0\nX = torch.tensor(x[keep], dtype=torch.float32)[:, None]\ny = torch.tensor(x[keep] * 2, dtype=torch.float32)",
    "class numbers of single rows": "from torch.utils.data import Dataset, DataLoader\nfrom sklearn.datasets import load_iris\niris = load_iris()\nclass Rows(Dataset):\n    def __len__(self):\n        return 40\n    def __getitem__(self, i):\n        return torch.from_numpy(iris.data[i].astype(np.float32)), float(iris.target[i])\nX, y = next(iter(DataLoader(Rows(), batch_size=20)))\ny = y.float()",
    # Files and how they are read.
    "separators, commas and words for gaps": "df = pd.read_csv('semicolons.csv', sep=';', decimal=',', comment='#', na_values=['?'])\ndf = df.fillna(0)\nX = torch.tensor(df[['x', 'y', 'z']].values, dtype=torch.float32)\ny = torch.tensor((df['kind'] == 'red').values, dtype=torch.float32)",
    "names in place of a header": "df = pd.read_csv('numbers.csv', header=0, names=['p', 'q', 'r', 's'], index_col=False).fillna(0)\nX = torch.tensor(df[['p', 'r']].values, dtype=torch.float32)\ny = torch.tensor(df['s'].values, dtype=torch.float32)",
    "an index column and skipped rows": "df = pd.read_csv('people.csv', index_col='id', usecols=['id', 'age', 'label', 'fare'], nrows=6).fillna(0)\nX = torch.tensor(df[['age', 'fare']].values, dtype=torch.float32)\ny = torch.tensor(df['label'].values, dtype=torch.float32)",
    "white space and chosen columns": "d = np.loadtxt('text.txt', usecols=(0, 2))\nX = torch.from_numpy(d).float()\ny = torch.tensor(np.loadtxt('text.txt', usecols=1, skiprows=0), dtype=torch.float32)",
    "columns unpacked": "a, b, c = np.loadtxt('text.txt', unpack=True)\nX = torch.tensor(np.stack([a, b], axis=1), dtype=torch.float32)\ny = torch.tensor(c, dtype=torch.float32)",
    "columns chosen by genfromtxt": "d = np.genfromtxt('numbers.csv', delimiter=',', skip_header=1, usecols=(0, 3), max_rows=4)\nX = torch.tensor(d, dtype=torch.float32)\ny = torch.tensor(d[:, 1], dtype=torch.float32)",
    # Splits without chance.
    "folds in order": "from sklearn.datasets import load_iris\nfrom sklearn.model_selection import KFold\niris = load_iris()\nkf = KFold(n_splits=4)\ntrain, test = next(kf.split(iris.data))\nX = torch.tensor(iris.data[train], dtype=torch.float32)\ny = torch.tensor(iris.target[train], dtype=torch.float32)",
    "folds by class in order": "from sklearn.datasets import load_wine\nfrom sklearn.model_selection import StratifiedKFold\nwine = load_wine()\nfor train, test in StratifiedKFold(n_splits=5).split(wine.data, wine.target):\n    break\nX = torch.tensor(wine.data[train], dtype=torch.float32)\ny = torch.tensor(wine.target[train], dtype=torch.float32)",
    "a share from the front": "from sklearn.datasets import load_diabetes\nfrom sklearn.model_selection import train_test_split\nd = load_diabetes()\na, b, c, e = train_test_split(d.data, d.target, test_size=0.3, shuffle=False)\na, v, c, w = train_test_split(a, c, test_size=50, shuffle=False)\nX = torch.tensor(a, dtype=torch.float32)\ny = torch.tensor(c, dtype=torch.float32)",
    # Rows of a dataset class of the script.
    "a dataset that takes rows of a table": "from torch.utils.data import Dataset, DataLoader\nclass Rows(Dataset):\n    def __init__(self, path):\n        self.df = pd.read_csv(path).fillna(0)\n    def __len__(self):\n        return len(self.df)\n    def __getitem__(self, i):\n        row = self.df.iloc[i]\n        x = torch.tensor([row['a'], row['b'] * 2, row['c']], dtype=torch.float32)\n        return x, torch.tensor(row['target'], dtype=torch.float32)\nX, y = next(iter(DataLoader(Rows('numbers.csv'), batch_size=6)))",
    "a dataset that slices rows of a table": "from torch.utils.data import Dataset, DataLoader\nclass Rows(Dataset):\n    def __init__(self, path):\n        self.df = pd.read_csv(path).fillna(0)\n    def __len__(self):\n        return self.df.shape[0]\n    def __getitem__(self, i):\n        x = self.df.iloc[i, 0:3].values.astype('float32')\n        y = self.df.iloc[i, -1]\n        return torch.from_numpy(x), torch.tensor(y).float()\nX, y = next(iter(DataLoader(Rows('numbers.csv'), batch_size=6)))",
    "a dataset with transforms of its samples": "from torch.utils.data import Dataset, DataLoader\nclass ToTensor:\n    def __call__(self, sample):\n        a, b = sample['a'], sample['b']\n        return {'a': torch.from_numpy(a), 'b': torch.tensor(b)}\nclass Scale:\n    def __init__(self, k):\n        self.k = k\n    def __call__(self, sample):\n        return {'a': sample['a'] * self.k, 'b': sample['b']}\nclass Rows(Dataset):\n    def __init__(self, path, transform=None):\n        self.data = np.genfromtxt(path, delimiter=',', skip_header=1, dtype=np.float32)\n        self.data = np.nan_to_num(self.data)\n        self.transform = transform\n    def __len__(self):\n        return len(self.data)\n    def __getitem__(self, i):\n        sample = {'a': self.data[i, :3], 'b': self.data[i, 3]}\n        if self.transform:\n            sample = self.transform(sample)\n        return sample\nfrom torchvision import transforms\nds = Rows('numbers.csv', transforms.Compose([Scale(3), ToTensor()]))\nbatch = next(iter(DataLoader(ds, batch_size=6)))\nX, y = batch['a'], batch['b']",
    "a dataset with a collate function": "from torch.utils.data import Dataset, DataLoader, TensorDataset\nd = np.nan_to_num(np.genfromtxt('numbers.csv', delimiter=',', skip_header=1, dtype=np.float32))\ndef collate(batch):\n    xs, ys = zip(*batch)\n    return torch.stack(xs), torch.stack(ys)\nds = TensorDataset(torch.from_numpy(d[:, :3]), torch.from_numpy(d[:, 3]))\nX, y = next(iter(DataLoader(ds, batch_size=6, collate_fn=collate)))",
    "a dataset with a list collated by a comprehension": "from torch.utils.data import Dataset, DataLoader\nd = np.nan_to_num(np.genfromtxt('numbers.csv', delimiter=',', skip_header=1, dtype=np.float32))\nclass Pairs(Dataset):\n    def __len__(self):\n        return len(d)\n    def __getitem__(self, i):\n        return d[i, :3], d[i, 3]\ndef collate(samples):\n    return torch.tensor(np.array([s[0] for s in samples])), torch.tensor([s[1] for s in samples])\nX, y = next(iter(DataLoader(Pairs(), batch_size=6, collate_fn=collate)))",
}


def numbers(x):
    """The first numbers, and a sum in which each has a weight of its own place."""
    flat = np.asarray(x, dtype=np.float64).reshape(-1)
    weights = 1 + np.arange(len(flat)) % 7
    return {"shape": list(x.shape), "first": [float(v) for v in flat[:30]], "weighted": float((flat * weights).sum())}


def main():
    made = {}
    folder = tempfile.mkdtemp()
    files = {"people.csv": PEOPLE, "numbers.csv": NUMBERS, "semicolons.csv": SEMICOLONS, "text.txt": TEXT}
    for name, text in files.items():
        with open(os.path.join(folder, name), "w") as out:
            out.write(text)
    here = os.path.dirname(os.path.abspath(__file__))
    os.chdir(folder)
    for name, code in CASES.items():
        scope = {"np": np, "pd": pd, "torch": torch}
        exec(code, scope)
        made[name] = {"code": code, "x": numbers(scope["X"]), "y": numbers(scope["y"])}
    with open(os.path.join(here, "data_changes.json"), "w") as out:
        json.dump({"files": files, "cases": made}, out)
        out.write("\n")


main()
