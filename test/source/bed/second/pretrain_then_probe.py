import torch
import torch.nn as nn
import torchvision.models as M
from torchvision import datasets, transforms

tf = transforms.Compose([transforms.Grayscale(3), transforms.Resize(64), transforms.ToTensor()])
ds = datasets.FashionMNIST('data', download=True, transform=tf)
dl = torch.utils.data.DataLoader(ds, batch_size=64, shuffle=True)
backbone = M.mobilenet_v2(weights=None)
backbone.classifier[1] = nn.Linear(backbone.last_channel, 10)
opt = torch.optim.SGD(backbone.parameters(), lr=0.02, momentum=0.9, weight_decay=1e-4)
crit = nn.CrossEntropyLoss()
for epoch in range(3):
    backbone.train()
    for i, batch in enumerate(dl):
        img, lab = batch
        opt.zero_grad()
        out = backbone(img)
        loss = crit(out, lab)
        loss.backward()
        opt.step()
        if i % 50 == 0:
            print(epoch, i, loss.item())
