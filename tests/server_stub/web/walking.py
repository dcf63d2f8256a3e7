"""What the random walk of the token engine knows by itself, without asking the rules that it checks."""

from __future__ import annotations

import base64
import json
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from server_stub.domain.accounts.permissions import ALL_PERMISSIONS
from server_stub.domain.base.timestamps import DAY, HOUR
from server_stub.domain.tokens.tokens import Token
from server_stub.store import tokens as token_store
from tests.server_stub.conftest import PASSWORD, Answer, Service

ROLES = ("administrators", "read_only", "csi", "keepers")
PEOPLE = {"ann": ("administrators", "csi"), "ben": ("read_only", "csi"), "cem": ("keepers", "read_only")}
PATHS = ("/a", "/a/b", "/ab")
PROBES = ("/a", "/a/x", "/a/b/x", "/ab", "/ab/x", "/c")
METHODS = {"GET": ("r", ("view",)), "PUT": ("w", ("create", "edit")), "DELETE": ("w", ("delete",))}
TOKEN_ROLES: dict[str, dict[str, Any]] = {
    "orphans": {"orphan": True},
    "weekly": {"period": "168h"},
    "bounded": {"token_num_uses": 2, "token_explicit_max_ttl": "2h"},
    "drivers": {"allowed_policies": ["csi"]},
}
NATIVE = ("Bearer", "Api-Token", "token", "Basic", "X-Vault-Token", "Basic of another")
VAULT = ("X-Vault-Token", "Bearer")
SEED = (*VAULT, "cookie")
MAX_LEASE = 768 * HOUR
LIMITS = {None: None, "20D": 20 * DAY}

seen: Counter[Any] = Counter()
"""What the steps of a run came to, so that a kind of step that dies out is noticed."""


@dataclass
class Known:
    """What is known of a token: how it is shown, what never changes, how far it may ever reach."""

    id: str
    secret: str
    made: Token
    uses: int | None = None
    ceiling: int | None = None
    old: tuple[str, int] | None = None
    used_at: int | None = None


@dataclass(frozen=True)
class Asker:
    """Who asks: local-admin, a token (its record as it was before), or a manager who signed in; and by what.

    `until` is the end of the grace, where the secret is the one before a rotation.
    """

    headers: dict[str, str]
    token: Token | None
    permissions: frozenset[str]
    usable: bool
    known: Known | None = None
    until: int | None = None

    @property
    def has_every_right(self) -> bool:
        """Whether nothing is out of reach."""
        return self.permissions >= ALL_PERMISSIONS and not (self.token and self.token.scopes)


def earlier(*moments: int | None) -> int:
    """Return the earliest of some moments, None being after all others."""
    return min((moment for moment in moments if moment is not None), default=2**62)


def within(end: int | None, bound: int | None) -> bool:
    """Tell whether an end lies within a bound; None is never."""
    return earlier(end) <= earlier(bound)


def headers_of(form: str, owner: str, secret: str) -> dict[str, str]:
    """Show a token in one of the forms of a credential."""
    if form == "X-Vault-Token":
        return {form: secret}
    if form == "cookie":
        return {"Cookie": f"a=b; token={secret}"}
    if form == "Basic":
        return {"Authorization": f"Basic {base64.b64encode(f'{owner}:{secret}'.encode()).decode()}"}
    return {"Authorization": f"{form} {secret}"}


