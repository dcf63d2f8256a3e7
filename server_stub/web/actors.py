"""Who asks: from what a request shows to an Actor with the rights that it has at this moment.

Rules:

* ``prove`` does what is slow (a password's hash) and may run anywhere; ``actor`` is a look at the database
  and runs in the very transaction that acts, so that a right or a token that is gone by then is gone.
* Every credential that is no good gets one and the same answer, and a wrong one never falls back to trust.
"""

from dataclasses import dataclass, field

from server_stub import passwords, rights, secrets, tokens
from server_stub.rights import Actor
from server_stub.store import Database, Reads
from server_stub.store import managers as manager_store
from server_stub.store import realms as realm_store
from server_stub.store import roles as role_store
from server_stub.store import tokens as token_store
from server_stub.tokens import Token
from server_stub.web import sign_in
from server_stub.web.credentials import Credential, TokenShown, wrong


@dataclass(frozen=True, slots=True)
class TokenProof:
    """A token whose form is right; ``owner`` is the name it came with as a password."""

    presented: secrets.Presented
    auth_method: str
    owner: str | None


@dataclass(frozen=True, slots=True)
class PasswordProof:
    """A manager's password was right; it counts as long as ``password_hash`` is still the manager's."""

    manager_id: int
    password_hash: str | None = field(repr=False)
    state: passwords.State


Proof = TokenProof | PasswordProof


@dataclass(frozen=True, slots=True)
class LocalAdmin:
    """The token minted at this start of the server; whoever can read its file is local-admin."""

    token_id: str
    digest: bytes = field(repr=False)


def prove(database: Database, shown: Credential, source: str) -> Proof:
    """Check what can be checked outside a transaction; raise Unauthenticated or SlowDown."""
    if isinstance(shown, TokenShown):
        return TokenProof(shown.presented, shown.auth_method, shown.owner)
    found = sign_in.check_password(database, shown.username, shown.password, source)
    return PasswordProof(found.manager.id, found.manager.password_hash, found.state)


def actor(tx: Reads, proof: Proof, source: str, local_admin: LocalAdmin) -> Actor:
    """Find who asks, with the rights of now; raise Unauthenticated."""
    if isinstance(proof, TokenProof):
        return _by_token(tx, proof, source, local_admin)
    return _by_password(tx, proof, source)


def require_usable(proof: Proof, changing: bool) -> None:
    """Raise Unauthenticated when a password has had its time; ``changing`` is when a new one is being set."""
    if isinstance(proof, PasswordProof):
        passwords.require_usable(proof.state, changing)


def _by_token(tx: Reads, proof: TokenProof, source: str, local_admin: LocalAdmin) -> Actor:
    presented = proof.presented
    if presented.id == local_admin.token_id and secrets.same(presented.digest, local_admin.digest):
        if proof.owner not in (None, rights.LOCAL_ADMIN):
            raise wrong()
        return rights.local_admin(source, "local token", presented.id)
    found = token_store.bearer(tx, presented.id)
    if found is None or not secrets.same(presented.digest, found.token.digest):
        raise wrong()
    if tokens.state(found.token, tx.now) != "live" or not found.owner_enabled or found.token.kind == "refresh":
        raise wrong()
    if proof.owner is not None and proof.owner != found.token.owner:
        raise wrong()
    return _manager(tx, found.token.owner_id, found.token.owner, proof.auth_method, source, found.token)


def _by_password(tx: Reads, proof: PasswordProof, source: str) -> Actor:
    found = manager_store.find(tx, proof.manager_id)
    if found is None or not found.enabled or found.password_hash != proof.password_hash:
        raise wrong()
    return _manager(tx, found.id, found.username, "password", source)


def _manager(tx: Reads, manager_id: int, name: str, method: str, source: str, token: Token | None = None) -> Actor:
    """Make the actor of a manager, narrowed by the token that was shown."""
    permissions = role_store.permissions_of(tx, manager_id, token.policies if token else None)
    return Actor(
        id=manager_id,
        name=name,
        kind="manager",
        token_id=token.id if token else None,
        auth_method=method,
        source=source,
        permissions=permissions,
        custom_realms=realm_store.custom_realms(tx, permissions),
        policies=token.policies if token else None,
        scopes=token.scopes if token else (),
        meta=token.meta if token else {},
    )
