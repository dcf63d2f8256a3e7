"""Policies: which names a token gets, and what they are good for."""

import pytest

from tests.server_stub.conftest import Service
from tests.server_stub.web.vault.conftest import Holder, holder


@pytest.mark.parametrize(
    ("asked", "more", "given"),
    [
        (["web"], {}, ["default", "web"]),
        (["WEB ", "web", " "], {}, ["default", "web"]),
        ("a,b", {}, ["a,b", "default"]),
        (["web"], {"no_default_policy": True}, ["web"]),
        (["default"], {}, ["default"]),
        ([], {}, ["root"]),
        (["root", "web"], {}, ["root"]),
    ],
)
def test_names_that_root_gives(root: Holder, asked: object, more: dict[str, object], given: list[str]) -> None:
    assert root.create(policies=asked, **more)["policies"] == given


@pytest.mark.parametrize(
    ("parents", "asked", "given"),
    [
        (["web", "csi"], None, ["csi", "default", "web"]),
        (["web", "csi"], ["csi"], ["csi", "default"]),
        (["web", "csi"], ["default"], ["default"]),
        (["web"], ["csi"], None),
        (["web"], ["web", "root"], None),
    ],
)
def test_a_childs_names_lie_within_its_parents(
    root: Holder, parents: list[str], asked: list[str] | None, given: list[str] | None
) -> None:
    parent = root.made(policies=parents)
    if given is None:
        message = parent.refused(400, "POST", "auth/token/create", {"policies": asked})
        assert message == "child policies must be subset of parent"
    else:
        assert parent.create(policies=asked)["policies"] == given


def test_default_is_not_regained(root: Holder) -> None:
    parent = root.made(policies=["web"], no_default_policy=True)
    assert parent.create()["policies"] == ["web"]
    assert parent.create(policies=["web"])["policies"] == ["web"]
    parent.refused(400, "POST", "auth/token/create", {"policies": ["default"]})
    inheriting = root.made(policies=["web"])
    assert inheriting.create(no_default_policy=True)["policies"] == ["web"]


def test_a_policy_gives_what_its_role_holds_and_no_more(site: Service, root: Holder) -> None:
    site.local.post("/roles/", name="watcher", permissions_list=["view_security"])
    watcher = root.made(policies=["watcher"])
    assert site.ask("GET", "/managers/1/", authorization=f"Bearer {watcher.token}").status == 200
    assert site.ask("GET", "/vms/1/", authorization=f"Bearer {watcher.token}").status == 403


def test_an_unknown_name_warns_and_gives_nothing_until_a_role_bears_it(site: Service, root: Holder) -> None:
    made = root.create(policies=["later", "read_only"])
    assert made["warnings"] == ['Policy "later" does not exist']
    token = f"Bearer {made['client_token']}"
    assert site.ask("POST", "/nodes/", {"path": "/x"}, token).status == 403
    site.local.post("/roles/", name="later", permissions_list=["create_logical"])
    assert site.ask("POST", "/nodes/", {"path": "/x"}, token).status == 201


def test_what_a_manager_loses_their_tokens_lose(site: Service) -> None:
    ann = holder(site, "ann", ["administrators"])
    narrowed = ann.made(policies=["csi"])
    assert ann.data()["policies"] == ["root"]
    assert site.ask("POST", "/nodes/", {"path": "/x"}, f"Bearer {narrowed.token}").status == 201
    managers = site.local.get("/managers/", username="ann")
    site.local.patch(f"/managers/{managers[0]['id']}/", roles=["read_only"])
    assert ann.data()["policies"] == ["default", "read_only"]
    assert site.ask("POST", "/nodes/", {"path": "/y"}, f"Bearer {narrowed.token}").status == 403


@pytest.mark.parametrize("name", ["x" * 129, 'a"b', "a\u202eb"])
def test_a_name_that_cannot_be_kept(root: Holder, name: str) -> None:
    assert "a policy's name" in root.refused(400, "POST", "auth/token/create", {"policies": [name]})


def test_a_scoped_token_is_not_root(site: Service, admin: Holder) -> None:
    node = site.local.post("/nodes/", path="/x")["uuid"]
    scoped = site.local.post("/apitokens/", owner="alice", scopes=[f"node:{node}:r"])["token"]
    assert Holder(site, scoped).data()["policies"] == ["administrators", "default"]
