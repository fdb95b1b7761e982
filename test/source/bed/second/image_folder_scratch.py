import os
from PIL import Image
import torch
import torch.nn as nn
from torch.utils.data import Dataset, DataLoader
from torchvision import transforms


class Leaves(Dataset):
    def __init__(self, root, tf=None):
        self.items = []
        self.classes = sorted(os.listdir(root))
        for k, name in enumerate(self.classes):
            for fn in os.listdir(os.path.join(root, name)):
                self.items.append((os.path.join(root, name, fn), k))
        self.tf = tf

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        path, k = self.items[i]
        img = Image.open(path).convert('RGB')
        if self.tf:
            img = self.tf(img)
        return img, k


tf = transforms.Compose([transforms.Resize((64, 64)), transforms.ToTensor()])
ds = Leaves('leaves', tf)
dl = DataLoader(ds, 32, shuffle=True)
net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.MaxPool2d(4), nn.Flatten(), nn.Linear(8 * 15 * 15, len(ds.classes)))
opt = torch.optim.SGD(net.parameters(), lr=0.01)
for e in range(10):
    for img, k in dl:
        opt.zero_grad()
        nn.functional.cross_entropy(net(img), k).backward()
        opt.step()
