"""Seed 003, "./cells-enterprise admin user token": each line as it is typed there, and what the page says of it.

Each test quotes the statement that it holds. Where the page waits for hours the tests wait for seconds.
"""

import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests

from tests import processes
from tests.clients import gateways
from tests.clients.gateways import Gateway
from tests.journeys import people
from tests.journeys.people import Person, basic
from tests.processes import Server

LINE_24H = "$ ./cells-enterprise user token -u admin -e 24h"
LINE_10M = "$ ./cells-enterprise user token -u admin -a 10m"
TOKEN = re.compile(r"✔ ([0-9A-Za-z]{8}\.[0-9A-Za-z]{32})\n")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server where admin may have tokens as the tests need them."""
    with processes.running(tmp_path_factory.mktemp("server") / "data") as started:
        answer = started.call("PATCH", "/vms/1/set_max_api_tokens_per_user/", {"max_api_tokens_per_user": 1_000})
        assert answer.ok, answer.text
        yield started


@pytest.fixture
def host(server: Server, tmp_path: Path) -> Person:
    """Whoever sits on the server's host, as Cells' command has it."""
    return people.on_the_host(server, tmp_path)


def generated(printed: str) -> str:
    """Return the token that a line of the page printed."""
    found = TOKEN.search(printed)
    assert found, printed
    return found[1]


def record(server: Server, token: str) -> dict[str, str]:
    """Return what the server keeps of a token."""
    kept: dict[str, str] = server.call("GET", f"/apitokens/{token[:8]}/").json()
    return kept


def lifetime(kept: dict[str, str]) -> timedelta:
    """Return how long a token lives from its making."""
    return datetime.fromisoformat(kept["expiry_date"]) - datetime.fromisoformat(kept["created"])


def use(server: Server, token: str) -> int:
    """Use a token as a Bearer and return the status."""
    return requests.get(
        f"{server.url}/api/login/", headers={"Authorization": f"Bearer {token}"}, timeout=30
    ).status_code


def ways(line: str) -> list[tuple[str, ...]]:
    """Return the ways to type a line: as one argument, as words of a program, and without the transcript's signs."""
    bare = line.removeprefix("$ ").removeprefix("./cells-enterprise ")
    return [("-c", line), ("-c", bare), tuple(line.removeprefix("$ ").split()), tuple(bare.split())]


@pytest.mark.parametrize("way", ways(LINE_24H), ids=" ".join)
def test_generate_a_token_that_lasts_24_hours_for_user_admin(
    server: Server, host: Person, way: tuple[str, ...]
) -> None:
    printed = host.did(*way)
    kept = record(server, generated(printed))
    assert kept["owner"] == "admin"
    assert lifetime(kept) == timedelta(hours=24)
    assert printed.startswith("✔ This token for admin will expire on ")
    assert printed.endswith("⚠ Make sure to secure it as it grants access to the user resources!\n")


@pytest.mark.parametrize("way", ways(LINE_10M), ids=" ".join)
def test_generate_a_token_that_lasts_by_default_10mn_but_is_refreshed(
    server: Server, host: Person, way: tuple[str, ...]
) -> None:
    """... but which expiration is refreshed to the next 10mn each time token is used."""
    token = generated(host.did(*way))
    first = record(server, token)
    assert lifetime(first) == timedelta(minutes=10)
    time.sleep(1.1)
    assert use(server, token) == 200
    deadline = time.monotonic() + 10
    while record(server, token)["expiry_date"] == first["expiry_date"]:
        assert time.monotonic() < deadline, "a use is written within a second or two"
        time.sleep(0.2)
    moved = datetime.fromisoformat(record(server, token)["expiry_date"])
    assert moved - datetime.fromisoformat(first["expiry_date"]) >= timedelta(seconds=1)


def test_a_hard_limit_by_using_the_e_flag(server: Server, host: Person) -> None:
    token = host.did("-c", "./cells-enterprise admin user token -u admin -e 3s -q").strip()
    born = time.monotonic()
    while time.monotonic() - born < 2:
        assert use(server, token) == 200
        time.sleep(0.2)
    time.sleep(max(0, born + 3.2 - time.monotonic()))
    assert use(server, token) == 401
    refused = server.call("PATCH", f"/apitokens/{token[:8]}/renew/", {"increment": "1h"})
    assert refused.status_code == 409


