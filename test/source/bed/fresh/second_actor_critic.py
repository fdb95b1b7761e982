import numpy as np, random
from collections import deque
import torch, torch.nn as nn, torch.nn.functional as F

class LineWorld:
    """Walk to the right end of a line."""
    def __init__(self, n=8): self.n = n
    def reset(self):
        self.s, self.k = 0, 0
        return np.eye(self.n, dtype=np.float32)[self.s]
    def step(self, a):
        self.s = int(np.clip(self.s + (1 if a else -1), 0, self.n - 1)); self.k += 1
        done = self.s == self.n - 1 or self.k > 30
        return np.eye(self.n, dtype=np.float32)[self.s], float(self.s == self.n - 1), done

class QNet(nn.Module):
    def __init__(self, n_obs, n_act):
        super().__init__()
        self.fc1 = nn.Linear(n_obs, 64); self.fc2 = nn.Linear(64, n_act)
    def forward(self, x): return self.fc2(F.relu(self.fc1(x)))

env = LineWorld()
q, target = QNet(8, 2), QNet(8, 2)
target.load_state_dict(q.state_dict())
opt = torch.optim.Adam(q.parameters(), lr=5e-4)
buffer = deque(maxlen=5000)
eps, gamma, BATCH = 1.0, 0.98, 32
step = 0
for episode in range(20):
    s = env.reset(); done = False
    while not done:
        a = random.randrange(2) if random.random() < eps else q(torch.from_numpy(s)).argmax().item()
        s2, r, done = env.step(a)
        buffer.append((s, a, r, s2, float(done)))
        s = s2; step += 1
        if len(buffer) >= BATCH:
            batch = random.sample(buffer, BATCH)
            S, A, R, S2, Dn = map(lambda z: torch.tensor(np.array(z)), zip(*batch))
            qa = q(S).gather(1, A.view(-1, 1)).squeeze(1)
            with torch.no_grad():
                y = R.float() + gamma * (1 - Dn.float()) * target(S2).max(1)[0]
            loss = F.smooth_l1_loss(qa, y)
            opt.zero_grad(); loss.backward(); opt.step()
            if step % 50 == 0:
                target.load_state_dict(q.state_dict())
    eps = max(0.05, eps * 0.95)
