import random
from collections import deque
import torch
import torch.nn as nn
import torch.optim as optim
import gym

env = gym.make('CartPole-v1')


class QNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Linear(64, 2))

    def forward(self, x):
        return self.fc(x)


q, q_target = QNet(), QNet()
q_target.load_state_dict(q.state_dict())
memory = deque(maxlen=10000)
optimizer = optim.Adam(q.parameters(), lr=5e-4)
gamma, batch_size = 0.98, 32


def train():
    for _ in range(10):
        batch = random.sample(memory, batch_size)
        s, a, r, s2, done = map(torch.tensor, zip(*batch))
        q_a = q(s.float()).gather(1, a.unsqueeze(1))
        with torch.no_grad():
            target = r + gamma * q_target(s2.float()).max(1)[0] * (1 - done)
        loss = nn.functional.smooth_l1_loss(q_a.squeeze(1), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


for n_epi in range(500):
    epsilon = max(0.01, 0.08 - 0.01 * (n_epi / 200))
    s = env.reset()
    done = False
    while not done:
        a = q(torch.tensor(s).float()).argmax().item() if random.random() > epsilon else random.randint(0, 1)
        s2, r, done, info = env.step(a)
        memory.append((s, a, r / 100.0, s2, float(done)))
        s = s2
        if done:
            break
    if len(memory) > 2000:
        train()
    if n_epi % 20 == 0:
        q_target.load_state_dict(q.state_dict())
