"""A server as a shell knows it: where it is, how it is believed, and who we are there."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from vshell.state import trust
from vshell.state.credentials import Credential


class SessionStore(Protocol):
    """Where a session is kept between runs, so that a renewed one is not lost."""

    def read(self) -> Credential | None:
        """Return the session as it is kept now."""

    def write(self, credential: Credential) -> None:
        """Keep the renewed session."""

    def alone(self) -> AbstractContextManager[object]:
        """Hold off every other shell of this user that would renew the same session."""


@dataclass(frozen=True, slots=True)
class Target:
    """A server and who we are to it; on its own host ``token_file`` holds the local administrator's token.

    ``revival`` tells what to do when it does not answer, where that is not the usual. ``project`` is the one of the
    directory, which goes with every request.
    """

    url: str
    credential: Credential | None = None
    trust: trust.Trust = trust.MACHINE
    keeper: SessionStore | None = None
    token_file: str | None = None
    revival: str | None = None
    project: str | None = None

    @property
    def identity(self) -> object:
        """What tells one person at one server from another; a renewed session is the same person."""
        credential = self.credential
        if credential is None:
            return self.url
        token = None if credential.refresh else credential.token
        return self.url, credential.source, credential.username, token
