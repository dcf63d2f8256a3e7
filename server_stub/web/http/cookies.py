"""Cookies (RFC 6265): the one of a name in a request, and one to be set.

A cookie of ours is never read by a script (``HttpOnly``), never sent from another site's page (``SameSite=Strict``),
and ends with the browser. Under TLS it is ``Secure`` and its name begins with ``__Host-``, so that no neighbour of the
server's name can plant one (RFC 6265bis, section 4.1.3).
"""

from server_stub.operations.context import Header


def find(header: Header, name: str) -> str | None:
    """Return the value of the one cookie of a name; None when there is none, or there are several."""
    pairs = (pair.strip().partition("=") for pair in (header("Cookie") or "").split(";"))
    found = {value.strip().strip('"') for key, _, value in pairs if key.strip() == name}
    return found.pop() if len(found) == 1 else None


def full_name(name: str, secure: bool) -> str:
    """Return the name under which a cookie of ours goes."""
    return f"__Host-{name}" if secure else name


def written(name: str, value: str, secure: bool) -> str:
    """Write the header that sets a cookie of ours; an empty value removes it."""
    ending = "" if value else "; Max-Age=0"
    return f"{full_name(name, secure)}={value}; Path=/; HttpOnly; SameSite=Strict{'; Secure' if secure else ''}{ending}"
