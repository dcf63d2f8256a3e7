"""Managers: who sees whom, what is kept of a wish, and that nobody gives what they lack."""

from typing import Any

import pytest

from server_stub.domain.base.timestamps import DAY, rfc3339
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
