"""Keyring backends that misbehave, to be named in PYTHON_KEYRING_BACKEND."""

from __future__ import annotations

import time
from typing import ClassVar

from keyring.backend import KeyringBackend


class Hanging(KeyringBackend):
    """One that waits for a dialog nobody sees."""

    priority = 5

    def get_password(self, service: str, username: str) -> str | None:
        time.sleep(60)
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        time.sleep(60)


class Forgetful(KeyringBackend):
    """One that says yes and keeps nothing."""

    priority = 5

    def get_password(self, service: str, username: str) -> str | None:
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class Failing(KeyringBackend):
    """One that fails with its secret in the message."""

    priority = 5

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError("s3cret")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError(password)


class Memory(KeyringBackend):
    """One that works."""

    priority = 5
    kept: ClassVar[dict[tuple[str, str], str]] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Feeble(Memory):
    """One that its own author does not recommend."""

    priority = 0.5


class PlaintextKeyring(Memory):
    """Poses as the backend of keyrings.alt, which keeps base64 in a file."""


PlaintextKeyring.__module__ = "keyrings.alt.file"
