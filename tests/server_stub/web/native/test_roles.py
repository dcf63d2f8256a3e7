"""Roles and realms: found by number, listed by name; none gives more than its maker had."""

from typing import Any

import pytest

from server_stub.domain.accounts.permissions import PREDEFINED_REALMS
from tests.server_stub.conftest import Person, Service


def test_a_new_server_lists_vcli_s_roles(either_site: Service) -> None:
    rows = [
        (each["id"], each["name"], each["managers"], each["is_default"], each["is_admin"])
        for each in either_site.local.get("/roles/")
    ]
    assert rows == [
        (1, "administrators", ["root", "admin", "support"], True, True),
        (3, "configuration", [], True, False),
        (5, "csi", ["root", "admin", "support"], True, False),
        (4, "debug_metrics", ["root", "support"], True, False),
        (2, "read_only", [], True, False),
    ]


@pytest.mark.parametrize(
    ("sent", "permissions"),
    [
        ({}, []),
        ({"permissions_list": ["view_events", "edit_events"]}, ["edit_events", "view_events"]),
        ({"realm": "Events"}, ["create_events", "delete_events", "edit_events", "view_events"]),
        ({"realm": "events", "permissions": "view"}, ["view_events"]),
        ({"realm": "events", "permissions": ["view", "edit"]}, ["edit_events", "view_events"]),
        ({"realm": "events", "permissions_list": ["view_support"]}, ["view_support"]),
    ],
)
def test_a_role_is_made_of_what_the_wish_names(
    either_site: Service, sent: dict[str, Any], permissions: list[str]
) -> None:
    made = either_site.local.post("/roles/", name="Ops", **sent)
    assert (made["name"], made["permissions"]) == ("ops", permissions)
    assert either_site.local.get("/roles/", name="OPS") == [made] == [either_site.local.get(f"/roles/{made['id']}/")]


def test_types_without_a_realm_mean_every_predefined_realm(site: Service) -> None:
    made = site.local.post("/roles/", name="viewers", permissions="view")
    assert made["permissions"] == site.local.get("/roles/", name="read_only")[0]["permissions"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"name": "csi"}, 409),
        ({"name": "CSI"}, 409),
        ({"name": ""}, 400),
        ({"name": "a b"}, 400),
        ({"name": "a\0"}, 400),
        ({"name": "ops", "realm": "moon"}, 400),
        ({"name": "ops", "realm": "events", "permissions": "fly"}, 400),
        ({"name": "ops", "permissions_list": ["view"]}, 400),
        ({"name": "ops", "permissions_list": "view_events"}, 400),
        ({"name": "ops", "ldap_groups": []}, 400),
        ({}, 400),
    ],
)
def test_a_bad_wish_stores_nothing(site: Service, sent: dict[str, Any], status: int) -> None:
    before = site.audit()
    site.local.refused(status, "POST", "/roles/", sent)
    assert site.audit() == before
    assert len(site.local.get("/roles/")) == 5


def test_permissions_come_and_go_for_whoever_holds_the_role(either_site: Service) -> None:
    site = either_site
    role = site.local.post("/roles/", name="ops")["id"]
    site.manager("bob", "ops")
    bob = site.by_token("bob")
    bob.refused(403, "GET", "/roles/")
    site.local.patch(f"/roles/{role}/assign/", realm="security", permissions="view")
    assert bob.get("/roles/", name="ops")[0]["managers"] == ["bob"]
    assert site.local.patch(f"/roles/{role}/assign/", realm="security")["permissions"] == [
        "create_security",
        "delete_security",
        "edit_security",
        "view_security",
    ]
    site.local.patch(f"/roles/{role}/unassign/", realm="security", permissions="view")
    bob.refused(403, "GET", "/roles/")
    assert site.audit()[-1] == (
        "local-admin",
        "role.unassign",
        "ops",
        {"id": role, "name": "ops", "added": [], "taken": ["view_security"]},
    )
    assert site.local.ask("DELETE", f"/roles/{role}/").status == 204
    assert site.local.get("/managers/", username="bob")[0]["roles"] == []


