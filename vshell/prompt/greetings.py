"""Greetings: the banner that a server shows at a sign-in, and the welcome to a server of one's own.

The banner is VAST's, "VMS Security Settings". The welcome is shown once, where a server is started for the first time
on this machine.
"""

from collections.abc import Mapping
from contextlib import closing, suppress

from vshell.client.client import Target
from vshell.errors import ShellError
from vshell.state import paths, state_file

WELCOME = """\
Welcome. This server is your own.
Three lines to try:

  manager create --username ann
  apitoken create --owner ann
  apitoken list

"tutorial" walks you through them,
"help" lists everything, Tab completes."""


def read_banner(target: Target) -> str:
    """Return the server's banner, "" where it has none or does not answer; this waits for the server."""
    from vshell.completion.live_names import connect  # and with it much that a welcome needs not

    answer: object = ""
    with suppress(ShellError), closing(connect(target)) as connection:  # The toolbar tells how the server is.
        answer = connection.request("GET", "/vms/1/login_banner/")
    if isinstance(answer, Mapping):
        answer = answer.get("login_banner")
    return answer.strip() if isinstance(answer, str) else ""


def first_greeting(environment: Mapping[str, str]) -> str | None:
    """Return the greeting, once: None when it was shown, or lines were typed here before."""
    state = paths.state_directory(environment)
    if state_file.read_state(environment).get("greeted") or (state / "history").exists():
        return None
    with suppress(ShellError):  # Where nothing can be remembered, they are greeted again.
        state_file.change_state(environment, lambda facts: facts.update(greeted=True))
    return WELCOME
