"""A canary for each kind of secret, through every command, every error and every log: no copy is left anywhere.

The lines come from the registry: each command's own examples, and each of its parameters with a secret in it. So a
command that is new is tried too. A secret may lie in the file that is there for it, and is shown once.
"""

from __future__ import annotations

import base64
import itertools
import json
import secrets
import shlex
import sqlite3
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import vshell.commands  # noqa: F401 (declares them)
from tests import processes
from tests.canaries import Canaries
from tests.journeys import people
from tests.journeys.people import PROGRAM, Person
from tests.processes import Server
from vshell.registry.tree import REGISTRY, Command

FORMS = ("{}", "k={}", "node:{}:r")
"""How a secret may stand in a value: as it is, as the text of a pair, in a scope."""


@dataclass
class Cage:
    """A server, a person's home, and the canaries that were let loose there."""

    server: Server
    host: Person
    secrets: dict[str, str]
    canaries: Canaries
    allowed: dict[Path, set[str]] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)
    unshown: set[str] = field(default_factory=set)

    def script(self, *lines: str, person: Person | None = None) -> None:
        """Run lines by a script on standard input; what they show once is a canary from then on."""
        person = person or self.host
        done = subprocess.run(
            [*PROGRAM, *person.flags, "--keep-going"],
            cwd=person.home,
            env=person.environment,
            input="\n".join([*lines, ""]).encode(),
            capture_output=True,
            timeout=300,
            check=False,
        )
        assert b"Traceback" not in done.stdout + done.stderr
        copies = self.canaries.lines_with(done.stdout + done.stderr)
        assert [line for line in copies if not self._is_shown_once(line)] == []
        self.shown.append(done.stdout.decode())

    def _is_shown_once(self, line: bytes) -> bool:
        """Tell whether a line is a row of what makes a token, and shows for the first time what its maker named it."""
        named = line.removeprefix(b"| token ").strip(b" |").decode()
        first = line.startswith(b"| token ") and named in self.unshown
        self.unshown -= {named}
        return first

    def sweep(self) -> dict[str, set[str]]:
        """Look through all files."""
        for text in self.shown:
            self.canaries.add_tokens_in(text)
        return self.canaries.in_files([self.server.data, self.host.home], self.allowed)


@pytest.fixture
def cage(tmp_path: Path) -> Iterator[Cage]:
    """A server with all kinds of secrets in use."""
    server = processes.start_server(tmp_path / "data", "--tls-self-signed")
    host = people.on_the_host(server, tmp_path / "home")
    loose = _secrets(server)
    files = [path for path in server.data.rglob("*") if b"PRIVATE KEY" in _bytes(path)]
    keys = {f"private key {path.name}": _private(path) for path in files}
    assert len(keys) == 2, "one signs checkpoints, one is for TLS"
    caged = Cage(server, host, loose, Canaries({**loose, **keys}))
    caged.unshown = {form.format(loose["token of a name"]) for form in FORMS}  # `vault token-create -id` makes them
    caged.allowed = {server.data / "local-admin.token": {"local-admin's token"}}
    caged.allowed |= {path: set(keys) for path in files}
    yield caged
    server.stop()


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _private(path: Path) -> bytes:
    """Return the part of a private key that is secret: 32 bytes."""
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if isinstance(key, Ed25519PrivateKey):
        return key.private_bytes_raw()
    numbers: Any = key
    return int(numbers.private_numbers().private_value).to_bytes(32)


