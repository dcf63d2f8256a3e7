"""/api/permissions/: every permission there is, four for each realm (vcli.md section 3.5).

They are made from the realms; their numbers follow from the realms' numbers, so that they stay the same.
"""

from typing import Any

import msgspec

from server_stub.domain.accounts import permissions
from server_stub.domain.accounts.roles import Realm
from server_stub.operations.context import ReadContext
from server_stub.store import realms as realm_store
from server_stub.web.http import paging
from server_stub.web.http.routing import Routes

routes = Routes("/api/permissions")


class PermissionView(msgspec.Struct, frozen=True):
    """A permission as it is shown; `resources` are the object types that it is about."""

    id: int
    codename: str
    name: str
    permission_type: str
    realm: str
    resources: list[str]


def view_permissions(realm: Realm) -> list[PermissionView]:
    """Show the permissions of a realm."""
    first, resources = (realm.id - 1) * len(permissions.ACTIONS) + 1, sorted(realm.object_types)
    return [
        PermissionView(
            first + place, f"{kind}_{realm.name}", f"Can {kind} in {realm.name}", kind, realm.name, resources
        )
        for place, kind in enumerate(permissions.ACTIONS)
    ]


@routes.get("/", action="permission.list", query=paging.Paged)
def list_permissions(context: ReadContext, query: paging.Paged) -> Any:
    """List permissions by realm."""
    permissions.require(context.actor, "view", "permission")
    realms = realm_store.page(context.tx, None, realm_store.count(context.tx))
    found = sorted((each for realm in realms for each in view_permissions(realm)), key=lambda shown: shown.id)

    def fetch(size: int, after: str, skip: int) -> list[PermissionView]:
        return [each for each in found if each.id > paging.number(after)][skip : skip + size]

    return paging.listed(query, "/api/permissions/", lambda: len(found), fetch, lambda shown: str(shown.id))
