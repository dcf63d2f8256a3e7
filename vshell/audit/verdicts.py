"""What a verification comes to, and the errors that say it by exit code: 1 tampered, 2 not verified, 3 a tail."""

from typing import NamedTuple

from vshell.errors import ShellError


class Tampered(ShellError):
    """The chain is not what its server wrote; ``record`` is the first bad one, ``what`` is wrong with it, in a word."""

    exit_code = 1
    record: int | None = None
    what = "tampered with"


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
    error = Tampered(
        f"Record {record} of the audit chain is {what}: {sentence}.",
        "Keep this copy and the database as they are, and compare with a copy from before.",
    )
    error.record, error.what = record, what
    return error
