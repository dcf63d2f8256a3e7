"""Authentication: from what a request shows to an Actor with the rights that it has at this time.

Accepted (DESIGN section 7): ``Authorization: Bearer T``, ``Api-Token T``, ``token T``, ``Basic owner:T``,
``Basic manager:password``, and ``X-Vault-Token: T``.

Rules:

* ``find_credential`` only reads; ``prove`` does what is slow (a password's hash) and may run anywhere; ``find`` reads
  the database and runs in the very transaction that acts, so that a right or a token that is gone by then is gone.
* Two different credentials in one request are refused.
* A token whose string its maker named cannot be told from a password, so it is none in ``Basic``.
* Every credential that is no good gets one and the same answer, and a wrong one never falls back to trust.

Rules of the source, the address that a request comes from:

* By default it is that of whoever connects, and what the request says of itself counts for nothing: anybody may write
  ``X-Forwarded-For``. Whoever runs a proxy names it (``--proxy``), by its address or its network.
* Of a named proxy the last entry of the header is believed, for the proxy itself wrote it down; if that is a named
  proxy too, the one before it, and so on. What stands further left is the client's own word, and is not read.
* An entry that is no address ends the way: the source is the last proxy that is known.
* A forwarded address never makes local-admin, and neither does a named proxy's own, whatever ``--trust`` says.
* ``Forwarded`` (RFC 7239) and ``X-Real-IP`` are not read: a proxy that sets one header passes on what clients write
  into the others.
"""

import base64
import binascii
import ipaddress
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from server_stub.domain.accounts import managers, permissions
from server_stub.domain.accounts.managers import find_username
from server_stub.domain.accounts.permissions import Actor
from server_stub.domain.base import addresses, token_format
from server_stub.domain.base.addresses import Address, Network
from server_stub.domain.base.errors import Invalid, quote
from server_stub.domain.tokens import tokens
from server_stub.domain.tokens.tokens import Token
from server_stub.operations.context import SignedIn, wrong_credential
from server_stub.operations.passwords import check_password
from server_stub.store import Reads
from server_stub.store import managers as manager_store
from server_stub.store import roles as role_store
from server_stub.store import tokens as token_store
from server_stub.store.database import Database

TOKEN_SCHEMES = ("bearer", "api-token", "token")

FORWARDED_HEADER = "X-Forwarded-For"

MOST_HOPS = 32

_WITH_PORT = re.compile(r"\[(?P<six>[^\]]+)\](?::[0-9]{1,5})?|(?P<four>[0-9.]+):[0-9]{1,5}")


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


@dataclass(frozen=True, slots=True)
class LocalAdmin:
    """The token minted at this start of the server; whoever can read its file is local-admin."""

    token_id: str
    digest: bytes = field(repr=False)

    def is_shown(self, presented: token_format.Presented) -> bool:
        """Tell whether this is the token that was shown."""
        return presented.id == self.token_id and token_format.same(presented.digest, self.digest)


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


def find(tx: Reads, proof: Proof, source: str, local_admin: LocalAdmin, rightless: bool = False) -> Found:
    """Find the caller, with the rights of now; raise Unauthenticated.

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


def _find_by_token(tx: Reads, proof: TokenShown, source: str, local_admin: LocalAdmin, rightless: bool) -> Found:
    presented = proof.presented
    if local_admin.is_shown(presented):
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
    found = manager_store.find(tx, proof.manager.id)
    if found is None or not found.enabled or found.password_hash != proof.manager.password_hash:
        raise wrong_credential()
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


def find_source(proxies: Collection[Network], peer: str, forwarded_for: str | None) -> str:
    """Return the address that a request comes from: the peer's, or of a named proxy's clients the nearest unnamed.

    `forwarded_for` is the header, several of them joined by commas in their order.
    """
    address = _read_address(peer) if proxies else None
    if address is None or forwarded_for is None or not _is_named(proxies, address):
        return peer
    for entry in reversed(forwarded_for.rsplit(",", MOST_HOPS)[-MOST_HOPS:]):
        before = _read_address(entry)
        if before is None:
            break
        address = before
        if not _is_named(proxies, address):
            break
    return str(address)


def is_proxy(proxies: Collection[Network], peer: str) -> bool:
    """Tell whether an address is that of a named proxy."""
    address = _read_address(peer) if proxies else None
    return address is not None and _is_named(proxies, address)


def _is_named(proxies: Collection[Network], address: Address) -> bool:
    return any(address in network for network in proxies)


def _read_address(text: str) -> Address | None:
    """Read an address, with or without a port; one written as IPv6 for IPv4 is the IPv4 one."""
    text = text.strip()
    match = _WITH_PORT.fullmatch(text)
    if match is not None:
        text = match["six"] or match["four"]
    if "%" in text:
        return None  # a zone is a name of its own choosing, and means something on its own host alone
    return addresses.parse(text)


def check_proxies(texts: Iterable[str]) -> frozenset[Network]:
    """Return the networks that `--proxy` was given; raises Invalid for what is none, and for all addresses at once."""
    return frozenset(_proxy_network(text) for text in texts)


def _proxy_network(text: str) -> Network:
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        raise Invalid(
            f"{quote(text)} is no address of a proxy", "Write it as in --proxy 127.0.0.1 or --proxy 10.1.0.0/16."
        ) from None
    if network.prefixlen == 0:
        raise Invalid(
            f"--proxy {text} would let anybody say where they are", "Name the addresses of your own proxies alone."
        )
    return network


def describe_proxies(proxies: Collection[Network]) -> list[str]:
    """Say at the start, in a sentence, whose word counts; nothing when nobody's does."""
    named = ", ".join(sorted(map(addresses.describe, proxies)))
    return [f"{FORWARDED_HEADER} is believed when it comes from {named} (--proxy)"] if named else []
