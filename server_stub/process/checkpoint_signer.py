"""The thread that signs checkpoints: at every 1,000th record, every minute, and when the server stops.

Rules:

* Each worker of each server has one; the row of the audit head, which the writer holds, lets one of them make each.
* What is signed is committed already.
* Never are two heads signed of which one does not extend the other (C2SP, tlog-checkpoint). The last signed note is
  kept in the data directory, outside the database; when the chain does not hold what it says, nothing is signed, and
  the log and ``/healthz`` say why.
* Nothing in the database is trusted: a note from there takes the place of the kept one only if the chain holds what it
  says and it says no less. Else whoever may write there could have another chain signed in place of the first.
* The key is made at the first start. Each server of one database has one of its own, which never leaves its host; the
  database keeps the public halves of all of them. ``audit.pub`` beside the key is the public half of this server's.
"""

import logging
import re
import threading
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server_stub.domain.audit import chain, checkpoints
from server_stub.domain.audit.checkpoints import Checkpoint, Signer
from server_stub.domain.base.errors import Refusal, Unavailable
from server_stub.files import write_private
from server_stub.store import Reads, StoreError, Transaction
from server_stub.store import audit as audit_store
from server_stub.store import checkpoints as checkpoint_store
from server_stub.store.database import Database

EVERY_SECONDS = 1.0
STORED = "audit.checkpoint"
KEY, PUBLIC = "audit.key", "audit.pub"

_HASH = re.compile(r"[0-9a-f]{64}")

_log = logging.getLogger(__name__)


class CheckpointSigner:
    """The checkpoints of one process; ``trouble`` says why none is made, if so, without where anything lies."""

    def __init__(self, database: Database, signer: Signer, data: Path):
        self.trouble: str | None = None
        self._database = database
        self._signer = signer
        self._stored = data / STORED
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="checkpoint-signer", daemon=True)

    def start(self) -> None:
        """Begin to sign what is due."""
        self._thread.start()

    def close(self) -> None:
        """Sign the head for the last time."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()
        self.turn(closing=True)

    def turn(self, closing: bool = False) -> None:
        """Sign what is due; what fails is tried again at the next turn."""
        try:
            reader = self._database.reader()
            self._require_whole(reader)
            newest = checkpoint_store.last(reader)
            _, head, _ = audit_store.head(reader)
            if newest is not None and newest.size > head:
                raise _Rewritten(f"the audit chain ends at record {head}, and a checkpoint covers record {newest.size}")
            if checkpoints.due(newest, head, reader.now, closing):
                made = self._database.write(lambda tx: self._sign_due(tx, closing), unaudited=True)
                newest = made or newest
            if newest is not None:
                self._keep_note(reader, newest)
        except _Rewritten as found:
            if self.trouble is None:
                _log.error(
                    "no checkpoint is signed: %s. It was cut, rewritten, or restored from a backup; check it with "
                    "audit verify. To go on from what is there, remove %s",
                    found,
                    self._stored,
                )
            self.trouble = f"{found}; the server's log says more"
        except (StoreError, Refusal, OSError) as error:
            _log.warning("a checkpoint was not made: %s", error)
        else:
            self.trouble = None

    def _sign_due(self, tx: Transaction, closing: bool) -> Checkpoint | None:
        """Sign what is still due now that the head is held; None when another process was faster."""
        server_id, head, _ = audit_store.head(tx)
        made, link = None, checkpoint_store.last_link(tx)
        for size in checkpoints.due(checkpoint_store.last(tx), head, tx.now, closing):
            its_hash = audit_store.hash_at(tx, size)
            if its_hash is None or not _HASH.fullmatch(its_hash):
                raise _Rewritten(f"record {size} of the audit chain is missing, or its hash is none")
            before = link.link if link else chain.genesis(server_id)
            note = self._signer.sign(checkpoints.statement(server_id, size, its_hash, tx.now, before))
            made = checkpoint_store.keep(tx, size, tx.now, note)
            if link is None or link.size < size:
                link = made
        self._require_whole(tx)  # at the end: what was read above was the chain that this finds whole
        return made

    def _require_whole(self, tx: Reads) -> None:
        """Raise unless the chain still holds what was signed last."""
        if not self._stored.exists():
            return
        name, size, its_hash = _parse_note(self._stored.read_text(encoding="utf-8"))
        if name != self._signer.name:
            raise _Rewritten("the audit chain in the database is another server's than the one that was signed")
        if audit_store.hash_at(tx, size) != its_hash:
            raise _Rewritten(f"the audit chain no longer holds record {size} as it was signed")

    def _keep_note(self, tx: Reads, newest: Checkpoint) -> None:
        """Keep a note in place of the one that is kept, if it is true and says no less."""
        stored = self._stored.read_text(encoding="utf-8") if self._stored.exists() else None
        if newest.note == stored:
            return
        name, size, its_hash = _parse_note(newest.note)
        if name != self._signer.name or audit_store.hash_at(tx, size) != its_hash:
            raise _Rewritten(f"the newest checkpoint does not say of record {size} what the audit chain holds")
        if stored is not None and size < _parse_note(stored)[1]:
            return  # another worker was faster, or an attacker put an older note there
        self._require_whole(tx)  # again, after reading the chain: nobody changed it in between
        write_private(self._stored, newest.note)

    def _work(self) -> None:
        going = True
        while going:  # at once: until the first checkpoint nobody can verify the chain of a new server
            try:
                self.turn()
            except Exception:  # a defect may cost a checkpoint, never all that follow
                _log.exception("a turn of the checkpoint signer failed")
            going = not self._stopped.wait(EVERY_SECONDS)


def _parse_note(note: str) -> tuple[str, int, str]:
    """Return the name, the size and the record's hash that a note states; raise _Rewritten for what is no note."""
    try:
        return checkpoints.parse_note(note)
    except ValueError:
        raise _Rewritten("the newest checkpoint, or the one that is kept, cannot be read") from None


class _Rewritten(Exception):
    """The chain is not what was signed."""


def load_or_make_key(data: Path, server_id: str) -> Signer:
    """Return this server's signer; raise Unavailable for a key file that is no Ed25519 key.

    A file that cannot be read stops the start: a fresh key in its place would hide that the old one is gone.
    """
    path = data / KEY
    if not path.exists():
        private = Ed25519PrivateKey.generate()
        form = serialization.PrivateFormat.PKCS8
        write_private(path, private.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise Unavailable(f"{path} is no Ed25519 key", hint="put the right key back from a backup")
    signer = Signer(server_id, key.private_bytes_raw())
    write_private(data / PUBLIC, signer.verifier + "\n")
    return signer
