import torch
from utils.misc import AverageMeter


def train_one_epoch(model, criterion, loader, optimizer, device, epoch, max_norm=5.0):
    model.train()
    losses = AverageMeter('loss')
    for step, (images, targets) in enumerate(loader):
        images = images.to(device, non_blocking=True)
        targets = targets.to(device, non_blocking=True)
        logits = model(images)
        loss = criterion(logits, targets)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        optimizer.step()
        losses.update(loss.item(), images.size(0))
    return {'loss': losses.avg}


@torch.no_grad()
def evaluate(model, loader, criterion, device):
    model.eval()
    right, seen = 0, 0
    for images, targets in loader:
        logits = model(images.to(device))
        right += (logits.argmax(-1).cpu() == targets).sum().item()
        seen += len(targets)
    return 100.0 * right / seen