def test_a_sliding_window_by_using_the_a_flag(server: Server, host: Person) -> None:
    """In that case the token expiration will be refreshed each time the token is used."""
    token = host.did("-c", "./cells-enterprise admin user token -u admin -a 3s -q").strip()
    idle = host.did("-c", "./cells-enterprise admin user token -u admin -a 3s -q").strip()
    born = time.monotonic()
    while time.monotonic() - born < 7:
        assert use(server, token) == 200
        time.sleep(0.5)
    assert use(server, idle) == 401
    time.sleep(3.5)
    assert use(server, token) == 401


def test_expiration_can_be_set_in_two_ways_and_both_together(server: Server, host: Person) -> None:
    token = host.did("-c", "./cells-enterprise admin user token -u admin -a 2s -e 5s -q").strip()
    born = time.monotonic()
    while time.monotonic() - born < 4:
        assert use(server, token) == 200
        time.sleep(0.3)
    time.sleep(max(0, born + 5.2 - time.monotonic()))
    assert use(server, token) == 401


@pytest.mark.parametrize("unit", ["20s", "20m", "20h", "20d"])
def test_format_is_20u_where_u_is_a_unit(server: Server, host: Person, unit: str) -> None:
    """Expire after duration, format is 20u where u is a unit: s (second), (minute), h (hour), d(day)."""
    token = host.did("admin", "user", "token", "--user", "admin", "--expire", unit, "--quiet").strip()
    names = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
    assert lifetime(record(server, token)) == timedelta(**{names[unit[-1]]: 20})


def test_auto_refresh_is_a_number_of_seconds_too(server: Server, host: Person) -> None:
    """-a, --auto string: Auto-refresh (number of seconds, see help)."""
    token = host.did("admin", "user", "token", "-u", "admin", "-a", "600", "-q").strip()
    assert record(server, token)["sliding_window"] == "10m"
    assert lifetime(record(server, token)) == timedelta(minutes=10)


def test_they_can_replace_the_bearer_access_token_when_calling_any_rest_api(server: Server, host: Person) -> None:
    token = host.did("-c", "admin user token -u admin -e 1h -q").strip()
    paths = [path for path, methods in openapi(server).items() if "get" in methods and "{" not in path]
    asked = [path for path in paths if path.startswith("/api/") and path not in ("/api/apitokens/made-at/",)]
    assert len(asked) > 8
    for path in asked:
        for header in (f"Bearer {token}", basic("admin", token)):
            answer = requests.get(server.url + path, headers={"Authorization": header}, timeout=30)
            assert answer.status_code in (200, 204), (path, answer.text)
        for header in (basic("support", token), basic("", token), f"Bearer {token[:-1]}"):
            answer = requests.get(server.url + path, headers={"Authorization": header}, timeout=30)
            assert answer.status_code == 401 or is_open(server, path), (path, header[:6])


def openapi(server: Server) -> dict[str, dict[str, dict[str, object]]]:
    """Return the addresses that the server says it has."""
    paths: dict[str, dict[str, dict[str, object]]] = requests.get(f"{server.url}/openapi.json", timeout=30).json()[
        "paths"
    ]
    return paths


def is_open(server: Server, path: str) -> bool:
    """Tell whether an address needs no credential, and refuses none either."""
    return requests.get(server.url + path, timeout=30).status_code == 200


@pytest.fixture
def dav(server: Server, tmp_path: Path) -> Iterator[Gateway]:
    """Files behind nginx and the gate."""
    folder = tmp_path / "nginx"
    folder.mkdir()
    with gateways.nginx(server, folder) as gateway:
        folder = gateway.files / "dav/projects"
        (folder / "x").mkdir(parents=True)
        (folder / "x" / "in.txt").write_text("in")
        (folder / "out.txt").write_text("out")
        yield gateway


