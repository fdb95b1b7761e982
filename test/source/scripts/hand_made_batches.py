import numpy as np, torch
data = np.loadtxt("auto-mpg.data", delimiter=",", skiprows=1, usecols=(0, 1, 2, 3))
np.random.shuffle(data)
n = int(0.8 * data.shape[0])
X, y = data[:, 1:], data[:, 0]
mu, sigma = X[:n].mean(axis=0), X[:n].std(axis=0)
X = (X - mu) / sigma
Xtr, ytr = torch.tensor(X[:n]).float(), torch.tensor(y[:n]).float()
Xte, yte = torch.tensor(X[n:]).float(), torch.tensor(y[n:]).float()
lin = torch.nn.Linear(3, 1)
opt = torch.optim.SGD(lin.parameters(), lr=0.01)
B = 32
for epoch in range(100):
    p = np.random.permutation(n)
    for b in range(n // B):
        sel = p[b * B:(b + 1) * B]
        loss = torch.nn.functional.mse_loss(lin(Xtr[sel]).squeeze(1), ytr[sel])
        opt.zero_grad(); loss.backward(); opt.step()
    with torch.no_grad():
        val = torch.nn.functional.mse_loss(lin(Xte).squeeze(), yte)
