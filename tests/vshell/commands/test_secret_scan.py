"""Tokens found in files, offline."""

import io
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from server_stub.domain.base.token_format import FRESH_BYTES, mint
from vshell.commands import _secret_scan
from vshell.commands._secret_scan import Found, scan

TOKEN = mint(1_790_000_000_000_000, bytes(range(FRESH_BYTES))).token
PREFIXED = mint(1_790_000_000_000_000, bytes(range(FRESH_BYTES)), "vgot_").token


def found(paths: Sequence[str | Path], stdin: bytes = b"") -> tuple[list[tuple[str, int, int]], list[str]]:
    trouble: list[str] = []
    at = [
        (os.path.basename(each.path), each.line, each.column)
        for each in scan(map(str, paths), io.BytesIO(stdin), lambda path, sentence: trouble.append(sentence))
    ]
    return at, trouble


def no_trouble(path: str, sentence: str) -> None:
    pytest.fail(sentence)


def test_a_token_is_found_where_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(f"x: 1\ntoken={TOKEN}\n\xe4 '{PREFIXED}' {TOKEN[:-1]}x\n".encode("latin-1"))
    assert found([file]) == ([("a.yaml", 2, 7), ("a.yaml", 3, 4)], [])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("token", [TOKEN, PREFIXED])
def test_a_token_is_found_in_utf_16_too(tmp_path: Path, encoding: str, token: str) -> None:
    """As a shell of another system writes what is sent into a file."""
    file = tmp_path / "a.txt"
    file.write_bytes(f"x\n\u00e4 token={token}\n".encode(encoding))
    (where,) = scan([str(file)], None, no_trouble)
    assert (where.token, where.line) == (token, 2)
    line = file.read_bytes().split(b"\n")[1]
    assert line[where.column - 1 :].startswith(token[:1].encode() + b"\0" + token[1:2].encode())


def test_a_directory_is_walked_without_its_links(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    (inside / "b").mkdir(parents=True)
    (tmp_path / "outside").write_text(TOKEN)
    (inside / "b" / "2").write_text(TOKEN)
    (inside / "1").write_bytes(b"\0\xff" + TOKEN.encode() + b"\0")
    (inside / "link").symlink_to(tmp_path / "outside")
    os.mkfifo(inside / "pipe")
    assert found([inside]) == ([("1", 1, 3), ("2", 1, 1)], [])


def test_standard_input_is_a_file_too() -> None:
    assert found(["-"], f"\n {TOKEN}".encode()) == ([("-", 2, 2)], [])
    assert list(scan(["-"], None, no_trouble)) == []


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "good").write_text(TOKEN)
    at, trouble = found([tmp_path / "none", tmp_path / "good"])
    assert at == [("good", 1, 1)]
    assert trouble == [f"{tmp_path / 'none'} was not read: No such file or directory."]


def test_a_line_of_any_length_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_secret_scan, "LONGEST_LINE", 200)
    for before in (*range(80, 340, 7), 200 - len(TOKEN), 199, 200, 201, 400 - len(TOKEN)):
        for text in (f"{'-' * before}{TOKEN}", f"{'-' * before}{TOKEN}{'-' * 500}", f"{'-' * before}{PREFIXED}\n"):
            assert found(["-"], text.encode()) == ([("-", 1, before + 1)], []), before
            wide = text.encode("utf-16-le")
            assert found(["-"], wide) == ([("-", 1, 2 * before + 1)], []), before
    twice = f"{TOKEN} {TOKEN}{'-' * 120}{TOKEN}"
    assert found(["-"], twice.encode())[0] == [("-", 1, 1), ("-", 1, 43), ("-", 1, 204)]


def test_what_was_found_shows_no_secret() -> None:
    assert TOKEN not in repr(Found("a", 1, 1, TOKEN))
    assert Found("a", 1, 2, TOKEN).where == "a:1:2"
