"""A server that is only read: what ``--dry-run`` runs a command against."""

from collections.abc import Mapping

from vshell.client.client import HttpClient

LOOKING = ("/apitokens/verify/", "/v1/sys/capabilities", "/v1/sys/capabilities-self")
"""Paths that change nothing although something is sent to them: a secret must not stand in an address."""


class WouldSend(Exception):
    """The request that would have changed something; its text names the method and the path, not the body."""


class DryRunClient(HttpClient):
    """Asks the real server what may be asked, and stops at the first request that would change something."""

    rehearsed = True

    def __init__(self, real: HttpClient) -> None:
        super().__init__("")
        self._real = real

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        query: Mapping[str, object] | None = None,
        *,
        signed: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> object:
        """Return the real server's answer to what only looks; raises WouldSend for every other request."""
        if method != "GET" and path not in LOOKING:
            raise WouldSend(f"{method} {path} would be sent to the server")
        return self._real.request(method, path, body, query, signed=signed, headers=headers)
