from .convnet import ConvNet
from .mlp import MLP

_registry = {'convnet': ConvNet, 'mlp': MLP}


def build_model(name, **kwargs):
    if name not in _registry:
        raise ValueError(f'unknown model {name}')
    return _registry[name](**kwargs)
