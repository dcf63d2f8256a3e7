"""Verify a chain from its lines, in one pass and in constant memory; the first bad record is named.

What a tampered chain's error says is what its bytes allow. Where a record and the one before it disagree, the one that
the next line contradicts is blamed. Where a checkpoint contradicts a record that fits all around it, that record or
some before it were rewritten, and it is the one that is named.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from vshell.audit import records, signed_note
from vshell.audit.records import Line, Record
from vshell.errors import ShellError

WINDOW = 16_384
"""Records behind which a checkpoint may still come: a copy gets it when it is signed, which is a moment later. One is
signed every 1,000 records, so a longer tail without any is none that a server wrote."""

KINDS = ("export", "copy")
"""An export says where it ends; a copy that a server keeps adding to does not."""


class Tampered(ShellError):
    """The chain is not what its server wrote; ``record`` is the first bad one, ``what`` is wrong with it, in a word."""

    exit_code = 1

    def __init__(self, sentence: str, hint: str, record: int | None = None, what: str = "tampered with") -> None:
        super().__init__(sentence, hint)
        self.record, self.what = record, what


class Unverified(ShellError):
    """Nothing can be said of the chain: it could not be read whole, or a key is missing."""

    exit_code = 2


class Unsealed(ShellError):
    """The chain is sound as far as it is signed; verify again when the next checkpoint is there."""

    exit_code = 3


class Verdict(NamedTuple):
    """What was found of a chain that holds together; ``sealed`` is the last record that a checkpoint covers."""

    server_id: str
    records: int
    hash: str
    checkpoints: int
    sealed: int
    sealed_at: str | None

    @property
    def tail(self) -> int:
        """How many records lie behind the last checkpoint."""
        return self.records - self.sealed


def tampered_error(record: int, what: str, sentence: str) -> Tampered:
    """Make the error that names the first bad record and what is wrong with it, in a word and in a sentence."""
    hint = "Keep this copy and the database as they are, and compare with a copy from before."
    return Tampered(f"Record {record} of the audit chain is {what}: {sentence}.", hint, record, what)


class Anchor(NamedTuple):
    """The hash of a record that was kept elsewhere; ``reached`` tells that the chain must go as far."""

    seq: int
    hash: str
    reached: bool = True


def verify(given: Iterable[bytes], keys: Sequence[signed_note.Key], anchors: Iterable[Anchor] = ()) -> Verdict:
    """Return what was found of a sound chain.

    Raises Tampered with the first bad record, and Unverified when the lines are no export, not a whole one, another
    server's than the keys, or without a single signature: anybody can write a chain that merely fits together.
    """
    source = iter(given)
    first = records.parse_line(next(source, b""))
    if not isinstance(first, Line) or first.sort != "header":
        raise Unverified("This is not an export of an audit chain.", "Make one with: audit export")
    if first.value["audit"] != records.VERSION or first.value["kind"] not in KINDS:
        raise Unverified("This export is of another version than this shell knows.", "Use the shell that made it.")
    server_id = first.value["server_id"]
    if not any(key.name == f"vshell-audit/{server_id}" for key in keys):
        raise Unverified("The key is another server's than this chain.", "Take audit.pub of the server that wrote it.")
    return _Verification(server_id, keys, anchors, source).run(first)


class _Verification:
    """One chain on its way: the last good record, and what the checkpoints have said so far."""

    def __init__(
        self, server_id: str, keys: Sequence[signed_note.Key], anchors: Iterable[Anchor], source: Iterator[bytes]
    ) -> None:
        self.server_id = server_id
        self.keys = keys
        self.anchors: dict[int, list[Anchor]] = {}
        for anchor in anchors:
            self.anchors.setdefault(anchor.seq, []).append(anchor)
        self.source = source
        self.seq = 0
        self.hash = self.link = records.genesis_hash(server_id)
        self.recent = [""] * WINDOW
        self.sealed = self.checkpoints = self.linked = 0
        self.sealed_at: str | None = None

    def run(self, first: Line) -> Verdict:
        """Go through all lines behind the first."""
        must_end = first.value["kind"] == "export"
        ended, line, read, take = False, b"\n", records.parse_line, self._take
        for line in self.source:
            if ended:
                raise tampered_error(self.seq + 1, "added", "it stands behind the end of the export")
            found = read(line)
            if isinstance(found, Record):
                take(found)
            elif found.sort == "checkpoint":
                self._check(found.value["checkpoint"])
            elif found.sort == "end" and must_end:
                self._close(found)
                ended = True
            elif found == first and not must_end:
                continue  # the file was begun anew, and both parts put together
            elif not line.endswith(b"\n"):
                break
            else:
                raise tampered_error(self.seq + 1, "edited", "what stands in its place cannot be read as a record")
        if not line.endswith(b"\n") or (must_end and not ended) or not self.seq:
            raise Unverified(
                f"The export breaks off behind record {self.seq}, so it cannot be verified whole.", "Export it again."
            )
        self._require_anchors()
        self._require_sealed()
        return Verdict(self.server_id, self.seq, self.hash, self.checkpoints, self.sealed, self.sealed_at)

    def _take(self, record: Record) -> None:
        """Take the next record, or say what is wrong."""
        seq = self.seq + 1
        if record.seq != seq or record.prev_hash != self.hash or record.digest(self.hash, seq) != record.hash:
            raise self._blame(record)
        self.seq, self.hash = seq, record.hash
        self.recent[seq % WINDOW] = record.hash
        for anchor in self.anchors.get(seq, ()):
            if anchor.hash != record.hash:
                raise tampered_error(
                    seq, "forked", "it is not the record that was kept; it or some before it were rewritten"
                )

    def _blame(self, record: Record) -> Tampered:
        """Say which record is bad and how, where this one does not continue the chain."""
        wanted = self.seq + 1
        if record.seq != wanted:
            return self._explain_misplaced(record)
        if record.prev_hash == self.hash:
            return tampered_error(wanted, "edited", "its hash does not fit its content")
        if record.digest(self.hash, wanted) == record.hash:
            return tampered_error(wanted, "edited", "it names another record before it than the one that is there")
        if not record.fits_itself:
            return tampered_error(wanted, "edited", "its hashes do not fit its content")
        if self.seq and self._is_continued(record):
            return tampered_error(self.seq, "edited", "the record behind it was chained to another one")
        return tampered_error(wanted, "edited", "it was chained to another record than the one before it")

    def _explain_misplaced(self, record: Record) -> Tampered:
        wanted = self.seq + 1
        if record.digest(self.hash, wanted) == record.hash:
            return tampered_error(wanted, "edited", "its number is another one")
        if not record.fits_itself:
            return tampered_error(wanted, "edited", "its number and its hash do not fit its content")
        if record.seq <= self.seq:
            same = self._hash_at(record.seq) == record.hash
            return tampered_error(record.seq, "duplicated" if same else "forked", "it stands there twice")
        return self._explain_absent()

    def _explain_absent(self) -> Tampered:
        """Say that the next record is not in its place; if it comes later, it was moved."""
        wanted = self.seq + 1
        for line in self.source:
            found = records.parse_line(line)
            if isinstance(found, Record) and found.seq == wanted:
                return tampered_error(wanted, "reordered", "it stands behind records that were written later")
        return tampered_error(wanted, "missing", "it is not there, and what was written later is")

    def _is_continued(self, record: Record) -> bool:
        """Tell whether the next line agrees with a record."""
        found = records.parse_line(next(self.source, b""))
        if isinstance(found, Record):
            return found.prev_hash == record.hash
        if found.sort == "checkpoint":
            checkpoint = signed_note.parse_checkpoint(found.value["checkpoint"])
            return checkpoint is not None and checkpoint.hash == record.hash
        return found.sort == "end" and found.value["hash"] == record.hash

    def _hash_at(self, seq: int) -> str | None:
        """Return the hash of a record that went by not long ago."""
        return self.recent[seq % WINDOW] if self.seq - WINDOW < seq <= self.seq else None

    def _check(self, note: str) -> None:
        """Take a checkpoint, or say what is wrong."""
        checkpoint = signed_note.parse_checkpoint(note)
        if checkpoint is None or checkpoint.server_id != self.server_id:
            raise tampered_error(max(self.seq, 1), "not sealed", "the checkpoint behind it is none of this chain")
        if not signed_note.is_signed(checkpoint, self.keys):
            why = "its checkpoint is signed by none of the keys, or not by a key at all"
            raise tampered_error(checkpoint.size, "wrongly signed", why)
        if checkpoint.size > self.seq:
            raise self._explain_absent()
        if self._hash_at(checkpoint.size) != checkpoint.hash:
            raise tampered_error(
                checkpoint.size, "forked", "it is not the record that was signed; it or some before it were rewritten"
            )
        if checkpoint.previous != self.link:
            raise tampered_error(checkpoint.size, "not sealed", "a checkpoint before it was taken away")
        if checkpoint.size > self.linked:
            self.linked, self.link = checkpoint.size, checkpoint.link
        self.checkpoints += 1
        self.sealed, self.sealed_at = checkpoint.size, checkpoint.at

    def _close(self, found: Line) -> None:
        if found.value["end"] > self.seq:
            raise tampered_error(self.seq + 1, "cut", f"the chain went on to record {found.value['end']}")
        if found.value["end"] < self.seq or found.value["hash"] != self.hash:
            raise tampered_error(self.seq, "forked", "it is not the record with which the chain ended")

    def _require_anchors(self) -> None:
        beyond = [
            seq for seq, anchors in self.anchors.items() if seq > self.seq and any(each.reached for each in anchors)
        ]
        if beyond:
            raise tampered_error(
                self.seq + 1, "cut", f"the chain ends before it, and record {min(beyond)} was there once"
            )

    def _require_sealed(self) -> None:
        if not self.checkpoints:
            raise Unverified(
                "Nothing in this chain is signed, so nobody can tell who wrote it.",
                "A running server signs every minute: try again, or look whether it can at /healthz.",
            )
        if self.seq - self.sealed > WINDOW:
            why = "no checkpoint covers it or what follows, and one is due every 1,000 records"
            raise tampered_error(self.sealed + 1, "not sealed", why)
