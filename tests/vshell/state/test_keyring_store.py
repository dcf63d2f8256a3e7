"""The keyring in every state that it can be in: each ends in a value or in one clear reason, in time."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null

from tests.vshell.keyring_backends import Failing, Feeble, Forgetful, Hanging, Memory, PlaintextKeyring
from vshell.state import keyring_store
from vshell.state.keyring_store import NoKeyringError

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _keyring_of_before() -> Iterator[None]:
    before = keyring.get_keyring()
    Memory.kept.clear()
    yield
    keyring.set_keyring(before)


def test_what_is_kept_is_read_back_and_forgotten() -> None:
    keyring.set_keyring(Memory())
    keyring_store.check()
    assert keyring_store.read("vshell:x", "bob") is None
    keyring_store.write("vshell:x", "bob", "s3cret")
    assert keyring_store.read("vshell:x", "bob") == "s3cret"
    assert keyring_store.read("vshell:y", "bob") is None
    keyring_store.remove("vshell:x", "bob")
    keyring_store.remove("vshell:x", "bob")
    assert keyring_store.read("vshell:x", "bob") is None


@pytest.mark.parametrize(
    ("backend", "reason"),
    [
        (null.Keyring(), r"keyring\.backends\.null\.Keyring keeps nothing"),
        (fail.Keyring(), "none is running"),
        (PlaintextKeyring(), r"keyrings\.alt\.file\.PlaintextKeyring keeps secrets as plain text"),
        (Feeble(), "Feeble is not a recommended one"),
    ],
)
def test_a_backend_that_will_not_do_is_refused_by_name(backend: KeyringBackend, reason: str) -> None:
    keyring.set_keyring(backend)
    for use in (
        keyring_store.check,
        lambda: keyring_store.read("s", "u"),
        lambda: keyring_store.write("s", "u", "s3cret"),
    ):
        with pytest.raises(NoKeyringError, match=reason):
            use()
    assert Memory.kept == {}


def test_in_a_chain_what_will_not_do_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = chainer.ChainerBackend()
    good = Memory()
    monkeypatch.setattr(type(chain), "backends", [PlaintextKeyring(), good])
    keyring.set_keyring(chain)
    keyring_store.write("s", "u", "s3cret")
    assert good.get_password("s", "u") == "s3cret"
    monkeypatch.setattr(type(chain), "backends", [PlaintextKeyring()])
    with pytest.raises(NoKeyringError, match="plain text"):
        keyring_store.check()


def test_one_that_hangs_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring_store, "LIMIT_SECONDS", 0.2)
    keyring.set_keyring(Hanging())
    began = time.monotonic()
    with pytest.raises(NoKeyringError, match=r"did not answer in 0\.2 seconds"):
        keyring_store.read("s", "u")
    assert time.monotonic() - began < 2


def test_one_that_keeps_nothing_is_found_out() -> None:
    keyring.set_keyring(Forgetful())
    with pytest.raises(NoKeyringError, match="did not give back"):
        keyring_store.write("s", "u", "s3cret")


def test_a_failure_does_not_tell_the_secret() -> None:
    keyring.set_keyring(Failing())
    with pytest.raises(NoKeyringError, match="failed with RuntimeError") as caught:
        keyring_store.write("s", "u", "s3cret")
    assert "s3cret" not in str(caught.value)


def in_process(program: str, environment: dict[str, str], *before: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a Python of its own, with nothing of this one's desktop."""
    return subprocess.run(
        [*before, sys.executable, "-c", program],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


CHECK = """
import time
from vshell.state import keyring_store
began = time.monotonic()
try:
    keyring_store.check()
    print("usable")
except keyring_store.NoKeyringError as trouble:
    print(trouble)
"""


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}, "none is running"),
        ({"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}, "keeps nothing"),
        ({"PYTHON_KEYRING_BACKEND": "no.such.Keyring"}, "PYTHON_KEYRING_BACKEND names a backend that is not there"),
        ({"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Nothing"}, "names a backend that is not there"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the keyring belongs to the system")
def test_a_machine_without_a_desktop(tmp_path: Path, environment: dict[str, str], reason: str) -> None:
    ran = in_process(CHECK, {"HOME": str(tmp_path), **environment})
    assert reason in ran.stdout, ran.stderr


def test_a_hanging_keyring_lets_the_process_end(tmp_path: Path) -> None:
    backend = "tests.vshell.keyring_backends.Hanging"
    hang = "keyring_store.LIMIT_SECONDS = 0.2\n    keyring_store.read('s', 'u')"
    program = CHECK.replace("keyring_store.check()", hang)
    began = time.monotonic()
    ran = in_process(program, {"HOME": str(tmp_path), "PYTHON_KEYRING_BACKEND": backend})
    assert "did not answer" in ran.stdout, ran.stderr
    assert time.monotonic() - began < 30


class TestSecretService:
    """The real one: gnome-keyring on a session bus of its own."""

    @pytest.fixture(autouse=True)
    def _programs(self) -> None:
        for program, package in (
            ("dbus-run-session", "dbus"),
            ("gnome-keyring-daemon", "gnome-keyring"),
            ("secret-tool", "libsecret-tools"),
        ):
            if shutil.which(program) is None:
                pytest.skip(f"needs the Debian package {package}")

    def session(self, home: Path, program: str, *, password: str | None) -> subprocess.CompletedProcess[str]:
        """Run a program on a new session bus, with the keyring unlocked by a password or left as it is."""
        unlock = "gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1"
        start = f"printf %s '{password}' | {unlock}; " if password is not None else ""
        wrapper = ("dbus-run-session", "--", "sh", "-c", start + 'exec "$@"', "sh")
        return in_process(program, {"HOME": str(home), "XDG_RUNTIME_DIR": str(home)}, *wrapper)

    def test_unlocked_it_keeps_and_others_can_read_it(self, tmp_path: Path) -> None:
        program = """
import subprocess
from vshell.state import keyring_store
keyring_store.check()
keyring_store.write("vshell:https://vms.example", "bob", "s3cret")
assert keyring_store.read("vshell:https://vms.example", "bob") == "s3cret"
look = ["secret-tool", "lookup", "service", "vshell:https://vms.example", "username", "bob"]
print(subprocess.run(look, capture_output=True, text=True, check=True).stdout)
"""
        ran = self.session(tmp_path, program, password="ci")
        assert ran.stdout.strip() == "s3cret", ran.stderr
        again = (
            'from vshell.state import keyring_store\nprint(keyring_store.read("vshell:https://vms.example", "bob"))\n'
        )
        ran = self.session(tmp_path, again, password="ci")
        assert ran.stdout.strip() == "s3cret", ran.stderr
        forget = """
from vshell.state import keyring_store
keyring_store.remove("vshell:https://vms.example", "bob")
print(keyring_store.read("vshell:https://vms.example", "bob"))
"""
        assert self.session(tmp_path, forget, password="ci").stdout.strip() == "None"

    def test_locked_it_is_refused_without_a_dialog(self, tmp_path: Path) -> None:
        assert self.session(tmp_path, CHECK, password="ci").stdout.strip() == "usable"
        for password in (None, "wrong"):
            assert self.session(tmp_path, CHECK, password=password).stdout.strip() == "it is locked"

    def test_before_the_first_one_is_made(self, tmp_path: Path) -> None:
        assert self.session(tmp_path, CHECK, password=None).stdout.strip() == "none has been made yet"
