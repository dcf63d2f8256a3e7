"""Projects: a name that a terminal's directory gives to what is done there.

- A request says in the header ``X-Vshell-Project`` which project it is for; the audit record of a change says it too.
- A token may be for one project. Every request with it names that one: it is refused where another is named, and where
  none is, for a limit that silence gets around is none. Nothing is proved by a name: this keeps people and scripts from
  using the token of one project anywhere else, and keeps no thief out.
"""

import re

from server_stub.domain.base.errors import Forbidden, Invalid, quote
from server_stub.domain.base.fields import string

HEADER = "X-Vshell-Project"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def check(name: str, value: object) -> str:
    """Return the name of a project, 1 to 64 letters, digits and . _ -; raises Invalid."""
    text = string(name, value)
    if not _NAME.fullmatch(text):
        raise Invalid(f"{quote(text)} cannot name a project", "Use up to 64 letters, digits, '.', '_' and '-'.")
    return text


def parse_header(header: str | None) -> str | None:
    """Return the project that a request names, None for none; raises Invalid."""
    return check(HEADER, header.strip()) if header and header.strip() else None


def require(limit: str | None, project: str | None) -> None:
    """Raise Forbidden when a token that is for one project is used for another, or without naming one."""
    if limit is None or project == limit:
        return
    used = f"used for {quote(project)}" if project else "used without naming a project"
    raise Forbidden(
        f"this token is for the project {quote(limit)} and is {used}",
        f"Use it in a directory of its own project (project use {limit}), or where VSHELL_PROJECT or the header "
        f"{HEADER} names that.",
        "other_project",
    )
