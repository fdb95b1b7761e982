"""Steps that PyTorch's own optimizers take away from a saddle, for escape.test.ts beside this folder: python3 escape.py > escape.json

One parameter x on the loss -x²/2, in double precision, from `start` until it is at `to`. `points`: after so many steps, where x is
and what the optimizer divides by there (null where it divides by nothing).
"""
import json

import torch

torch.set_default_dtype(torch.float64)
runs = []


def divisor(optimizer, x):
    state, group = optimizer.state[x], optimizer.param_groups[0]
    if 'exp_avg_sq' in state:
        beta2 = group['betas'][1]
        return (state['exp_avg_sq'] / (1 - beta2 ** float(state['step']))).sqrt().item() + group['eps']
    if 'square_avg' in state:
        spread = state['square_avg'] - (state['grad_avg'] ** 2 if group['centered'] else 0)
        return spread.sqrt().item() + group['eps']
    if 'sum' in state:
        return state['sum'].sqrt().item() + group['eps']
    if 'exp_inf' in state:
        return state['exp_inf'].item()
    return None


def walk(name, make, start, to):
    x = torch.tensor([start], requires_grad=True)
    optimizer = make([x])
    seen = []
    while x.item() < to and len(seen) < 20000:
        x.grad = -x.detach().clone()
        optimizer.step()
        seen.append((x.item(), divisor(optimizer, x)))
    at = sorted({4, 12, len(seen) // 4, len(seen) // 2})
    points = [{'steps': k, 'x': seen[k - 1][0], 'divisor': seen[k - 1][1]} for k in at if 3 < k < len(seen) - 5]
    group = {k: v for k, v in optimizer.param_groups[0].items() if isinstance(v, (int, float, bool))}
    if 'betas' in optimizer.param_groups[0]:
        group['beta1'], group['beta2'] = optimizer.param_groups[0]['betas']
    runs.append({'name': name, 'settings': group, 'start': start, 'to': to, 'steps': len(seen), 'points': points})


o = torch.optim
for start in (1e-4, 1e-2):
    walk('sgd', lambda p: o.SGD(p, lr=0.02), start, 0.5)
    walk('sgd', lambda p: o.SGD(p, lr=0.02, momentum=0.9), start, 0.5)
    walk('sgd', lambda p: o.SGD(p, lr=0.02, momentum=0.9, dampening=0.5), start, 0.5)
    walk('sgd', lambda p: o.SGD(p, lr=0.02, momentum=0.9, nesterov=True), start, 0.5)
    walk('adam', lambda p: o.Adam(p, lr=1e-3), start, 0.5)
    walk('adam', lambda p: o.Adam(p, lr=1e-2, betas=(0.8, 0.95)), start, 0.5)
    walk('adamw', lambda p: o.AdamW(p, lr=1e-3, weight_decay=0.01), start, 0.5)
    walk('rmsprop', lambda p: o.RMSprop(p, lr=1e-3), start, 0.5)
    walk('rmsprop', lambda p: o.RMSprop(p, lr=1e-3, centered=True), start, 0.5)
    walk('rmsprop', lambda p: o.RMSprop(p, lr=1e-4, momentum=0.9), start, 0.5)
    walk('adagrad', lambda p: o.Adagrad(p, lr=1e-2), start, 0.5)
    walk('adagrad', lambda p: o.Adagrad(p, lr=5e-2, lr_decay=1e-2), start, 0.5)
    walk('adamax', lambda p: o.Adamax(p, lr=2e-3), start, 0.5)
    walk('nadam', lambda p: o.NAdam(p, lr=2e-3), start, 0.5)
    walk('radam', lambda p: o.RAdam(p, lr=1e-3), start, 0.5)

print(json.dumps(runs))
