from .events import Engine, Events
