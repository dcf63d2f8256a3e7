"""Files that nobody else may read."""

from __future__ import annotations

import fcntl
import os
import stat
import threading
from pathlib import Path

import pytest

from vshell.state import private_files
from vshell.state.private_files import NotPrivateError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_and_its_directories_are_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "secret"
    before = os.umask(0)
    try:
        private_files.write(path, "s3cret\n")
    finally:
        os.umask(before)
    assert private_files.read(path) == "s3cret\n"
    assert (mode(path), mode(path.parent), mode(path.parent.parent)) == (0o600, 0o700, 0o700)
    assert [entry.name for entry in path.parent.iterdir()] == ["secret"]


def test_writing_replaces_a_link_and_leaves_its_target(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("theirs")
    link.symlink_to(target)
    private_files.write(link, "ours")
    assert (target.read_text(), link.read_text(), link.is_symlink()) == ("theirs", "ours", False)


def test_a_missing_file_is_none(tmp_path: Path) -> None:
    assert private_files.read(tmp_path / "nothing") is None


@pytest.mark.parametrize("looser", [0o640, 0o604, 0o620, 0o602, 0o610, 0o777])
def test_a_looser_mode_is_refused(tmp_path: Path, looser: int) -> None:
    path = tmp_path / "secret"
    path.write_text("x")
    path.chmod(looser)
    with pytest.raises(NotPrivateError, match=f"{looser:04o}"):
        private_files.read(path)


def test_a_link_is_refused(tmp_path: Path) -> None:
    private_files.write(tmp_path / "target", "x")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(NotPrivateError):
        private_files.read(tmp_path / "link")


def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(NotPrivateError, match="regular"):
        private_files.read(tmp_path / "pipe")


def test_another_owner_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private_files.write(tmp_path / "secret", "x")
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(NotPrivateError, match="another user"):
        private_files.read(tmp_path / "secret")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret"
    private_files.write(path, "old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        private_files.write(path, "new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret"]
    assert path.read_text() == "old"


def test_a_lock_holds_off_others(tmp_path: Path) -> None:
    order: list[str] = []

    def second() -> None:
        with private_files.hold_lock(tmp_path / "lock"):
            order.append("second")

    thread = threading.Thread(target=second)
    with private_files.hold_lock(tmp_path / "lock"):
        thread.start()
        thread.join(0.1)
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]


def test_a_share_is_had_beside_others_but_not_beside_one_that_holds_all(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with path.open("w") as first, path.open("w") as second, path.open("w") as alone:
        assert private_files.share_lock(first.fileno())
        assert private_files.share_lock(second.fileno())
        first.close()
        second.close()
        fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with path.open("w") as late:
            assert not private_files.share_lock(late.fileno())
