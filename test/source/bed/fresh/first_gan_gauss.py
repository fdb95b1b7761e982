#!/usr/bin/env python
# Generative Adversarial Network on a ring of 8 gaussians
import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim
from torch.autograd import Variable

minibatch_size = 128
g_input_size = 8
d_learning_rate = 2e-4
g_learning_rate = 1e-4
optim_betas = (0.5, 0.999)
num_epochs = 400
print_interval = 100
d_steps = 2
g_steps = 1

def sample_real(n):
    k = np.random.randint(0, 8, size=n)
    centers = np.stack([np.cos(2 * np.pi * k / 8), np.sin(2 * np.pi * k / 8)], axis=1)
    return torch.FloatTensor(centers * 2 + 0.02 * np.random.randn(n, 2))

class Generator(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super(Generator, self).__init__()
        self.map1 = nn.Linear(input_size, hidden_size)
        self.map2 = nn.Linear(hidden_size, hidden_size)
        self.map3 = nn.Linear(hidden_size, output_size)
    def forward(self, x):
        x = torch.tanh(self.map1(x))
        x = torch.tanh(self.map2(x))
        return self.map3(x)

class Discriminator(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super(Discriminator, self).__init__()
        self.map1 = nn.Linear(input_size, hidden_size)
        self.map2 = nn.Linear(hidden_size, hidden_size)
        self.map3 = nn.Linear(hidden_size, output_size)
    def forward(self, x):
        x = nn.functional.leaky_relu(self.map1(x), 0.2)
        x = nn.functional.leaky_relu(self.map2(x), 0.2)
        return torch.sigmoid(self.map3(x))

G = Generator(g_input_size, 64, 2)
D = Discriminator(2, 64, 1)
criterion = nn.BCELoss()
d_optimizer = optim.Adam(D.parameters(), lr=d_learning_rate, betas=optim_betas)
g_optimizer = optim.Adam(G.parameters(), lr=g_learning_rate, betas=optim_betas)

for epoch in range(num_epochs):
    for d_index in range(d_steps):
        D.zero_grad()
        d_real_data = Variable(sample_real(minibatch_size))
        d_real_decision = D(d_real_data)
        d_real_error = criterion(d_real_decision, Variable(torch.ones(minibatch_size, 1)))
        d_real_error.backward()

        d_gen_input = Variable(torch.randn(minibatch_size, g_input_size))
        d_fake_data = G(d_gen_input).detach()
        d_fake_decision = D(d_fake_data)
        d_fake_error = criterion(d_fake_decision, Variable(torch.zeros(minibatch_size, 1)))
        d_fake_error.backward()
        d_optimizer.step()

    for g_index in range(g_steps):
        G.zero_grad()
        gen_input = Variable(torch.randn(minibatch_size, g_input_size))
        g_fake_data = G(gen_input)
        dg_fake_decision = D(g_fake_data)
        g_error = criterion(dg_fake_decision, Variable(torch.ones(minibatch_size, 1)))
        g_error.backward()
        g_optimizer.step()

    if epoch % print_interval == 0:
        print("%s: D: %s/%s G: %s" % (epoch, d_real_error.item(), d_fake_error.item(), g_error.item()))