class World:
    """A server, its people, and all that is known of their tokens."""

    def __init__(self, limit: str | None) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.site = Service(str(Path(self.folder.name) / "vshell.db"))
        local, self.limit = self.site.local, LIMITS[limit]
        keys = [f"{kind}_security" for kind in ("create", "view", "edit", "delete")]
        local.post("/roles/", name="keepers", permissions_list=[*keys, "view_logical"])
        self.granted = {role["name"]: set(role["permissions"]) for role in local.get("/roles/")}
        passwords = {"cem": PASSWORD}
        self.ids = {
            name: self.site.manager(name, *roles, password=passwords.get(name)) for name, roles in PEOPLE.items()
        }
        self.roles = {name: set(roles) for name, roles in PEOPLE.items()} | {
            "root": {"administrators", "csi", "debug_metrics"}
        }
        self.enabled = dict.fromkeys(self.roles, True)
        self.quota = dict.fromkeys(PEOPLE, 40)
        local.patch("/vms/1/set_max_api_tokens_per_user/", max_api_tokens_per_user=40)
        self.nodes = {path: local.post("/nodes/", path=path)["uuid"] for path in PATHS}
        self.paths = {uuid: path for path, uuid in self.nodes.items()}
        headers = {"Authorization": local.authorization or ""}
        for name, request in TOKEN_ROLES.items():
            assert self.site.ask("POST", f"/v1/auth/token/roles/{name}", request, headers=headers).status < 300
        if limit is not None:
            expiry = {"pwd_expiration_timeout": limit, "pwd_expiration_timeout_enabled": True}
            local.patch("/vms/1/pwd_settings/", **expiry)
        self.known: dict[str, Known] = {}
        self.local = Asker(headers, None, frozenset(ALL_PERMISSIONS), usable=True)
        self._records: dict[str, Token] | None = None
        # The writer takes nothing by itself, at moments that no run repeats: `settle` does, when time passes here.
        self._take, self.site.database.uses.take = self.site.database.uses.take, dict  # type: ignore[method-assign]

    def close(self) -> None:
        """Stop the server and forget its files."""
        self.site.close()
        self.folder.cleanup()

    @property
    def now(self) -> int:
        """The moment on the server's clock."""
        return self.site.clock.now

    @property
    def records(self) -> dict[str, Token]:
        """All tokens as the database has them now."""
        if self._records is None:
            chosen = token_store.Filter(archived=True)
            self._records = {
                token.id: token for token in self.site.database.read(lambda tx: list(token_store.every(tx, chosen)))
            }
        return self._records

    def live(self, token_id: str) -> bool:
        """Tell whether a token's record is live."""
        token = self.records[token_id]
        return token.revoked_at is None and self.now < earlier(token.expires_at) and token.uses_left != 0

    def has_ended(self, token_id: str) -> bool:
        """Tell whether a token's end has passed and nothing else has stopped it."""
        token = self.records[token_id]
        return token.revoked_at is None and token.uses_left != 0 and self.now >= earlier(token.expires_at)

    def count_live(self, owner: str) -> int:
        """Count the tokens of an owner that the quota counts."""
        return sum(
            each.owner == owner and each.kind in ("api", "device") and self.live(each.id)
            for each in self.records.values()
        )

    def permissions(self, owner: str, policies: tuple[str, ...] | None) -> frozenset[str]:
        """Return what a token may do now, narrowed by nothing but its policies."""
        held = self.roles[owner]
        whole = frozenset[str]().union(*(self.granted[role] for role in held))
        if policies is None:
            return whole
        among = set(self.granted) if whole >= ALL_PERMISSIONS else held  # whoever may all is narrowed to any role
        return frozenset[str]().union(*(self.granted[role] for role in among & set(policies)))

    def reaches(self, token: Token) -> set[tuple[str, str]]:
        """Return which of the probes a token's scopes let it read (r) and write (w)."""
        if not token.scopes:
            return {(probe, letter) for probe in PROBES for letter in "rw"}
        parts = [scope.split(":") for scope in token.scopes]
        return {
            (probe, letter)
            for probe in PROBES
            for _, uuid, letters in parts
            for letter in letters
            if probe == self.paths[uuid] or probe.startswith(self.paths[uuid] + "/")
        }

    def ask(self, method: str, path: str, body: object = None, *, by: Asker, **headers: str) -> tuple[Answer, bool]:
        """Send a request; check that the asker is let in exactly when they may be; tell whether they were."""
        answer = self.site.ask(method, path, body, headers={**by.headers, **headers})
        self._records = None
        at_vaults = path.startswith(("/v1/", "/auth/token/"))
        denied = (403, {"errors": ["permission denied"]}) if at_vaults else (401, None)
        let_in = (answer.status, denied[1] and answer.json) != denied
        assert let_in is by.usable, (path, by.token, answer)
        if let_in and by.known is not None:
            by.known.used_at = self.now
            if by.known.uses is not None:
                by.known.uses -= 1
        return answer, let_in

    def asker(self, known: Known, form: str, old: bool = False) -> Asker:
        """Return whoever holds a token, showing it in a form, or its secret before the last rotation."""
        record, secret, usable, until = self.records[known.id], known.secret, True, None
        if old and known.old is not None:
            secret, until = known.old
            usable = self.now < until
            seen["old secret"] += 1
        form = "Bearer" if "." not in secret and form.startswith("Basic") else form  # a named string is no token there
        usable = usable and self.live(known.id) and self.enabled[record.owner]
        seen[form] += usable
        owner = record.owner
        if form == "Basic of another":
            form, owner, usable = "Basic", "ben" if owner == "ann" else "ann", False
            seen["another's name"] += 1
        held = self.permissions(record.owner, record.policies)
        return Asker(headers_of(form, owner, secret), record, held, usable, known, until)

    def keep(self, token_id: str, secret: str, ceiling: int | None) -> Token:
        """Remember a token that was made, and return its record."""
        made = self.records[token_id]
        self.known[token_id] = Known(token_id, secret, made, made.uses_left, ceiling)
        return made

    def settle(self) -> None:
        """Write down the uses that are noted, as happens within a second, and check what slid by them."""
        before, uses = self.records, self.site.database.uses
        noted = self._take()
        self.site.database.write(lambda tx: uses.write(tx, noted), unaudited=True)
        self._records = None
        for known in self.known.values():
            was, token = before[known.id], self.records[known.id]
            if known.used_at is None or token.sliding_window is None or token.revoked_at is not None:
                continue
            parent = before[token.parent_id].expires_at if token.parent_id else None
            due = earlier(known.used_at + token.sliding_window, token.max_expires_at, parent)
            if within(known.used_at + 1, was.expires_at):
                assert earlier(token.expires_at) >= due, "a use did not slide it"
                seen["slid"] += was.expires_at != token.expires_at
            known.used_at = None

    def check_all(self, counts: dict[str, int]) -> None:
        """Check every token there is against its bounds, its parent, and what it was when it was made."""
        for token in self.records.values():
            assert within(token.expires_at, token.max_expires_at), "it ends past its hard end"
            parent = self.records[token.parent_id] if token.parent_id else None
            if parent is not None:
                assert within(token.expires_at, parent.expires_at), "it outlives its parent"
                is_dead = parent.revoked_at is not None or self.now >= earlier(parent.expires_at)
                assert not (is_dead and self.live(token.id)), "a live child of a dead parent"
                if parent.owner == token.owner and parent.id in self.known:
                    assert self.permissions(token.owner, token.policies) <= self.permissions(
                        parent.owner, parent.policies
                    )
        for known in self.known.values():
            self._check_known(known, self.records[known.id])
        for owner, before in counts.items():
            assert self.count_live(owner) <= max(before, self.quota[owner]), "the quota is exceeded"

    def _check_known(self, known: Known, token: Token) -> None:
        made = known.made
        assert within(token.expires_at, known.ceiling), "it outlives what made it"
        assert token.expires_at is not None or made.expires_at is None, "it became endless"
        assert within(token.max_expires_at, made.max_expires_at), "its hard end moved away"
        assert token.uses_left == known.uses, "its uses are not what is left of them"
        if self.limit is not None:
            assert within(token.expires_at, token.created_at + self.limit), "it lasts longer than the settings allow"
        same = replace(
            made,
            parent_id=token.parent_id, expires_at=token.expires_at, max_expires_at=token.max_expires_at,
            revoked_at=token.revoked_at, last_used_at=token.last_used_at, renewed_at=token.renewed_at,
            granted=token.granted, uses_left=token.uses_left,
            digest=token.digest, old_digest=token.old_digest, old_digest_until=token.old_digest_until,
        )  # fmt: skip
        assert same == token, "what never changes did"


def is_over_quota(answer: Answer) -> bool:
    """Tell whether an answer, of whichever front door, is the refusal of the quota."""
    return answer.status in (400, 409) and "live token" in json.dumps(answer.json)
