"""Refusals in the chain: the first at once, the rest counted, and a flood bounded."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from server_stub.domain.audit import chain
from server_stub.domain.audit.chain import Draft
from server_stub.operations import audit_throttle
from server_stub.operations.audit_throttle import AuditThrottle
from tests.processes import Server
from tests.server_stub.conftest import Person, Service


class Ticking:
    """The moments of a test."""

    now = 1_000.0


@pytest.fixture
def ticking(monkeypatch: pytest.MonkeyPatch) -> Ticking:
    """A clock that the test moves."""
    clock = Ticking()
    monkeypatch.setattr(audit_throttle.time, "monotonic", lambda: clock.now)
    return clock


@pytest.fixture
def noted(site: Service, ticking: Ticking) -> Iterator[AuditThrottle]:
    """Refusals of the test's own."""
    collected = AuditThrottle(site.database)
    yield collected
    collected.close()


def draft(target: str = "") -> Draft:
    """Make a refusal of bob's."""
    return Draft(0, "bob", "token", "::1", "test", target, "refused", {"code": "no"})


def recorded(site: Service) -> list[tuple[str, str, object]]:
    """Return what is in the chain: action, target, how often it was repeated."""
    site.database.write(lambda tx: None)
    rows = site.database.rows("SELECT action, target, detail FROM audit WHERE outcome = 'refused' ORDER BY seq")
    return [(action, target, json.loads(detail).get("repeated")) for action, target, detail in rows]


def test_the_first_is_there_at_once_and_the_rest_when_their_minute_is_over(
    site: Service, noted: AuditThrottle, ticking: Ticking
) -> None:
    for _ in range(100):
        noted.note(draft("a"))
    noted.note(draft("b"))
    assert recorded(site) == [("test", "a", None), ("test", "b", None)]
    ticking.now += audit_throttle.WINDOW_SECONDS - 1
    noted.flush()
    assert len(recorded(site)) == 2
    ticking.now += 1
    noted.flush()
    assert recorded(site)[2:] == [("test", "a", 99)]
    noted.note(draft("a"))
    assert recorded(site)[3:] == [("test", "a", None)]


def test_at_the_end_what_is_counted_is_recorded(site: Service, ticking: Ticking) -> None:
    collected = AuditThrottle(site.database)
    for _ in range(3):
        collected.note(draft())
    collected.close()
    assert recorded(site) == [("test", "", None), ("test", "", 2)]


def test_a_flood_of_different_ones_is_bounded_and_names_nobody(
    site: Service, noted: AuditThrottle, ticking: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_throttle, "KINDS", 10)
    for number in range(1_000):
        noted.note(draft(str(number)))
    assert len(recorded(site)) == 11
    noted.close()
    assert recorded(site)[10:] == [("many.refusals", "", None), ("many.refusals", "", 989)]
    last = site.database.rows("SELECT actor, auth_method, source FROM audit ORDER BY seq DESC LIMIT 1")
    assert last == [("", "none", "")]


@pytest.mark.parametrize("outcome", ["refused", "done"])
def test_of_strangers_few_of_an_action_are_told_apart(
    site: Service, noted: AuditThrottle, ticking: Ticking, outcome: chain.Outcome
) -> None:
    few = audit_throttle.STRANGERS[outcome]
    told = [noted.first(Draft(0, "", "none", f"192.0.2.{n}", "test", "", outcome)) for n in range(few + 50)]
    assert [each is not None for each in told] == [True] * (few + 1) + [False] * 49
    other = noted.first(Draft(0, "", "none", "192.0.2.250", "another", "", outcome))
    assert other is not None, "another action"
    assert noted.first(replace(draft(), outcome=outcome)) is not None, "and whoever is known"
    again = noted.first(Draft(0, "", "none", "192.0.2.1", "test", "", outcome))
    assert again is None, "of one that was told apart it is known how often"
    ticking.now += audit_throttle.WINDOW_SECONDS
    noted.flush()
    site.database.write(lambda tx: None)
    rows = site.database.rows("SELECT source, detail FROM audit WHERE action = 'test' ORDER BY seq")
    assert rows == [("192.0.2.1", '{"repeated":1}'), ("", '{"repeated":49,"sources":"many"}')]
    assert noted.first(Draft(0, "", "none", "192.0.2.99", "test", "", outcome)) is not None


def test_a_stranger_with_many_addresses_of_one_network_is_one(noted: AuditThrottle) -> None:
    told = [noted.first(Draft(0, "", "none", f"2001:db8::{n:x}", "test", "", "refused")) for n in range(50)]
    assert [each is not None for each in told] == [True] + [False] * 49


def test_who_was_refused_what_is_recorded_and_a_wrong_value_is_not(site: Service, nora: Person) -> None:
    site.manager("bob")
    foreign = site.local.post("/apitokens/", owner="bob")["id"]
    nora.refused(404, "GET", f"/apitokens/{foreign}/")
    nora.refused(403, "POST", "/apitokens/", {"owner": "bob"})
    nora.refused(400, "POST", "/apitokens/", {"expiry_date": "never"})
    assert [row[:2] for row in recorded(site)] == [("apitoken.show", foreign), ("apitoken.create", "")]
    rows = site.database.rows("SELECT actor, source FROM audit WHERE outcome = 'refused'")
    assert set(rows) == {("nora", "192.0.2.7")}


def test_an_endless_target_is_cut_and_what_is_no_id_is_none(site: Service, nora: Person) -> None:
    asked = {"X-Original-Method": "GET", "X-Original-URI": "/" + "x" * 5_000}
    assert nora.ask("GET", "/auth/check/", headers=asked).status == 403
    nora.refused(404, "GET", f"/apitokens/{'x' * 5_000}/")
    assert [target for _, target, _ in recorded(site)] == [("GET /" + "x" * 128)[:128], "***"]


def test_no_address_spoils_the_changes_of_others(either_server: Server) -> None:
    for path in ("%00", "%ED%A0%80", "%ff", "%E2%80%AE", "'%3B--", "%25s"):
        assert either_server.call("GET", f"/apitokens/{path}/", token="none").status_code in (401, 404)
        assert either_server.call("GET", f"/apitokens/{path}/").status_code == 404
        assert either_server.call("GET", f"/apitokens/?name={path}").status_code in (200, 400)
    assert either_server.create(owner="root")
    log = (either_server.data / "stderr.log").read_text()
    assert "ERROR" not in log
