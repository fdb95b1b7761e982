"""Character codes that scripts prepare from a text, as Python gives them: prints characters.json.

`code` is read by the reader; `check` makes the rows X and targets Y in Python, where it is not the same.
"""

import json
import os
import tempfile

TEXT = "Hello World, said the Cat.\nHow now, brown cow?\r\n\"Ça va\", dit-elle. Zebra zoo!\n"

CASES = {
    "windows appended in a loop": {
        "code": """raw = open('text.txt', encoding='utf-8').read().lower()
chars = sorted(list(set(raw)))
char_to_int = dict((c, i) for i, c in enumerate(chars))
n_vocab = len(chars)
X, Y = [], []
for i in range(0, len(raw) - 6, 1):
    seq_in = raw[i:i + 6]
    seq_out = raw[i + 6]
    X.append([char_to_int[char] for char in seq_in])
    Y.append(char_to_int[seq_out])
""",
        "rows": "X, Y = torch.tensor(X), torch.tensor(Y)",
    },
    "random windows of an encoded text": {
        "code": """with open('text.txt', 'r', encoding='utf-8') as f:
    text = f.read()
chars = sorted(list(set(text)))
n_vocab = len(chars)
stoi = {ch: i for i, ch in enumerate(chars)}
itos = {i: ch for i, ch in enumerate(chars)}
encode = lambda s: [stoi[c] for c in s]
data = torch.tensor(encode(text), dtype=torch.long)
train_data = data[:int(0.9 * len(data))]
block = 5
""",
        "batch": """    ix = torch.randint(len(train_data) - block, (4,))
    X = torch.stack([train_data[i:i + block] for i in ix])
    Y = torch.stack([train_data[i + 1:i + block + 1] for i in ix])[:, -1]
""",
        "check": """X = [train_data[i:i + block].tolist() for i in range(len(train_data) - block)]
Y = [train_data[i + 1:i + block + 1].tolist() for i in range(len(train_data) - block)]
""",
    },
    "places counted from one, through a dictionary of characters": {
        "code": """text = open('text.txt').read()
int2char = dict(enumerate(sorted(set(text))))
char2int = {ch: ii + 1 for ii, ch in int2char.items()}
n_vocab = len(char2int) + 1
codes = np.array([char2int[ch] for ch in text])
X = []
Y = []
for k in range(len(codes) - 3):
    X.append(codes[k:k + 3])
    Y.append(codes[k + 3])
""",
        "rows": "X, Y = torch.tensor(np.array(X)), torch.tensor(np.array(Y))",
    },
}

folder = tempfile.mkdtemp()
os.chdir(folder)
with open("text.txt", "w", encoding="utf-8", newline="") as f:
    f.write(TEXT)

results = {}
for name, case in CASES.items():
    held = {}
    exec("import numpy as np\nimport torch\n" + case["code"] + case.get("check", "") , held)
    as_list = lambda rows: [row if isinstance(row, (int, list)) else row.tolist() for row in rows]
    results[name] = {
        "code": case["code"] + case.get("rows", ""),
        "batch": case.get("batch", ""),
        "X": as_list(held["X"]),
        "Y": as_list(held["Y"]),
        "vocabulary": held["n_vocab"],
    }
print(json.dumps({"text": TEXT, "cases": results}))
