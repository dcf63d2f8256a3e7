"""The server that requests go to, how it is trusted, and who we are there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vshell.state import trust

if TYPE_CHECKING:
    from vshell.state.credentials import Credential
    from vshell.state.stored_secrets import StoredSession


@dataclass(frozen=True, slots=True)
class Target:
    """A server and who we are to it; on its own host ``token_file`` holds the local administrator's token.

    ``session_store`` is where a renewed session is stored. ``revival`` tells what to do when the server does not
    answer, where that is not the usual. ``project`` is the one of the directory, which goes with every request.
    """

    url: str
    credential: Credential | None = None
    trust: trust.Trust = trust.MACHINE
    session_store: StoredSession | None = None
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


class TargetFinder:
    """The target of one or more clients, found when it is first needed, by whichever thread needs it first.

    ``found`` is the signed target as far as it has been found by now; ``renewing`` is held while its session is
    renewed.
    """

    def __init__(self, find: Callable[[], Target], sign: Callable[[Target], Target] = lambda target: target) -> None:
        """``find`` returns the server, ``sign`` adds the credential to it; both may raise ShellError."""
        self._find, self._sign = find, sign
        self._target: Target | None = None
        self._lock = threading.RLock()
        self.found: Target | None = None
        self.renewing = threading.Lock()

    @property
    def target(self) -> Target:
        """The server, found without looking for a credential; raises ShellError when there is none."""
        with self._lock:
            if self._target is None:
                self._target = self._find()
            return self._target

    @property
    def signed_target(self) -> Target:
        """The server and the credential; finding them may raise ShellError."""
        with self._lock:
            if self.found is None:
                self.found = self._sign(self.target)
            return self.found

    def use(self, credential: Credential | None, session_store: StoredSession | None = None) -> None:
        """Go on with another credential."""
        self.found = replace(self.target, credential=credential, session_store=session_store)

    def set_project(self, project: str | None) -> None:
        """Go on for another project, or for none."""
        with self._lock:
            find = self._find
            self._find = lambda: replace(find(), project=project)
            self._target = self._target and replace(self._target, project=project)
            self.found = self.found and replace(self.found, project=project)

    def move(self, find: Callable[[], Target], sign: Callable[[Target], Target]) -> None:
        """Go on at another server."""
        with self._lock:
            self._find, self._sign, self._target, self.found = find, sign, None, None
