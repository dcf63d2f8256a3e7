"""One line as another person, or at another data centre: ``--token`` and ``--dc`` behind any command.

- The session's own server and credential are as they were when the line is done.
- A token goes to the server that ``--dc`` names, else to the one that it is of (``home_proof``), else to the session's.
  One that is known to be of another data centre than ``--dc`` names is shown to neither.
  A token of this very session goes to no other server because of ``--dc``: a credential belongs to its server.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

from vshell.client import connect, home_proof
from vshell.client.client import HttpClient, TargetFinder
from vshell.errors import Failed
from vshell.language.parsed_line import ParsedLine
from vshell.session import Session
from vshell.state import identity, servers, token_origins
from vshell.state.identity import Credential

SEEN = (
    "A token on the command line can be seen by everybody on this machine; "
    "give --token - and type it, --token @FILE, or set VSHELL_TOKEN."
)


@contextmanager
def acting_as(line: ParsedLine, session: Session) -> Iterator[None]:
    """Let the session be who and where the line says, for the length of a block. Raises ShellError."""
    before = session.client
    if before.is_dry_run:
        raise Failed("A line with --token or --dc cannot be tried together with others.", "Try it alone.")
    typed, dc = line.common.get("as_token"), line.common.get("dc")
    credential = None if typed is None else _read_credential(str(typed), session)
    server = _find_server(credential, None if dc is None else str(dc))
    # Without a token of its own it goes by what is stored for its server.
    options = connect.ConnectOptions(token=credential)
    environment = {name: value for name, value in os.environ.items() if name != "VSHELL_TOKEN"}
    finder = TargetFinder(
        lambda: before.target if server is None else connect.make_target(server),
        lambda target: connect.sign_target(target, options, environment, session.ask_secret),
    )
    with closing(HttpClient(finder, timeout=before.timeout)) as client, session.using(client):
        yield


def warn_if_seen(secret: str, session: Session) -> None:
    """Take a secret out of what others see of this process, and tell a person at a terminal that it was seen."""
    if not any(secret in argument for argument in sys.argv):
        return
    from vshell.terminal import process

    process.hide_argument(secret)
    if sys.stderr is not None and sys.stderr.isatty():
        session.out.note(SEEN)


def _read_credential(typed: str, session: Session) -> Credential:
    if typed == "-":
        return identity.parse_token(session.read_token(), "--token")
    credential = identity.read_token_argument(typed, sys.stdin)
    if not typed.startswith("@"):
        warn_if_seen(typed, session)
    return credential


def _find_server(credential: Credential | None, dc: str | None) -> servers.Server | None:
    """Return the server to go to, None for the session's own."""
    if dc is not None:
        token_origins.require_home((credential.token or "") if credential else "", dc, os.environ)
        return servers.find_by_dc(dc, os.environ)
    origin = home_proof.find_home(credential.token or "", os.environ) if credential else None
    return servers.find_at(origin, os.environ) if origin else None
