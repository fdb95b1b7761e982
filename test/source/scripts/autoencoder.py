import torch, torch.nn as nn
class AE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(784, 128), nn.ReLU(True), nn.Linear(128, 3))
        self.decoder = nn.Sequential(nn.Linear(3, 128), nn.ReLU(True), nn.Linear(128, 784), nn.Tanh())
    def forward(self, x):
        z = self.encoder(x)
        return self.decoder(z), z
from torchvision import datasets, transforms
loader = torch.utils.data.DataLoader(datasets.MNIST('mnist', transform=transforms.Compose([transforms.ToTensor(), transforms.Lambda(lambda t: t.view(-1))])), 128, shuffle=True)
model = AE().cuda()
opt = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-5)
scaler = torch.cuda.amp.GradScaler()
for epoch in range(20):
    for img, _ in loader:
        img = img.cuda()
        with torch.cuda.amp.autocast():
            out, z = model(img)
            loss = nn.MSELoss()(out, img)
        opt.zero_grad()
        scaler.scale(loss).backward()
        scaler.step(opt)
        scaler.update()
