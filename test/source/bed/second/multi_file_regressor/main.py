import logging
from pathlib import Path
import torch
import settings as S
from data_module import load_tables
from networks import REGISTRY
from loops import fit

logging.basicConfig(level=logging.INFO, format='%(asctime)s %(message)s')
log = logging.getLogger('regressor')


def make_optimizer(name, params, lr):
    if name == 'adam':
        return torch.optim.Adam(params, lr=lr)
    elif name == 'sgd':
        return torch.optim.SGD(params, lr=lr, momentum=S.MOMENTUM)
    raise ValueError(name)


if __name__ == '__main__':
    Path(S.OUT).mkdir(exist_ok=True, parents=True)
    train, valid = load_tables(S.FILE, S.TARGET, S.BATCH)
    net = REGISTRY[S.MODEL](S.N_IN)
    opt = make_optimizer(S.OPTIMIZER, net.parameters(), S.RATE)
    best = fit(net, opt, train, valid, epochs=S.EPOCHS, patience=S.PATIENCE, log=log)
    log.info('best %.4f', best)
