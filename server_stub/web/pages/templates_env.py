"""Pages out of templates: values escaped, what cannot be seen written out, the same headers for all.

The policy allows a page nothing but our own style sheet, our own picture, and forms that go to ourselves: no script, no
frame, no other site. The referrer goes to ourselves only; it may not be withheld altogether, since a browser then sends
``Origin: null`` with a form (Fetch, "append a request Origin header") and nobody could tell where that came from.
"""

from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from server_stub.domain.tokens import emergency
from server_stub.operations.context import Answer
from vshell.formats.text import visible

FOLDER = Path(__file__).parent / "templates"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def _visible(value: Any) -> Any:
    """Write out controls in a value before it is escaped; what a template made itself stays."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def sentence(text: str) -> str:
    """Write a refusal's words as a sentence of their own."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def minute(timestamp: str) -> str:
    """Write a time of RFC 3339 in UTC to the minute, for people."""
    return timestamp[:16].replace("T", " ")


_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(FOLDER),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    finalize=_visible,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters.update(sentence=sentence, minute=minute)
_templates.globals["is_emergency"] = emergency.is_one  # of a token as it is shown, too: it has the same path


def render(template: str, **values: Any) -> bytes:
    """Fill a template in; the page's ``session``, if any, says whose it is."""
    return _templates.get_template(template).render({"session": None, "refusal": None, **values}).encode()


def page(template: str, *, status: int | None = None, cookies: tuple[str, ...] = (), **values: Any) -> Answer:
    """Answer a page."""
    return Answer(HEADERS, render(template, **values), cookies, status)


def see(address: str, *cookies: str) -> Answer:
    """Send the browser on to look at an address of our own; reloading what it finds repeats nothing."""
    return Answer({**HEADERS, "Location": address}, b"", cookies, 303)
