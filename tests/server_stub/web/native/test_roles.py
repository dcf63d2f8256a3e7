"""Roles and realms: found by number, listed by name; none gives more than its maker had."""

from typing import Any

import pytest

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
