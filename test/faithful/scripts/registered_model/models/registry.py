MODELS = {}


def register_model(name):
    def decorator(cls):
        if name in MODELS:
            raise ValueError(f"{name} is registered already")
        MODELS[name] = cls
        return cls

    return decorator


def build_model(name, **settings):
    if name not in MODELS:
        raise KeyError(f"unknown model {name}; there are {list(MODELS)}")
    return MODELS[name](**settings)
