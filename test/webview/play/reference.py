"""Ways of torch.optim on ½(a x² + b y²): python3 test/webview/play/reference.py"""

import json
from pathlib import Path

import torch

curvature = torch.tensor([8.0, 0.5], dtype=torch.float64)
start = [0.3, -1.2]
optimizers = {
    "gd": lambda p: torch.optim.SGD(p, lr=0.1),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.02, alpha=0.95),
    "adam": lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.8, 0.99)),
}
ways = {}
for name, make in optimizers.items():
    place = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = make([place])
    way = [place.detach().tolist()]
    for _ in range(15):
        optimizer.zero_grad()
        loss = 0.5 * (curvature * place**2).sum()
        loss.backward()
        optimizer.step()
        way.append(place.detach().tolist())
    ways[name] = way
Path(__file__).with_name("reference.json").write_text(json.dumps({"curvature": curvature.tolist(), "ways": ways}) + "\n")
