"""The two doors, their manners, and how a route is declared on both.

- A token comes in ``X-Vault-Token`` or as a Bearer; every other scheme is ignored, as Vault does. On the early
  addresses a cookie named ``token`` counts when no header does. A browser sends cookies by itself, so one counts only
  when the request does not come from a page of another origin: no ``Origin``, no ``Sec-Fetch-Site`` but a harmless one.
- PUT is POST, and LIST is GET ``?list=true``.
- Response wrapping and namespaces are not there; a request that asks for one is refused, not served without.
"""

from collections.abc import Callable, Mapping
from typing import Any

from server_stub.domain.base import token_format
from server_stub.domain.base.errors import Invalid, NotFound
from server_stub.operations import credentials
from server_stub.operations.context import Header
from server_stub.operations.credentials import Credential
from server_stub.web.http import headers
from server_stub.web.http.dialect import Dialect
from server_stub.web.http.routing import Handler, Routes
from server_stub.web.vault import decoding, errors

NO_WRAPPING = "response wrapping is not supported by this server"
HARMLESS = (None, "none", "same-origin")


def find_header_token(header: Header) -> str | None:
    """Return the token that stands in a request's headers, if any."""
    token = (header("X-Vault-Token") or "").strip()
    return token or _bearer(header)


def _bearer(header: Header) -> str | None:
    scheme, _, rest = (header("Authorization") or "").partition(" ")
    return rest.strip() or None if scheme == "Bearer" else None


def find_cookie(header: Header) -> str | None:
    """Return the one cookie named ``token``, unless a page of another origin may have sent it (RFC 6265, 5.4)."""
    if header("Origin") is not None or header("Sec-Fetch-Site") not in HARMLESS:
        return None
    return headers.find_cookie(header, "token")


def find_token_text(header: Header) -> str:
    """Return the token that the caller was let in by."""
    return find_header_token(header) or find_cookie(header) or ""


def find_credential(header: Header) -> Credential | None:
    """Return the credential in a request's headers; raise the refusal of what is not served here."""
    if (header("X-Vault-Namespace") or "").strip("/ ") not in ("", "root"):
        raise NotFound("namespace not found", code="no_namespace")
    if header("X-Vault-Wrap-TTL"):
        raise Invalid(NO_WRAPPING)
    bearer = _bearer(header)
    return credentials.shown(f"Bearer {bearer}" if bearer else None, header("X-Vault-Token") or None)


def admit_by_cookie(header: Header) -> Credential | None:
    """Return the credential in a request's headers, or in its cookie when there is none."""
    found = find_credential(header)
    token = find_cookie(header) if found is None else None
    return credentials.shown(None, token) if token else found


def about(header: Header, names: Mapping[str, Any]) -> str:
    """Return what a request is about; of a token in the path only its public id."""
    if "token" in names:
        presented = token_format.parse_any(names["token"])
        return presented.id if presented else ""
    return str(next(iter(names.values()), ""))


def _make_dialect(admit: Callable[[Header], Credential | None], *prefixes: str) -> Dialect:
    return Dialect(
        find_credential=admit,
        read=decoding.decode,
        render_error=errors.render_error,
        render_miss=errors.render_miss,
        describe_target=about,
        prefixes=prefixes,
        method_aliases={"PUT": "POST"},
        serves_lists=True,
        empty_status=204,
        joins_slashes=True,
        error_type=errors.Problem,
    )


current = Routes("/v1", _make_dialect(find_credential, "/v1/"))
early = Routes("", _make_dialect(admit_by_cookie, "/auth/token/"))


def on_both(method: str, path: str, action: str, **options: Any) -> Callable[[Handler], Handler]:
    """Declare a route of the token backend at both doors; a change answers 200, or 204 without a body."""
    if method == "post":
        options = {"status": 200, **options}

    def declare(handler: Handler) -> Handler:
        for door in (current, early):
            getattr(door, method)(f"/auth/token/{path}", action=action, **options)(handler)
        return handler

    return declare
