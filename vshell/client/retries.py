"""What may be sent a second time when the connection drops before the answer: looks, and what carries a key.

Source: draft-ietf-httpapi-idempotency-key-header-07. The server does a request that carries an ``Idempotency-Key``
once, and gives the same answer, a new token's secret included, to the same request by the same person.
"""

import base64
import os

HEADER = "Idempotency-Key"


def looks(method: str) -> bool:
    """Tell whether a request changes nothing by its method."""
    return method.upper() in ("GET", "HEAD")


def headers_for(method: str, path: str) -> dict[str, str]:
    """Return a fresh key for what makes something, or gives a secret that is shown once; nothing for the rest."""
    if method.upper() == "POST" or path.rstrip("/").endswith("/rotate"):
        return {HEADER: f'"{base64.urlsafe_b64encode(os.urandom(18)).decode("ascii")}"'}
    return {}


def may_repeat(method: str, headers: dict[str, str]) -> bool:
    """Tell whether a request may be sent again without being done twice."""
    return looks(method) or HEADER in headers