def _secrets(server: Server) -> dict[str, str]:
    """Make one of each kind, all of them dan's but local-admin's."""
    password, replaced = (f"Cänary pass+word/{secrets.token_hex(12)} 1" for _ in range(2))
    assert server.call("PATCH", "/vms/1/set_max_api_tokens_per_user/", {"max_api_tokens_per_user": 100_000}).ok
    made = server.call("POST", "/managers/", {"username": "dan", "password": replaced, "roles": ["administrators"]})
    assert made.status_code == 201, made.text
    assert server.call("PATCH", f"/managers/{made.json()['id']}/password/", {"password": password}).ok
    first = server.create(owner="dan")
    rotated = server.call("PATCH", f"/apitokens/{first['id']}/rotate/", {"grace": "1h"}).json()["token"]
    pair = server.call("POST", "/token/", {"username": "dan", "password": password}, auth=None).json()
    return {
        "password": password,
        "password that was replaced": replaced,
        "API token": rotated,
        "secret before a rotation": first["token"],
        "session token": pair["access"],
        "refresh token": pair["refresh"],
        "local-admin's token": server.local_admin,
        "token of a name": f"named-{secrets.token_hex(16)}",
    }


def lines_of(command: Command, loose: Iterator[tuple[str, str]], every: int) -> Iterator[str]:
    """Return a command's examples, and lines with each of ``every`` kinds of secret in each place."""
    for example in command.examples:
        yield example.replace("<token>", shlex.quote(next(loose)[1]))
    for parameter in (each for each in command.parameters if each.kind.takes_value):
        for form, _ in itertools.product(FORMS, range(every)):
            name, secret = next(loose)
            if not parameter.kind.secret and ("password" in name or "name" in name):
                continue  # Where no secret is asked for, any words are words to be kept.
            words = shlex.split(command.examples[0].replace("<token>", "x"))
            yield shlex.join(placed(words, parameter.spellings, form.format(secret)))


def placed(words: list[str], spellings: tuple[str, ...], value: str) -> list[str]:
    """Put a value behind an option, in place of the one that stands there, or at the end of the line."""
    found = [at for at, word in enumerate(words) if word in spellings]
    if found:
        return [*words[: found[0] + 1], value, *words[found[0] + 2 :]]
    return [*words, *spellings[:1], value]


PATHS = ("/api/latest/apitokens/", "/v1/auth/token/lookup", "/auth/token/create", "/auth/check", "/", "/token/")


def errors(cage: Cage) -> None:
    """Send secrets where they do not belong, by hand: every place of a request, at every front door.

    The answer may repeat to whoever asks what they sent; nothing else may.
    """
    session = requests.Session()
    session.trust_env = False
    session.verify = str(cage.server.data / "tls" / "certificate.pem")
    for path, (name, secret) in itertools.product(PATHS, cage.secrets.items()):
        ways: list[dict[str, Any]] = [
            {"url": f"{path.rstrip('/')}/{secret}/"},
            {"params": {"name": secret, secret: "x"}},
            {"json": {secret: secret}},
            {"json": [secret]},
            {"data": ('{"owner": "' + secret).encode()},
            {"data": {"password": secret, "token": secret}},
            {"headers": {"Authorization": f"Bearer {secret}".encode()}},
            {"headers": {"X-Vault-Token": secret.encode(), "X-Original-URI": f"/?{secret}".encode()}},
            {"headers": {"Cookie": f"token={secret}".encode()}},
        ]
        if "password" in name and path == PATHS[0]:
            ways += [{"auth": (secret.encode(), b"x")}, {"auth": (b"dan", b"wrong" + secret.encode())}]
        for method, way in itertools.product(("GET", "POST"), ways):
            by_admin = {} if "auth" in way else {"headers": {"Authorization": f"Bearer {cage.server.local_admin}"}}
            sent = {**by_admin, **way}
            answer = session.request(method, cage.server.url + sent.pop("url", path), timeout=30, **sent)
            assert b"Traceback" not in answer.content
    session.close()


def broken(cage: Cage) -> None:
    """Break the database under the server, so that requests with secrets in them meet defects and are logged."""
    token, manager = cage.secrets["API token"], cage.secrets["password"]
    with closing(sqlite3.connect(cage.server.data / "vshell.db", timeout=30)) as database, database:
        database.execute("UPDATE tokens SET meta = '{' WHERE id = ?", (token[:8],))
        database.execute("ALTER TABLE nodes RENAME TO gone")
        database.execute("ALTER TABLE password_history RENAME TO gone_too")
    seen = {cage.server.call("GET", "/login/", token=token).status_code}
    seen.add(cage.server.call("POST", "/nodes/", {"path": f"/{token}"}).status_code)
    seen.add(cage.server.call("PATCH", "/managers/2/password/", {"password": manager + "2"}).status_code)
    assert seen & {500, 503}, seen
    assert len((cage.server.data / "stderr.log").read_text()) > 300, "the defects are logged"


