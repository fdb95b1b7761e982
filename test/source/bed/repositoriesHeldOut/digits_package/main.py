import argparse
import logging
import os

import torch
from torch import nn, optim

from data import get_loaders
from net import build_model
from trainer import train_one_epoch, evaluate

log = logging.getLogger("train")


def parse_args(argv=None):
    p = argparse.ArgumentParser(formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    p.add_argument("--model", choices=["mlp", "cnn"], default="cnn")
    p.add_argument("--optimizer", choices=["sgd", "adam"], default="sgd")
    p.add_argument("--lr", type=float, default=5e-2)
    p.add_argument("--momentum", type=float, default=0.9)
    p.add_argument("--weight-decay", type=float, default=5e-4)
    p.add_argument("--milestones", type=int, nargs="+", default=[10, 15])
    p.add_argument("--epochs", type=int, default=20)
    p.add_argument("--batch-size", type=int, default=64)
    p.add_argument("--width", type=int, default=16)
    p.add_argument("--device", type=str, default="cuda:0" if torch.cuda.is_available() else "cpu")
    p.add_argument("--output", type=str, default="checkpoints")
    return p.parse_args(argv)


def main():
    args = parse_args()
    logging.basicConfig(level=logging.INFO)
    torch.manual_seed(0)
    device = torch.device(args.device)
    train_loader, val_loader, meta = get_loaders(args.batch_size)
    model = build_model(args.model, width=args.width, num_classes=meta["classes"]).to(device)
    n_params = sum(p.numel() for p in model.parameters() if p.requires_grad)
    log.info("parameters: %d", n_params)
    if args.optimizer == "sgd":
        optimizer = optim.SGD(model.parameters(), lr=args.lr, momentum=args.momentum, weight_decay=args.weight_decay)
    elif args.optimizer == "adam":
        optimizer = optim.Adam(model.parameters(), lr=args.lr, weight_decay=args.weight_decay)
    else:
        raise ValueError(args.optimizer)
    scheduler = optim.lr_scheduler.MultiStepLR(optimizer, milestones=args.milestones, gamma=0.1)
    criterion = nn.CrossEntropyLoss(label_smoothing=0.05)
    best = 0.0
    for epoch in range(args.epochs):
        tr = train_one_epoch(model, train_loader, criterion, optimizer, device)
        va = evaluate(model, val_loader, criterion, device)
        scheduler.step()
        log.info("%d train %.4f val %.4f acc %.3f lr %.4g", epoch, tr, va["loss"], va["acc"], scheduler.get_last_lr()[0])
        if va["acc"] > best:
            best = va["acc"]
            os.makedirs(args.output, exist_ok=True)
            torch.save(model.state_dict(), os.path.join(args.output, "best.pt"))


if __name__ == "__main__":
    main()
