"""Token roles written, read, listed and removed."""

import pytest

from server_stub.store import token_roles as token_role_store
from tests.server_stub.conftest import Service
from tests.server_stub.web.vault.conftest import LISTED_DENIED, Holder, holder

ROLE = "auth/token/roles/r"


def keys(who: Holder, path: str = "auth/token/roles") -> object:
    """List the roles."""
    return who.ask("GET", path, query={"list": "true"}).json


def test_a_role_from_its_making_to_its_end(site: Service, root: Holder) -> None:
    assert root.ask("GET", "auth/token/roles", query={"list": "true"}).status == 404
    assert keys(root) == {"errors": []}
    assert root.ask("GET", ROLE).json == {"errors": []}
    sent = {
        "allowed_policies": "b,a",
        "orphan": "true",
        "token_period": "1h",
        "path_suffix": "x/y",
        "renewable": False,
    }
    assert root.ask("PUT", ROLE, sent).status == 204
    data = root.ask("GET", ROLE).json["data"]
    assert (data["allowed_policies"], data["orphan"], data["renewable"]) == (["a", "b"], True, False)
    assert (data["period"], data["token_period"], data["path_suffix"]) == (3_600, 3_600, "x/y")
    assert root.ask("POST", ROLE, {"explicit_max_ttl": 60}).status == 204
    data = root.ask("GET", f"/{ROLE}").json["data"]
    assert (data["explicit_max_ttl"], data["allowed_policies"]) == (60, ["a", "b"])
    assert root.ask("POST", "auth/token/roles/a", {}).status == 204
    assert keys(root)["data"] == keys(root, "/auth/token/roles")["data"] == {"keys": ["a", "r"]}  # type: ignore[index]
    for _ in range(2):
        assert root.ask("DELETE", ROLE).status == 204
    assert site.database.read(token_role_store.names) == ["a"]


def test_writing_takes_every_right_and_reading_view(site: Service, root: Holder, plain: Holder) -> None:
    root.ask("POST", ROLE, {})
    keeper = holder(site, "keeper")
    rita = holder(site, "rita", ["read_only"])
    for who, status in ((plain, 403), (keeper, 403), (rita, 403)):
        assert who.refused(status, "POST", ROLE, {}) == LISTED_DENIED
        assert who.refused(status, "DELETE", ROLE) == LISTED_DENIED
    assert rita.ask("GET", ROLE).status == 200
    assert plain.refused(403, "GET", ROLE) == LISTED_DENIED
    assert plain.refused(403, "GET", "auth/token/roles", query={"list": "true"}) == LISTED_DENIED


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"token_type": "batch"}, "batch tokens are not supported"),
        ({"token_bound_cidrs": ["10.0.0.0/8"]}, "tokens bound to addresses are not supported"),
        ({"bound_cidrs": "10.0.0.0/8"}, "tokens bound to addresses are not supported"),
        ({"allowed_entity_aliases": ["x"]}, "entity aliases are not supported"),
        ({"path_suffix": "../x"}, "given role path suffix contains invalid characters"),
        ({"token_num_uses": -1}, "token_num_uses must be a whole number"),
        ({"period": "-1h"}, "period must be positive"),
    ],
)
def test_what_a_role_cannot_be(root: Holder, sent: dict[str, object], message: str) -> None:
    assert root.refused(400, "POST", ROLE, sent).startswith(message)
    assert root.ask("GET", ROLE).status == 404


def test_an_unknown_field_warns(root: Holder) -> None:
    answer = root.ask("POST", ROLE, {"what": 1})
    assert (answer.status, answer.json["warnings"]) == (
        200,
        ["Endpoint ignored these unrecognized parameters: [what]"],
    )
