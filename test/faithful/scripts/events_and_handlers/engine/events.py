from collections import defaultdict
from enum import Enum


class Events(Enum):
    EPOCH_COMPLETED = "epoch_completed"
    ITERATION_COMPLETED = "iteration_completed"


class Engine:
    def __init__(self, process_function):
        self._process = process_function
        self._handlers = defaultdict(list)
        self.epoch = 0
        self.iteration = 0
        self.output = None

    def on(self, event):
        def decorator(fn):
            self._handlers[event].append(fn)
            return fn
        return decorator

    def fire(self, event):
        for fn in self._handlers[event]:
            fn(self)

    def run(self, data, max_epochs):
        for _ in range(max_epochs):
            self.epoch += 1
            for batch in data:
                self.iteration += 1
                self.output = self._process(self, batch)
                self.fire(Events.ITERATION_COMPLETED)
            self.fire(Events.EPOCH_COMPLETED)
