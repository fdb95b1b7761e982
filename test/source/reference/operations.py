"""Scripts whose forward pass is one way of writing each, with the loss and its gradient at their start in PyTorch.

    python3 operations.py > operations.json

Each body stands in `forward(self, x)` with x of [6, 8] times the only parameter, 1.3, and leaves its result in `y`; the
lines before `|` stand in `__init__`. Results are weighted place by place, so that an element in another place is seen.
Made with PyTorch 1.13 in float64.
"""

import json
import sys

import torch

torch.set_default_dtype(torch.float64)

BODIES = """
y = x[:, 0]
y = x[:, -1:]
y = x[..., None]
y = x[:, None, :]
y = x[..., 2:6]
y = x[:, ::3]
y = x[2]
y = x[1:-1, 2]
y = x[:, [0, 3, 3]]
y = x[:, torch.tensor([7, 0])]
y = x.view(-1, 2, 4)[:, 1, :2]
y = torch.cat([x, x ** 2], dim=1)
y = torch.stack([x, -x], dim=1)
a, b = x.chunk(2, dim=1); y = a * torch.sigmoid(b)
a, b, c = x.split([2, 5, 1], dim=-1); y = torch.cat((c, a, b), 1)
a, b = x.split(4, 1); y = a - 2 * b
y = torch.stack(x.unbind(1)[::2], dim=0)
y = F.pad(x, (1, 2), value=0.5)
y = F.pad(x.view(-1, 1, 2, 4), (1, 1, 1, 0), mode='reflect')
y = x.flip(1) + x.roll(1, dims=1)
y = x.cumsum(dim=1)
y = torch.outer(x[0], x[1])
y = x.clamp(min=-0.5, max=0.7)
y = torch.where(x > 0.2, x, 0.1 * x)
y = x.masked_fill(x < 0, 0.25)
y = (x > 0).float() * x + (x <= 0) * 0.5
y = x.gather(1, torch.tensor([[1, 0]]).expand(x.size(0), -1))
y = x.index_select(1, torch.tensor([3, 1]))
y = x.max(dim=1)[0] + x.min(dim=1).values
values, places = x.topk(3, dim=1); y = values * (places + 1)
y = x.max() * x.min() * x
y = torch.maximum(x, torch.tanh(x) + 0.1)
y = x.argmax(dim=1, keepdim=True) * x
y = x.amax(dim=(0, 1), keepdim=True) * x
y = x.std(dim=1) + x.var(dim=1, unbiased=False)
y = x / x.norm(dim=1, keepdim=True)
y = F.normalize(x, dim=1)
y = F.cosine_similarity(x[:, :4], x[:, 4:], dim=1)
y = torch.cdist(x, x[:3] + 1)
y = F.pairwise_distance(x[:, :4], x[:, 4:])
y = torch.logsumexp(x, dim=1)
y = torch.einsum('bi,bj->bij', x, x[:, :3])
y = torch.einsum('...i,ij->...j', x, x.t()[:, :5])
y = torch.bmm(x.view(-1, 2, 4), x.view(-1, 4, 2))
q = x.view(-1, 2, 4); y = (q @ q.transpose(-2, -1) / math.sqrt(4)).softmax(-1) @ q
q = x.view(x.size(0), 2, 4); y = q.permute(0, 2, 1).reshape(x.size(0), -1)
y = x.reshape(x.shape[0] * 2, 4)
y = x.view(-1, 2, 4).movedim(1, 2).contiguous()
y = x.unsqueeze(1).expand(-1, 3, -1)
y = x.repeat(1, 2)
y = x.detach() * x
y = x ** 2 / (1 + torch.exp(-x)) - 2 ** x
y = torch.log1p(x ** 2) + torch.rsqrt(1 + x * x) + torch.erf(x) + torch.expm1(x)
y = x + torch.zeros(x.size(0), 1) + torch.ones_like(x)
y = torch.tril(x[:, :6]) + torch.triu(x[:, 2:], diagonal=1)
y = F.interpolate(x.view(-1, 1, 8), scale_factor=2, mode='nearest')
y = F.interpolate(x.view(-1, 1, 2, 4), size=(3, 5), mode='bilinear', align_corners=False)
y = F.pixel_shuffle(x.view(-1, 4, 1, 2), 2)
y = F.layer_norm(x, (8,)) + F.glu(x, dim=1).mean()
y = F.adaptive_max_pool1d(x.unsqueeze(1), 3).squeeze(1)
y = F.avg_pool1d(x.unsqueeze(1), 3, stride=2, padding=1, count_include_pad=False)
y = F.softplus(x, beta=2) + F.gelu(x) + F.silu(x)
y = (x % 1) * x
y = torch.lerp(x, x ** 2, 0.3)[:, :6] + torch.addmm(x[:, :6], x, x.t(), beta=0.5)
self.register_buffer('mask', torch.triu(torch.ones(8, 8), diagonal=1).bool()) | y = x.unsqueeze(1).masked_fill(self.mask, 0.5)
self.register_buffer('p', torch.arange(8).float().unsqueeze(0) / 8) | y = x + torch.sin(self.p)
self.norm = nn.LayerNorm(8, elementwise_affine=False) | y = self.norm(x)
self.norm = nn.InstanceNorm1d(2) | y = self.norm(x.view(-1, 2, 4))
self.up = nn.Upsample(scale_factor=2, mode='bilinear', align_corners=True) | y = self.up(x.view(-1, 1, 2, 4))
self.pad = nn.ReplicationPad1d((2, 1)) | y = self.pad(x.unsqueeze(1))
self.shape = nn.Unflatten(1, (2, 4)) | y = self.shape(x).flatten(1).view_as(x)
self.pool = nn.AvgPool1d(2, ceil_mode=True) | y = self.pool(x[:, :7].unsqueeze(1))
self.index = [i for i in range(8) if i % 3 == 0] | y = x[:, self.index]
y = torch.autograd.grad(torch.tanh(x).sum(), x, create_graph=True)[0] * x
u = torch.tanh(x[:, :1] * x[:, 1:2]); d = torch.autograd.grad(u, x, torch.ones_like(u), create_graph=True)[0]; y = torch.autograd.grad(d[:, 0].sum(), x, create_graph=True)[0] + d
y = torch.autograd.grad((x ** 3).sum(), x)[0] * x
g = torch.autograd.grad(outputs=torch.sigmoid(x @ x.t()), inputs=x, grad_outputs=torch.full((6, 6), 0.5), create_graph=True)[0]; y = (g.norm(2, dim=1) - 1) ** 2
y = torch.distributions.Normal(x, torch.exp(0.1 * x)).log_prob(x * 2 - 1)
y = F.softmax(x, dim=1)[torch.arange(6), torch.tensor([3, 0, 7, 1, 1, 2])]
s = x @ x.t(); s.fill_diagonal_(0.25); y = s
y = (x @ x.t()) * (1 - torch.eye(x.size(0))) + torch.zeros(x.size(0), x.size(0)).add_(2)
y = x.mul(0.5).exp_().add(x)
y = torch.cumprod(torch.linspace(0.9, 0.5, 8), dim=0)[torch.tensor([1, 7])] * x[:, :2] + torch.full_like(x[:, :2], 0.3)
"""

