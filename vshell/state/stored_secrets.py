"""Secrets stored between runs: sessions and API tokens, in the keyring or in files with mode 0600.

Rules:

- A secret belongs to one origin and is never sent to another. The state file says at which origins one is stored,
  where, and for whom, so the keyring is not touched for any other.
- A file is used by explicit choice only. A session has one of its own; what is stored is the pair of its tokens, never
  a password. The file of ``auth set-token`` is the one that Vigo documents, ``~/.config/vigo/token``: there is one of
  it, so it belongs to the server that it was written for last.

Source: Vigo, "auth set-token".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from vshell.errors import Failed, NotAllowed
from vshell.state import keyring_store, paths, private_files, state_file
from vshell.state.identity import Credential

STORES = ("keyring", "file")

UNLOCK = "Unlock or start a keyring (gnome-keyring or KWallet), or keep"
WAYS_OUT = f"{UNLOCK} the session in a file that only you can read: login --store file"


class KeyringAwayError(NotAllowed):
    """The session lies in a keyring that cannot be used; ``why`` says so in a few words."""

    def __init__(self, origin: str, why: str) -> None:
        super().__init__(
            f"Your session at {origin} lies in the keyring, which cannot be used: {why}.",
            "Unlock the keyring, give --token, or use: login --store file",
        )
        self.why = why


class StoredSecret:
    """The secret of one account at one origin; ``store`` is keyring or file."""

    noun: str
    table: str
    """Where the state file says what is stored, by origin."""
    not_private: tuple[str, str]
    """What is said of a file that others could read, and the next step."""
    ways_out: str

    def __init__(
        self, origin: str, store: str, environment: Mapping[str, str], path: Path, service: str, account: str
    ) -> None:
        """``path`` is its file, when it lies in one; ``service`` and ``account`` are what the keyring calls it."""
        self.origin = origin
        self.store = store
        self.path = path
        self._environment = environment
        self._service, self._account = service, account

    def forget(self) -> None:
        """Remove the secret. Raises Failed when the keyring does not let go of it."""
        state_file.change_state(self._environment, lambda state: state.get(self.table, {}).pop(self.origin, None))
        try:
            if self.store == "file":
                self.path.unlink(missing_ok=True)
            else:
                keyring_store.remove(self._service, self._account)
        except (keyring_store.NoKeyringError, OSError) as error:
            raise Failed(f"The {self.noun} could not be removed from where it lies: {error}.") from None

    @classmethod
    def no_keyring(cls, error: keyring_store.NoKeyringError) -> Failed:
        """Return the one sentence for a machine without a usable keyring, and the two ways out."""
        return Failed(f"There is no keyring to keep the {cls.noun} in: {error}.", cls.ways_out)

    def _keyring_away(self, why: str) -> NotAllowed:
        raise NotImplementedError

    def _read(self) -> str | None:
        try:
            in_file = self.store == "file"
            return private_files.read(self.path) if in_file else keyring_store.read(self._service, self._account)
        except private_files.NotPrivateError as error:
            sentence, hint = self.not_private
            raise NotAllowed(f"{sentence}: {error}", hint) from None
        except keyring_store.NoKeyringError as error:
            raise self._keyring_away(str(error)) from None

    def _write(self, text: str) -> None:
        try:
            if self.store == "file":
                private_files.write(self.path, text)
            else:
                keyring_store.write(self._service, self._account, text)
        except keyring_store.NoKeyringError as error:
            raise self.no_keyring(error) from None
        except OSError as error:
            raise self._not_written(error) from None

    def _not_written(self, error: OSError) -> Failed:
        return Failed(f"{self.path} could not be written: {error.strerror}.")

    def _note(self, facts: Mapping[str, object]) -> None:
        """Note in the state file where the secret lies."""
        if state_file.read_state(self._environment).get(self.table, {}).get(self.origin) != facts:
            state_file.change_state(
                self._environment, lambda state: state.setdefault(self.table, {}).update({self.origin: dict(facts)})
            )


class StoredSession(StoredSecret):
    """The session of one user at one origin."""

    noun, table, ways_out = "session", "sessions", WAYS_OUT
    not_private = "The session is not used", "Sign in again with: login"

    def __init__(self, origin: str, username: str, store: str, environment: Mapping[str, str]) -> None:
        path = paths.sessions_directory(environment) / quote(origin, safe="")
        super().__init__(origin, store, environment, path, f"vshell:{origin}", username)
        self.username = username

    def read(self) -> Credential | None:
        """Return the session, None when it is gone. Raises NotAllowed when it cannot be reached."""
        source = "the session in " + ("the keyring" if self.store == "keyring" else f"the file {self.path}")
        text = self._read()
        try:
            pair = json.loads(text or "")
            if pair["username"] != self.username:
                return None  # Another user has signed in since, in another shell.
            return Credential(source, self.username, token=pair["access"], refresh=pair["refresh"])
        except (ValueError, KeyError, TypeError):
            return None

    def write(self, credential: Credential) -> None:
        """Store the session. Raises Failed when it cannot be stored."""
        self._write(json.dumps({"username": self.username, "access": credential.token, "refresh": credential.refresh}))
        self._note({"store": self.store, "username": self.username})

    def alone(self) -> ExitStack:
        """Hold off the user's other shells while the session is renewed."""
        held = ExitStack()
        with suppress(OSError):  # Without a writable state directory two renewals may meet; no more than that.
            held.enter_context(private_files.hold_lock(paths.state_directory(self._environment) / "renewal.lock"))
        return held

    def _keyring_away(self, why: str) -> NotAllowed:
        return KeyringAwayError(self.origin, why)


