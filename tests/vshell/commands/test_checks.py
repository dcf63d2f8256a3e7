"""What doctor looks at: each thing as it should be, not quite, and wrong, with what to do."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.vshell.web import Asked, Reply, self_signed, serving
from vshell import __version__
from vshell.client.client import HttpClient, Target, TargetFinder
from vshell.commands import _checks
from vshell.commands._checks import Finding, Health
from vshell.errors import Unreachable
from vshell.state import identity, keyring_store, paths, private_files
from vshell.state.identity import Credential
from vshell.state.stored_secrets import StoredSession

NOW = 1_790_000_000.0
OTHERS = "PYTHON_KEYRING_BACKEND"


def healthy(asked: Asked) -> Reply:
    """Answer as a server does that is well."""
    if asked.path == "/healthz":
        return Reply(200, {"status": "ok", "version": __version__})  # and the time of now, as every such server does
    return Reply(200, {"username": "bob"})


def found(api: HttpClient) -> dict[str, Finding]:
    """Return the findings by what was looked at."""
    return {finding.check: finding for finding in _checks.diagnose(api, os.environ)}


@pytest.fixture(autouse=True)
def keyring_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring_store, "check", lambda: None)


def test_all_is_well() -> None:
    with serving(healthy) as web:
        findings = found(HttpClient.at(web.url, Credential("--token", token="x")))
    assert {finding.state for finding in findings.values()} == {"ok"}
    assert list(findings) == ["shell", "files", "server", "encryption", "clock", "credential", "keyring"]
    assert findings["credential"].finding == "bob, by --token"


def test_without_any_server_the_rest_is_left_out() -> None:
    def nowhere() -> Target:
        raise Unreachable("No server is chosen.", "Start one.")

    findings = found(HttpClient(TargetFinder(nowhere)))
    assert findings["server"] == Finding("server", "wrong", "No server is chosen.", "Start one.")
    assert list(findings) == ["shell", "files", "server", "keyring"]


def test_a_server_that_is_away_is_wrong_and_the_credential_could_not_be_tried() -> None:
    with serving(healthy) as web:
        url = web.url
    findings = found(HttpClient.at(url, Credential("--token", token="x")))
    assert (findings["server"].state, findings["server"].finding) == ("wrong", f"No server answers at {url}.")
    assert findings["credential"].finding == "there is one, by --token; it could not be tried"
    assert "clock" not in findings


@pytest.mark.parametrize(
    ("apart", "state", "says"),
    [
        (0, "ok", "agree"),
        (30, "ok", "agree"),
        (31, "wrong", "31 seconds ahead of"),
        (-3600, "wrong", "3600 seconds behind"),
    ],
)
def test_a_clock_that_is_off_says_which_way(apart: float, state: str, says: str) -> None:
    finding = _checks.check_clock(Health(__version__, NOW, NOW + apart))
    assert finding.state == state
    assert says in finding.finding


def test_a_server_that_tells_no_time_is_a_warning() -> None:
    finding = _checks.check_clock(Health(__version__, None, NOW))
    assert finding.state == "warning"


def test_another_version_is_a_warning() -> None:
    (finding,) = _checks.check_version(Health("9.9", NOW, NOW))
    assert (finding.state, finding.finding) == ("warning", f"the server is version 9.9, this shell {__version__}")
    assert list(_checks.check_version(Health(__version__, NOW, NOW))) == []


def test_a_credential_that_the_server_refuses_is_wrong_and_none_is_a_warning() -> None:
    def refuse(asked: Asked) -> Reply:
        return healthy(asked) if asked.path == "/healthz" else Reply(401, {"detail": "it is no good"})

    with serving(refuse) as web:
        refused = found(HttpClient.at(web.url, Credential("VSHELL_TOKEN", token="x")))["credential"]
        nobody = found(HttpClient.at(web.url))["credential"]
    assert (refused.state, refused.finding) == ("wrong", "by VSHELL_TOKEN: it is no good")
    assert (nobody.state, nobody.next_step) == ("warning", "Sign in with: login")


@pytest.mark.parametrize(
    ("place", "mode", "state"),
    [
        (paths.settings_file, 0o644, "ok"),
        (paths.settings_file, 0o664, "wrong"),
        (lambda: paths.state_directory() / "state.json", 0o600, "ok"),
        (lambda: paths.state_directory() / "state.json", 0o640, "wrong"),
        (lambda: paths.sessions_directory() / "https%3A%2F%2Fx", 0o604, "wrong"),
        (lambda: paths.state_directory() / "history" / "local.jsonl", 0o620, "wrong"),
    ],
)
def test_a_file_that_others_may_use_is_named_with_the_command_that_helps(
    place: Callable[[], Path], mode: int, state: str
) -> None:
    path = place()
    private_files.write(path, "x")
    path.chmod(mode)
    (finding,) = _checks.check_files(os.environ)
    assert finding.state == state
    if state == "wrong":
        assert finding.finding == f"{path} is open to others (mode {mode:04o})"
        assert finding.next_step == f"chmod go-rwx '{path}'"


def test_a_certificate_is_read_and_its_end_told(tmp_path: Path) -> None:
    certificate = tmp_path / "tls.pem"
    fingerprint = self_signed(certificate)
    with serving(healthy, certificate) as web:
        checked = _checks.check_encryption(Target(web.url, trust=identity.Trust(str(certificate))), time.time)
        pinned = _checks.check_encryption(Target(web.url, trust=identity.Trust(fingerprint=fingerprint)), time.time)
        strange = _checks.check_encryption(Target(web.url), time.time)
    assert checked.state == "warning"
    assert checked.finding.endswith("it ends in 0 days")
    assert pinned.state == "ok"
    assert strange.state == "warning"
    assert "could not be read" in strange.finding


def test_an_address_without_encryption_is_wrong_but_on_this_machine() -> None:
    assert _checks.check_encryption(Target("http://lab.example"), time.time).state == "wrong"
    assert _checks.check_encryption(Target("http://127.0.0.1:8443"), time.time).state == "ok"


@pytest.mark.parametrize("backend", ["Hanging", "Failing", "Forgetful"])
def test_no_keyring_holds_it_up(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("HOME", os.environ["HOME"])
    monkeypatch.setenv(OTHERS, f"tests.vshell.keyring_backends.{backend}")
    monkeypatch.setattr(keyring_store, "_find_backend", lambda: _named(backend))
    with serving(healthy) as web:
        StoredSession(web.url, "bob", "file", os.environ).write(Credential("x", "bob", token="t", refresh="r"))
        kept = StoredSession(web.url, "bob", "keyring", os.environ)
        began = time.monotonic()
        findings = found(
            HttpClient(
                TargetFinder(lambda: Target(web.url), lambda place: Target(place.url, kept.read(), session_store=kept))
            )
        )
        took = time.monotonic() - began
    assert took < 3.5
    if backend == "Forgetful":
        assert findings["credential"].state == "warning"
    else:
        assert (findings["credential"].state, findings["keyring"].state) == ("wrong", "wrong")
        assert findings["keyring"].next_step
    assert "s3cret" not in str(findings)


def _named(backend: str) -> object:
    from tests.vshell import keyring_backends

    return getattr(keyring_backends, backend)()
