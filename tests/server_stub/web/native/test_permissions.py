"""Permissions: four for each realm, with numbers that stay the same."""

from server_stub.domain.accounts.permissions import PREDEFINED_REALMS
from tests.server_stub.conftest import Service


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
