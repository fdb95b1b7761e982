import torch
from tqdm.auto import tqdm


class Meter:
    def __init__(self):
        self.total, self.n = 0.0, 0

    def add(self, v, k=1):
        self.total += v * k
        self.n += k

    @property
    def mean(self):
        return self.total / max(self.n, 1)


def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    meter = Meter()
    pbar = tqdm(loader, desc="train", leave=False)
    for x, y in pbar:
        x, y = x.to(device, non_blocking=True), y.to(device, non_blocking=True)
        optimizer.zero_grad(set_to_none=True)
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        meter.add(loss.item(), x.size(0))
        pbar.set_postfix(loss=meter.mean)
    return meter.mean


@torch.no_grad()
def evaluate(model, loader, criterion, device):
    model.eval()
    meter, correct = Meter(), 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        out = model(x)
        meter.add(criterion(out, y).item(), x.size(0))
        correct += (out.argmax(1) == y).sum().item()
    return {"loss": meter.mean, "acc": correct / meter.n}
