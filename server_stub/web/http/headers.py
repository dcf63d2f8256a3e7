"""Headers: the cookies that are read and set, and the URL by which the caller came.

A cookie of ours is never read by a script (``HttpOnly``), never sent from another site's page (``SameSite=Strict``),
and ends with the browser. Under TLS it is ``Secure`` and its name begins with ``__Host-``, so that no neighbour of the
server's name can plant one (RFC 6265; RFC 6265bis, section 4.1.3).
"""

import re
import urllib.parse

from server_stub.operations.context import Header, ReadContext

NEAR = ("127.0.0.1", "::1", "localhost")
_HOST = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


def find_cookie(header: Header, name: str) -> str | None:
    """Return the value of the one cookie of a name; None when there is none, or there are several."""
    pairs = (pair.strip().partition("=") for pair in (header("Cookie") or "").split(";"))
    found = {value.strip().strip('"') for key, _, value in pairs if key.strip() == name}
    return found.pop() if len(found) == 1 else None


def cookie_name(name: str, secure: bool) -> str:
    """Return the name under which a cookie of ours goes."""
    return f"__Host-{name}" if secure else name


def write_cookie(name: str, value: str, secure: bool) -> str:
    """Write the header that sets a cookie of ours; an empty value removes it."""
    more = ("; Secure" if secure else "") + ("" if value else "; Max-Age=0")
    return f"{cookie_name(name, secure)}={value}; Path=/; HttpOnly; SameSite=Strict{more}"


def base_url(context: ReadContext) -> str:
    """Return the URL by which the caller reaches this server, for the addresses in its answers.

    It is the public one; of a server whose own URL is this host's, it is the one that the caller used.
    """
    url, host = context.server.url, context.header("Host") or ""
    is_near = urllib.parse.urlsplit(url).hostname in NEAR
    return f"{url.partition('://')[0]}://{host}" if is_near and _HOST.fullmatch(host) else url
