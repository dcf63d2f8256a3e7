"""The rules of passwords, as they hold at the door: strength, history, waits, ends, who may set whose."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from server_stub.domain.base.timestamps import DAY, HOUR, rfc3339
from tests.server_stub.conftest import BEGIN, PASSWORD, Service


@pytest.fixture
def bob(site: Service) -> int:
    """A manager with a password."""
    return site.manager("bob", password=PASSWORD)


def signs_in(site: Service, username: str, password: str) -> bool:
    return site.nobody.ask("POST", "/token/", {"username": username, "password": password}).status == 200


@pytest.mark.parametrize(
    ("settings", "weak", "strong"),
    [
        ({}, "1234567", "12345678"),
        ({"min_pwd_length": 12}, "12345678901", "123456789012"),
        ({"pwd_requires_uppercase": True}, "all lower", "All lower"),
        ({"pwd_requires_lowercase": True}, "ALL UPPER", "aLL UPPER"),
        ({"pwd_requires_numeric": True}, "no digits", "no digit5"),
        ({"pwd_requires_special_chars": True}, "nothing5special", "nothing.special"),
        ({"min_pwd_length": 3}, "BOB", "BOB1"),
        ({}, "with\ttabulator", "with a space"),
    ],
)
def test_a_weak_password_is_refused_wherever_it_is_given(
    site: Service, bob: int, settings: dict[str, object], weak: str, strong: str
) -> None:
    site.local.patch("/vms/1/pwd_settings/", **settings)
    before = site.audit()
    places = [
        ("PATCH", f"/managers/{bob}/password/", {}, site.local),
        ("PATCH", f"/managers/{bob}/unlock/", {}, site.local),
        ("PATCH", f"/managers/{bob}/", {}, site.local),
        ("PATCH", "/managers/password/", {}, site.by_password("bob")),
    ]
    for method, path, more, person in places:
        sentence = person.refused(400, method, path, {"password": weak, **more})
        assert weak not in sentence
    site.local.refused(400, "POST", "/managers/", {"username": "bob2", "password": weak if weak != "BOB" else "BOB2"})
    assert site.audit() == before
    site.by_password("bob").patch("/managers/password/", password=strong)
    assert signs_in(site, "bob", strong)
    assert not signs_in(site, "bob", PASSWORD)


def test_the_latest_passwords_are_not_used_again(site: Service, bob: int) -> None:
    site.local.patch("/vms/1/pwd_settings/", pwd_history_no_reuse_count=3, pwd_history_no_reuse_count_enabled=True)
    path = f"/managers/{bob}/password/"
    for number in range(3):
        site.clock.advance(1)
        site.local.patch(path, password=f"password {number}")
    for number in range(3):
        assert "last 3" in site.local.refused(400, "PATCH", path, {"password": f"password {number}"})
        own = site.by_password("bob", "password 2")
        own.refused(400, "PATCH", "/managers/password/", {"password": f"password {number}"})
    site.clock.advance(1)
    site.local.patch(path, password=PASSWORD)
    site.clock.advance(1)
    site.local.patch(path, password="password 0")
    rows = site.database.read(lambda tx: tx.rows("SELECT count(*) FROM password_history"))
    assert rows[0][0] == 3


def test_without_history_only_the_present_hash_is_kept(site: Service, bob: int) -> None:
    site.local.patch(f"/managers/{bob}/password/", password=PASSWORD)
    rows = site.database.read(lambda tx: tx.rows("SELECT count(*) FROM password_history"))
    assert rows[0][0] == 0
    site.local.patch("/vms/1/pwd_settings/", pwd_history_no_reuse_count_enabled=True)
    site.local.refused(400, "PATCH", f"/managers/{bob}/password/", {"password": PASSWORD})


def test_one_waits_before_changing_it_again_but_an_administrator_does_not(site: Service, bob: int) -> None:
    site.local.patch("/vms/1/pwd_settings/", pwd_change_timeout="2h", pwd_change_timeout_enabled=True)
    body = {"password": "another password"}
    answer = site.by_password("bob").ask("PATCH", "/managers/password/", body)
    assert (answer.status, answer.json["code"]) == (409, "password_change_too_soon")
    assert rfc3339(BEGIN + 2 * HOUR) in answer.json["hint"]
    site.local.patch(f"/managers/{bob}/password/", password="set by another")
    site.clock.advance(2 * HOUR)
    site.by_password("bob", "set by another").patch("/managers/password/", **body)
    assert signs_in(site, "bob", "another password")


def test_an_expired_password_is_good_for_one_thing_only(site: Service, bob: int) -> None:
    site.local.patch("/vms/1/pwd_settings/", pwd_expiration_timeout="30D", pwd_expiration_timeout_enabled=True)
    assert site.local.get(f"/managers/{bob}/")["password_expiration"] == rfc3339(BEGIN + 30 * DAY)
    site.clock.advance(30 * DAY)
    person = site.by_password("bob")
    answer = person.ask("GET", "/login/")
    assert (answer.status, answer.json["code"]) == (401, "password_expired")
    assert not signs_in(site, "bob", PASSWORD)
    person.patch("/managers/password/", password="fresh enough")
    assert signs_in(site, "bob", "fresh enough")
    assert site.local.get(f"/managers/{bob}/")["password_expiration"] == rfc3339(BEGIN + 60 * DAY)


def test_a_password_may_be_spared_from_expiring(site: Service, bob: int) -> None:
    site.local.patch("/vms/1/pwd_settings/", pwd_expiration_timeout="30D", pwd_expiration_timeout_enabled=True)
    site.local.patch(f"/managers/{bob}/", password_expiration_disabled=True)
    site.clock.advance(31 * DAY)
    assert signs_in(site, "bob", PASSWORD)


@pytest.mark.parametrize("how", ["password", "unlock", "", "create"])
def test_a_temporary_password_works_and_lapses(site: Service, bob: int, how: str) -> None:
    body = {"password": "only for now", "is_temporary_password": True}
    if how == "create":
        number = site.manager("tim", **body)  # type: ignore[arg-type]  # the password is among the wishes
    else:
        number = bob
        site.local.patch(f"/managers/{bob}/{how}/".replace("//", "/"), **body)
    shown = site.local.get(f"/managers/{number}/")
    name = shown["username"]
    assert shown["is_temporary_password"]
    assert shown["password_expiration"] == rfc3339(BEGIN + 7 * DAY)
    assert signs_in(site, name, "only for now")
    site.clock.advance(7 * DAY)
    person = site.by_password(name, "only for now")
    assert "temporary" in person.refused(401, "GET", "/login/")
    assert "temporary" in person.refused(401, "PATCH", "/managers/password/", {"password": "too late now"})


def test_replacing_a_temporary_password_needs_no_wait_and_makes_it_lasting(site: Service) -> None:
    site.local.patch("/vms/1/pwd_settings/", pwd_change_timeout_enabled=True)
    number = site.manager("tim", password="only for now", is_temporary_password=True)
    site.by_password("tim", "only for now").patch("/managers/password/", password="for good now")
    shown = site.local.get(f"/managers/{number}/")
    assert (shown["is_temporary_password"], shown["password_expiration"]) == (False, None)


def test_one_changes_ones_own_by_password_or_session_and_by_no_api_token(site: Service, bob: int) -> None:
    body = {"password": "another password"}
    assert "API token" in site.by_token("bob").refused(403, "PATCH", "/managers/password/", body)
    assert "local-admin" in site.local.refused(409, "PATCH", "/managers/password/", body)
    session = site.by_session("bob")
    session.patch("/managers/password/", **body)
    session.refused(401, "GET", "/login/")
    assert site.audit()[-1] == ("bob", "manager.change_password", "bob", {"id": bob, "sign_ins_revoked": 2})


def test_nobody_sets_the_password_of_somebody_who_may_do_more(site: Service) -> None:
    site.local.post("/roles/", name="desk", realm="security")
    site.manager("dora", "desk")
    alice, nora = site.manager("alice", "administrators"), site.manager("nora")
    dora = site.by_token("dora")
    body = {"password": "dora knows this"}
    for path in (f"/managers/{alice}/password/", f"/managers/{alice}/unlock/", f"/managers/{alice}/"):
        assert "you may not set the password of alice" in dora.refused(403, "PATCH", path, body)
    dora.patch(f"/managers/{alice}/unlock/")
    dora.patch(f"/managers/{nora}/password/", **body)
    assert signs_in(site, "nora", "dora knows this")
    assert not signs_in(site, "alice", "dora knows this")


def test_a_built_in_manager_gets_a_password_locally(site: Service) -> None:
    admin = site.local.get("/managers/", username="admin")[0]
    assert admin["has_password"] is False
    assert not signs_in(site, "admin", "123456")
    site.local.patch(f"/managers/{admin['id']}/password/", password=PASSWORD)
    assert signs_in(site, "admin", PASSWORD)


def test_of_changes_at_the_same_time_one_wins(site: Service, bob: int) -> None:
    own = site.by_password("bob")

    def change(number: int) -> int:
        return own.ask("PATCH", "/managers/password/", {"password": f"password {number}"}).status

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(change, range(4)))
    assert statuses.count(204) == 1
    assert set(statuses) <= {204, 401, 409}
    assert sum(signs_in(site, "bob", f"password {number}") for number in range(4)) == 1


def test_temporary_without_a_password_is_refused(site: Service, bob: int) -> None:
    for path in (f"/managers/{bob}/", f"/managers/{bob}/unlock/"):
        site.local.refused(400, "PATCH", path, {"is_temporary_password": True})
    site.local.refused(400, "POST", "/managers/", {"username": "tim", "is_temporary_password": True})
