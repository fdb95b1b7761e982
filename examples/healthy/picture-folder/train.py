"""Circles, squares and triangles in a folder of pictures, one folder for each class: a small convolutional net."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, random_split
from torchvision import datasets, transforms

torch.manual_seed(0)
transform = transforms.Compose([
    transforms.Grayscale(),
    transforms.Resize((16, 16)),
    transforms.ToTensor(),
    transforms.Normalize((0.15,), (0.3,)),
])
pictures = datasets.ImageFolder("../../data/shapes", transform=transform)
n_train = int(0.8 * len(pictures))
train_set, test_set = random_split(pictures, [n_train, len(pictures) - n_train])
train_loader = DataLoader(train_set, batch_size=16, shuffle=True)
test_loader = DataLoader(test_set, batch_size=24)


class ShapeNet(nn.Module):
    def __init__(self, n_classes):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 8, kernel_size=3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(8, 16, kernel_size=3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        )
        self.classifier = nn.Linear(16 * 4 * 4, n_classes)

    def forward(self, x):
        x = self.features(x)
        return self.classifier(torch.flatten(x, 1))


model = ShapeNet(len(pictures.classes))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)

for epoch in range(15):
    model.train()
    for images, labels in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()

    model.eval()
    right = 0
    with torch.no_grad():
        for images, labels in test_loader:
            right += (model(images).argmax(1) == labels).sum().item()
    print(f"epoch {epoch + 1}: accuracy {right / len(test_set):.2f}")
