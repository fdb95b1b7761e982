import argparse
import logging
import os
import random

import numpy as np
import torch
import torch.optim as optim

from engine import train_one_epoch, evaluate
from models import build_model
from data.loader import get_loaders
from utils.misc import AverageMeter, save_checkpoint, set_seed

logger = logging.getLogger(__name__)


def get_args():
    p = argparse.ArgumentParser('training')
    p.add_argument('--model', default='convnet', choices=['convnet', 'mlp'])
    p.add_argument('--data-path', default='./data', type=str)
    p.add_argument('--batch-size', default=128, type=int)
    p.add_argument('--epochs', default=30, type=int)
    p.add_argument('--lr', default=5e-2, type=float)
    p.add_argument('--momentum', default=0.9, type=float)
    p.add_argument('--weight-decay', default=5e-4, type=float)
    p.add_argument('--milestones', default=[15, 25], nargs='+', type=int)
    p.add_argument('--output-dir', default='out')
    p.add_argument('--resume', default='')
    p.add_argument('--seed', default=0, type=int)
    p.add_argument('--eval', action='store_true')
    return p


def main(args):
    logging.basicConfig(level=logging.INFO)
    set_seed(args.seed)
    device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
    train_loader, test_loader = get_loaders(args)
    model = build_model(args.model, num_classes=10)
    model.to(device)
    n_parameters = sum(p.numel() for p in model.parameters() if p.requires_grad)
    logger.info('number of params: %d', n_parameters)
    criterion = torch.nn.CrossEntropyLoss(label_smoothing=0.1)
    optimizer = optim.SGD(model.parameters(), lr=args.lr, momentum=args.momentum, weight_decay=args.weight_decay, nesterov=True)
    scheduler = optim.lr_scheduler.MultiStepLR(optimizer, milestones=args.milestones, gamma=0.1)
    start_epoch = 0
    if args.resume:
        checkpoint = torch.load(args.resume, map_location='cpu')
        model.load_state_dict(checkpoint['model'])
        optimizer.load_state_dict(checkpoint['optimizer'])
        start_epoch = checkpoint['epoch'] + 1
    if args.eval:
        print(evaluate(model, test_loader, criterion, device))
        return
    best = 0.0
    for epoch in range(start_epoch, args.epochs):
        stats = train_one_epoch(model, criterion, train_loader, optimizer, device, epoch)
        scheduler.step()
        acc = evaluate(model, test_loader, criterion, device)
        is_best = acc > best
        best = max(acc, best)
        save_checkpoint({'model': model.state_dict(), 'optimizer': optimizer.state_dict(), 'epoch': epoch}, is_best, args.output_dir)
        logger.info('epoch %d loss %.4f acc %.2f', epoch, stats['loss'], acc)


if __name__ == '__main__':
    args = get_args().parse_args()
    if args.output_dir:
        os.makedirs(args.output_dir, exist_ok=True)
    main(args)
