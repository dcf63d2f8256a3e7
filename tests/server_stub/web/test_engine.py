"""The token engine as a whole: random people, roles, tokens and clocks through the real application.

Invariants after every step: no token wider than its maker in roles, scopes or end; no live descendant of a dead
one; no end past a hard end; no quota exceeded. And every use is accepted exactly when the model says so.
"""

from __future__ import annotations

import base64
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test

from server_stub import ends, rights, scopes, tokens
from server_stub.store import families, nodes
from server_stub.store import tokens as token_store
from server_stub.tokens import Token
from tests.server_stub.web.conftest import Person, Service

ROLES = ("administrators", "read_only", "csi")
PEOPLE = ("ann", "ben", "cem")
QUOTA = 5
DURATIONS = st.sampled_from([None, "1m", "1h", "1D", "30D"])
LENGTHS = st.tuples(DURATIONS, st.sampled_from((None, None, "10m", "2D")), st.sampled_from((None, None, "1h", "9D")))
SCOPED = st.lists(st.tuples(st.sampled_from(("/a", "/a/b", "/c")), st.sampled_from(("r", "rw"))), max_size=2) | st.just(
    []
)

seen: Counter[Any] = Counter()
"""What the random steps came to, so that a model that tries nothing is noticed."""


class Engine(RuleBasedStateMachine):
    """Everything that may be done with tokens, by anybody, in any order."""

    held = Bundle("held")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.site = Service(str(Path(self.folder.name) / "vshell.db"))
        self.managers = {name: self.site.manager(name, role) for name, role in zip(PEOPLE, ROLES, strict=True)}
        self.roles = {name: [role] for name, role in zip(PEOPLE, ROLES, strict=True)}
        paths = ("/a", "/a/b", "/c")
        self.nodes = {path: self.site.local.post("/nodes/", path=path)["uuid"] for path in paths}
        self.uses_left: dict[str, int] = {}
        self.shown = 0

    def teardown(self) -> None:
        self.site.close()
        self.folder.cleanup()

    def all_tokens(self) -> dict[str, Token]:
        """Read every token there is."""
        return self.site.database.read(
            lambda tx: {token.id: token for token in token_store.every(tx, token_store.Filter(archived=True))}
        )

    def is_live(self, token_id: str) -> bool:
        """Tell by the record alone whether a use is to be accepted."""
        token = self.all_tokens()[token_id]
        enabled = self.site.local.get(f"/managers/{token.owner_id}/")["is_active"]
        return tokens.state(token, self.site.clock.now) == "live" and enabled

    @rule(
        target=held,
        owner=st.sampled_from(PEOPLE),
        lengths=LENGTHS,
        policed=st.booleans(),
        scoped=SCOPED,
        num_uses=st.sampled_from((0, 0, 0, 0, 1, 3)),
    )
    def make_root(self, owner: str, lengths: Any, policed: bool, scoped: Any, num_uses: int) -> Any:
        policies = self.roles[owner][:1] if policed else None
        return self.make(None, owner, lengths, policies, scoped, num_uses, orphan=False)

    @rule(
        target=held,
        maker=held,
        owner=st.sampled_from((None, None, *PEOPLE)),
        lengths=LENGTHS,
        policies=st.none() | st.lists(st.sampled_from(ROLES), unique=True, min_size=1, max_size=2),
        scoped=SCOPED,
        num_uses=st.sampled_from((0, 0, 2)),
        orphan=st.sampled_from((False, False, False, True)),
    )
    def make_child(
        self, maker: Any, owner: Any, lengths: Any, policies: Any, scoped: Any, num_uses: int, orphan: bool
    ) -> Any:
        return self.make(maker, owner, lengths, policies, scoped, num_uses, orphan)

    @rule(target=held, maker=held, lengths=LENGTHS)
    def make_plain_child(self, maker: Any, lengths: Any) -> Any:
        return self.make(maker, None, lengths, None, [], 0, orphan=False)

    @rule(target=held, maker=held, lengths=LENGTHS, scoped=SCOPED, policy=st.none() | st.sampled_from(ROLES))
    def make_narrow_child(self, maker: Any, lengths: Any, scoped: Any, policy: str | None) -> Any:
        return self.make(maker, None, lengths, [policy] if policy else None, scoped, 0, orphan=False)

    def make(
        self, maker: Any, owner: Any, lengths: Any, policies: Any, scoped: Any, num_uses: int, orphan: bool
    ) -> Any:
        """Make a token, by local-admin or by one that is held, and check it against its maker."""
        wish: dict[str, Any] = {
            **dict(zip(("expiry_date", "sliding_window", "hard_end"), lengths, strict=True)),
            "owner": owner,
            "policies": policies,
            "scopes": [f"node:{self.nodes[path]}:{letters}" for path, letters in scoped],
            "num_uses": num_uses,
            "orphan": orphan,
        }
        person = self.site.local if maker is None else self.person(maker)
        before = None if maker is None else self.all_tokens()[maker[0]]
        answer = person.ask("POST", "/apitokens/", {name: value for name, value in wish.items() if value})
        self.count_use(maker, answer.status)
        seen[answer.status] += 1
        if answer.status != 201:
            assert answer.status in (400, 401, 403, 404, 409), answer
            return multiple()
        return self.check_made(before, answer.json["id"], answer.json["token"], num_uses)

    def check_made(self, maker: Token | None, token_id: str, token: str, num_uses: int) -> tuple[str, str]:
        """Check what was made against its maker, and hold it."""
        made = self.all_tokens()[token_id]
        if num_uses:
            self.uses_left[made.id] = num_uses
        if maker is not None:
            assert maker.uses_left is None, "a token of limited uses makes none"
            seen["children"] += made.parent_id == maker.id
            self.check_narrower(made, maker)
        return token_id, token

    def check_narrower(self, made: Token, maker: Token) -> None:
        """Check that what was made is not wider than its maker."""
        if made.parent_id is None:
            assert self.rights(maker) == rights.ALL_PERMISSIONS, "an orphan takes every right"
            assert not maker.scopes
        assert ends.earliest(made.expires_at, maker.expires_at) == made.expires_at, "it outlives its maker"
        if maker.policies is not None:
            assert made.policies is not None
            assert set(made.policies) <= set(maker.policies)
        paths = {uuid: path for path, uuid in self.nodes.items()}
        if maker.scopes:
            assert made.scopes
            assert scopes.is_narrower(made.scopes, maker.scopes, paths)
        maker_rights = self.rights(maker)
        assert self.rights(made) <= maker_rights, "nobody gives what they lack"

    def rights(self, token: Token) -> set[str]:
        """Return what a token may do now, narrowed by nothing but its policies."""
        from server_stub.store import roles as role_store

        return set(self.site.database.read(lambda tx: role_store.permissions_of(tx, token.owner_id, token.policies)))

    def person(self, holder: tuple[str, str]) -> Person:
        """Return whoever holds a token, showing it in one of the forms that there are, each in its turn."""
        self.shown += 1
        owner = self.all_tokens()[holder[0]].owner
        basic = base64.b64encode(f"{owner}:{holder[1]}".encode()).decode()
        forms = (f"Bearer {holder[1]}", f"Api-Token {holder[1]}", f"token {holder[1]}", f"Basic {basic}")
        return Person(self.site.ask, forms[self.shown % len(forms)])

    @rule(
        target=held,
        maker=held,
        ttl=st.sampled_from((None, "1m", "1h", "30h")),
        policies=st.none() | st.lists(st.sampled_from((*ROLES, "root", "default")), unique=True, max_size=2),
        num_uses=st.sampled_from((0, 0, 2)),
        path=st.sampled_from(("create", "create", "create-orphan")),
    )
    def make_by_vault(self, maker: Any, ttl: Any, policies: Any, num_uses: int, path: str) -> Any:
        """Make a token through the other front door; the same rules hold there."""
        before = self.all_tokens()[maker[0]]
        wish = {"ttl": ttl, "policies": policies, "num_uses": num_uses}
        body = {name: value for name, value in wish.items() if value}
        headers = {"X-Vault-Token": maker[1]}
        answer = self.site.ask("POST", f"/v1/auth/token/{path}", body, headers=headers)
        unknown = answer.status == 403 and answer.json["errors"] == ["permission denied"]
        self.count_use(maker, 401 if unknown else answer.status)
        seen["vault"] += answer.status == 200
        if answer.status != 200:
            assert answer.status in (400, 403), answer
            return multiple()
        issued = answer.json["auth"]
        return self.check_made(before, issued["accessor"], issued["client_token"], num_uses)

    def count_use(self, holder: Any, status: int) -> None:
        """Keep the model's count of limited uses."""
        if holder is not None and holder[0] in self.uses_left and status != 401:
            self.uses_left[holder[0]] -= 1

    @rule(holder=held)
    def use(self, holder: tuple[str, str]) -> None:
        live = self.is_live(holder[0])
        assert live is (self.uses_left.get(holder[0], 1) > 0) or not live
        status = self.person(holder).ask("GET", f"/apitokens/{holder[0]}/").status
        assert (status == 200) is live, (status, self.all_tokens()[holder[0]])
        self.count_use(holder, status)

    @rule(holder=held, by=st.one_of(st.none(), held))
    def revoke(self, holder: tuple[str, str], by: Any) -> None:
        person = self.site.local if by is None else self.person(by)
        status = person.ask("PATCH", f"/apitokens/{holder[0]}/revoke/").status
        self.count_use(by, status)
        if by is None:
            assert status == 200
            assert not self.is_live(holder[0])

    @rule(holder=held)
    def free(self, holder: tuple[str, str]) -> None:
        assert self.site.local.ask("PATCH", f"/apitokens/{holder[0]}/free/").status == 200

    @rule(holder=held, increment=DURATIONS)
    def renew(self, holder: tuple[str, str], increment: str | None) -> None:
        before = self.all_tokens()[holder[0]]
        body = {"increment": increment} if increment else {}
        status = self.site.local.ask("PATCH", f"/apitokens/{holder[0]}/renew/", body).status
        assert status in (200, 409)
        if tokens.state(before, self.site.clock.now) != "live":
            assert status == 409, "the dead are not renewed"

    @rule(holder=held, expiry=st.sampled_from(["1m", "2h", "2D"]))
    def modify(self, holder: tuple[str, str], expiry: str) -> None:
        status = self.site.local.ask("PATCH", f"/apitokens/{holder[0]}/", {"expiry_date": expiry}).status
        assert status in (200, 400, 409)

    @rule(seconds=st.sampled_from([1, 59, 400, 3_600, 86_400]))
    def wait(self, seconds: int) -> None:
        self.site.clock.advance(seconds * 1_000_000)

    @rule(name=st.sampled_from(PEOPLE), role=st.permutations(ROLES).map(lambda each: each[:2]))
    def change_roles(self, name: str, role: list[str]) -> None:
        self.site.local.patch(f"/managers/{self.managers[name]}/", roles=role)
        self.roles[name] = role

    @rule(name=st.sampled_from(PEOPLE), enabled=st.sampled_from((True, True, False)))
    def enable(self, name: str, enabled: bool) -> None:
        self.site.local.patch(f"/managers/{self.managers[name]}/", is_active=enabled)

    @invariant()
    def families_are_sound(self) -> None:
        known, now = self.all_tokens(), self.site.clock.now
        for token in known.values():
            if token.max_expires_at is not None:
                assert token.expires_at is not None
                assert token.expires_at <= token.max_expires_at
            if token.parent_id is None:
                continue
            parent = known[token.parent_id]
            assert ends.earliest(token.expires_at, parent.expires_at) == token.expires_at, "a child outlives its parent"
            if tokens.state(token, now) == "live":
                assert tokens.state(parent, now) in ("live", "spent"), "a live child of a dead parent"

    @invariant()
    def quotas_hold(self) -> None:
        for manager_id in self.managers.values():
            assert self.site.database.read(lambda tx, i=manager_id: token_store.count_live(tx, i)) <= QUOTA


def test_the_engine_keeps_its_invariants(full: bool) -> None:
    run_state_machine_as_test(
        Engine,
        settings=settings(
            max_examples=1_000 if full else 60,
            stateful_step_count=60,
            deadline=None,
            derandomize=not full,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert seen[201] + seen["vault"] > 20, seen


def test_the_families_of_the_store_are_drawn_whole(site: Service) -> None:
    site.local.patch("/vms/1/set_max_api_tokens_per_user/", max_api_tokens_per_user=1_000)
    site.manager("ann", "administrators")
    holder = site.by_token("ann")
    root = site.local.get("/apitokens/", owner="ann")[0]["id"]
    made = [holder.post("/apitokens/")["id"] for _ in range(3)]
    found = site.database.read(lambda tx: families.descendants(tx, root))
    assert [token.id for token in found] == sorted([root, *made])
    assert site.database.read(nodes.count) == 0
