import copy
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch.utils.data import TensorDataset, DataLoader

torch.manual_seed(0)
digits = load_digits()
X_train, X_test, y_train, y_test = train_test_split(digits.data / 16.0, digits.target, test_size=0.25, random_state=0)
train_ds = TensorDataset(torch.tensor(X_train, dtype=torch.float32), torch.tensor(y_train))
loader = DataLoader(train_ds, batch_size=64, shuffle=True)


class Student(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))

    def forward(self, x):
        return self.net(x)


def update_ema_variables(model, ema_model, alpha, global_step):
    # Use the true average until the exponential average is more correct
    alpha = min(1 - 1 / (global_step + 1), alpha)
    for ema_param, param in zip(ema_model.parameters(), model.parameters()):
        ema_param.data.mul_(alpha).add_(param.data, alpha=1 - alpha)


student = Student()
teacher = copy.deepcopy(student)
for p in teacher.parameters():
    p.detach_()

optimizer = torch.optim.SGD(student.parameters(), lr=0.05, momentum=0.9)
global_step = 0
for epoch in range(20):
    for x, y in loader:
        logits = student(x)
        with torch.no_grad():
            target = teacher(x + 0.05 * torch.randn_like(x))
        loss = F.cross_entropy(logits, y) + 0.5 * F.mse_loss(F.softmax(logits, 1), F.softmax(target, 1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        global_step += 1
        update_ema_variables(student, teacher, 0.99, global_step)
    teacher.eval()
    with torch.no_grad():
        acc = (teacher(torch.tensor(X_test, dtype=torch.float32)).argmax(1) == torch.tensor(y_test)).float().mean()
    print(epoch, acc.item())
