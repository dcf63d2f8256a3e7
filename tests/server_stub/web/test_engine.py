"""The token engine as a whole: random people, roles, tokens and clocks through the real application.

Invariants after every step: no token wider than its maker in rights, scopes, end or uses; no live descendant of a
dead one; no end past a hard end, a parent's or whatever else bounds it; no quota exceeded; nothing becomes endless.
And every use is accepted exactly when the model says so, by whatever form of a credential and front door.
"""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from server_stub.domain.base import durations
from server_stub.domain.base.timestamps import DAY, SECOND
from server_stub.domain.tokens import tokens
from server_stub.domain.tokens.tokens import Token
from server_stub.store import tokens as token_store
from tests.server_stub.conftest import Service
from tests.server_stub.web.walking import (
    MAX_LEASE,
    METHODS,
    NATIVE,
    PEOPLE,
    PROBES,
    SEED,
    VAULT,
    Asker,
    earlier,
    seen,
)
from tests.server_stub.web.walking_deaths import Dying
from tests.server_stub.web.walking_steps import any_number, step
from vshell.formats.durations import GO

DOORS = ("native", "native", "vault", "seed")


class Engine(Dying):
    """Everything that may be done with tokens, by anybody, in any order."""

    @step(8, when=lambda self: self.world.known, number=any_number, door=DOORS)
    def use(self, number: int, door: str) -> None:
        forms = {"native": NATIVE, "vault": VAULT, "seed": SEED}[door]
        by = self.by(number, forms)
        path = {"native": "/apitokens/self/", "vault": "/v1/auth/token/lookup-self", "seed": "/auth/token/lookup-self"}
        answer, let_in = self.world.ask("GET", path[door], by=by)
        assert (answer.status == 200) is let_in
        if let_in and door == "native":
            assert set(answer.json["permissions"]) == by.permissions
        seen["accepted" if let_in else "turned away"] += 1

    @step(
        8,
        when=lambda self: self.world.known,
        number=any_number,
        method=tuple(METHODS),
        path=PROBES,
    )
    def reach(self, number: int, method: str, path: str) -> None:
        """Ask the gate before a file service."""
        by = self.by(number)
        headers = {"X-Original-URI": path, "X-Original-Method": method}
        answer, let_in = self.world.ask("GET", "/auth/check", by=by, **headers)
        letter, kinds = METHODS[method]
        allowed = {f"{kind}_logical" for kind in kinds} <= by.permissions
        assert by.token is not None
        allowed = allowed and (path, letter) in self.world.reaches(by.token)
        assert answer.status == (401 if not let_in else 204 if allowed else 403)
        seen["gate", answer.status] += 1

    # What becomes of tokens.

    @step(
        8,
        when=lambda self: self.world.known,
        number=any_number,
        at=any_number,
        increment=(None, "1h", "30h", "3000h", "3000h"),
        way=("native", "native", "local", "self", "text", "accessor", "early"),
    )
    def renew(self, number: int, at: int, increment: str | None, way: str) -> None:
        world, itself = self.world, way == "self" or number % 2
        target = self.pick(at)
        forms = NATIVE if way == "native" else SEED if way == "early" else VAULT
        by = (
            world.local
            if way == "local" or (way in ("text", "accessor") and number % 3 == 0)
            else world.asker(target if itself else self.pick(number), forms[at % len(forms)])
        )
        target = by.known if way == "self" and by.known else target
        leases = [each for each in self.living() if each.made.path.startswith("auth/") and each.made.parent_id is None]
        if by is world.local and way != "local" and leases:
            target = leases[at % len(leases)]
        before = world.records[target.id]
        body = {"increment": increment} if increment else {}
        if way in ("native", "local"):
            answer, _ = world.ask("PATCH", f"/apitokens/{target.id}/renew/", body, by=by)
        elif way == "early":
            answer, _ = world.ask("POST", f"/auth/token/renew/{target.secret}", body, by=by)
        else:
            whom = {"self": {}, "text": {"token": target.secret}, "accessor": {"accessor": target.id}}[way]
            path = {"self": "renew-self", "text": "renew", "accessor": "renew-accessor"}[way]
            answer, _ = world.ask("POST", f"/v1/auth/token/{path}", {**body, **whom}, by=by)
        if answer.status != 200:
            assert answer.status in (400, 401, 403, 404, 409), answer
            assert world.records[target.id].expires_at == before.expires_at
            return
        assert tokens.state(before, world.now) == "live", "the dead are not renewed"
        self.check_renewed(before, increment, way, by)
        seen["renewed", "native" if way in ("native", "local") else "vault"] += 1

    def check_renewed(self, before: Token, increment: str | None, way: str, by: Asker) -> None:
        """Check that a renewal gave what it was to give, from now on, within every bound."""
        world = self.world
        asked = durations.parse_duration(increment, GO) if increment else None
        at_vaults = way not in ("native", "local") and before.path.startswith("auth/")
        may_edit = "edit_security" in by.permissions and not (by.token and by.token.scopes)
        made_with = before.first_granted or before.granted or earlier(before.expires_at) - before.created_at
        if asked is not None and asked > made_with and not may_edit and not at_vaults:
            asked = made_with
            seen["renewed for as long as it was made"] += 1
        length = before.period or before.sliding_window or asked or before.granted
        assert length is not None
        parent = world.records[before.parent_id].expires_at if before.parent_id else None
        limit = None if world.limit is None else before.created_at + world.limit
        lease = (world.now if before.period else before.created_at) + MAX_LEASE if at_vaults else None
        end = earlier(world.now + length, before.max_expires_at, parent, limit, lease)
        assert world.records[before.id].expires_at == end > world.now, "not the end that was to be given"
        seen["renewed to a bound"] += end != world.now + length

    @step(5, when=lambda self: self.world.known, number=any_number, at=any_number, grace=(None, "1h", "9h"))
    def rotate(self, number: int, at: int, grace: str | None) -> None:
        """Give a token a new secret: whoever asks is not to get a token that is wider than their own."""
        world = self.world
        by, target = self.by(number), self.pick(at)
        if at % 2 and by.known is not None:
            target = by.known
        elif at % 3:  # by one whose end and uses bound nothing and who may edit, where there is one
            free = [each for each in self.living() if each.made.expires_at is None and each.uses is None]
            held = {each.id: world.permissions(each.made.owner, each.made.policies) for each in free}
            free = [each for each in free if "edit_security" in held[each.id]] or free
            by = world.asker(free[number % len(free)], NATIVE[at % len(NATIVE)]) if free else by
            target = self.another(by, at // 6) if at % 4 else self.pick(at // 12)
        answer, let_in = world.ask("PATCH", f"/apitokens/{target.id}/rotate/", {"grace": grace} if grace else {}, by=by)
        if answer.status != 200:
            seen["not rotated"] += let_in
            return
        token, mine = world.records[target.id], by.token
        assert mine is not None
        assert by.until is None, "by a secret that was rotated away"
        if mine.id != token.id:
            assert world.permissions(token.owner, token.policies) <= by.permissions, "it gets what it lacks"
            assert world.reaches(token) <= world.reaches(mine)
            assert mine.uses_left is None
            assert token.parent_id == mine.id or mine.expires_at is None, "it gets what outlives it"
            seen["rotated another"] += 1
        length = durations.parse_duration(grace) if grace else 0
        target.old, target.secret = (target.secret, world.now + length), answer.json["token"]
        seen["rotated"] += 1

    @step(2, when=lambda self: self.parents())
    def shorten(self) -> None:
        """Move the end of the largest family to an hour from now; `all_is_within_its_bounds` looks at all of it."""
        world = self.world
        below = {world.records[each.id].parent_id for each in self.parents()}
        heads = [each for each in self.parents() if each.id in below] or self.parents()
        head = world.records[max(heads, key=lambda each: len(self.family(each.id))).id]
        seconds = (world.now - head.created_at) // SECOND + 3_600
        answer, _ = world.ask("PATCH", f"/apitokens/{head.id}/", {"expiry_date": f"{seconds}s"}, by=world.local)
        seen["shortened"] += answer.status == 200

    @step(
        5,
        when=lambda self: self.world.known,
        number=any_number,
        at=any_number,
        expiry=("8h", "50h", "400h", "3000h"),
    )
    def modify(self, number: int, at: int, expiry: str) -> None:
        by = self.world.local if number % 2 else self.by(number)
        ended = [each for each in self.world.known.values() if self.world.has_ended(each.id)]
        chosen = (ended, self.parents(), list(self.world.known.values()))[at % 3] or [self.pick(at)]
        target = chosen[at // 3 % len(chosen)]
        if chosen and at % 3 == 1 and self.parents():
            target = max(self.parents(), key=lambda each: len(self.family(each.id)))
        if chosen is ended and target.made.owner in PEOPLE and at % 2:
            self.change_quota(target.made.owner, 0)  # no room for one that comes to life again
        answer, _ = self.world.ask("PATCH", f"/apitokens/{target.id}/", {"expiry_date": expiry}, by=by)
        assert answer.status in (200, 400, 401, 403, 404, 409), answer
        if answer.status == 200:
            assert "edit_security" in by.permissions
            assert by.token is None or not by.token.scopes, "scopes leave nothing but nodes"
            if target.made.expires_at is None:
                target.made = self.world.records[target.id]
            seen["modified"] += 1

    @step(2, when=lambda self: self.living(), number=any_number, offset=(-1_000, -1, 0, 1, 999, 1_000))
    def use_around_the_end(self, number: int, offset: int) -> None:
        """Wait until some milliseconds before or after a token's end, and use it."""
        world, known = self.world, self.pick(number)
        world.settle()
        end = world.records[known.id].expires_at
        if end is not None and world.now < end + offset * 1_000 < world.now + 100 * DAY:
            world.site.clock.now = end + offset * 1_000
            assert world.asker(known, "Bearer").usable is False or offset < 0
            world.ask("GET", "/apitokens/self/", by=world.asker(known, "Bearer"))
            answer, _ = world.ask("PATCH", f"/apitokens/{known.id}/renew/", {"increment": "1h"}, by=world.local)
            assert answer.status == 409 or offset < 0, "the ended are not renewed"
            seen["around the end"] += 1

    @invariant()
    def all_is_within_its_bounds(self) -> None:
        if hasattr(self, "world"):
            self.world.check_all(self.counts)
            self.counts = {owner: self.world.count_live(owner) for owner in PEOPLE}
            seen["steps"] += 1


LEAST: Mapping[object, int] = {
    "steps": 3_000,
    **dict.fromkeys(("native", "child", "accepted", "refused by rule"), 80),
    **dict.fromkeys((*NATIVE, "vault", "by role", "grandchild", "policed", "scoped", "sliding", "hard", "limited"), 20),
    **dict.fromkeys(("seed", "cookie", "orphan", "below", "capped", "periodic", "named", "over quota", "rotated"), 8),
    **dict.fromkeys(("asked after a sign-in", "freed", "freed within the end", "modified", "renewed to a bound"), 8),
    **dict.fromkeys(("revoked", "old secret", "turned away", "not rotated"), 8),
    **dict.fromkeys((("renewed", "native"), ("renewed", "vault"), ("gate", 204), ("gate", 401), ("gate", 403)), 20),
    **dict.fromkeys(
        ("revoked a family", "revoked by prefix", "slid", "around the end", "for others", "rotated another"), 2
    ),
    **dict.fromkeys(("by an old secret", "renewed for as long as it was made"), 2),
}
"""How often an everyday run comes at least to each of these; it comes to several times as many."""


def test_the_engine_keeps_its_invariants(full: bool) -> None:
    seen.clear()
    run_state_machine_as_test(
        Engine,
        settings=settings(
            max_examples=300 if full else 50,
            stateful_step_count=100,
            deadline=None,
            derandomize=not full,
            phases=(Phase.generate,),  # to shorten a walk takes minutes; the steps of one that fails are printed
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert seen["made"] >= 300
    assert not {kind: seen[kind] for kind, least in LEAST.items() if seen[kind] < least}, seen
    assert not full or seen["steps"] >= 20_000


def test_the_families_of_the_store_are_drawn_whole(site: Service) -> None:
    site.local.patch("/vms/1/set_max_api_tokens_per_user/", max_api_tokens_per_user=1_000)
    site.manager("ann", "administrators")
    holder = site.by_token("ann")
    root = site.local.get("/apitokens/", owner="ann")[0]["id"]
    made = [holder.post("/apitokens/")["id"] for _ in range(3)]
    found = site.database.read(lambda tx: token_store.list_descendants(tx, root))
    assert [token.id for token in found] == sorted([root, *made])
    assert site.database.read(token_store.count_nodes) == 0
