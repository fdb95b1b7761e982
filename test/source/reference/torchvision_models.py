"""Names, shapes and numbers of the parameters of torchvision's models, for torchvision_models.json beside it.

Run with torchvision 0.14: python3 torchvision_models.py > torchvision_models.json
"""

import hashlib
import json

from torchvision import models

names = "resnet18 resnet34 resnet50 resnet101 resnet152 vgg11 vgg11_bn vgg13 vgg16 vgg16_bn vgg19 vgg19_bn mobilenet_v2 alexnet"
reference = {}
for name in names.split():
    quick = {"init_weights": False} if name.startswith("vgg") else {}
    model = getattr(models, name)(**quick)
    lines = sorted(f"{key} {','.join(map(str, p.shape))}" for key, p in model.named_parameters())
    reference[name] = {
        "parameters": sum(p.numel() for p in model.parameters()),
        "tensors": len(lines),
        "md5": hashlib.md5("\n".join(lines).encode()).hexdigest(),
    }
print(json.dumps(reference, indent=1))
