from .registry import MODELS, build_model
from . import mlp

__all__ = ["MODELS", "build_model"]