def at_the_prompt(cage: Cage) -> None:
    """Type secrets where one types them, and where one should not."""
    token, password = cage.secrets["API token"], cage.secrets["password"]
    with cage.host.at_a_terminal() as terminal:
        for line in (
            f"auth set-token {token} --file",
            f"manager set_password --username dan --password '{password}'",
            f"apitoken show --id {token}",
            f"no such command {token}",
            f"let x = {token}",
            f"api POST /token/ '{json.dumps({'username': 'dan', 'password': password})}' --output ids",
            "whoami",
        ):
            terminal.until(lambda here: here.text.rstrip().endswith(">"))
            terminal.enter(line)
        terminal.until("Source")
        terminal.enter("exit")
        terminal.wait()
    home = cage.host.home
    cage.allowed[home / ".config" / "vigo" / "token"] = {"API token"}
    assert list(home.rglob("history/*.jsonl")), "the history is kept"


def signed_in(cage: Cage) -> None:
    """Sign in with a password, with the session kept in a file by choice, and out again."""
    with cage.host.at_a_terminal("login", "--username", "dan", "--store", "file") as terminal:
        terminal.until("Password of dan")
        terminal.enter(cage.secrets["password"])
        terminal.until("Signed in as dan")
        terminal.wait()
    (kept,) = (cage.host.home / ".config" / "vshell" / "sessions").iterdir()
    pair = json.loads(kept.read_text())
    cage.canaries.add("kept access", pair["access"])
    cage.canaries.add("kept refresh", pair["refresh"])
    cage.allowed[kept] = {"kept access", "kept refresh"}


def test_no_copy_of_any_secret_is_left_anywhere(cage: Cage) -> None:
    loose = itertools.cycle(cage.secrets.items())
    by_object: dict[str, list[str]] = defaultdict(list)
    for command in REGISTRY:
        by_object[command.words[0]] += lines_of(command, loose, len(cage.secrets))
    with cage.canaries.watched_processes() as found:
        for lines in by_object.values():
            cage.script(*lines)
        at_the_prompt(cage)
        signed_in(cage)
        errors(cage)
        broken(cage)
    assert found == set()
    assert cage.sweep() == {}
    assert cage.server.stop() == 0
    assert cage.sweep() == {}


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    secret = "428BFekp." + secrets.token_urlsafe(30)
    canaries = Canaries({"it": secret})
    for lead, written in itertools.product(("", "a", "ab"), sorted(_written(secret))):
        place = tmp_path / "file"
        place.write_bytes(lead.encode() + written + b"behind")
        assert canaries.in_files([tmp_path], {}) == {str(place): {"it"}}, written
    assert canaries.in_files([tmp_path], {place: {"it"}}) == {}


def _written(secret: str) -> set[bytes]:
    """Write a secret in some of the ways in which it may turn up."""
    found = {secret.encode(), secret.encode().hex().encode(), json.dumps({"x": secret}).encode()}
    return found | {base64.b64encode(b"dan:"[:size] + secret.encode()) for size in range(4)}


def test_the_watch_sees_arguments_and_environment() -> None:
    argument, other = (secrets.token_hex(16) for _ in range(2))
    canaries = Canaries({"it": argument, "other": other})
    with (
        canaries.watched_processes() as found,
        subprocess.Popen(["cat", "-", argument], stdin=subprocess.PIPE, env={"X": other}) as child,
    ):
        while len(found) < 2:
            assert child.poll() is None
        child.kill()
    assert found == {"cmdline: it", "environ: other"}
