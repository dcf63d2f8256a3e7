"""Realms and permissions: predefined ones stay, one in use keeps its name, nobody gives what they lack."""

from typing import Any

import pytest

from server_stub.domain.accounts.permissions import PREDEFINED_REALMS
from tests.server_stub.conftest import Person, Service


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
