import os
import argparse
import torch
import torch.distributed as dist
import torch.nn as nn
from torch.nn.parallel import DistributedDataParallel as DDP
from torch.utils.data import DataLoader
from torch.utils.data.distributed import DistributedSampler
from torch.utils.tensorboard import SummaryWriter
import torchvision
import torchvision.transforms as T


def parse():
    ap = argparse.ArgumentParser()
    ap.add_argument("--local_rank", type=int, default=-1)
    ap.add_argument("--epochs", type=int, default=90)
    ap.add_argument("--base-lr", type=float, default=0.1)
    ap.add_argument("--batch", type=int, default=128)
    ap.add_argument("--log-dir", default="runs")
    return ap.parse_args()


def is_main():
    return not dist.is_initialized() or dist.get_rank() == 0


def main():
    args = parse()
    distributed = int(os.environ.get("WORLD_SIZE", 1)) > 1
    if distributed:
        dist.init_process_group("nccl")
        torch.cuda.set_device(args.local_rank)
    device = torch.device("cuda", args.local_rank) if distributed else torch.device("cpu")
    ds = torchvision.datasets.CIFAR100("data", train=True, download=is_main(), transform=T.Compose([T.RandomCrop(32, 4), T.ToTensor()]))
    sampler = DistributedSampler(ds) if distributed else None
    dl = DataLoader(ds, args.batch, shuffle=(sampler is None), sampler=sampler, num_workers=8, pin_memory=True, drop_last=True)
    model = torchvision.models.resnet18(num_classes=100)
    model.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
    model.maxpool = nn.Identity()
    model.to(device)
    if distributed:
        model = DDP(model, device_ids=[args.local_rank])
    crit = nn.CrossEntropyLoss().to(device)
    decay, no_decay = [], []
    for name, p in model.named_parameters():
        if p.ndim <= 1 or name.endswith(".bias"):
            no_decay.append(p)
        else:
            decay.append(p)
    opt = torch.optim.SGD([{"params": decay, "weight_decay": 5e-4}, {"params": no_decay, "weight_decay": 0.0}], lr=args.base_lr, momentum=0.9)
    sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=args.base_lr, epochs=args.epochs, steps_per_epoch=len(dl))
    writer = SummaryWriter(args.log_dir) if is_main() else None
    step = 0
    for ep in range(args.epochs):
        if sampler is not None:
            sampler.set_epoch(ep)
        model.train()
        for x, y in dl:
            x, y = x.to(device), y.to(device)
            loss = crit(model(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            sched.step()
            if writer is not None and step % 50 == 0:
                writer.add_scalar("loss", loss.item(), step)
                writer.add_scalar("lr", sched.get_last_lr()[0], step)
            step += 1


if __name__ == "__main__":
    main()
