"""How managers are shown: what follows from what is kept."""

from server_stub.domain.base.timestamps import DAY, rfc3339
from server_stub.store import managers as manager_store
from server_stub.web.native import manager_views
from server_stub.web.native.manager_views import view_managers
from tests.server_stub.conftest import BEGIN, PASSWORD, Service


def test_nobody_is_an_empty_list(site: Service) -> None:
    assert site.database.read(lambda tx: view_managers(tx, [])) == []


def test_what_lies_far_between_two_managers_is_not_read(site: Service) -> None:
    assert manager_views._group_ids([]) == []
    assert manager_views._group_ids([1, 2, 50, 51, 200]) == [(1, 51), (200, 200)]


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
