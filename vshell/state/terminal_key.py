"""The Ed25519 key pair of this terminal, whose public half goes with ``token:generate``.

The server takes the revocation of such a token from the terminal whose signature it bears (Zoho Catalyst, "Working with
Tokens": "from the same terminal only"). The private half is kept in the keyring, or where there is none in a file with
mode 0600; the state file says where. Alone it gives no access.

``cryptography`` is imported when a key is needed: it takes longer than a whole command.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from pathlib import Path

from vshell.errors import Failed, NotAllowed
from vshell.state import keyring_store, paths, private_files, state_file

HEADER = "X-Vshell-Terminal"
SERVICE = "vshell-terminal"
USERNAME = "key"
KEY_BYTES = 32


def public_key(environment: Mapping[str, str]) -> str:
    """Return the public half as base64url, of a new pair where there is none yet. Raises NotAllowed and Failed."""
    private = _read(environment)
    if private is None:
        private = secrets.token_bytes(KEY_BYTES)
        _write(private, environment)
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return _text(Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw())


def signature(token_id: str, seconds: int, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the header that proves at which terminal a token is revoked, at a Unix time; none without a key."""
    private = _read(environment)
    if private is None:
        return {}
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    message = f"vshell revoke\n{token_id}\n{seconds}".encode()
    signed = Ed25519PrivateKey.from_private_bytes(private).sign(message)
    return {HEADER: f"t={seconds},s={_text(signed)}"}


def _read(environment: Mapping[str, str]) -> bytes | None:
    """Return the private half, None where there is none. Raises NotAllowed when it lies out of reach."""
    place = state_file.read_state(environment).get("terminal_key")
    try:
        if place == "keyring":
            text = keyring_store.read(SERVICE, USERNAME)
        elif place == "file":
            text = private_files.read(_file(environment))
        else:
            return None
    except keyring_store.NoKeyringError as trouble:
        raise NotAllowed(
            f"This terminal's key lies in the keyring, which cannot be used: {trouble}.", "Unlock the keyring."
        ) from None
    except private_files.NotPrivateError as trouble:
        raise NotAllowed(f"This terminal's key is not used: {trouble}", "Give the file mode 0600.") from None
    private = _bytes((text or "").strip())
    return private if len(private) == KEY_BYTES else None


def _write(private: bytes, environment: Mapping[str, str]) -> None:
    """Keep the private half in the keyring, or else in the file. Raises Failed."""
    place = "keyring"
    try:
        keyring_store.write(SERVICE, USERNAME, _text(private))
    except keyring_store.NoKeyringError:
        place = "file"
        try:
            private_files.write(_file(environment), _text(private) + "\n")
        except OSError as trouble:
            raise Failed(f"This terminal's key could not be kept: {trouble.strerror}.") from None
    state_file.change_state(environment, lambda state: state.update(terminal_key=place))


def _file(environment: Mapping[str, str]) -> Path:
    return paths.state_directory(environment) / "terminal.key"


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""
