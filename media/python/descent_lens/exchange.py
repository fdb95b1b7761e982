"""What a trace holds, and the run of its script in PyTorch so far.

An `Exchange` records the loss of each step (the mean of what its batches go backward from), the norm of each gradient
before clipping, the rates and, at the end, the parameters. What is exchanged, and where (see patches.py):
- parameters: into the module whose state_dict has the trace's names (else into the optimizer's parameters, in order),
  when the optimizer is made and before each forward pass until its first step;
- rows: `train_test_split` and `random_split` give the trace's rows where the sizes agree;
- batches: the `DataLoader` over the training rows, and permutations and draws of row numbers of the script's own;
- dropout: `torch.nn.functional.dropout` and its relatives, where gradients are recorded;
- noise: `torch.randn_like`, `torch.rand_like`, and `torch.randn` and `torch.rand` inside a forward pass;
- data that the script draws at random: in place of the model's input and of the loss's target. All other data are the
  script's own, and how far they are from the trace's is recorded.

In float64 the script's data are rounded to float32 first, as the script itself would: only the arithmetic differs.
"""

import json
import types

import numpy as np
import torch

# Rounding of data preparation in another order: what the script's own data may differ by, relative to the largest value.
SAME_DATA = 1e-5


class Finished(BaseException):
    """Ends a script; not an Exception, so that a script's own handlers let it pass."""


def raise_finished(_):
    raise Finished


