"""Prints which Python this is and which PyTorch it has, as JSON: {"python", "torch"}; `torch` is null where there is none.

PyTorch itself is not loaded.
"""

import json
import platform
from importlib import metadata
from importlib.util import find_spec


def version():
    if find_spec("torch") is None:
        return None
    try:
        return metadata.version("torch")
    except metadata.PackageNotFoundError:
        return "of an unknown version"


if __name__ == "__main__":
    print(json.dumps({"python": platform.python_version(), "torch": version()}))
