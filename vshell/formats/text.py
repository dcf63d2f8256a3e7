"""Foreign text made safe to show: nothing in it steers a terminal or gives a token away."""

import re

WHOLE_TOKEN = re.compile(r"[0-9A-Za-z]{8}\.[0-9A-Za-z]{32}")
"""A token's form, id and secret: never shown wherever it stands, also in a line that was misread."""


def visible(text: str) -> str:
    """Return ``text`` with everything that could steer a terminal written as an escape (``\\x1b``)."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def without_token_forms(text: str) -> str:
    """Return ``text`` with ``***`` for whatever has a token's form, whether its checksum is right or not."""
    return WHOLE_TOKEN.sub("***", text)


def quote(text: str) -> str:
    """Return ``text`` in quotation marks for a sentence: tokens hidden, control characters escaped, long text cut."""
    text = without_token_forms(text)
    shown = visible(text if len(text) <= 60 else text[:57] + "...")
    return f"'{shown}'"
