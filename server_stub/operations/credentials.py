"""Credentials: what a request shows of its sender (DESIGN section 7).

Whether one is good is decided in ``authentication``.
Accepted: ``Authorization: Bearer T``, ``Api-Token T``, ``token T``, ``Basic owner:T``,
``Basic manager:password``, and ``X-Vault-Token: T``. Two different ones in one request are refused. A token whose
string its maker named cannot be told from a password, so it is none in ``Basic``.
"""

import base64
import binascii
from dataclasses import dataclass, field

from server_stub.domain.base import token_format
from server_stub.domain.base.errors import Invalid, Unauthenticated

TOKEN_SCHEMES = ("bearer", "api-token", "token")


@dataclass(frozen=True, slots=True)
class TokenShown:
    """A token whose form is right; ``owner`` is set when it came as the password of that user name.

    ``spent`` says that this request has taken one of its limited uses, perhaps the last.
    """

    presented: token_format.Presented
    auth_method: str
    owner: str | None = None
    spent: bool = False


@dataclass(frozen=True, slots=True)
class PasswordShown:
    """A manager's name and password."""

    username: str
    password: str = field(repr=False)
    auth_method: str = "password"


Credential = TokenShown | PasswordShown


def find_credential(authorization: str | None, vault_token: str | None) -> Credential | None:
    """Return the credential in a request's two headers, None when there is none.

    Raises Unauthenticated for one that cannot be any, and Invalid for two that differ.
    """
    found = []
    if authorization is not None:
        found.append(_authorization(authorization))
    if vault_token is not None:
        found.append(_token(vault_token.strip(), "token"))
    if len(found) == 2 and not _same(found[0], found[1]):
        raise Invalid("the request shows two different credentials", hint="send one", code="two_credentials")
    return found[0] if found else None


def _same(one: Credential, other: Credential) -> bool:
    return (
        isinstance(one, TokenShown)
        and isinstance(other, TokenShown)
        and token_format.same(one.presented.digest, other.presented.digest)
    )


def _authorization(text: str) -> Credential:
    # vastpy before 0.3.22 sends a stray apostrophe in front of the scheme.
    scheme, _, rest = text.removeprefix("'").partition(" ")
    if scheme.lower() in TOKEN_SCHEMES:
        return _token(rest.strip(), "token")
    if scheme.lower() == "basic":
        return _basic(rest.strip())
    raise wrong()


def _token(text: str, auth_method: str, owner: str | None = None) -> TokenShown:
    presented = token_format.parse_any(text)
    if presented is None:
        raise wrong()
    return TokenShown(presented, auth_method, owner)


def _basic(text: str) -> Credential:
    """Read ``name:secret`` (RFC 7617); the form of a token tells it from a password."""
    try:
        name, colon, secret = base64.b64decode(text, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise wrong() from error
    if not colon or not secret:
        raise wrong()
    if token_format.parse(secret) is not None:
        return _token(secret, "token as password", owner=name)
    return PasswordShown(name, secret)


def wrong() -> Unauthenticated:
    """Make the one answer to every credential that is no good, whatever the reason."""
    return Unauthenticated(
        "the credential is not valid",
        hint="Check the name and the password, or use a token that is neither revoked nor expired; to sign in: login",
    )
