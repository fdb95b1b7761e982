"""Gives a script values in place of its command line."""

import argparse


def install(values):
    """Lets parsers of argparse take `values`, by the names under which scripts read them, where nothing else is given."""
    original = argparse.ArgumentParser.parse_known_args

    def parse(self, args=None, namespace=None):
        for action in self._actions:
            if action.dest in values:
                action.required, action.default = False, values[action.dest]
                if not action.option_strings:
                    action.nargs = "?"
        return original(self, args, namespace)

    argparse.ArgumentParser.parse_known_args = parse
