from torch import nn

from .registry import register_model

ACTIVATIONS = {"relu": nn.ReLU, "gelu": nn.GELU}


@register_model("linear")
class LinearModel(nn.Module):
    def __init__(self, inputs, classes, **unused):
        super().__init__()
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        return self.fc(x)


@register_model("mlp")
class MLP(nn.Module):
    def __init__(self, inputs, classes, hidden, act="relu", dropout=0.0):
        super().__init__()
        sizes = [inputs, *hidden]
        layers = []
        for before, after in zip(sizes[:-1], sizes[1:]):
            layers += [nn.Linear(before, after), nn.LayerNorm(after), ACTIVATIONS[act]()]
            if dropout > 0:
                layers.append(nn.Dropout(dropout))
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(sizes[-1], classes)

    def forward(self, x):
        return self.head(self.body(x))
