"""The history keeps lines and no secrets, in files that are nobody else's."""

import json
import os
import stat
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vshell.language.test_masking import REGISTRY
from vshell.language.grammar import parse
from vshell.state import history
from vshell.state.history import make_entry
from vshell.state.private_files import NotPrivateError

TOKEN = "427hZs6d.0OFcIFIRVwRlsHW68MqQhqSxAO2qi0rB"
LOOK_ALIKE = "427hZs6d.0OFcIFIRVwRlsHW68MqQhqSxAO2qi0rA"


def kept(line: str) -> str | None:
    return make_entry(parse(line, registry=REGISTRY))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("manager create --username bob  ", "manager create --username bob"),
        ("manager create --username bob --password hunter2", "manager create --username bob --password ***"),
        (f"api GET /x/{TOKEN}", "api GET /x/***"),
    ],
)
def test_a_line_is_kept_without_its_secrets(line: str, expected: str) -> None:
    assert kept(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   ",
        " manager create --username bob",
        "\tapi GET /x",
        TOKEN,
        f"  {TOKEN}",
        f"'{TOKEN[:5]}'{TOKEN[5:]}",
        f"api GET {TOKEN[:5]}\\{TOKEN[5:]}",
        "api GET " + "x" * history.LONGEST_ENTRY,
    ],
)
def test_some_lines_are_not_kept(line: str) -> None:
    assert kept(line) is None


@given(st.text(st.sampled_from("""ab-p=: '"\\{}*password token\n"""), max_size=80))
def test_any_line_can_be_asked_about(line: str) -> None:
    text = kept(line)
    assert text is None or text.strip()


def test_an_entry_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "state" / "history" / "local.jsonl"
    lines = ["apitoken list", "api GET 'a\nb'", "é \u2028 \x1b[0m"]
    for line in lines:
        history.append(path, line, now=lambda: datetime(2026, 11, 21, 22, tzinfo=UTC))
    assert history.load(path) == lines
    assert json.loads(path.read_text().splitlines()[0]) == ["2026-11-21T22:00:00Z", "apitoken list"]


def test_the_file_is_private_from_birth(tmp_path: Path) -> None:
    path = tmp_path / "history" / "local.jsonl"
    before = os.umask(0)
    try:
        history.append(path, "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "local.jsonl"
    history.append(path, "before")
    path.chmod(0o644)
    with pytest.raises(NotPrivateError):
        history.append(path, "after")
    assert history.load(path) == []
    assert "after" not in path.read_text()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    aim = tmp_path / "aim"
    history.append(aim, "before")
    path = tmp_path / "local.jsonl"
    path.symlink_to(aim)
    with pytest.raises(OSError, match="symbolic links"):
        history.append(path, "after")
    assert history.load(path) == []


@pytest.mark.parametrize("damage", ["x\n", '["a"]\n', "[1, 2]\n", "null\n", '"ab"\n', "\0\n"])
def test_a_damaged_entry_is_passed_over(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "local.jsonl"
    history.append(path, "one")
    with path.open("a") as file:
        file.write(damage)
    history.append(path, "two")
    assert [line for line in history.load(path) if line in ("one", "two")] == ["one", "two"]


def test_a_missing_file_holds_nothing(tmp_path: Path) -> None:
    assert history.load(tmp_path / "none") == []
    history.shorten(tmp_path / "none")


def test_the_file_is_cut_to_its_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "KEPT_ENTRIES", 10)
    path = tmp_path / "local.jsonl"
    for number in range(20):
        history.append(path, str(number))
    history.shorten(path)
    assert len(path.read_text().splitlines()) == 20, "not before it has grown to twice"
    history.append(path, "20")
    history.shorten(path)
    assert history.load(path) == [str(number) for number in range(11, 21)]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_shells_do_not_mix_their_entries(tmp_path: Path) -> None:
    path = tmp_path / "local.jsonl"

    def write(letter: str) -> None:
        for _ in range(100):
            history.append(path, letter * 2_000)

    threads = [threading.Thread(target=write, args=(letter,)) for letter in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = history.load(path)
    assert len(lines) == 400
    assert {len(set(line)) for line in lines} == {1}


def test_each_server_has_a_file_of_its_own(tmp_path: Path) -> None:
    urls = [
        "https://a.example",
        "https://b.example",
        "https://a.example:8443",
        "http://a.example",
        "https://[2001:db8::1]",
    ]
    files = {history.find_file(url, tmp_path) for url in urls}
    assert len(files) == len(urls)
    assert all(file.parent == tmp_path / "history" for file in files)


def test_servers_of_this_machine_share_one(tmp_path: Path) -> None:
    urls = ["http://127.0.0.1:1", "https://localhost:8443", "http://[::1]:9"]
    assert {history.find_file(url, tmp_path).name for url in urls} == {"local.jsonl"}
