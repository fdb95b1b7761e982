"""Keeps a script from changing its project while it is compared: what it writes there goes nowhere."""

import builtins
import io
import os
import shutil

import torch


def install(folders):
    """From now on nothing is written, made, renamed or removed under these folders by Python's own means.

    Libraries that write in C, and other programs that the script starts, are not reached.
    """
    roots = [os.path.realpath(folder) for folder in folders]

    def is_kept(path):
        if isinstance(path, int):
            return False
        try:
            place = os.path.realpath(os.fspath(path))
        except (TypeError, ValueError):
            return False
        place = os.fsdecode(place)
        return any(place == root or place.startswith(root.rstrip(os.sep) + os.sep) for root in roots)

    def opening(original):
        def open_file(file, mode="r", *args, **kwargs):
            if any(letter in mode for letter in "wax+") and is_kept(file):
                return original(os.devnull, mode.replace("x", "w").replace("a", "w"), *args, **kwargs)
            return original(file, mode, *args, **kwargs)
        return open_file

    def making(original):
        def make(path, *args, **kwargs):
            if not is_kept(path):
                return original(path, *args, **kwargs)
            if os.path.exists(path):
                raise FileExistsError(17, "File exists", str(path))
        return make

    def changing(original):
        def change(path, *args, **kwargs):
            return None if is_kept(path) or (args and is_kept(args[0])) else original(path, *args, **kwargs)
        return change

    def saving(original):
        def save(value, file, *args, **kwargs):
            return None if is_kept(file) else original(value, file, *args, **kwargs)
        return save

    builtins.open = io.open = opening(builtins.open)
    os.mkdir = making(os.mkdir)
    for name in ("remove", "unlink", "rmdir", "rename", "replace"):
        setattr(os, name, changing(getattr(os, name)))
    shutil.rmtree = changing(shutil.rmtree)
    torch.save = saving(torch.save)
