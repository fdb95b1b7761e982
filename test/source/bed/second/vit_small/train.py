import torch
import torchvision
import torchvision.transforms as TF
from torch.utils.data import DataLoader
from tqdm import tqdm
from config import cfg
from vit import ViT


def warm(step):
    return min(1.0, (step + 1) / cfg['warmup'])


def main():
    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    ds = torchvision.datasets.CIFAR10('.', download=True, transform=TF.Compose([TF.ToTensor(), TF.Normalize(0.5, 0.5)]))
    dl = DataLoader(ds, batch_size=cfg['bs'], shuffle=True, num_workers=2)
    model = ViT(cfg['patch'], cfg['dim'], cfg['depth'], cfg['heads']).to(device)
    opt = torch.optim.AdamW(model.parameters(), lr=cfg['lr'], weight_decay=cfg['wd'], betas=(0.9, 0.95))
    sched = torch.optim.lr_scheduler.LambdaLR(opt, warm)
    ce = torch.nn.CrossEntropyLoss()
    model.train()
    for epoch in range(cfg['epochs']):
        bar = tqdm(dl, total=len(dl))
        for img, lab in bar:
            img, lab = img.to(device), lab.to(device)
            loss = ce(model(img), lab)
            opt.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.)
            opt.step()
            sched.step()
            bar.set_description(f'{epoch} {loss.item():.3f}')
    torch.save({'model': model.state_dict(), 'cfg': cfg}, 'vit.pt')


if __name__ == '__main__':
    main()
