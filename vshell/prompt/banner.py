"""The login banner, which a server shows to whoever signs in (VAST "VMS Security Settings")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from vshell.completion.live_names import connect
from vshell.errors import ShellError

if TYPE_CHECKING:
    from vshell.client.target import Target

_PATH = "/vms/1/login_banner/"


def banner(link: Target) -> str:
    """Return the server's banner, "" where it has none or does not answer; this waits for the server."""
    connection = connect(link)
    try:
        answer = connection.request("GET", _PATH)
    except ShellError:
        return ""  # The toolbar tells how it stands with the server.
    finally:
        connection.close()
    if isinstance(answer, Mapping):
        answer = answer.get("login_banner")
    return answer.strip() if isinstance(answer, str) else ""
