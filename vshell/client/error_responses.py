"""Error responses: which error, sentence and next step a refused request stands for.

The native error body is ``{"detail": sentence, "code": code, "hint": next step}``. Other shapes are read too:
a JSON string, Vault's ``{"errors": [...]}``, OAuth's ``{"error", "error_description"}`` (RFC 6749).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from vshell.errors import Conflict, Failed, Mistake, NotAllowed, NotFound, ShellError, SlowDown, Unreachable

if TYPE_CHECKING:
    from vshell.client.transport import Answer

LONGEST_SENTENCE = 1000
"""Characters of an error sentence that are shown; no server of ours writes more."""

_SORTS: Mapping[int, type[ShellError]] = {
    **dict.fromkeys((400, 405, 413, 415, 422), Mistake),
    **dict.fromkeys((401, 403), NotAllowed),
    404: NotFound,
    409: Conflict,
    429: SlowDown,
    **dict.fromkeys((502, 504), Unreachable),
}

SIGN_IN = "Sign in with: login"
"""The next step after a 401 for which the server names none."""

_HINTS: Mapping[int, str] = {
    401: SIGN_IN,
    403: "Ask an administrator for the permission, or sign in as somebody who has it.",
    **dict.fromkeys((502, 504), "A proxy answered for the server; try again when the server runs."),
}


def sign_in_hint(hint: str | None, username: str) -> str:
    """Return the next step for a person who was refused while signing in: to sign in is no use to them."""
    if hint and "set_password" in hint:
        return f"Set a new one with: vshell -u {username} manager set_password"
    return "Check the user name and the password." if hint is None or "login" in hint else hint


def read_error(answer: Answer, where: str) -> ShellError:
    """Return the error that an answer's status and body stand for."""
    status = answer.status_code
    if 300 <= status < 400:
        return Failed(f"The server at {where} points to another address.", "Give the shell that address with --server.")
    body = _body(answer)
    facts = body if isinstance(body, Mapping) else {}
    sentence = (body if isinstance(body, str) else _sentence(facts)) or _phrase(status, where)
    hint = facts.get("hint")
    sort = _SORTS.get(status, Failed)
    refused = sort(sentence[:LONGEST_SENTENCE], str(hint)[:LONGEST_SENTENCE] if hint else _hint(answer))
    # The server's word for its refusal; OAuth's is ``error``.
    refused.code = next((word for word in (facts.get("code"), facts.get("error")) if isinstance(word, str)), None)
    return refused


def _body(answer: Answer) -> object:
    try:
        return json.loads(answer.content) if "json" in answer.headers.get("Content-Type", "") else None
    except (ValueError, RecursionError):
        return None


def _sentence(facts: Mapping[str, object]) -> str:
    for name in ("detail", "error_description", "errors", "error"):
        said = facts.get(name)
        if isinstance(said, list):
            said = "; ".join(map(str, said))
        if said:
            return str(said)
    return ""


def _phrase(status: int, where: str) -> str:
    try:
        return f"The server at {where} answered {status} ({HTTPStatus(status).phrase})."
    except ValueError:
        return f"The server at {where} answered with the status {status}."


def _hint(answer: Answer) -> str | None:
    if answer.status_code == 429:
        seconds = answer.headers.get("Retry-After", "")
        wait = f"{seconds} seconds" if seconds.isascii() and seconds.isdigit() else "a moment"
        return f"Wait {wait} and type the line again."
    return _HINTS.get(answer.status_code)


def stranger_error(where: str) -> ShellError:
    """Return the error for an answer that no server of ours gives."""
    return Failed(f"What answers at {where} is not a vshell server.", "Check the address.")
