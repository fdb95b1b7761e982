"""Runs a training script in PyTorch for the steps of a trace and prints one JSON of how they went.

Standard input: one line of JSON, then the trace (npz) of `bytes` bytes; it stays open, and the run ends when it closes.
    {"bytes", "script": path, "text": its Python, "folder": to run in, "kept": folders that nothing is written under,
     "generated": bool, "double": bool, "images": folder or null, "given": values in place of the command line}

Standard output: what `recorded` tells, with the versions of Python and PyTorch, or {"error": {"kind", "text", "line"}}.
The script's own output goes nowhere. Nothing of the script runs after the last step, not even its handlers: the process ends there.
"""

import io
import json
import os
import platform
import sys
import threading
import traceback


def take_streams():
    """The real input and output; whatever else reads or prints from now on meets nothing."""
    channel, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(nothing, descriptor)
    return channel, out


def end_with(channel):
    """Ends this process when whoever started it is gone."""
    channel.read(1)
    os._exit(1)


def settle(out, answer):
    """Prints the answer and ends the process at once."""
    out.write(json.dumps(answer))
    out.flush()
    os._exit(0)


def line_of(error, script):
    """The last line of the script on the way to the error; None when it was not on it."""
    if isinstance(error, SyntaxError) and error.filename == script:
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == script]
    return lines[-1] if lines else None


def failure(kind, text, line=None):
    return {"error": {"kind": kind, "text": text, "line": line}}


def explained(error, script):
    """What to say of an exception that the script let through."""
    name = type(error).__name__
    if isinstance(error, SystemExit):
        return failure("script", f"the script ended itself with status {error.code}", line_of(error, script))
    kind = "data" if isinstance(error, FileNotFoundError) or "not found" in str(error).lower() and name == "RuntimeError" else "script"
    return failure(kind, f"{name}: {str(error).strip() or 'no message'}", line_of(error, script))


def prepare():
    """Before any library is loaded: no graphics card, no windows, no reports to a network, no compiled files."""
    os.environ.update(CUDA_VISIBLE_DEVICES="", MPLBACKEND="Agg", WANDB_MODE="disabled")
    sys.dont_write_bytecode = True


def replay(job, trace, out):
    """Runs the script; gives the answer when it ended before the trace's last step, else does not return."""
    import numpy as np
    import torch

    from descent_lens import command_line, patches, withhold
    from descent_lens.exchange import Exchange
    from descent_lens.record import recorded

    here = os.path.dirname(os.path.realpath(__file__))
    sys.path[:] = [folder for folder in sys.path if os.path.realpath(folder) != here]
    np.seterr(all="ignore")

    def answer(exchange):
        return {"torch": torch.__version__, "python": platform.python_version(), **recorded(exchange)}

    with np.load(io.BytesIO(trace)) as archive:
        arrays = dict(archive)
    exchange = Exchange(
        arrays,
        torch.float64 if job["double"] else torch.float32,
        job["generated"],
        lambda exchange: settle(out, answer(exchange)),
    )
    patches.install(job["images"])
    command_line.install(job["given"])
    withhold.install(job["kept"])
    os.chdir(job["folder"])
    try:
        patches.run(job["script"], exchange, job["text"])
    except (Exception, SystemExit, KeyboardInterrupt) as error:
        if not isinstance(error, SystemExit) or error.code:
            return explained(error, job["script"])
    if exchange.losses:
        return answer(exchange)
    return failure("optimizer", without_steps(exchange))


def without_steps(exchange):
    """Why the script took no step that could be compared."""
    wanted = f"{exchange.meta['optimizer']['kind']} over {len(exchange.trained)} tensors"
    if exchange.optimizer is not None:
        return f"the script ended without a step of its {wanted}"
    made = f"; it made {', '.join(exchange.others)}" if exchange.others else ""
    return f"the script made no optimizer {wanted} of the shapes that were read{made}"


def main():
    channel, out = take_streams()
    prepare()
    job = json.loads(channel.readline())
    trace = channel.read(job["bytes"])
    threading.Thread(target=end_with, args=(channel,), daemon=True).start()
    try:
        import numpy  # noqa: F401
        import torch  # noqa: F401
    except Exception as error:
        settle(out, failure("noTorch", f"{type(error).__name__}: {error}"))
    settle(out, replay(job, trace, out))


if __name__ == "__main__":
    main()
