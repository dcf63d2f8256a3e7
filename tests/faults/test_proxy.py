"""Behind a real nginx: whose address counts, and that none of it makes anybody local-admin."""

from __future__ import annotations

import contextlib
import http.client
import json
import subprocess
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from server_stub import store
from tests import processes
from tests.faults.test_trust import is_listening
from tests.processes import Server
from tests.vshell.waiting import eventually

CLIENT, OTHER = "127.0.0.2", "127.0.0.3"  # all of 127.0.0.0/8 is this machine, and only 127.0.0.1 is the proxy
APPENDING = "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;"
SILENT = 'proxy_set_header X-Forwarded-For "";'
NGINX = """
daemon off; pid nginx.pid; error_log stderr; events {{}}
http {{
    access_log off; client_body_temp_path body; proxy_temp_path proxy;
    fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    server {{
        listen 127.0.0.1:{port};
        location / {{ proxy_pass {url}; proxy_http_version 1.1; proxy_set_header Host $http_host; {manner} }}
    }}
}}
"""


@contextlib.contextmanager
def nginx(url: str, folder: Path, manner: str = APPENDING) -> Iterator[str]:
    """Run nginx before a server and return its URL; it speaks HTTP/1.1 and passes on the Host."""
    program, port = processes.needed("nginx", "nginx"), processes.free_port()
    folder.mkdir()
    (folder / "nginx.conf").write_text(NGINX.format(port=port, url=url, manner=manner))
    line = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with subprocess.Popen(line, stderr=subprocess.DEVNULL) as proxy:
        try:
            eventually(lambda: is_listening(port))
            yield f"http://127.0.0.1:{port}"
        finally:
            proxy.terminate()


def ask(url: str, path: str, body: object = None, client: str = CLIENT, **headers: str) -> tuple[int, str]:
    """Send a request from an address of this machine, a POST if it has a body; return the status and the text."""
    place = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30, source_address=(client, 0))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with contextlib.closing(connection):
        connection.request("GET" if body is None else "POST", path, json.dumps(body) if body else None, named)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def sources(server: Server, action: str) -> list[str]:
    """Return the addresses in the audit records of an action."""
    engine = store.engine_of(str(server.data / "vshell.db"))
    connection = engine.connect()
    rows = connection.rows("SELECT source FROM audit WHERE action = :action ORDER BY seq", {"action": action})
    connection.close()
    return [str(row[0]) for row in rows]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that believes its proxy, and trusts whoever connects from this host."""
    flags = ("--proxy", "127.0.0.1", "--trust", "loopback")
    with processes.running(tmp_path_factory.mktemp("behind") / "data", *flags) as started:
        yield started


@pytest.fixture(scope="module")
def url(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the proxy before it."""
    with nginx(server.url, tmp_path_factory.mktemp("proxy") / "nginx") as url:
        yield url


@pytest.mark.parametrize("said", [None, "203.0.113.9", "127.0.0.1", "172.17.0.1, 127.0.0.1", "unknown", "", ", ,"])
def test_an_address_is_that_of_the_proxy_s_client_whatever_the_client_says(
    server: Server, url: str, said: str | None
) -> None:
    headers = {"Authorization": f"Bearer {server.local_admin}"} | ({} if said is None else {"X_Forwarded_For": said})
    before = len(sources(server, "role.create"))
    for client in (CLIENT, OTHER):
        status, text = ask(url, "/api/roles/", {"name": f"role-{before}-{client}"}, client, **headers)
        assert status == 201, text
    assert sources(server, "role.create")[before:] == [CLIENT, OTHER]


def test_who_is_no_named_proxy_is_believed_nothing(server: Server) -> None:
    by_admin = {"Authorization": f"Bearer {server.local_admin}"}
    assert ask(server.url, "/api/roles/", {"name": "direct"}, CLIENT, X_Forwarded_For=OTHER, **by_admin)[0] == 201
    assert sources(server, "role.create")[-1] == CLIENT


def test_wrong_passwords_lock_out_their_own_address_alone(server: Server, url: str) -> None:
    """Behind a proxy that is not named, all who are behind it would wait for each other."""
    wrong = {"username": "admin", "password": "wrong"}
    statuses = [ask(url, "/api/token/", wrong, CLIENT)[0] for _ in range(6)]
    assert statuses[-1] == 429
    assert ask(url, "/api/token/", wrong, OTHER)[0] == 401


@pytest.mark.parametrize("forwarded", [None, "127.0.0.1", "::1", "127.0.0.1, 127.0.0.1"])
def test_nothing_that_is_forwarded_makes_local_admin(server: Server, url: str, forwarded: str | None) -> None:
    headers = {} if forwarded is None else {"X_Forwarded_For": forwarded}
    for where in (url, server.url):
        status, text = ask(where, "/api/login/", client="127.0.0.1", **headers)
        assert status == 401, text


def test_a_proxy_that_says_nothing_lets_nobody_in(server: Server, tmp_path: Path) -> None:
    """It connects from this host, speaks HTTP/1.1 and adds no header; being named is what keeps it out."""
    with nginx(server.url, tmp_path / "nginx", SILENT) as url:
        for client in ("127.0.0.1", CLIENT):
            status, text = ask(url, "/api/login/", client=client, Host="localhost")
            assert status == 401, text


def test_the_start_says_whose_word_counts(server: Server) -> None:
    said = (server.data / "stderr.log").read_text()
    assert "X-Forwarded-For is believed when it comes from 127.0.0.1 (--proxy)" in said
