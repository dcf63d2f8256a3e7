"""Files behind unmodified nginx and Caddy, set up as ``help gateway`` says; read and written by unmodified rclone."""

import base64
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import processes
from tests.clients import gateways
from tests.clients.gateways import Gateway, Raw
from tests.processes import Server

SECRET = b"nobody below x may read this"
INSIDE = b"what lies in x"


@dataclass(frozen=True)
class Place:
    """A server, nginx before its files, and tokens of every width."""

    server: Server
    gateway: Gateway
    whole: str = field(repr=False)
    reader: str = field(repr=False)
    subtree: str = field(repr=False)
    subtree_reader: str = field(repr=False)


def bearer(token: str) -> str:
    """Return the header of a token as RFC 6750 has it."""
    return f"Authorization: Bearer {token}"


def basic(name: str, password: str) -> str:
    """Return the header of a name and a password (RFC 7617)."""
    return "Authorization: Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with an administrator carol and a reader rita."""
    with processes.running(tmp_path_factory.mktemp("data")) as started:
        for name, role in (("carol", "administrators"), ("rita", "read_only")):
            made = started.call("POST", "/managers/", {"username": name, "roles": [role]})
            assert made.status_code == 201, made.text
        yield started


@pytest.fixture(scope="module")
def place(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The files behind nginx."""
    node = server.call("POST", "/nodes/", {"path": "/dav/projects/x"}).json()["uuid"]
    with gateways.nginx(server, tmp_path_factory.mktemp("nginx")) as gateway:
        below = gateway.files / "dav" / "projects"
        for folder in ("x", "y", "xy", "X"):
            (below / folder).mkdir(parents=True)
        (below / "x" / "in.txt").write_bytes(INSIDE)
        (below / "y" / "secret.txt").write_bytes(SECRET)
        (below / "xy" / "secret.txt").write_bytes(SECRET)
        (below / "X" / "secret.txt").write_bytes(SECRET)
        (gateway.files / "dav" / "secret.txt").write_bytes(SECRET)
        yield Place(
            server,
            gateway,
            server.create(owner="carol")["token"],
            server.create(owner="rita")["token"],
            server.create(owner="carol", scopes=[f"node:{node}:rw"])["token"],
            server.create(owner="carol", scopes=[f"node:{node}:r"])["token"],
        )


def rclone(
    gateway: Gateway, path: str, *command: str, token: str, user: str | None = None, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run rclone below a path, by Basic when a user is named, else by Bearer."""
    program = processes.needed("rclone", "rclone")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RCLONE_")}
    environment |= {"RCLONE_CONFIG": "", "RCLONE_WEBDAV_URL": gateway.url + path, "RCLONE_WEBDAV_VENDOR": "other"}
    if user is None:
        environment["RCLONE_WEBDAV_BEARER_TOKEN"] = token
    else:
        obscured = subprocess.run([program, "obscure", token], capture_output=True, text=True, check=True)
        environment |= {"RCLONE_WEBDAV_USER": user, "RCLONE_WEBDAV_PASS": obscured.stdout.strip()}
    return subprocess.run(
        [program, "--retries", "1", "--low-level-retries", "1", *command],
        input=stdin,
        capture_output=True,
        env=environment,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("user", ["carol", None], ids=["Basic", "Bearer"])
def test_rclone_reads_and_writes(place: Place, tmp_path: Path, user: str | None) -> None:
    folder = f"/dav/by-{user}"

    def run(*command: str, stdin: bytes = b"") -> bytes:
        ran = rclone(place.gateway, folder, *command, token=place.whole, user=user, stdin=stdin)
        assert ran.returncode == 0, ran.stderr.decode()
        return ran.stdout

    assert place.gateway.ask("MKCOL", f"{folder}/", bearer(place.whole)).status == 201
    (tmp_path / "a b.txt").write_bytes(b"one")
    (tmp_path / "100%.txt").write_bytes(b"two")
    run("copy", str(tmp_path), ":webdav:up")
    assert run("lsf", ":webdav:up").decode().splitlines() == ["100%.txt", "a b.txt"]
    assert run("cat", ":webdav:up/a b.txt") == b"one"
    run("rcat", ":webdav:piped.txt", stdin=b"three")
    run("moveto", ":webdav:piped.txt", ":webdav:up/moved.txt")
    run("copyto", ":webdav:up/moved.txt", ":webdav:copied.txt")
    assert (place.gateway.files / folder[1:] / "up" / "moved.txt").read_bytes() == b"three"
    assert run("cat", ":webdav:copied.txt") == b"three"
    run("deletefile", ":webdav:copied.txt")
    run("purge", ":webdav:up")
    assert run("lsf", ":webdav:") == b""


@pytest.mark.parametrize("user", ["rita", None], ids=["Basic", "Bearer"])
def test_a_token_that_may_read_may_not_write(place: Place, user: str | None) -> None:
    folder = "/dav/projects/x"
    read = rclone(place.gateway, folder, "cat", ":webdav:in.txt", token=place.reader, user=user)
    assert (read.returncode, read.stdout) == (0, INSIDE)
    wrote = rclone(place.gateway, folder, "rcat", ":webdav:new.txt", token=place.reader, user=user, stdin=b"x")
    gone = rclone(place.gateway, folder, "deletefile", ":webdav:in.txt", token=place.reader, user=user)
    assert wrote.returncode != 0
    assert gone.returncode != 0
    assert b"403" in wrote.stderr
    assert sorted(path.name for path in (place.gateway.files / "dav/projects/x").iterdir()) == ["in.txt"]


def test_a_scope_to_read_may_not_write_although_its_owner_may(place: Place) -> None:
    header = bearer(place.subtree_reader)
    assert place.gateway.ask("GET", "/dav/projects/x/in.txt", header).body == INSIDE
    for method in ("PUT", "DELETE", "MKCOL", "LOCK", "PROPPATCH", "PATCH", "POST"):
        assert place.gateway.ask(method, "/dav/projects/x/in.txt", header, body=b"x").status == 403, method
    destination = "Destination: /dav/projects/x/copy.txt"
    for method in ("COPY", "MOVE"):
        assert place.gateway.ask(method, "/dav/projects/x/in.txt", header, destination).status == 403
    assert (place.gateway.files / "dav/projects/x/in.txt").read_bytes() == INSIDE


def test_rclone_works_within_a_subtree_and_not_beside_it(place: Place) -> None:
    inside = rclone(place.gateway, "/dav/projects/x", "rcat", ":webdav:sub/a.txt", token=place.subtree, stdin=b"a")
    assert inside.returncode == 0, inside.stderr.decode()
    seen = rclone(place.gateway, "/dav/projects/x", "cat", ":webdav:sub/a.txt", token=place.subtree, user="carol")
    assert seen.stdout == b"a"
    assert rclone(place.gateway, "/dav/projects/x", "purge", ":webdav:sub", token=place.subtree).returncode == 0
    for folder in ("/dav/projects/y", "/dav/projects", "/dav/projects/xy", "/dav/projects/X"):
        beside = rclone(place.gateway, folder, "lsf", ":webdav:", token=place.subtree)
        assert beside.returncode != 0
        assert b"secret" not in beside.stdout


OUTSIDE = [
    "/dav/secret.txt",
    "/dav/projects/y/secret.txt",
    "/dav/projects/xy/secret.txt",
    "/dav/projects/X/secret.txt",
    "/DAV/projects/x/../y/secret.txt",
    "/dav/projects/x/../y/secret.txt",
    "/dav/projects/x/%2e%2e/y/secret.txt",
    "/dav/projects/x/%2E./y/secret.txt",
    "/dav/projects/x/.%2e/y/secret.txt",
    "/dav/projects/x%2f..%2fy/secret.txt",
    "/dav/projects/x/%2e%2e%2fy%2fsecret.txt",
    "/dav/projects/x/%252e%252e/y/secret.txt",
    "/dav/projects/x/..%5cy/secret.txt",
    "/dav/projects/x/..\\y\\secret.txt",
    "/dav/projects/x/..;/y/secret.txt",
    "/dav/projects/x/%c0%ae%c0%ae/y/secret.txt",
    "//dav/projects/y/secret.txt",
    "/dav//projects/y/secret.txt",
    "/dav/projects/x//../y/secret.txt",
    "/dav/projects/x/./../y/secret.txt",
    "/dav/projects/x/../../secret.txt",
    "/dav/projects/y/secret.txt?/dav/projects/x/in.txt",
    "/dav/projects/y/secret.txt#/dav/projects/x/in.txt",
    "/dav/projects/x/in.txt#/../../y/secret.txt",
    "/dav/projects/x/%00/../../y/secret.txt",
    "/dav/projects/x/..%00/y/secret.txt",
    "/dav/projects/x/%2e%2e/%2e%2e/secret.txt",
    "http://127.0.0.1/dav/projects/y/secret.txt",
    "http://127.0.0.1/dav/projects/x/../y/secret.txt",
    "/_vshell",
    "/",
]


@pytest.mark.parametrize("target", OUTSIDE)
def test_no_spelling_leaves_the_subtree(place: Place, target: str) -> None:
    header = bearer(place.subtree)
    before = sorted(place.gateway.files.rglob("*"))
    for method in ("GET", "PROPFIND", "PUT", "DELETE"):
        answer = place.gateway.ask(method, target, header, body=b"overwritten" if method == "PUT" else b"")
        assert answer.status in (400, 403, 404), (method, answer)
        assert SECRET not in answer.body
    for method in ("COPY", "MOVE"):
        for source, destination in ((target, "/dav/projects/x/got.txt"), ("/dav/projects/x/in.txt", target)):
            for origin in ("", place.gateway.url):
                answer = place.gateway.ask(method, source, header, f"Destination: {origin}{destination}")
                assert answer.status in (400, 403, 404), (method, source, destination)
    assert sorted(place.gateway.files.rglob("*")) == before
    assert (place.gateway.files / "dav/projects/y/secret.txt").read_bytes() == SECRET
    assert (place.gateway.files / "dav/projects/x/in.txt").read_bytes() == INSIDE


@pytest.mark.parametrize(
    "lie",
    [
        "X-Original-URI: /dav/projects/x/in.txt",
        "X-Forwarded-Uri: /dav/projects/x/in.txt",
        "X_Original_URI: /dav/projects/x/in.txt",
        "X-Forwarded-Method: GET",
        "X-HTTP-Method-Override: GET",
    ],
)
def test_a_client_cannot_tell_the_gate_another_address(place: Place, lie: str) -> None:
    header = bearer(place.subtree)
    assert place.gateway.ask("GET", "/dav/projects/y/secret.txt", header, lie).status == 403
    assert place.gateway.ask("PUT", "/dav/secret.txt", bearer(place.reader), lie, body=b"x").status == 403
    assert (place.gateway.files / "dav/secret.txt").read_bytes() == SECRET


def test_who_may_not_delete_replaces_nothing_by_copying(place: Place) -> None:
    permissions = ["view_logical", "create_logical", "edit_logical"]
    place.server.call("POST", "/roles/", {"name": "writers", "permissions_list": permissions})
    place.server.call("POST", "/managers/", {"username": "walt", "roles": ["writers"]})
    header = bearer(place.server.create(owner="walt")["token"])
    below = place.gateway.files / "dav" / "walt"
    for name in ("from", "kept"):
        (below / name).mkdir(parents=True)
        (below / name / f"{name}.txt").write_text(name)
    target = "Destination: /dav/walt/kept/"
    for overwrite in ((), ("Overwrite: T",), ("Overwrite: T", "Overwrite: F"), ("Overwrite: F", "Overwrite: T")):
        assert place.gateway.ask("COPY", "/dav/walt/from/", header, target, *overwrite).status == 403
    assert place.gateway.ask("COPY", "/dav/walt/from/", header, target, "Overwrite: F").status == 412
    assert (below / "kept/kept.txt").read_text() == "kept"
    fresh = place.gateway.ask("COPY", "/dav/walt/from/", header, "Destination: /dav/walt/new/", "Overwrite: F")
    assert fresh.status == 201
    assert (below / "new/from.txt").read_text() == "from"


def test_two_destinations_are_refused(place: Place) -> None:
    lines = ["Destination: /dav/projects/x/got.txt", "Destination: /dav/projects/y/got.txt"]
    for order in (lines, lines[::-1]):
        answer = place.gateway.ask("COPY", "/dav/projects/x/in.txt", bearer(place.subtree), *order)
        assert answer.status in (400, 403)
    assert not list(place.gateway.files.rglob("got.txt"))


def test_who_shows_nothing_good_is_asked_who_they_are(place: Place) -> None:
    def refused(*headers: str) -> Raw:
        answer = place.gateway.ask("GET", "/dav/projects/x/in.txt", *headers)
        assert answer.status == 401
        assert INSIDE not in answer.body
        return answer

    assert "Basic realm=" in refused().headers
    refused(basic("rita", place.whole))  # the token is carol's
    refused(basic("", place.whole))
    refused(bearer(place.whole[:-1] + ("x" if place.whole[-1] != "x" else "y")))
    assert place.gateway.ask("GET", "/dav/projects/x/in.txt", basic("carol", place.whole)).body == INSIDE


def test_revocation_holds_on_the_next_request(place: Place) -> None:
    made = place.server.create(owner="rita")
    for header in (bearer(made["token"]), basic("rita", made["token"])):
        assert place.gateway.ask("GET", "/dav/projects/x/in.txt", header).status == 200
    place.server.call("PATCH", f"/apitokens/{made['id']}/revoke/")
    for header in (bearer(made["token"]), basic("rita", made["token"])):
        assert place.gateway.ask("GET", "/dav/projects/x/in.txt", header).status == 401
    listed = rclone(place.gateway, "/dav/projects/x", "lsf", ":webdav:", token=made["token"], user="rita")
    assert listed.returncode != 0


def test_caddy_asks_the_gate_too(server: Server, place: Place, tmp_path: Path) -> None:
    with gateways.caddy(server, tmp_path) as gateway:
        for name, content in (("x/in.txt", INSIDE), ("y/secret.txt", SECRET)):
            file = gateway.files / "dav/projects" / name
            file.parent.mkdir(parents=True)
            file.write_bytes(content)
        header = bearer(place.subtree)
        assert gateway.ask("GET", "/dav/projects/x/in.txt?a=1&a=2", header).body == INSIDE
        assert gateway.ask("GET", "/dav/projects/x/in.txt").status == 401
        assert gateway.ask("GET", "/dav/projects/x/in.txt", basic("carol", place.subtree)).body == INSIDE
        for target in OUTSIDE:
            answer = gateway.ask("GET", target, header)
            assert answer.status in (400, 403, 404), target
            assert SECRET not in answer.body
        for lie in ("X-Original-URI: /dav/projects/x/in.txt", "X-Forwarded-Uri: /dav/projects/x/in.txt"):
            assert gateway.ask("GET", "/dav/projects/y/secret.txt", header, lie).status == 403
        lie = "X-Original-Method: GET"
        assert gateway.ask("PUT", "/dav/projects/x/in.txt", bearer(place.reader), lie, body=b"x").status == 403