@pytest.mark.parametrize(
    ("verb", "body", "status"),
    [
        ("assign/", {}, 400),
        ("assign/", {"realm": "moon"}, 400),
        ("assign/", {"realm": "empty"}, 400),
        ("assign/", {"realm": "events", "permissions": "all"}, 400),
        ("unassign/", {"realm": "moon"}, 400),
        ("", {"name": "csi"}, 409),
        ("", {"permissions_list": ["view_empty"]}, 400),
    ],
)
def test_a_bad_change_stores_nothing(site: Service, verb: str, body: dict[str, Any], status: int) -> None:
    site.local.post("/realms/", name="empty")
    role = site.local.post("/roles/", name="ops", realm="support")
    before = site.audit()
    site.local.refused(status, "PATCH", f"/roles/{role['id']}/{verb}", body)
    assert site.audit() == before
    assert site.local.get(f"/roles/{role['id']}/") == role


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_default_roles_keep_their_names_and_are_never_deleted(site: Service, alice: Person, number: int) -> None:
    shown = alice.get(f"/roles/{number}/")
    assert "default role" in alice.refused(409, "PATCH", f"/roles/{number}/", {"name": "new"})
    assert "default role" in alice.refused(409, "DELETE", f"/roles/{number}/")
    assert alice.get(f"/roles/{number}/") == shown


def test_what_a_default_role_gives_may_be_changed_as_in_vasts_example(site: Service, alice: Person) -> None:
    alice.patch("/roles/2/assign/", realm="logical", permissions=["create"])
    assert "create_logical" in alice.get("/roles/2/")["permissions"]
    alice.patch("/roles/2/unassign/", realm="logical", permissions=["create"])
    assert "create_logical" not in alice.get("/roles/2/")["permissions"]
    assert "built-in manager" in alice.refused(409, "PATCH", "/roles/1/unassign/", {"realm": "security"})


def test_nobody_widens_a_role_beyond_themselves(site: Service) -> None:
    site.manager("dora", permissions_list=["create_security", "view_security", "edit_security"])
    dora = site.by_token("dora")
    site.local.post("/realms/", name="all", object_types=["quota"])
    role = site.local.post("/roles/", name="ops", permissions_list=["delete_events"])["id"]
    for body in ({"realm": "events"}, {"realm": "security"}, {"realm": "all"}, {"permissions_list": ["edit_all"]}):
        dora.refused(403, "POST", "/roles/", {"name": "mine", **body})
    for body in ({"realm": "events", "permissions": "view"}, {"realm": "all", "permissions": "view"}):
        dora.refused(403, "PATCH", f"/roles/{role}/assign/", body)
    dora.refused(403, "PATCH", f"/roles/{role}/", {"permissions_list": ["delete_events", "view_events"]})
    dora.refused(403, "DELETE", f"/roles/{role}/")
    # Taking is not giving, and what the role has already may stay.
    kept = dora.patch(f"/roles/{role}/", permissions_list=["delete_events", "view_security"])
    assert kept["permissions"] == ["delete_events", "view_security"]
    assert dora.patch(f"/roles/{role}/unassign/", realm="events")["permissions"] == ["view_security"]


def test_no_role_gets_a_name_that_tokens_are_narrowed_to_from_who_lacks_a_right(site: Service) -> None:
    """Else a narrowed token would rename a role of its owner's that it does not carry to one that it does."""
    site.local.post("/roles/", name="keepers", permissions_list=["view_security", "edit_security", "create_security"])
    small = site.local.post("/roles/", name="small", permissions_list=["view_events"])["id"]
    large = site.local.post("/roles/", name="large", permissions_list=["view_logical", "edit_settings"])["id"]
    site.manager("ann", "keepers", "small", "large")
    narrowed = site.by_bearer(site.local.post("/apitokens/", owner="ann", policies=["keepers", "small"])["token"])
    before = narrowed.get("/apitokens/self/")["permissions"]
    narrowed.patch(f"/roles/{small}/", name="gone")
    for person in (narrowed, site.by_token("ann")):
        assert "takes every right" in person.refused(403, "PATCH", f"/roles/{large}/", {"name": "small"})
        assert "takes every right" in person.refused(403, "POST", "/roles/", {"name": "small"})
    assert set(narrowed.get("/apitokens/self/")["permissions"]) < set(before)
    site.local.patch(f"/roles/{small}/", name="small")
    assert narrowed.get("/apitokens/self/")["permissions"] == before


