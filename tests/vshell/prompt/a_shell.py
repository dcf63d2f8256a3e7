"""A shell at a prompt, for tests: ``python -m tests.vshell.prompt.a_shell URL TOKEN [small]``.

With ``small`` its commands are those of ``tests.vshell.small``.
"""

import os
import sys

import vshell.commands  # noqa: F401 (declares them)
from tests.vshell import small
from vshell.client.client import HttpClient
from vshell.output import Output
from vshell.prompt.loop import converse
from vshell.registry.tree import REGISTRY
from vshell.session import Session
from vshell.state.identity import Credential
from vshell.state.settings import Settings


def main(url: str, token: str, commands: str = "") -> int:
    """Talk until the person leaves."""
    registry = small.REGISTRY if commands == "small" else REGISTRY
    api = HttpClient.at(url, Credential("the test", token=token))
    session = Session(api, Output(sys.stdout, sys.stderr), Settings(), interactive=True, confirm=_confirm)
    return converse(lambda: session, registry=registry, environment=os.environ)


def _confirm(question: str) -> bool:
    return input(f"{question} [y/N] ") == "y"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
