"""/api/nodes/: paths with a UUID, and the scopes that name them."""

from tests.server_stub.conftest import Person, Service


def test_a_node_is_made_listed_shown_and_deleted(site: Service) -> None:
    made = site.local.post("/nodes/", path="/projects/x/")
    assert made["path"] == "/projects/x"
    assert site.local.get("/nodes/") == [made]
    assert site.local.get("/nodes/", path="/projects/x") == [made]
    assert site.local.get("/nodes/", page_size="1")["count"] == 1
    assert site.local.get(f"/nodes/{made['uuid'].upper()}/") == made
    assert site.local.ask("DELETE", f"/nodes/{made['uuid']}/").status == 204
    assert "no node" in site.local.refused(404, "GET", f"/nodes/{made['uuid']}/")


def test_what_is_no_node_is_refused(site: Service) -> None:
    site.local.post("/nodes/", path="/a")
    assert "already" in site.local.refused(409, "POST", "/nodes/", {"path": "/a"})
    assert "not a path" in site.local.refused(400, "POST", "/nodes/", {"path": "/a/../b"})
    assert "not a UUID" in site.local.refused(400, "POST", "/nodes/", {"path": "/b", "uuid": "x"})


def test_a_scope_narrows_a_token_and_what_it_makes(site: Service, alice: Person) -> None:
    outer = site.local.post("/nodes/", path="/a")["uuid"]
    inner = site.local.post("/nodes/", path="/a/b")["uuid"]
    scoped = alice.post("/apitokens/", scopes=[f"node:{outer}:r"])
    holder = site.by_bearer(scoped["token"])
    assert holder.get(f"/apitokens/{scoped['id']}/")["scopes"] == [f"node:{outer}:r"]
    narrower = holder.post("/apitokens/", scopes=[f"node:{inner}:r"])
    assert site.local.get(f"/apitokens/{narrower['id']}/")["scopes"] == [f"node:{inner}:r"]
    assert site.local.get(f"/apitokens/{holder.post('/apitokens/')['id']}/")["scopes"] == [f"node:{outer}:r"]
    assert "does not reach" in holder.refused(403, "POST", "/apitokens/", {"scopes": [f"node:{outer}:rw"]})
    assert "not a scope" in holder.refused(400, "POST", "/apitokens/", {"scopes": ["node:x:r"]})
    holder.refused(403, "GET", "/roles/")
    holder.refused(403, "POST", "/managers/", {"username": "eve"})


def test_a_scope_reaches_no_node_beyond_it(site: Service, alice: Person) -> None:
    """Else a token would turn its scope to the whole tree: delete its node, and give the UUID another path."""
    mine, other = (site.local.post("/nodes/", path=path)["uuid"] for path in ("/a", "/b"))
    reader = site.by_bearer(alice.post("/apitokens/", scopes=[f"node:{mine}:r"])["token"])
    holder = site.by_bearer(alice.post("/apitokens/", scopes=[f"node:{mine}:rw"])["token"])
    for path in ("/", "/b", "/ab"):
        assert "scopes" in holder.refused(403, "POST", "/nodes/", {"path": path})
    assert "scopes" in holder.refused(403, "GET", "/nodes/")
    assert "scopes" in holder.refused(403, "GET", "/nodes/", query={"path": "/b"})
    for method in ("GET", "DELETE"):
        assert "/b" not in holder.refused(404, method, f"/nodes/{other}/")
    assert reader.get(f"/nodes/{mine}/")["path"] == "/a"
    assert reader.get("/nodes/", path="/a") == [reader.get(f"/nodes/{mine}/")]
    reader.refused(403, "POST", "/nodes/", {"path": "/a/b"})
    reader.refused(404, "DELETE", f"/nodes/{mine}/")
    inner = holder.post("/nodes/", path="/a/b")["uuid"]
    assert holder.ask("DELETE", f"/nodes/{inner}/").status == 204


def test_a_uuid_that_scopes_name_is_turned_elsewhere_by_nobody_who_lacks_a_right(site: Service, alice: Person) -> None:
    node = site.local.post("/nodes/", path="/a")["uuid"]
    alice.post("/apitokens/", scopes=[f"node:{node}:r"])
    site.manager("cem", "csi")
    cem = site.by_token("cem")
    assert cem.ask("DELETE", f"/nodes/{node}/").status == 204
    assert "every right" in cem.refused(403, "POST", "/nodes/", {"path": "/", "uuid": node})
    assert "every right" in cem.refused(403, "POST", "/nodes/", {"path": "/", "uuid": node.upper()})
    free = "0d6b2f0e-0000-4000-8000-000000000001"
    assert cem.post("/nodes/", path="/c", uuid=free)["uuid"] == free
    assert site.local.post("/nodes/", path="/a", uuid=node)["uuid"] == node