def test_a_new_server_lists_the_predefined_realms(either_site: Service) -> None:
    shown = either_site.local.get("/realms/")
    assert {each["name"]: frozenset(each["object_types"]) for each in shown} == PREDEFINED_REALMS
    assert [each["name"] for each in shown] == sorted(PREDEFINED_REALMS)
    assert all(each["is_default"] for each in shown)


def test_a_realm_s_object_types_are_what_its_permissions_are_about(either_site: Service) -> None:
    site = either_site
    realm = site.local.post("/realms/", name="People", object_types=["manager"])
    assert realm == {"id": 10, "name": "people", "object_types": ["manager"], "is_default": False}
    assert site.local.get("/realms/", name="people") == [realm] == [site.local.get("/realms/10/")]
    site.manager("bob", permissions_list=["view_people"])
    bob = site.by_token("bob")
    assert len(bob.get("/managers/")) == 4
    bob.refused(403, "GET", "/roles/")
    assert site.local.patch("/realms/10/assign/", object_types=["role"])["object_types"] == ["manager", "role"]
    assert len(bob.get("/roles/")) == 5
    site.local.patch("/realms/10/unassign/", object_types=["role", "quota"])
    bob.refused(403, "GET", "/roles/")
    assert site.audit()[-1] == (
        "local-admin",
        "realm.unassign",
        "people",
        {"id": 10, "name": "people", "added": [], "taken": ["role"]},
    )


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"name": "security"}, 409),
        ({"name": "mine"}, 409),
        ({"name": "MINE"}, 409),
        ({"name": ""}, 400),
        ({"name": "a.b"}, 400),
        ({"name": "new", "object_types": ["moon"]}, 400),
        ({"name": "new", "object_types": "quota"}, 400),
        ({}, 400),
    ],
)
def test_a_bad_realm_stores_nothing(site: Service, sent: dict[str, Any], status: int) -> None:
    site.local.post("/realms/", name="mine")
    before = site.audit()
    site.local.refused(status, "POST", "/realms/", sent)
    assert site.audit() == before


@pytest.mark.parametrize("number", range(1, 10))
def test_predefined_realms_stay_as_they_are(site: Service, alice: Person, number: int) -> None:
    shown = alice.get(f"/realms/{number}/")
    for verb, body in (
        ("", {"name": "new"}),
        ("", {"object_types": []}),
        ("assign/", {"object_types": ["node"]}),
        ("unassign/", {"object_types": ["node"]}),
    ):
        assert "predefined" in alice.refused(409, "PATCH", f"/realms/{number}/{verb}", body)
    assert "predefined" in alice.refused(409, "DELETE", f"/realms/{number}/")
    assert alice.get(f"/realms/{number}/") == shown


def test_a_realm_in_use_keeps_its_name_and_stays(site: Service, alice: Person) -> None:
    realm = alice.post("/realms/", name="mine", object_types=["quota"])["id"]
    path = f"/realms/{realm}/"
    assert alice.patch(path, name="ours")["name"] == "ours"
    role = alice.post("/roles/", name="ops", realm="ours", permissions="view")["id"]
    bob = site.manager("bob", permissions_list=["edit_ours"])
    for free in (
        lambda: alice.ask("DELETE", f"/roles/{role}/"),
        lambda: alice.patch(f"/managers/{bob}/", permissions_list=[]),
    ):
        assert "somebody holds" in alice.refused(409, "DELETE", path)
        assert "somebody holds" in alice.refused(409, "PATCH", path, {"name": "theirs"})
        free()
    assert alice.ask("DELETE", path).status == 204
    alice.refused(404, "GET", path)
    alice.refused(400, "PATCH", f"/managers/{bob}/", {"permissions_list": ["edit_ours"]})


