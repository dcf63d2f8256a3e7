"""/v1/sys/ for whoever asks before anything else."""

from typing import Any

import pytest

from server_stub.web.http import openapi
from tests.server_stub.conftest import Service
from tests.server_stub.web.vault.conftest import Holder


@pytest.mark.parametrize(
    ("path", "facts"),
    [
        ("health", {"initialized": True, "sealed": False, "standby": False}),
        ("seal-status", {"initialized": True, "sealed": False, "type": "none", "storage_type": "sql"}),
        ("leader", {"ha_enabled": False, "leader_address": ""}),
        ("init", {"initialized": True}),
    ],
)
def test_anybody_is_told_that_the_server_works(site: Service, path: str, facts: dict[str, Any]) -> None:
    answer = site.ask("GET", f"/v1/sys/{path}", query={"standbyok": "true"})
    assert answer.status == 200
    assert facts.items() <= answer.json.items()
    assert "request_id" not in answer.json
    assert answer.json.get("version", openapi.version()) == openapi.version()
    assert site.ask("HEAD", f"/v1/sys/{path}").status == 200


@pytest.mark.parametrize(("path", "names"), [("auth", {"token/", "userpass/"}), ("mounts", {"sys/"})])
def test_what_is_mounted_is_told_twice(plain: Holder, path: str, names: set[str]) -> None:
    answer = plain.ask("GET", f"sys/{path}").json
    assert set(answer["data"]) == names
    assert all(answer[name] == answer["data"][name] for name in names)


def test_capabilities_are_told_by_path(root: Holder, plain: Holder) -> None:
    one = plain.ask("POST", "sys/capabilities-self", {"path": "/auth/token/create"}).json
    assert one["capabilities"] == one["data"]["capabilities"] == one["auth/token/create"] == ["create", "update"]
    two = plain.ask("POST", "sys/capabilities-self", {"paths": ["auth/token/create", "secret/x"]}).json
    assert two["data"] == {"auth/token/create": ["create", "update"], "secret/x": ["deny"]}
    token = {"token": plain.token, "path": "secret/x"}
    assert root.ask("POST", "sys/capabilities", token).json["capabilities"] == ["deny"]
    name = {"accessor": plain.data()["accessor"], "path": "secret/x"}
    assert root.ask("POST", "sys/capabilities-accessor", name).json["capabilities"] == ["deny"]
    assert root.ask("POST", "sys/capabilities-self", {"path": "secret/x"}).json["capabilities"] == ["root"]


@pytest.mark.parametrize("body", [{}, {"path": ""}, {"paths": []}, {"path": "/"}])
def test_a_path_has_to_be_named(root: Holder, body: dict[str, object]) -> None:
    assert "paths must be supplied" in root.refused(400, "POST", "sys/capabilities-self", body)


@pytest.mark.parametrize("address", ["sys/capabilities", "sys/capabilities-accessor"])
def test_capabilities_of_nobody(root: Holder, address: str) -> None:
    body = {"token": "nobody", "accessor": "ZZZZZZZZ", "path": "x"}
    assert root.refused(400, "POST", address, body) == "1 error occurred:\n\t* invalid token\n\n"
