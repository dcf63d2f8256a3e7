"""The key that signs checkpoints: made at the first start, kept as ``audit.key`` in the data directory.

Each server of one database has a key of its own, which never leaves its host; the database keeps the public halves of
all of them. ``audit.pub`` beside the key is the public half of this server's.
"""

from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server_stub.domain.audit.checkpoints import Signer
from server_stub.domain.base.errors import Unavailable
from server_stub.files import write_private

KEY, PUBLIC = "audit.key", "audit.pub"


def load_or_make(data: Path, server_id: str) -> Signer:
    """Return this server's signer; raise Unavailable for a key file that is no Ed25519 key.

    A file that cannot be read stops the start: a fresh key in its place would hide that the old one is gone.
    """
    path = data / KEY
    if not path.exists():
        private = Ed25519PrivateKey.generate()
        form = serialization.PrivateFormat.PKCS8
        write_private(path, private.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    signer = Signer(server_id, _secret(path))
    write_private(data / PUBLIC, signer.verifier + "\n")
    return signer


def _secret(path: Path) -> bytes:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise Unavailable(f"{path} is no Ed25519 key", hint="put the right key back from a backup")
    return key.private_bytes_raw()
