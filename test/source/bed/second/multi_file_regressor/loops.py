import copy
import torch
from torch.nn.functional import huber_loss


def fit(net, opt, train, valid, epochs, patience, log):
    best, since, state = float('inf'), 0, None
    for epoch in range(epochs):
        net.train()
        for x, y in train:
            opt.zero_grad(set_to_none=True)
            loss = huber_loss(net(x), y)
            loss.backward()
            opt.step()
        net.eval()
        with torch.inference_mode():
            val = torch.stack([huber_loss(net(x), y) for x, y in valid]).mean().item()
        log.info('%d %.4f', epoch, val)
        if val < best - 1e-4:
            best, since, state = val, 0, copy.deepcopy(net.state_dict())
        else:
            since += 1
        if since > patience:
            break
    net.load_state_dict(state)
    return best