def test_they_can_also_be_used_as_the_password_for_all_basic_auth_based_apis(host: Person, dav: Gateway) -> None:
    """... (in conjunction with username) for all basic-auth based APIs (e.g. webDAV)."""
    token = host.did("-c", "admin user token -u admin -e 1h -q").strip()
    assert dav.ask("GET", "/dav/projects/out.txt", f"Authorization: {basic('admin', token)}").status == 200
    assert dav.ask("PROPFIND", "/dav/", f"Authorization: {basic('admin', token)}", "Depth: 1").status == 207
    assert dav.ask("GET", "/dav/projects/out.txt", f"Authorization: {basic('support', token)}").status == 401


def test_generated_tokens_grant_the_same_level_of_access_as_a_standard_login(server: Server, host: Person) -> None:
    token = host.did("-c", "admin user token -u admin -e 1h -q").strip()
    password = {"password": "Correct horse 1"}
    assert server.call("PATCH", "/managers/2/password/", password).ok
    signed_in = server.call("POST", "/token/", {"username": "admin", **password}, auth=None).json()["access"]
    seen = [server.call("GET", "/apitokens/self/", token=shown).json()["permissions"] for shown in (token, signed_in)]
    assert seen[0] == seen[1] != []


@pytest.mark.parametrize(
    ("permission", "reads", "writes"), [("r", True, False), ("w", False, True), ("rw", True, True)]
)
def test_it_is_possible_to_restrict_these_accesses_to_a_specific_file_or_folder(
    host: Person, dav: Gateway, permission: str, reads: bool, writes: bool
) -> None:
    """... with a "scope" in the format "node:NODE_UUID:PERMISSION", "r" (read) or "w" (write) or both."""
    uuid = re.search(r"[0-9a-f-]{36}", host.did("node", "create", "--path", "/dav/projects/x"))
    assert uuid
    token = host.did("-c", f"admin user token -u admin -e 1h -s node:{uuid[0]}:{permission} -q").strip()
    header = f"Authorization: Bearer {token}"
    assert (dav.ask("GET", "/dav/projects/x/in.txt", header).status == 200) is reads
    assert (dav.ask("PUT", "/dav/projects/x/new.txt", header, body=b"x").status == 201) is writes
    assert dav.ask("GET", "/dav/projects/out.txt", header).status == 403
    assert dav.ask("PUT", "/dav/projects/out.txt", header, body=b"x").status == 403
    host.did("node", "delete", "--uuid", uuid[0])


def test_given_it_is_accessible_by_the_user_in_first_place(server: Server, host: Person, dav: Gateway) -> None:
    assert server.call("POST", "/managers/", {"username": "nora"}).ok
    node = server.call("POST", "/nodes/", {"path": "/dav/projects/x"}).json()["uuid"]
    token = host.did("-c", f"admin user token -u nora -e 1h -s node:{node}:rw -q").strip()
    assert dav.ask("GET", "/dav/projects/x/in.txt", f"Authorization: Bearer {token}").status == 403
    server.call("DELETE", f"/nodes/{node}/")


@pytest.mark.parametrize(
    "line",
    [
        "./cells-enterprise admin user token",
        "./cells-enterprise admin user token -u admin",
        "./cells-enterprise admin user token -e 24h",
        "./cells-enterprise admin user token -u admin -e abcd",
        "./cells-enterprise admin user token -u admin -e 24h -s node:1:r",
    ],
)
def test_user_login_is_mandatory_and_so_is_one_way_to_expire(host: Person, line: str) -> None:
    ran = host.run("-c", line)
    assert (ran.code, ran.out) == (2, "")


def test_help_for_token(host: Person) -> None:
    """-h, --help: help for token."""
    for flag in ("-h", "--help"):
        shown = host.did("-c", f"./cells-enterprise admin user token {flag}")
        assert shown.startswith("Generate a personal token for a user.\n")
        for spelling in ("-a", "--auto", "-e", "--expire", "-s", "--scope", "-u", "--user", "-q", "--quiet"):
            assert f"{spelling} " in shown or f"{spelling}|" in shown or f"{spelling}," in shown