class StoredToken(StoredSecret):
    """The API token for one origin; ``known`` is what the server said of it, and when."""

    noun, table = "token", "tokens"
    not_private = "The stored token is not used", "Store it anew: auth set-token"
    ways_out = f"{UNLOCK} it in a file that only you can read: auth set-token --file"

    def __init__(
        self, origin: str, store: str, environment: Mapping[str, str], known: Mapping[str, Any] | None = None
    ) -> None:
        path = paths.vigo_token_file(environment)
        super().__init__(origin, store, environment, path, f"vshell-token:{origin}", "token")
        self.known: Mapping[str, Any] = known or {}

    @property
    def place(self) -> str:
        """Where it lies, in words that finish a sentence."""
        return "in your keyring" if self.store == "keyring" else f"in the file {self.path}"

    def read(self) -> Credential | None:
        """Return the token as a credential, None when it is gone. Raises NotAllowed when it cannot be reached."""
        text = (self._read() or "").strip()
        return Credential(f"the token {self.place}", token=text) if text else None

    def write(self, token: str) -> None:
        """Store the token, instead of any other for this origin. Raises Failed when it cannot be stored."""
        try:
            with private_files.hold_lock(paths.state_directory(self._environment) / "token.lock"):
                if self.store == "file":
                    # At no moment, whatever breaks off, may the state say that this file is another server's.
                    state_file.change_state(self._environment, _leave_file)
                self._write(token + "\n" if self.store == "file" else token)
                before = find_token(self.origin, self._environment)
                if before is not None and before.store != self.store:
                    before.forget()
                self.remember(self.known)
        except OSError as error:
            raise self._not_written(error) from None

    def remember(self, known: Mapping[str, Any]) -> None:
        """Note where the token lies, and what the server said of it."""
        self.known = known
        self._note({"store": self.store, "known": dict(known)})

    def _keyring_away(self, why: str) -> NotAllowed:
        return NotAllowed(
            f"Your token for {self.origin} lies in the keyring, which cannot be used: {why}.",
            "Unlock the keyring, give --token, or use: auth set-token --file",
        )


def find_session(origin: str, environment: Mapping[str, str]) -> StoredSession | None:
    """Return the session that the state file names for an origin, without looking for it."""
    facts = state_file.read_state(environment).get("sessions", {}).get(origin)
    if not isinstance(facts, dict) or facts.get("store") not in STORES:
        return None
    return StoredSession(origin, str(facts.get("username")), facts["store"], environment)


def find_token(origin: str, environment: Mapping[str, str]) -> StoredToken | None:
    """Return the token that the state file names for an origin, without looking for it."""
    facts = state_file.read_state(environment).get("tokens", {}).get(origin)
    if not isinstance(facts, dict) or facts.get("store") not in STORES:
        return None
    known = facts.get("known")
    return StoredToken(origin, facts["store"], environment, known if isinstance(known, dict) else None)


def _leave_file(state: dict[str, Any]) -> None:
    """Note that no server's token lies in the file."""
    tokens = state.get("tokens", {})
    for name in [name for name, facts in tokens.items() if isinstance(facts, dict) and facts.get("store") == "file"]:
        del tokens[name]
