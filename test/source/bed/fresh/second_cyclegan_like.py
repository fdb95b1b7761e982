import itertools
import torch
import torch.nn as nn

torch.manual_seed(0)
A = torch.randn(512, 2)
B = torch.randn(512, 2) @ torch.tensor([[0.5, 0.2], [0.1, 1.5]]) + torch.tensor([3.0, -1.0])

def G(): return nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 2))
def D(): return nn.Sequential(nn.Linear(2, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))

G_AB, G_BA, D_A, D_B = G(), G(), D(), D()
criterion_gan, criterion_cycle, criterion_id = nn.MSELoss(), nn.L1Loss(), nn.L1Loss()
lambda_cyc, lambda_id = 10.0, 5.0
n_epochs, decay_epoch, batch_size = 8, 4, 64
optimizer_G = torch.optim.Adam(itertools.chain(G_AB.parameters(), G_BA.parameters()), lr=2e-4, betas=(0.5, 0.999))
optimizer_D = torch.optim.Adam(list(D_A.parameters()) + list(D_B.parameters()), lr=2e-4, betas=(0.5, 0.999))
lr_scheduler_G = torch.optim.lr_scheduler.LambdaLR(optimizer_G, lr_lambda=lambda epoch: 1.0 - max(0, epoch - decay_epoch) / float(n_epochs - decay_epoch))

for epoch in range(n_epochs):
    for i in range(len(A) // batch_size):
        real_A, real_B = A[i * batch_size:(i + 1) * batch_size], B[i * batch_size:(i + 1) * batch_size]
        valid = torch.ones(real_A.size(0), 1)
        fake = torch.zeros(real_A.size(0), 1)
        optimizer_G.zero_grad()
        loss_id = (criterion_id(G_BA(real_A), real_A) + criterion_id(G_AB(real_B), real_B)) / 2
        fake_B, fake_A = G_AB(real_A), G_BA(real_B)
        loss_gan = (criterion_gan(D_B(fake_B), valid) + criterion_gan(D_A(fake_A), valid)) / 2
        loss_cycle = (criterion_cycle(G_BA(fake_B), real_A) + criterion_cycle(G_AB(fake_A), real_B)) / 2
        loss_G = loss_gan + lambda_cyc * loss_cycle + lambda_id * loss_id
        loss_G.backward()
        optimizer_G.step()

        optimizer_D.zero_grad()
        loss_DA = (criterion_gan(D_A(real_A), valid) + criterion_gan(D_A(fake_A.detach()), fake)) / 2
        loss_DB = (criterion_gan(D_B(real_B), valid) + criterion_gan(D_B(fake_B.detach()), fake)) / 2
        (loss_DA + loss_DB).backward()
        optimizer_D.step()
    lr_scheduler_G.step()
    print(epoch, loss_G.item())