SCRIPT = """import math
import torch
import torch.nn as nn
import torch.nn.functional as F

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.full((1,), 1.3))
        {init}

    def forward(self, x):
        x = x * self.scale
        {body}
        return y * torch.linspace(1, 2, {count}).reshape({shape})

model = Net()
x = torch.linspace(-1, 1.3, 48).reshape(6, 8)
x = x * x * x - 0.4 * x
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for step in range(3):
    optimizer.zero_grad()
    loss = (model(x) ** 2).sum()
    loss.backward()
    optimizer.step()
"""


def reference(init, body):
    """The script, its first loss and gradient."""
    lines = body.strip().replace("; ", "\n        ")
    fill = {"init": init.strip() or "pass", "body": lines}
    probe = SCRIPT.format(**fill, count=1, shape="1").split("optimizer =")[0]
    names = {}
    exec(probe, names)
    shape = tuple(names["model"](names["x"]).shape)
    count = int(torch.Size(shape).numel())
    text = SCRIPT.format(**fill, count=count, shape=", ".join(map(str, shape)) or "1")
    names = {}
    exec(text.split("optimizer =")[0], names)
    loss = (names["model"](names["x"]) ** 2).sum()
    (gradient,) = torch.autograd.grad(loss, [names["model"].scale])
    return {"body": body.strip(), "text": text, "loss": float(f"{loss:.9g}"), "gradient": float(f"{gradient.item():.9g}")}


cases = []
for line in BODIES.strip().splitlines():
    init, _, body = line.rpartition(" | ")

    cases.append(reference(init, body))
stopped = "with torch.no_grad():\n            z = x * 3\n        y = x + z"
cases.append(reference("", stopped))
sys.stdout.write(json.dumps({"torch": torch.__version__, "cases": cases}, indent=1) + "\n")
