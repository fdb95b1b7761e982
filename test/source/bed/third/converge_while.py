import numpy as np
import torch

np.random.seed(3)
x_data = np.random.uniform(-1, 1, size=(200, 1)).astype('float32')
y_data = (2.5 * x_data - 0.7 + 0.1 * np.random.randn(200, 1)).astype('float32')

x = torch.from_numpy(x_data)
y = torch.from_numpy(y_data)

linear = torch.nn.Linear(1, 1)
mse = torch.nn.MSELoss()
sgd = torch.optim.SGD(linear.parameters(), lr=0.05)

eps = 1e-7
previous = float('inf')
step = 0
while True:
    out = linear(x)
    loss = mse(out, y)
    sgd.zero_grad()
    loss.backward()
    sgd.step()
    step += 1
    if abs(previous - loss.item()) < eps or step >= 5000:
        break
    previous = loss.item()

[w, b] = linear.parameters()
print(step, w.item(), b.item())
