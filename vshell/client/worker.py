"""Further connections to the same server as the same person, one for each thread that asks at the same time."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from vshell.client.client import HttpClient
from vshell.client.target import Target

if TYPE_CHECKING:
    from vshell.client.responses import Answer


class WorkerClient(HttpClient):
    """A connection that finds the server and the credential where the ``whole`` one has them.

    A session is renewed by one twin at a time, in the whole; ``renewing`` is the lock of all twins.
    """

    def __init__(self, whole: HttpClient, renewing: threading.Lock) -> None:
        super().__init__("", read_seconds=whole.read_seconds)
        self._whole = whole
        self._renewing = renewing
        self._shown: object = None

    @property
    def place(self) -> Target:
        """The whole's server."""
        return self._whole.place

    @property
    def link(self) -> Target:
        """The whole's server and credential."""
        return self._whole.link

    def close(self) -> None:
        """Let go of the connection; a session opened for this run is the whole's to end."""
        self.let_go()

    def _send(
        self,
        method: str,
        path: str,
        body: object,
        query: Mapping[str, object] | None,
        headers: dict[str, str],
        *,
        signed: bool,
    ) -> Answer:
        self._shown = self._whole.credential if signed else None
        return super()._send(method, path, body, query, headers, signed=signed)

    def renew(self) -> bool:
        """Have the whole renew the session, unless another twin has done so meanwhile."""
        with self._renewing:
            if self._whole.credential is not self._shown:
                return True
            return self._whole.renew()
