"""Managers and their passwords: who may do what to whom, strength, history, waits, ends, who may set whose."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from server_stub.domain.base.timestamps import DAY, HOUR, rfc3339
from server_stub.store import managers as manager_store
from server_stub.web.native import managers
from server_stub.web.native.managers import view_managers
from tests.server_stub.conftest import BEGIN, PASSWORD, Person, Service


def test_a_new_server_has_its_three_managers(either_site: Service) -> None:
    shown = either_site.local.get("/managers/")
    assert [(each["id"], each["username"], each["is_default"], each["has_password"]) for each in shown] == [
        (1, "root", True, False),
        (2, "admin", True, False),
        (3, "support", True, False),
    ]
    assert shown[1]["roles"] == ["administrators", "csi"]
    assert len(shown[1]["permissions"]) == 36
    assert shown[1]["permissions_list"] == []


def test_a_manager_is_made_shown_found_and_recorded(either_site: Service) -> None:
    before = len(either_site.audit())
    made = either_site.local.post(
        "/managers/",
        username="Bob",
        password=PASSWORD,
        first_name="Robert",
        last_name="Miller",
        roles=["csi", 2],
        permissions_list=["view_security"],
        max_api_tokens=9,
    )
    assert made == either_site.local.get(f"/managers/{made['id']}/")
    assert [made] == either_site.local.get("/managers/", username="BOB")
    wanted = {
        "username": "bob",
        "full_name": "Robert Miller",
        "is_active": True,
        "is_default": False,
        "roles": ["csi", "read_only"],
        "permissions_list": ["view_security"],
        "max_api_tokens": 9,
        "has_password": True,
        "is_temporary_password": False,
        "password_expiration": None,
        "failed_logins": 0,
        "last_login": None,
    }
    assert {name: made[name] for name in wanted} == wanted
    assert "edit_logical" in made["permissions"]
    [(actor, action, target, detail)] = either_site.audit()[before:]
    assert (actor, action, target) == ("local-admin", "manager.create", "bob")
    assert (detail["roles"], detail["password"]) == (["csi", "read_only"], "set")
    assert PASSWORD not in str(detail)


def test_without_a_password_tokens_still_work(site: Service) -> None:
    site.manager("robot", "csi")
    assert site.by_token("robot").get("/login/")["username"] == "robot"
    site.by_password("robot", "").refused(401, "GET", "/login/")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"username": "admin"}, 409),
        ({"username": "ADMIN"}, 409),
        ({"username": "local-admin"}, 400),
        ({"username": ""}, 400),
        ({"username": "two words"}, 400),
        ({"username": "x" * 65}, 400),
        ({"username": "bob", "roles": ["nothing"]}, 404),
        ({"username": "bob", "roles": [99]}, 404),
        ({"username": "bob", "roles": [0]}, 400),
        ({"username": "bob", "roles": [2**63]}, 400),
        ({"username": "bob", "roles": "csi"}, 400),
        ({"username": "bob", "roles": ["csi"] * 257}, 400),
        ({"username": "bob", "permissions_list": ["fly_security"]}, 400),
        ({"username": "bob", "permissions_list": ["view_moon"]}, 400),
        ({"username": "bob", "max_api_tokens": -1}, 400),
        ({"username": "bob", "max_api_tokens": True}, 400),
        ({"username": "bob", "first_name": "a\x1bb"}, 400),
        ({"username": "bob", "last_name": " b"}, 400),
        ({"username": "bob", "password": "short"}, 400),
        ({"username": "bob", "tenant_id": 1}, 400),
        ({}, 400),
    ],
)
def test_a_bad_wish_stores_nothing(site: Service, sent: dict[str, Any], status: int) -> None:
    before = site.audit()
    site.local.refused(status, "POST", "/managers/", sent)
    assert site.audit() == before
    assert len(site.local.get("/managers/")) == 3


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"username": "admin"}, 409),
        ({"username": "local-admin"}, 400),
        ({"username": None}, 400),
        ({"roles": ["nothing"]}, 404),
        ({"permissions_list": ["view_moon"]}, 400),
        ({"max_api_tokens": 100_001}, 400),
        ({"is_active": "no"}, 400),
        ({"first_name": "new", "last_name": "\u202e"}, 400),
        ({"id": 7}, 400),
    ],
)
def test_a_bad_change_stores_nothing(site: Service, change: dict[str, Any], status: int) -> None:
    bob = site.manager("bob")
    before, shown = site.audit(), site.local.get(f"/managers/{bob}/")
    site.local.refused(status, "PATCH", f"/managers/{bob}/", change)
    assert site.audit() == before
    assert site.local.get(f"/managers/{bob}/") == shown


@pytest.mark.parametrize(
    ("change", "field", "shown"),
    [
        ({"username": "Rob"}, "username", "rob"),
        ({"first_name": "Robert"}, "full_name", "Robert Miller"),
        ({"is_active": False}, "is_active", False),
        ({"roles": []}, "roles", []),
        ({"roles": ["read_only", 5]}, "roles", ["csi", "read_only"]),
        ({"permissions_list": ["view_events"]}, "permissions_list", ["view_events"]),
        ({"max_api_tokens": 0}, "max_api_tokens", 0),
        ({"max_api_tokens": None}, "max_api_tokens", None),
        ({"password_expiration_disabled": True}, "password_expiration_disabled", True),
        ({"is_temporary_password": False}, "is_temporary_password", False),
        ({}, "username", "bob"),
    ],
)
def test_a_change_changes_that_and_nothing_else(
    site: Service, change: dict[str, Any], field: str, shown: object
) -> None:
    bob = site.manager("bob", "csi", max_api_tokens=3, last_name="Miller")
    before = site.local.get(f"/managers/{bob}/")
    after = site.local.patch(f"/managers/{bob}/", **change)
    assert after[field] == shown
    follows = {"full_name", "permissions"}
    assert {name for name in after if after[name] != before[name]} <= {*change, *follows}
    assert site.audit()[-1][:3] == ("local-admin", "manager.modify", "bob")


def test_one_sees_oneself_and_nobody_else_without_view(site: Service, nora: Person) -> None:
    [own] = nora.get("/managers/")
    assert own["username"] == "nora"
    assert nora.get(f"/managers/{own['id']}/") == own
    assert nora.get("/managers/", username="nora") == [own]
    assert nora.get("/managers/", username="admin") == []
    assert nora.get("/managers/", page_size="5")["count"] == 1
    assert nora.refused(404, "GET", "/managers/2/").replace("2", "999") == nora.refused(404, "GET", "/managers/999/")
    nora.refused(403, "PATCH", f"/managers/{own['id']}/", {"roles": ["administrators"]})
    nora.refused(403, "DELETE", f"/managers/{own['id']}/")


def test_a_search_by_the_beginning_of_a_name_shows_what_the_list_shows(either_site: Service) -> None:
    site = either_site
    for name in ("zed", "zoe", "eve", "zac"):
        site.manager(name, "csi")
    found = site.local.get("/managers/", prefix="Z")
    assert [each["username"] for each in found] == ["zac", "zed", "zoe"]
    listed = {each["username"]: each for each in site.local.get("/managers/")}
    assert found == [listed[each["username"]] for each in found]
    eve = site.by_token("eve")
    assert [each["username"] for each in eve.get("/managers/", prefix="")] == ["eve"]
    assert eve.get("/managers/", prefix="z") == []


def test_a_name_that_nobody_can_bear_finds_nobody(either_site: Service) -> None:
    for name in ("nobody", "x" * 100, "\ud800".encode("utf-8", "replace").decode()):
        assert either_site.local.get("/managers/", username=name) == []


@pytest.fixture
def dora(site: Service) -> Person:
    """A manager of the help desk: every right in Security, and no other."""
    site.local.post("/roles/", name="desk", realm="security")
    site.manager("dora", "desk")
    return site.by_token("dora")


@pytest.mark.parametrize(
    "sent",
    [
        {"roles": ["administrators"]},
        {"roles": ["desk", "csi"]},
        {"permissions_list": ["view_events"]},
        {"max_api_tokens": 100},
    ],
)
def test_nobody_gives_what_they_lack(site: Service, dora: Person, sent: dict[str, Any]) -> None:
    bob = site.manager("bob")
    own = dora.get("/login/")["id"]
    before = site.audit()
    dora.refused(403, "POST", "/managers/", {"username": "eve", **sent})
    for number in (bob, own):
        dora.refused(403, "PATCH", f"/managers/{number}/", sent)
    assert site.audit() == before
    assert dora.post("/managers/", username="eve", roles=["desk"])["roles"] == ["desk"]


def test_a_permission_in_a_realm_one_has_no_part_in_is_not_given(site: Service, dora: Person) -> None:
    site.local.post("/realms/", name="everything", object_types=["quota", "vms"])
    bob = site.manager("bob")
    for sent in (
        {"permissions_list": ["edit_everything"]},
        {"permissions_list": ["edit_security", "edit_everything"]},
    ):
        dora.refused(403, "PATCH", f"/managers/{bob}/", sent)
        dora.refused(403, "POST", "/managers/", {"username": "eve", **sent})
    site.local.patch(f"/managers/{bob}/", permissions_list=["edit_everything"])
    dora.refused(403, "POST", "/apitokens/", {"owner": "bob"})


@pytest.mark.parametrize("change", [{"username": "new"}, {"is_active": True}, {"password": "dora knows"}])
def test_nobody_takes_over_who_may_do_more(site: Service, dora: Person, change: dict[str, Any]) -> None:
    alice = site.manager("alice", "administrators", is_active=False)
    dora.refused(403, "PATCH", f"/managers/{alice}/", change)
    dora.patch(f"/managers/{alice}/", first_name="Alice")


def test_a_quota_of_ones_own_takes_edit_on_settings(site: Service, dora: Person) -> None:
    bob = site.manager("bob", max_api_tokens=1)
    site.by_token("bob")
    site.local.refused(409, "POST", "/apitokens/", {"owner": "bob"})
    dora.refused(403, "PATCH", f"/managers/{bob}/", {"max_api_tokens": 2})
    site.manager("sid", permissions_list=["edit_security", "edit_settings"])
    dora.patch(f"/managers/{bob}/", max_api_tokens=1, first_name="Robert")  # as it is: nothing is raised
    site.by_token("sid").patch(f"/managers/{bob}/", max_api_tokens=2)
    site.by_token("bob")
    site.local.refused(409, "POST", "/apitokens/", {"owner": "bob"})


def test_disabling_holds_at_once_for_every_credential(site: Service) -> None:
    bob = site.manager("bob", password=PASSWORD)
    people = [site.by_token("bob"), site.by_password("bob"), site.by_session("bob")]
    site.local.patch(f"/managers/{bob}/", is_active=False)
    for person in people:
        person.refused(401, "GET", "/login/")
    site.local.patch(f"/managers/{bob}/", is_active=True)
    assert [person.ask("GET", "/login/").status for person in people] == [200, 200, 401]


def test_rights_end_with_the_role_at_once(site: Service) -> None:
    bob = site.manager("bob", "read_only")
    person = site.by_token("bob")
    assert len(person.get("/managers/")) == 4
    site.local.patch(f"/managers/{bob}/", roles=[])
    assert len(person.get("/managers/")) == 1


def test_deleting_ends_every_credential_and_frees_the_name(either_site: Service) -> None:
    site = either_site
    bob = site.manager("bob", "csi", password=PASSWORD)
    people = [site.by_token("bob"), site.by_session("bob")]
    assert site.local.ask("DELETE", f"/managers/{bob}/").status == 204
    for person in (*people, site.by_password("bob")):
        person.refused(401, "GET", "/login/")
    assert site.audit()[-1] == ("local-admin", "manager.delete", "bob", {"id": bob, "tokens_revoked": 3})
    site.local.refused(404, "GET", f"/managers/{bob}/")
    assert site.manager("bob") > bob


@pytest.mark.parametrize("name", ["root", "admin", "support"])
def test_built_in_managers_are_protected(site: Service, alice: Person, name: str) -> None:
    shown = alice.get("/managers/", username=name)[0]
    path = f"/managers/{shown['id']}/"
    alice.refused(409, "DELETE", path)
    for change in ({"is_active": False}, {"username": "other"}, {"roles": []}, {"roles": ["read_only"]}):
        assert "built-in" in alice.refused(409, "PATCH", path, change)
    assert alice.get("/managers/", username=name)[0] == shown
    # What takes no right away may change.
    assert alice.patch(path, roles=["administrators"], first_name="A")["roles"] == ["administrators"]


def test_built_in_managers_lose_nothing_through_a_role_either(site: Service, alice: Person) -> None:
    every = alice.get("/roles/", name="administrators")[0]["permissions"]
    role = alice.post("/roles/", name="all", permissions_list=every)["id"]
    alice.patch("/managers/2/", roles=["all"])
    for method, path, body in [
        ("PATCH", f"/roles/{role}/unassign/", {"realm": "events"}),
        ("PATCH", f"/roles/{role}/", {"permissions_list": []}),
        ("DELETE", f"/roles/{role}/", None),
    ]:
        assert "admin is a built-in manager" in alice.refused(409, method, path, body)
    assert alice.get("/managers/2/")["permissions"] == sorted(every)


def test_failures_are_forgotten_after_a_day(site: Service) -> None:
    bob = site.manager("bob", password=PASSWORD)
    for source in ("192.0.2.1", "192.0.2.2"):
        site.nobody.ask("POST", "/token/", {"username": "bob", "password": "wrong"}, source=source)
    assert site.local.get(f"/managers/{bob}/")["failed_logins"] == 2
    site.clock.advance(DAY)
    assert site.local.get(f"/managers/{bob}/")["failed_logins"] == 0


def test_nobody_is_an_empty_list(site: Service) -> None:
    assert site.database.read(lambda tx: view_managers(tx, [])) == []


def test_what_lies_far_between_two_managers_is_not_read(site: Service) -> None:
    assert managers._group_ids([]) == []
    assert managers._group_ids([1, 2, 50, 51, 200]) == [(1, 51), (200, 200)]


def test_each_has_their_own_roles_failures_and_ends(site: Service) -> None:
    site.local.patch("/vms/1/pwd_settings/", pwd_expiration_timeout="30D", pwd_expiration_timeout_enabled=True)
    site.manager("bob", "csi", password=PASSWORD, permissions_list=["view_events"])
    site.manager("tim", password=PASSWORD, is_temporary_password=True, last_name="Tailor")
    site.nobody.ask("POST", "/token/", {"username": "tim", "password": "wrong"})
    bob, tim = site.database.read(lambda tx: view_managers(tx, manager_store.page(tx, None, 9, 3)))
    assert (bob.roles, bob.failed_logins, bob.full_name) == (["csi"], 0, "")
    assert (tim.roles, tim.failed_logins, tim.full_name) == ([], 1, "Tailor")
    assert bob.permissions_list == ["view_events"]
    assert {"view_events", "edit_logical"} < set(bob.permissions)
    assert (bob.password_expiration, tim.password_expiration) == (rfc3339(BEGIN + 30 * DAY), rfc3339(BEGIN + 7 * DAY))


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