class Exchange:
    """A trace, and the run of its script in PyTorch so far."""

    def __init__(self, trace, dtype, generated, finished=raise_finished):
        """`finished` is called with the exchange after the trace's last step and does not return."""
        self.trace, self.dtype, self.generated, self.finished = trace, dtype, generated, finished
        self.meta = json.loads(str(trace["meta"]))
        self.trained = [name for group in self.meta["optimizer"]["groups"] for name in group["parameters"]]
        self.init = {key[5:]: trace[key] for key in trace if key.startswith("init/")}
        self.train_rows, self.validation_rows = trace["rows/train"], trace["rows/validation"]
        self.steps, self.part, self.calls = len(trace["loss"]), 0, 0
        self.batches = np.split(trace["batch/indices"], trace["batch/offsets"][1:-1])
        self.next_batch, self.rows, self.backwards, self.by_hand = 0, None, 0, {}
        self.modules, self.optimizer, self.root, self.parameters = [], None, None, {}
        self.pending, self.norms_of_step = 0.0, None
        self.compared = 0  # losses since the last backward pass
        self.again = False  # whether a closure is called once more within a step: the first call is the step's pass
        self.losses, self.rates, self.norms = [], [], {name: [] for name in self.trained}
        self.others = []  # optimizers that are not the trace's
        self.own_init, self.checks = {}, {"names": False, "x": None, "y": None, "substituted": [], "batches": True}

    # Parameters and optimizer

    def optimizer_made(self, optimizer):
        parameters = [p for group in optimizer.param_groups for p in group["params"]]
        shapes = [self.init[name].shape for name in self.trained]
        same = type(optimizer).__name__.lower() == self.meta["optimizer"]["kind"] and [tuple(p.shape) for p in parameters] == shapes
        if self.optimizer is not None or not same:
            self.others.append(f"{type(optimizer).__name__} over {len(parameters)} tensors")
            return
        self.optimizer, self.pending = optimizer, 0.0
        self.parameters = dict(zip(self.trained, parameters))
        # Of the modules that hold these parameters, the one whose state_dict has the trace's names; else the outermost.
        for module in self.modules:
            named = dict(module.named_parameters())
            if {id(p) for p in parameters} <= {id(p) for p in named.values()}:
                same = all(named.get(name) is p for name, p in self.parameters.items())
                if self.root is None or same:
                    self.root, self.checks["names"] = module, same
                if same:
                    break
        self.own_init = {name: summary(p) for name, p in self.parameters.items()}
        self.place_parameters()
        step = optimizer.step
        optimizer.step = types.MethodType(lambda _, *args, **kwargs: self.step(step, *args, **kwargs), optimizer)

    def place_parameters(self):
        state = self.root.state_dict(keep_vars=True) if self.root is not None else {}
        with torch.no_grad():
            for name, values in self.init.items():
                # Between the batches of one step running statistics go on from those before.
                if self.part > 0 and name not in self.parameters:
                    continue
                target = self.parameters.get(name, state.get(name))
                values = torch.tensor(values).to(self.dtype)
                # Not written again where it is there already: what was computed from it may wait for its backward pass.
                if target is not None and target.is_floating_point() and not torch.equal(target, values):
                    target.copy_(values)

    def step(self, step, closure=None, **kwargs):
        noted = self.note_pass() if closure is None else None

        def call():
            nonlocal noted
            result = closure()
            if noted is None:
                noted = self.note_pass()
            self.again = True
            return result

        result = step(**kwargs) if closure is None else step(call, **kwargs)
        loss, norms, rates = noted
        for name, norm in norms.items():
            self.norms[name].append(norm)
        self.losses.append(loss)
        self.rates.append(rates)
        self.again = False
        if len(self.losses) == self.steps:
            self.finished(self)
        return result

    def note_pass(self):
        """Loss, gradients' norms and rates of the passes since the last step."""
        self.before_clipping(list(self.parameters.values()))
        noted = self.pending / max(self.part, 1), self.norms_of_step, [group["lr"] for group in self.optimizer.param_groups]
        self.pending, self.norms_of_step, self.part = 0.0, None, 0
        return noted

    def before_clipping(self, parameters):
        """Notes the gradients' norms, once a step, when `parameters` are this optimizer's."""
        mine = {id(p) for p in self.parameters.values()}
        if self.norms_of_step is None and any(id(p) in mine for p in parameters):
            self.norms_of_step = {n: 0.0 if p.grad is None else float(p.grad.double().norm()) for n, p in self.parameters.items()}

    def backward(self, loss):
        self.compared = 0
        if self.again:
            self.calls = 0
            return
        self.pending += float(loss.detach().double().sum())
        self.part, self.calls, self.backwards = self.part + 1, 0, self.backwards + 1

    def take_numbers(self, count=None):
        """The numbers of the next random call of this batch; None when the trace has none of `count` there."""
        place = f"{len(self.losses)}.{self.part}" if self.part > 0 else f"{len(self.losses)}"
        numbers = self.trace.get(f"dropout/{self.calls}/{place}") if count is not None else self.trace[f"dropout/{self.calls}/{place}"]
        if numbers is None or (count is not None and numbers.size != count):
            return None
        self.calls += 1
        return torch.tensor(numbers)

    def final(self):
        state = dict(self.root.state_dict()) if self.root is not None else {}
        state.update(self.parameters)
        return {name: state[name].detach().double().numpy() for name in self.init if name in state}

    # Rows and batches

    def positions(self, count):
        """Where the trace's training and other rows stand among `count` rows that are split; None if they do not fit."""
        train = self.train_rows
        known = np.union1d(train, self.validation_rows)
        if len(known) == count:
            train = np.searchsorted(known, train)
            return train, np.searchsorted(known, self.validation_rows)
        if train.max() >= count:
            return None
        rest = self.validation_rows if len(self.validation_rows) else np.setdiff1d(np.arange(count), train)
        return train, rest

    def take_batch(self):
        """The next batch's rows; None when the trace has no more."""
        if self.next_batch == len(self.batches):
            return None
        self.rows = self.batches[self.next_batch]
        self.next_batch += 1
        return self.rows

    def take_epoch(self, count):
        """As many batches as hold `count` rows, one after the other; what the trace lacks is filled in."""
        rows, first = [], self.next_batch
        while len(rows) < count and self.next_batch < len(self.batches):
            rows.extend(self.take_batch())
        if first == self.next_batch:
            return None
        taken = self.batches[first:self.next_batch]
        self.rows, self.by_hand = None, {self.backwards + k: batch for k, batch in enumerate(taken)}
        return np.concatenate([rows, np.setdiff1d(np.arange(count), rows)]).astype(np.int64)[:count]

    # What the model and the loss receive

    def rows_of(self, letter, tensor):
        """The trace's numbers for a tensor of this batch."""
        expected = self.trace[letter]
        rows = self.by_hand.get(self.backwards, self.rows)
        if rows is None and tensor.numel() != expected.size and self.backwards < len(self.batches):
            # Batches that the script cuts by itself, in the order of the rows.
            rows = self.batches[self.backwards]
        return expected if rows is None else expected[rows]

    def receive_target(self, tensor):
        """Of several targets the one that the script's own is, else that of the loss's place among those of its size and kind."""
        letters = ["y", *sorted(key for key in self.trace if key.startswith("y/"))]
        place, self.compared = self.compared, self.compared + 1
        if len(letters) == 1:
            return self.receive("y", tensor)
        rows = {letter: self.rows_of(letter, tensor) for letter in letters}
        fitting = [letter for letter in letters if rows[letter].size == tensor.numel()
                   and (rows[letter].dtype.kind == "f") == tensor.is_floating_point()]
        same = [letter for letter in fitting if np.allclose(rows[letter].ravel(), tensor.detach().numpy().ravel(), rtol=0, atol=SAME_DATA)]
        placed = [letter for letter in fitting if letter == letters[min(place, len(letters) - 1)]]
        return self.receive((same or placed or fitting or letters)[0], tensor)

    def receive_lengths(self, lengths):
        """Lengths of sequences: as a target where the trace has such rows, else as the script has them. Equal ones are no rows."""
        if not isinstance(lengths, torch.Tensor) or lengths.min() == lengths.max():
            return lengths
        columns = [self.rows_of(key, lengths) for key in self.trace if key.startswith("y/")]
        known = any(rows.size == lengths.numel() and rows.dtype.kind != "f" for rows in columns)
        return self.receive_target(lengths) if known else lengths

    def receive(self, letter, tensor):
        """A tensor for the model or the loss: the script's own, noted how far it is from the trace's, or the trace's."""
        expected = self.rows_of(letter, tensor)
        check = letter.split("/")[0]  # further inputs count with the first
        if tensor.numel() == expected.size:
            wanted = torch.tensor(expected).reshape(tensor.shape)
            scale = float(wanted.double().abs().max()) or 1.0
            gap = float((tensor.detach().double() - wanted.double()).abs().max()) / scale
            if gap > SAME_DATA and self.generated:
                if check not in self.checks["substituted"]:
                    self.checks["substituted"].append(check)
                tensor = wanted.to(tensor.dtype)
            else:
                self.checks[check] = max(gap, self.checks[check] or 0.0)
        else:
            self.checks[check] = float("inf")
        return self.cast(tensor)

    def cast(self, value):
        """Rounded to float32, as the script's own data are, and then of the run's type; what is no float as it is."""
        return value.float().to(self.dtype) if isinstance(value, torch.Tensor) and value.is_floating_point() else value

    def promote(self, value):
        """Of the run's type, for parts of the script that the trace says nothing of."""
        return value.to(self.dtype) if isinstance(value, torch.Tensor) and value.is_floating_point() else value


def summary(parameter):
    """How the script itself initialised: constant or not, and the spread."""
    values = parameter.detach().double()
    return {"mean": float(values.mean()), "deviation": float(values.std(unbiased=False))}
