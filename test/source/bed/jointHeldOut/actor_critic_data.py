import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.distributions import Normal

batch = np.load('transitions.npz')
states = torch.tensor(batch['states'], dtype=torch.float32)
actions = torch.tensor(batch['actions'], dtype=torch.float32)
returns = torch.tensor(batch['returns'], dtype=torch.float32).view(-1, 1)
actor = nn.Sequential(nn.Linear(3, 64), nn.Tanh(), nn.Linear(64, 1))
critic = nn.Sequential(nn.Linear(3, 64), nn.Tanh(), nn.Linear(64, 1))
log_std = nn.Parameter(torch.zeros(1))
actor_optimizer = torch.optim.Adam(list(actor.parameters()) + [log_std], lr=3e-4)
critic_optimizer = torch.optim.Adam(critic.parameters(), lr=1e-3)
for it in range(500):
    value = critic(states)
    advantage = returns - value.detach()
    dist = Normal(actor(states), log_std.exp())
    log_prob = dist.log_prob(actions)
    actor_loss = -(log_prob * advantage).mean()
    actor_optimizer.zero_grad()
    actor_loss.backward()
    actor_optimizer.step()
    critic_loss = F.mse_loss(critic(states), returns)
    critic_optimizer.zero_grad()
    critic_loss.backward()
    critic_optimizer.step()
