"""API tokens kept for later runs by ``auth set-token``: in the keyring, or by explicit choice in Vigo's 0600 file.

- A token belongs to one origin and is never sent to another. The state file says at which origins one is kept and
  where, with what the server said of it last; the keyring is not touched for any other origin.
- The file is the one that Vigo documents, ``~/.config/vigo/token``. There is one of it, so it belongs to the server
  that it was written for last.

Source: Vigo, "auth set-token".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vshell.errors import Failed, NotAllowed
from vshell.state import keyring_store, paths, private_files, state_file
from vshell.state.credentials import Credential

STORES = ("keyring", "file")
USERNAME = "token"
"""What the keyring calls the one token of an origin, where it has a field for a user name."""


class StoredToken:
    """The token for one origin, and where it lies; ``known`` is what the server said of it, and when."""

    def __init__(
        self, origin: str, store: str, environment: Mapping[str, str], known: Mapping[str, Any] | None = None
    ) -> None:
        """``store`` is keyring or file."""
        self.origin = origin
        self.store = store
        self.known: Mapping[str, Any] = known or {}
        self._environment = environment
        self._path = paths.vigo_token_file(environment)

    @property
    def place(self) -> str:
        """Where it lies, in words that finish a sentence."""
        return "in your keyring" if self.store == "keyring" else f"in the file {self._path}"

    def read(self) -> Credential | None:
        """Return the token as a credential, None when it is gone. Raises NotAllowed when it cannot be reached."""
        try:
            text = (private_files.read(self._path) if self.store == "file" else self._from_keyring()) or ""
        except private_files.NotPrivateError as trouble:
            raise NotAllowed(f"The stored token is not used: {trouble}", "Store it anew: auth set-token") from None
        except keyring_store.NoKeyringError as trouble:
            raise NotAllowed(
                f"Your token for {self.origin} lies in the keyring, which cannot be used: {trouble}.",
                "Unlock the keyring, give --token, or use: auth set-token --file",
            ) from None
        return Credential(f"the token {self.place}", token=text.strip()) if text.strip() else None

    def write(self, token: str) -> None:
        """Keep the token, instead of any other for this origin. Raises Failed when it cannot be kept."""
        try:
            with private_files.locked(paths.state_directory(self._environment) / "token.lock"):
                if self.store == "file":
                    # At no moment, whatever breaks off, may the state say that this file is another server's.
                    state_file.remember(self._environment, _leave_file)
                    private_files.write(self._path, token + "\n")
                else:
                    keyring_store.write(self._service, USERNAME, token)
                before = find(self.origin, self._environment)
                if before is not None and before.store != self.store:
                    before.forget()
                self.remember(self.known)
        except keyring_store.NoKeyringError as trouble:
            raise no_keyring(trouble) from None
        except OSError as trouble:
            raise Failed(f"{self._path} could not be written: {trouble.strerror}.") from None

    def remember(self, known: Mapping[str, Any]) -> None:
        """Note where the token lies, and what the server said of it."""
        self.known = known

        def change(state: dict[str, Any]) -> None:
            state["tokens"] = {**_tokens(state), self.origin: {"store": self.store, "known": dict(known)}}

        state_file.remember(self._environment, change)

    def forget(self) -> None:
        """Remove the token. Raises Failed when the keyring does not let go of it."""
        state_file.remember(self._environment, lambda state: _tokens(state).pop(self.origin, None))
        try:
            if self.store == "file":
                self._path.unlink(missing_ok=True)
            else:
                keyring_store.remove(self._service, USERNAME)
        except (keyring_store.NoKeyringError, OSError) as trouble:
            raise Failed(f"The token could not be removed from where it lies: {trouble}.") from None

    @property
    def _service(self) -> str:
        return f"vshell-token:{self.origin}"

    def _from_keyring(self) -> str | None:
        return keyring_store.read(self._service, USERNAME)


def find(origin: str, environment: Mapping[str, str]) -> StoredToken | None:
    """Return the token that the state file remembers for an origin, without looking for it."""
    facts = _tokens(state_file.state(environment)).get(origin)
    if not isinstance(facts, dict) or facts.get("store") not in STORES:
        return None
    known = facts.get("known")
    return StoredToken(origin, facts["store"], environment, known if isinstance(known, dict) else None)


def no_keyring(trouble: keyring_store.NoKeyringError) -> Failed:
    """Return the one sentence for a machine without a usable keyring, and the two ways out."""
    return Failed(
        f"There is no keyring to keep the token in: {trouble}.",
        "Unlock or start a keyring (gnome-keyring or KWallet), or keep it in a file "
        "that only you can read: auth set-token --file",
    )


def _tokens(state: Mapping[str, Any]) -> dict[str, Any]:
    tokens = state.get("tokens")
    return tokens if isinstance(tokens, dict) else {}


def _leave_file(state: dict[str, Any]) -> None:
    """Note that no server's token lies in the file."""
    lying = [name for name, facts in _tokens(state).items() if isinstance(facts, dict) and facts.get("store") == "file"]
    for name in lying:
        del state["tokens"][name]
