"""Kinds of the audit chain: an action, a moment or how long ago, and a line of the chain's head that was kept."""

import re
from typing import NamedTuple

from vshell.formats.text import quote
from vshell.kinds.base import Kind
from vshell.kinds.durations import Duration
from vshell.kinds.live import Live
from vshell.kinds.plain import Timestamp


class AuditAction(Live):
    """What was done: object and verb, such as apitoken.create, or all verbs of an object by ``apitoken.*``."""

    metavar = "ACTION"
    explanation = "an action such as apitoken.create, or apitoken.* for all of an object"
    style = "name"
    noun, field = "actions", "name"


class Moment(Kind):
    """A moment, or a length of time before now; the value stays the typed text."""

    metavar = "TIME"
    explanation = "a time in UTC such as 2026-11-21T22:00:00Z, or how long ago, such as 2h"
    style = "time"

    def parse(self, text: str) -> str:
        """Return ``text`` unchanged; raises ValueError when it is neither."""
        for kind in (Timestamp(), Duration()):
            try:
                kind.parse(text)
            except ValueError:
                continue
            return text
        raise ValueError(f"{quote(text)} is no time; write it as 2026-11-21T22:00:00Z, or as 2h for two hours ago.")


class Anchored(NamedTuple):
    """What somebody kept: the hash of a record of a server's chain."""

    server_id: str
    seq: int
    hash: str


class Anchor(Kind):
    """A line of ``audit head``, in quotes."""

    metavar = "LINE"
    explanation = "a line that audit head printed, in quotes"

    _form = re.compile(r"vshell-audit/([0-9a-f]{1,64}) ([1-9][0-9]{0,15}) ([0-9a-f]{64})")

    def parse(self, text: str) -> Anchored:
        """Return what the line says; raises ValueError when it is none."""
        match = self._form.fullmatch(" ".join(text.split()))
        if match is None:
            raise ValueError(f"{quote(text[:60])} is no line of audit head; put the whole line in quotes.")
        return Anchored(match[1], int(match[2]), match[3])
