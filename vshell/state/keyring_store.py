"""The operating system's keyring, with the guards that an unattended machine needs.

- Every call runs in a daemon thread under a limit: with a locked keyring and a display that nobody sits at,
  a call would never return.
- On Linux it is first asked, without any dialog, whether there is a default collection and whether it is
  unlocked.
- A backend that keeps nothing or keeps plain text is refused by name: the fall-back is the person's choice.
- What was stored is read back and compared.

``keyring`` is imported in the thread, at the first call: it takes a fifth of a second and may hang too.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

Result = TypeVar("Result")

LIMIT_SECONDS = 3.0


class NoKeyringError(Exception):
    """The keyring cannot be used; the text says why in a few words, to be put in a sentence."""


def check() -> None:
    """Return when the keyring can be used now. Raises NoKeyringError otherwise."""
    _run_limited(_find_backend)


def read(service: str, username: str) -> str | None:
    """Return the secret kept for the service and user, None when there is none. Raises NoKeyringError."""
    return _run_limited(lambda: _find_backend().get_password(service, username))


def write(service: str, username: str, secret: str) -> None:
    """Keep a secret and read it back. Raises NoKeyringError when it cannot be kept."""

    def keep() -> bool:
        backend = _find_backend()
        backend.set_password(service, username, secret)
        return backend.get_password(service, username) == secret

    if not _run_limited(keep):
        raise NoKeyringError("it did not give back what was stored")


def remove(service: str, username: str) -> None:
    """Forget the secret, if there is one. Raises NoKeyringError."""

    def forget() -> None:
        backend = _find_backend()
        if backend.get_password(service, username) is not None:
            backend.delete_password(service, username)

    _run_limited(forget)


def _find_backend() -> KeyringBackend:
    """Return the backend to use. Raises NoKeyringError when none will do."""
    import keyring
    from keyring.backends import chainer

    chosen = keyring.get_keyring()
    # The chainer stops at its first member's failure anyway; asking the members keeps plain text out.
    members = chosen.backends if isinstance(chosen, chainer.ChainerBackend) else [chosen]
    refusals = []
    for backend in members:
        refusal = _explain_refusal(backend)
        if refusal is None:
            return backend
        refusals.append(refusal)
    raise NoKeyringError(refusals[0] if refusals else "none is installed")


def _explain_refusal(backend: KeyringBackend) -> str | None:
    """Return why the backend will not do, or None when it will."""
    name = f"{type(backend).__module__}.{type(backend).__qualname__}"
    if name.startswith("keyring.backends.fail."):
        return "none is running"
    if name.startswith("keyring.backends.null."):
        return f"{name} keeps nothing"
    if name.startswith("keyrings.alt."):
        return f"{name} keeps secrets as plain text"
    if backend.priority < 1:  # keyring's own mark
        return f"{name} is not a recommended one"
    if name.startswith("keyring.backends.SecretService."):
        return _check_secret_service()
    return None


def _check_secret_service() -> str | None:
    """Return what hinders the Secret Service, or None. Nothing asked here opens a dialog."""
    import contextlib

    import secretstorage
    from secretstorage.collection import get_collection_by_alias
    from secretstorage.exceptions import ItemNotFoundException, SecretStorageException

    try:
        with contextlib.closing(secretstorage.dbus_init()) as connection:
            if get_collection_by_alias(connection, "default").is_locked():
                return "it is locked"
    except ItemNotFoundException:
        return "none has been made yet"
    except (SecretStorageException, OSError):
        return "none is running"
    return None


def _run_limited(work: Callable[[], Result]) -> Result:
    """Return what the work returns. Raises NoKeyringError for any failure, and when the time is over."""
    done: list[Any] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as trouble:  # Plug-ins and D-Bus raise anything at all.
            failed.append(trouble)

    thread = threading.Thread(target=run, name="keyring", daemon=True)
    thread.start()
    thread.join(LIMIT_SECONDS)
    if thread.is_alive():
        raise NoKeyringError(f"it did not answer in {LIMIT_SECONDS:g} seconds")
    if failed:
        raise _translate_error(failed[0]) from None
    result: Result = done[0]
    return result


def _translate_error(trouble: BaseException) -> NoKeyringError:
    """Return the trouble in a few words of ours; a plug-in's own text may hold anything."""
    if isinstance(trouble, NoKeyringError):
        return trouble
    named = os.environ.get("PYTHON_KEYRING_BACKEND")
    if named and isinstance(trouble, (ImportError, AttributeError, ValueError)):
        return NoKeyringError("PYTHON_KEYRING_BACKEND names a backend that is not there")
    names = {"KeyringLocked": "it is locked", "InitError": "none has been made yet"}
    return NoKeyringError(names.get(type(trouble).__name__, f"it failed with {type(trouble).__name__}"))
