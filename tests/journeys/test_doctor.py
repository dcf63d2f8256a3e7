"""doctor, with the real program.

Issue 4: "`doctor` says what is wrong and what to do: server reachable, TLS, clock skew, credential and where it is
kept, keyring state, versions, file modes"; "any state of the keyring ...: no wait over 3.5 s".
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.journeys import people
from tests.journeys.people import Person, hired
from tests.processes import Server, running


def found(person: Person) -> tuple[int, dict[str, dict[str, str]]]:
    """Return the exit code and the findings by what was looked at."""
    ran = person.run("doctor", "--output", "json")
    assert "Traceback" not in ran.err
    return ran.code, {finding["check"]: finding for finding in json.loads(ran.out)}


def test_on_the_servers_host_all_is_well_but_the_keyring(server: Server, tmp_path: Path) -> None:
    code, findings = found(people.on_the_host(server, tmp_path / "host"))
    assert code == 0
    assert findings.pop("keyring")["state"] == "warning", "there is none in a bare environment"
    assert {finding["state"] for finding in findings.values()} == {"ok"}
    assert findings["credential"]["finding"] == "local-admin, by the local server's token file"


def test_with_nothing_set_up_it_says_how_to_begin(tmp_path: Path) -> None:
    code, findings = found(Person(tmp_path / "home"))
    assert (code, findings["server"]["state"]) == (1, "wrong")
    assert "vshell --local" in findings["server"]["next_step"]


def test_a_token_that_was_revoked_is_wrong(server: Server, tmp_path: Path) -> None:
    person = hired(server, tmp_path)
    token_id = person.environment["VSHELL_TOKEN"].split(".")[0]
    assert found(person)[1]["credential"]["finding"] == f"{person.name}, by VSHELL_TOKEN"
    server.call("PATCH", f"/apitokens/{token_id}/revoke/")
    code, findings = found(person)
    assert (code, findings["credential"]["state"]) == (1, "wrong")
    assert person.environment["VSHELL_TOKEN"] not in str(findings)


def test_a_certificate_is_looked_at(tmp_path: Path) -> None:
    with running(tmp_path / "data", "--tls-self-signed") as server:
        _, host = found(people.on_the_host(server, tmp_path / "host"))
        code, stranger = found(Person(tmp_path / "stranger", ("--server", server.url), {"VSHELL_DATA": "/nowhere"}))
    assert host["encryption"]["state"] == "ok"
    assert "days" in host["encryption"]["finding"]
    assert (code, stranger["server"]["state"]) == (1, "wrong")
    assert "fingerprint" in stranger["server"]["next_step"]


@pytest.mark.parametrize("backend", ["Hanging", "Failing", "Missing"])
def test_it_waits_for_no_keyring(backend: str, server: Server, tmp_path: Path) -> None:
    person = people.on_the_host(server, tmp_path / "host")
    without = time.monotonic()
    found(person)
    began = time.monotonic()
    person.environment["PYTHON_KEYRING_BACKEND"] = f"tests.vshell.keyring_backends.{backend}"
    _, findings = found(person)
    assert time.monotonic() - began < 3.5 + (began - without)
    assert "credential" in findings


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (40, 20)])
def test_it_fits_the_terminal(columns: int, lines: int, server: Server, tmp_path: Path) -> None:
    person = people.on_the_host(server, tmp_path / "host")
    with person.at_a_terminal(columns=columns, lines=lines) as terminal:
        terminal.until("vshell: local-admin>")
        terminal.enter("doctor")
        terminal.until("warning  keyring:")
        assert "ok       clock:" in terminal.text
        if lines < 24:
            terminal.until(lambda here: here.line == ":")  # more than a screen comes in a pager
            terminal.send("q")
        terminal.enter("exit")
        terminal.wait()