def test_nobody_widens_a_realm_beyond_themselves(site: Service) -> None:
    realm = site.local.post("/realms/", name="mine", object_types=["manager"])["id"]
    site.local.post("/roles/", name="desk", realm="security")
    site.manager("dora", "desk", permissions_list=["view_mine", "edit_mine"])
    dora = site.by_token("dora")
    for method, path, body in (
        ("POST", "/realms/", {"name": "new", "object_types": ["vms"]}),
        ("PATCH", f"/realms/{realm}/", {"object_types": ["manager", "vms"]}),
        ("PATCH", f"/realms/{realm}/assign/", {"object_types": ["vms"]}),
    ):
        assert "settings" in dora.refused(403, method, path, body)
    assert dora.patch(f"/realms/{realm}/assign/", object_types=["role"])["object_types"] == ["manager", "role"]
    assert dora.patch(f"/realms/{realm}/", object_types=[])["object_types"] == []


def test_built_in_managers_lose_nothing_through_a_realm(site: Service, alice: Person) -> None:
    types = sorted(frozenset[str]().union(*PREDEFINED_REALMS.values()))
    realm = alice.post("/realms/", name="all", object_types=types)["id"]
    alice.post("/roles/", name="everything", realm="all")
    alice.patch("/managers/2/", roles=["everything"])
    for verb, body in (("", {"object_types": []}), ("unassign/", {"object_types": ["quota"]})):
        assert "built-in" in alice.refused(409, "PATCH", f"/realms/{realm}/{verb}", body)
    assert alice.get("/roles/", name="everything")[0]["is_admin"] is True


def test_there_are_four_for_each_realm(either_site: Service) -> None:
    shown = either_site.local.get("/permissions/")
    assert len(shown) == 4 * len(PREDEFINED_REALMS)
    assert [each["id"] for each in shown] == list(range(1, 37))
    assert shown[0] == {
        "id": 1,
        "codename": "create_events",
        "name": "Can create in events",
        "permission_type": "create",
        "realm": "events",
        "resources": ["alarm", "event", "eventdefinition"],
    }
    assert {each["codename"] for each in shown} == set(
        either_site.local.get("/roles/", name="administrators")[0]["permissions"]
    )


def test_a_realm_brings_its_own_and_takes_only_them_away(site: Service) -> None:
    before = site.local.get("/permissions/")
    first = site.local.post("/realms/", name="first", object_types=["quota"])["id"]
    site.local.post("/realms/", name="second")
    second = [each for each in site.local.get("/permissions/") if each["realm"] == "second"]
    assert [each["codename"] for each in second] == ["create_second", "view_second", "edit_second", "delete_second"]
    site.local.ask("DELETE", f"/realms/{first}/")
    assert site.local.get("/permissions/") == [*before, *second]


NOUNS = {"role": {"name": "ops"}, "realm": {"name": "ops", "object_types": ["alarm"]}}


@pytest.mark.parametrize("noun", NOUNS)
def test_what_has_a_number_and_a_name_is_found_by_both(site: Service, alice: Person, rita: Person, noun: str) -> None:
    made = alice.post(f"/{noun}s/", **NOUNS[noun])
    assert rita.get(f"/{noun}s/{made['id']}/") == made
    assert rita.get(f"/{noun}s/", name="OPS") == [made]
    assert rita.get(f"/{noun}s/", prefix="op") == [made]
    assert made in rita.get(f"/{noun}s/")
    assert f"a {noun} named ops already" in alice.refused(409, "POST", f"/{noun}s/", NOUNS[noun])


@pytest.mark.parametrize("noun", NOUNS)
def test_nobody_learns_what_is_there_before_it_is_sure_that_they_may(alice: Person, nora: Person, noun: str) -> None:
    assert f"no {noun} with the id 999" in alice.refused(404, "GET", f"/{noun}s/999/")
    for path in (f"/{noun}s/999/", f"/{noun}s/1/", f"/{noun}s/"):
        assert "view_security" in nora.refused(403, "GET", path)
