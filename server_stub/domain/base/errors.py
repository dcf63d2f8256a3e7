"""The Refusal family: every way in which a rule says no.

A refusal is a sort (the class), a code for programs, a sentence for people and, where there is one, the next
step. The rules have no HTTP status; the web maps each sort to one. No sentence, hint or code holds a secret.

    Refusal
    ├── Invalid            a value is not acceptable
    ├── Unauthenticated    the caller did not prove who they are
    ├── Forbidden          the caller lacks a permission (code permission_denied)
    ├── NotFound           there is no such thing, or the caller may not know of it
    ├── Conflict           the state of things stands against it
    │   └── QuotaExceeded  the owner has as many live tokens as they may have
    ├── SlowDown           too many tries; tells for how long to wait
    └── Unavailable        the server cannot do it now
"""

from vshell.formats.text import visible, without_token_forms

LONGEST_QUOTE = 60


class Refusal(Exception):
    """A rule said no: one sentence, a code for programs, and a hint that says what to do next.

    `account` is whose password was tried; it is for the audit record, never for the answer.
    """

    code = "refused"
    account: str | None = None

    def __init__(self, sentence: str, hint: str | None = None, code: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint
        self.code = code or type(self).code


class Invalid(Refusal):
    """A value is not acceptable, whoever sends it."""

    code = "invalid"


class Unauthenticated(Refusal):
    """The caller did not prove who they are; one sentence for every reason that an outsider could probe."""

    code = "not_authenticated"


class Forbidden(Refusal):
    """The caller is known and lacks a permission; clients look for this very code."""

    code = "permission_denied"


class NotFound(Refusal):
    """There is no such thing, or the caller may not know that there is."""

    code = "not_found"


class Conflict(Refusal):
    """The request is well formed and allowed, but the present state stands against it."""

    code = "conflict"


class QuotaExceeded(Conflict):
    """The owner already has as many live tokens as they may have."""

    code = "quota_exceeded"


class SlowDown(Refusal):
    """Too many tries; `retry_after_seconds` is a whole number of seconds, at least 1."""

    code = "slow_down"

    def __init__(self, sentence: str, hint: str | None = None, *, retry_after_seconds: int) -> None:
        super().__init__(sentence, hint)
        self.retry_after_seconds = max(1, retry_after_seconds)


class Unavailable(Refusal):
    """The server cannot do it now, through no fault of the caller; nothing has been changed."""

    code = "unavailable"


def quote(text: str) -> str:
    """Show a foreign text inside a sentence: in double quotes, cut short, with nothing a terminal obeys, no token.

    Whoever gets the sentence may keep it or show it.
    """
    text = without_token_forms(text)
    return f'"{visible(text[:LONGEST_QUOTE])}{"..." if len(text) > LONGEST_QUOTE else ""}"'
