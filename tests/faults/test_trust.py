"""Trust by address in a real server: who gets in, what is recorded of it, and who does not, by raw requests."""

from __future__ import annotations

import itertools
import json
import socket
import subprocess
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from server_stub import store
from tests import processes
from tests.journeys.people import Person
from tests.processes import Server
from tests.vshell.waiting import eventually
from tests.wire import raw


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that trusts loopback."""
    with processes.running(tmp_path_factory.mktemp("trusting") / "data", "--trust", "loopback") as started:
        yield started


def ask(server: Server, *headers: str, method: str = "GET", path: str = "/login/", target: str = "") -> int:
    """Send one request by hand and return its status."""
    lines = [f"{method} {target or f'/api/latest{path}'} HTTP/1.1", *headers, "Connection: close", "", ""]
    return raw(server.url, "\r\n".join(lines).encode()).status


def recorded(server: Server) -> list[tuple[str, str, str, str, str]]:
    """Return the audit records: actor, method, action, outcome and detail."""
    engine = store.engine_of(str(server.data / "vshell.db"))
    connection = engine.connect()
    rows = connection.rows("SELECT actor, auth_method, action, outcome, detail FROM audit ORDER BY seq")
    connection.close()
    return [tuple(map(str, row)) for row in rows]  # type: ignore[misc]  # five columns were asked for


def here(server: Server) -> str:
    """Return the Host header of a client on this machine."""
    return f"Host: {urllib.parse.urlsplit(server.url).netloc}"


def test_whoever_sends_from_here_is_local_admin_and_each_request_is_recorded_as_such(server: Server) -> None:
    before = len(recorded(server))
    assert ask(server, here(server)) == 200
    answer = requests.post(f"{server.url}/api/roles/", json={"name": "trusted"}, timeout=30)
    assert answer.status_code == 201, answer.text
    assert [row[:4] for row in recorded(server)[before:]] == [
        ("local-admin", "trust loopback", "session.show", "done"),
        ("local-admin", "trust loopback", "role.create", "done"),
    ]


def test_the_shell_needs_no_token_there(server: Server, tmp_path: Path) -> None:
    """All API requests are automatically trusted with admin privileges. No token is needed."""
    somebody = Person(tmp_path / "home", ("--server", server.url))  # who does not know where the token file lies
    assert "| Source   | no credential" in somebody.did("whoami")
    assert "local-admin" in somebody.did("whoami")


def test_the_start_says_what_is_trusted(server: Server) -> None:
    said = (server.data / "stderr.log").read_text()
    assert "trusted without a credential, as local-admin: 127.0.0.1 and ::1 (--trust loopback)" in said


def test_without_the_flag_nothing_is_trusted(shared_server: Server) -> None:
    assert ask(shared_server, here(shared_server)) == 401
    assert "trusted" not in (shared_server.data / "stderr.log").read_text()


def test_another_name_does_not_trust_loopback(tmp_path: Path) -> None:
    with processes.running(tmp_path / "data", "--trust", "docker") as started:
        assert ask(started, here(started)) == 401


def test_every_worker_trusts(tmp_path: Path) -> None:
    with processes.running(tmp_path / "data", "--trust", "loopback", "--workers", "3") as started:
        assert [ask(started, here(started)) for _ in range(24)] == [200] * 24
        assert [ask(started, here(started), "Origin: http://evil.test") for _ in range(24)] == [401] * 24


PROXIED = {
    "Forwarded": ("for=192.0.2.1", ""),
    "X-Forwarded-For": ("192.0.2.1", "127.0.0.1", ""),
    "X-Forwarded-Host": ("evil.test", "localhost"),
    "X-Forwarded-Proto": ("https",),
    "X-Forwarded-Port": ("443",),
    "X-Forwarded-Server": ("proxy",),
    "X-Forwarded-Prefix": ("/",),
    "x-fORWARDED-uRI": ("/",),
    "X-Real-IP": ("127.0.0.1", "192.0.2.1"),
    "Via": ("1.1 proxy",),
    "X-Forwarded": ("for=192.0.2.1",),
}
BROWSED = {
    "Origin": ("http://evil.test", "null", "http://localhost", "http://127.0.0.1"),
    "Sec-Fetch-Site": ("cross-site", "same-site", "same-origin", "none"),
    "Sec-Fetch-Mode": ("no-cors", "navigate", "websocket"),
    "Sec-Fetch-Dest": ("empty", "image"),
    "Sec-Fetch-User": ("?1",),
    "Cookie": ("a=b", "token=x"),
}
SHOWN = {
    "Authorization": ("Bearer x", "Basic Og==", "Basic eDp5", "Negotiate x", "x", ""),
    "X-Vault-Token": ("x", "root"),
    "Proxy-Authorization": ("Basic eDp5",),
}
HEADERS = [f"{name}: {value}" for group in (PROXIED, BROWSED, SHOWN) for name in group for value in group[name]]
REQUESTS = [("GET", "/login/"), ("GET", "/apitokens/"), ("POST", "/roles/"), ("DELETE", "/roles/1/")]


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_that_speaks_against_it(server: Server, header: str) -> None:
    for method, path in REQUESTS:
        assert ask(server, here(server), header, method=method, path=path) == 401


HOSTS = [
    "evil.test",
    "EVIL.TEST",
    "evil.test:8443",
    "127.0.0.1.evil.test",
    "localhost.evil.test",
    "localhost.",
    "127.0.0.1.",
    "sub.localhost",
    "localhost:evil",
    "localhost,evil.test",
    "[::]",
    "0.0.0.0",
    "172.17.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "[::ffff:127.0.0.1]",
    "vshell",
    "vshell.example",
    "192.0.2.1",
]


@pytest.mark.parametrize("host", HOSTS)
def test_a_foreign_host(server: Server, host: str) -> None:
    for method, path in REQUESTS:
        assert ask(server, f"Host: {host}", method=method, path=path) in (400, 401)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        ["Host:"],
        ["Host: localhost", "Host: evil.test"],
        ["Host: evil.test", "Host: localhost"],
        ["Host: localhost", "Host: localhost"],
    ],
)
def test_no_host_or_two(server: Server, headers: list[str]) -> None:
    assert ask(server, *headers) in (400, 401)


def test_a_whole_address_in_the_first_line_counts_not_the_host(server: Server) -> None:
    for target in ("http://evil.test/api/latest/login/", "https://evil.test:8443/api/latest/login/"):
        assert ask(server, here(server), target=target) in (400, 401)
    assert ask(server, "Host: evil.test", target="http://localhost/api/latest/login/") == 200


@pytest.mark.parametrize("door", ["/v1/auth/token/lookup-self", "/auth/token/lookup-self", "/api/v7/login/"])
def test_every_door_refuses_the_same(server: Server, door: str) -> None:
    for header in ("Origin: http://evil.test", "X-Forwarded-For: 127.0.0.1"):
        assert ask(server, here(server), header, target=door) in (401, 403)


BARE_NGINX = """
daemon off; pid nginx.pid; error_log stderr; events {{}}
http {{
    access_log off; client_body_temp_path body; proxy_temp_path proxy;
    fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass {url}; }} }}
}}
"""


def is_listening(port: int) -> bool:
    """Tell whether somebody takes connections at a port of this machine."""
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def test_a_proxy_that_nobody_told_anything_lets_nobody_in(server: Server, tmp_path: Path) -> None:
    """nginx as it is set up everywhere: it adds no header, and names a Host that is a loopback address."""
    program, port = processes.needed("nginx", "nginx"), processes.free_port()
    (tmp_path / "nginx.conf").write_text(BARE_NGINX.format(port=port, url=server.url))
    line = [program, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    with subprocess.Popen(line, stderr=subprocess.DEVNULL) as proxy:
        try:
            eventually(lambda: is_listening(port))
            for method in ("GET", "POST"):
                answer = requests.request(
                    method, f"http://127.0.0.1:{port}/api/latest/roles/", json={"name": "x"}, timeout=10
                )
                assert answer.status_code == 401
                assert "HTTP/1.0 is what a proxy speaks" in answer.text
        finally:
            proxy.terminate()


def test_a_gateways_question_is_about_its_client(server: Server) -> None:
    """nginx asks from this machine, with a loopback Host, for whoever is in front of it."""
    asked = ("X-Original-URI: /dav/x", "X-Original-Method: GET")
    assert ask(server, here(server), *asked, target="/auth/check") == 401


def test_a_wrong_credential_never_falls_back_to_trust(server: Server) -> None:
    for scheme, secret in itertools.product(("Bearer", "Api-Token", "token"), ("x", "428BFekp." + "0" * 32)):
        assert ask(server, here(server), f"Authorization: {scheme} {secret}") == 401


def test_all_that_was_refused_is_on_record_and_granted_nothing(tmp_path: Path) -> None:
    with processes.running(tmp_path / "data", "--trust", "loopback") as started:
        assert ask(started, here(started), "Origin: null", method="POST", path="/roles/") == 401
        assert ask(started, here(started)) == 200
    rows = recorded(started)
    assert [row[:4] for row in rows[-2:]] == [
        ("", "none", "role.create", "refused"),
        ("local-admin", "trust loopback", "session.show", "done"),
    ]
    assert json.loads(rows[-2][4])["code"] == "not_trusted"


@pytest.mark.parametrize("flags", [["all"], ["none", "--trust", "loopback"], ["127.0.0.1"]])
def test_a_trust_that_is_none_does_not_start(tmp_path: Path, flags: list[str]) -> None:
    with pytest.raises(AssertionError, match=r"no trust named|excludes every other"):
        processes.start_server(tmp_path / "data", "--trust", *flags)
