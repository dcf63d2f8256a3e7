"""Authentication: from what a request shows to an Actor with the rights that it has at this time.

Accepted (DESIGN section 7): ``Authorization: Bearer T``, ``Api-Token T``, ``token T``, ``Basic owner:T``,
``Basic manager:password``, and ``X-Vault-Token: T``.

Rules:

* ``find_credential`` only reads; ``prove`` does what is slow (a password's hash) and may run anywhere; ``find`` reads
  the database and runs in the very transaction that acts, so that a right or a token that is gone by then is gone.
* Two different credentials in one request are refused.
* A token whose string its maker named cannot be told from a password, so it is none in ``Basic``.
* Every credential that is no good gets one and the same answer, and a wrong one never falls back to trust.
"""

import base64
import binascii
from dataclasses import dataclass, field, replace

from server_stub.domain.accounts import managers, permissions
from server_stub.domain.accounts.managers import find_username
from server_stub.domain.accounts.permissions import Actor
from server_stub.domain.base import token_format
from server_stub.domain.base.errors import Invalid
from server_stub.domain.base.token_format import Presented
from server_stub.domain.tokens import tokens
from server_stub.domain.tokens.tokens import Token
from server_stub.operations.context import SignedIn, wrong_credential
from server_stub.operations.passwords import check_password, confirm_manager
from server_stub.store import Reads
from server_stub.store import roles as role_store
from server_stub.store import tokens as token_store
from server_stub.store.database import Database

TOKEN_SCHEMES = ("bearer", "api-token", "token")


@dataclass(frozen=True, slots=True)
class TokenShown:
    """A token whose form is right; ``owner`` is set when it came as the password of that user name.

    ``spent`` says that this request has taken one of its limited uses, perhaps the last.
    """

    presented: Presented
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


@dataclass(frozen=True, slots=True)
class AddressProof:
    """The address that a request comes from is trusted by this name (see ``local_trust``)."""

    name: str


Proof = TokenShown | SignedIn | AddressProof
"""A token of the right form, a password that was right (it counts while its hash is the manager's), or an address."""


@dataclass(frozen=True, slots=True)
class Found:
    """The caller, and the token that was shown, unless it was a password or local-admin's."""

    actor: Actor
    token: Token | None = None


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


def prove(database: Database, shown: Credential, source: str) -> Proof:
    """Check what can be checked outside a transaction; raise Unauthenticated or SlowDown."""
    if isinstance(shown, TokenShown):
        return shown
    return check_password(database, shown.username, shown.password, source)


def use(database: Database, proof: Proof | None, token: Token | None, now: int) -> tuple[Proof | None, bool]:
    """Count a use of the token that was shown, before anything is done with it; raise Unauthenticated after the last.

    Most uses are only noted, and written down within a second. One of limited uses is taken at once and exactly, one
    of a sliding token with little left is written before it is answered: the second value tells that this was done.
    """
    if token is None:
        return proof, False
    limited, pressing = token.uses_left is not None, tokens.is_pressing(token, now)
    if limited and isinstance(proof, TokenShown):
        if not database.write(lambda tx: token_store.spend(tx, token.id), unaudited=True):
            raise wrong_credential()
        proof = replace(proof, spent=True)
    if pressing:
        database.write(lambda tx: token_store.slide_end(tx, token.id, now), unaudited=True)
    database.uses.note(token.id, token_store.Use(now, token.sliding_window is not None))
    return proof, limited or pressing


def find(tx: Reads, proof: Proof, source: str, local_admin: Presented, rightless: bool = False) -> Found:
    """Find the caller, with the rights of now; raise Unauthenticated.

    Whoever shows ``local_admin``, the token minted at this start of the server, can read its file and is local-admin.
    A ``rightless`` caller comes by a token without the rights that go with it: they are not looked up.
    """
    if isinstance(proof, TokenShown):
        return _find_by_token(tx, proof, source, local_admin, rightless)
    if isinstance(proof, AddressProof):
        return Found(permissions.local_admin(source, f"trust {proof.name}"))
    return _find_by_password(tx, proof, source)


def require_usable(proof: Proof, changing: bool) -> None:
    """Raise Unauthenticated when a password has had its time; ``changing`` is when a new one is being set."""
    if isinstance(proof, SignedIn):
        managers.require_usable_password(proof.state, changing)


def _find_by_token(tx: Reads, proof: TokenShown, source: str, local_admin: Presented, rightless: bool) -> Found:
    presented = proof.presented
    if local_admin.is_same(presented):
        if proof.owner not in (None, permissions.LOCAL_ADMIN):
            raise wrong_credential()
        return Found(permissions.local_admin(source, "local token", presented.id))
    found = token_store.bearer(tx, presented.id)
    if found is None or not tokens.accepts(found.token, presented.digest, tx.now):
        raise wrong_credential()
    token, state = found.token, tokens.state(found.token, tx.now)
    usable = state == "live" or (state == "spent" and proof.spent)
    if not usable or not found.owner_enabled or token.kind == "refresh":
        raise wrong_credential()
    if proof.owner is not None and find_username(proof.owner) != token.owner:
        raise wrong_credential()
    held = frozenset[str]() if rightless else role_store.permissions_in(tx, found.grants, token.policies)
    until = tokens.grace_of(token, presented.digest)
    return Found(_make_actor(tx, token, held, proof.auth_method, source, until), token)


def find_actor(tx: Reads, token: Token, source: str) -> Actor:
    """Return who would act by a token; it is neither checked nor used."""
    permissions = role_store.permissions_of(tx, token.owner_id, token.policies)
    return _make_actor(tx, token, permissions, "token", source)


def _find_by_password(tx: Reads, proof: SignedIn, source: str) -> Found:
    found = confirm_manager(tx, proof)
    permissions = role_store.permissions_of(tx, found.id)
    realms = role_store.custom_realms(tx, permissions)
    return Found(Actor(found.id, found.username, "manager", None, "password", source, permissions, realms))


def _make_actor(
    tx: Reads, token: Token, permissions: frozenset[str], method: str, source: str, until: int | None = None
) -> Actor:
    """Make the actor of a token: its owner, with the permissions that the token leaves."""
    return Actor(
        id=token.owner_id,
        name=token.owner,
        kind="manager",
        token_id=token.id,
        auth_method=method,
        source=source,
        permissions=permissions,
        custom_realms=role_store.custom_realms(tx, permissions),
        policies=token.policies,
        scopes=token.scopes,
        meta=token.meta,
        until=until,
    )


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
    raise wrong_credential()


def _token(text: str, auth_method: str, owner: str | None = None) -> TokenShown:
    presented = token_format.parse_any(text)
    if presented is None:
        raise wrong_credential()
    return TokenShown(presented, auth_method, owner)


def _basic(text: str) -> Credential:
    """Read ``name:secret`` (RFC 7617); the form of a token tells it from a password."""
    try:
        name, colon, secret = base64.b64decode(text, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise wrong_credential() from error
    if not colon or not secret:
        raise wrong_credential()
    if token_format.parse(secret) is not None:
        return _token(secret, "token as password", owner=name)
    return PasswordShown(name, secret)
