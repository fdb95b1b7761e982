"""Rates in force at each step of scripts that tell their schedule how far training is: prints schedule_epochs.json (PyTorch 1.13)."""

import json
import warnings

warnings.filterwarnings("ignore")

HEAD = """import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset
x, y = torch.randn(40, 4), torch.randint(0, 3, (40,))
loader = DataLoader(TensorDataset(x, y), batch_size=16, shuffle=True)
model = nn.Linear(4, 3)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
"""

STEP = """        loss = F.cross_entropy(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        RATE()
        opt.step()
"""

CASES = {
    "epochs and the share of the present one, after the step": """sched = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=2, T_mult=2)
iters = len(loader)
for epoch in range(7):
    for i, (xb, yb) in enumerate(loader):
""" + STEP + """        sched.step(epoch + i / iters)
""",
    "epochs and the share of the present one, before the step": """sched = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, 3, eta_min=1e-3)
for epoch in range(7):
    for i, (xb, yb) in enumerate(loader):
        sched.step(epoch + i / len(loader))
""" + STEP,
    "the epoch, at its end": """sched = torch.optim.lr_scheduler.StepLR(opt, 2, gamma=0.5)
for epoch in range(7):
    for xb, yb in loader:
""" + STEP + """    sched.step(epoch)
""",
    "the epoch counted from one, at its end": """sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.9)
for epoch in range(1, 8):
    for xb, yb in loader:
""" + STEP + """    sched.step(epoch)
""",
    "the epoch, at its beginning": """sched = torch.optim.lr_scheduler.MultiStepLR(opt, [2, 5])
for epoch in range(7):
    sched.step(epoch)
    for xb, yb in loader:
""" + STEP,
}

cases = []
for name, body in CASES.items():
    rates = []
    held = {}
    held["RATE"] = lambda: rates.append(round(held["opt"].param_groups[0]["lr"], 9))
    exec(HEAD + body, held)
    text = "".join(line for line in (HEAD + body).splitlines(True) if "RATE()" not in line)
    cases.append({"name": name, "text": text, "rates": rates})
print(json.dumps({"cases": cases}))
