"""Sessions kept between runs: in the keyring, or in a file readable by its owner alone when they chose that.

A session belongs to one origin. The state file says at which origins a session is kept, where, and for whom,
so the keyring is not touched for any other. What is kept is the pair of session tokens, never a password.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from vshell.errors import Failed, NotAllowed
from vshell.state import keyring_store, paths, private_files, state_file
from vshell.state.credentials import Credential

STORES = ("keyring", "file", "none")
"""Where ``login --store`` may keep a session; ``none`` is until the shell ends."""

WAYS_OUT = (
    "Unlock or start a keyring (gnome-keyring or KWallet), or keep the session in a file "
    "that only you can read: login --store file"
)


class KeyringAwayError(NotAllowed):
    """The session lies in a keyring that cannot be used; ``why`` says so in a few words."""

    def __init__(self, origin: str, why: str) -> None:
        super().__init__(
            f"Your session at {origin} lies in the keyring, which cannot be used: {why}.",
            "Unlock the keyring, give --token, or use: login --store file",
        )
        self.why = why


class StoredSession:
    """The session of one user at one origin, and where it lies."""

    def __init__(self, origin: str, username: str, store: str, environment: Mapping[str, str]) -> None:
        """``store`` is keyring or file."""
        self.origin = origin
        self.username = username
        self.store = store
        self._environment = environment

    @property
    def path(self) -> Path:
        """The file of the session, when it lies in one."""
        return paths.sessions_directory(self._environment) / quote(self.origin, safe="")

    def read(self) -> Credential | None:
        """Return the session, None when it is gone. Raises NotAllowed when it cannot be reached."""
        try:
            in_file = self.store == "file"
            text = private_files.read(self.path) if in_file else keyring_store.read(self._service, self.username)
        except private_files.NotPrivateError as trouble:
            raise NotAllowed(f"The session is not used: {trouble}", "Sign in again with: login") from None
        except keyring_store.NoKeyringError as trouble:
            raise KeyringAwayError(self.origin, str(trouble)) from None
        return self._credential(text)

    def write(self, credential: Credential) -> None:
        """Keep the session. Raises Failed when it cannot be kept."""
        text = json.dumps({"username": self.username, "access": credential.token, "refresh": credential.refresh})
        try:
            if self.store == "file":
                private_files.write(self.path, text)
            else:
                keyring_store.write(self._service, self.username, text)
        except keyring_store.NoKeyringError as trouble:
            raise no_keyring(trouble) from None
        except OSError as trouble:
            raise Failed(f"{self.path} could not be written: {trouble.strerror}.") from None
        facts = {"store": self.store, "username": self.username}
        if state_file.state(self._environment).get("sessions", {}).get(self.origin) != facts:
            state_file.remember(
                self._environment, lambda state: state.setdefault("sessions", {}).update({self.origin: facts})
            )

    def forget(self) -> None:
        """Remove the session. Raises Failed when the keyring does not let go of it."""
        state_file.remember(self._environment, lambda state: state.get("sessions", {}).pop(self.origin, None))
        try:
            if self.store == "file":
                self.path.unlink(missing_ok=True)
            else:
                keyring_store.remove(self._service, self.username)
        except (keyring_store.NoKeyringError, OSError) as trouble:
            raise Failed(f"The session could not be removed from where it lies: {trouble}.") from None

    def alone(self) -> ExitStack:
        """Hold off the user's other shells while the session is renewed."""
        held = ExitStack()
        with suppress(OSError):  # Without a writable state directory two renewals may meet; no more than that.
            held.enter_context(private_files.locked(paths.state_directory(self._environment) / "renewal.lock"))
        return held

    @property
    def _service(self) -> str:
        return f"vshell:{self.origin}"

    def _credential(self, text: str | None) -> Credential | None:
        try:
            pair = json.loads(text or "")
            credential = Credential(
                "the session in " + ("the keyring" if self.store == "keyring" else f"the file {self.path}"),
                self.username,
            )
            if pair["username"] != self.username:
                return None  # Somebody else has signed in since, in another shell.
            return replace(credential, token=pair["access"], refresh=pair["refresh"])
        except (ValueError, KeyError, TypeError):
            return None


def kept_at(origin: str, environment: Mapping[str, str]) -> StoredSession | None:
    """Return the session that the state file remembers for an origin, without looking for it."""
    facts = state_file.state(environment).get("sessions", {}).get(origin)
    if not isinstance(facts, dict) or facts.get("store") not in ("keyring", "file"):
        return None
    return StoredSession(origin, str(facts.get("username")), facts["store"], environment)


def no_keyring(trouble: keyring_store.NoKeyringError) -> Failed:
    """Return the one sentence for a machine without a usable keyring, and the two ways out."""
    return Failed(f"There is no keyring to keep the session in: {trouble}.", WAYS_OUT)
