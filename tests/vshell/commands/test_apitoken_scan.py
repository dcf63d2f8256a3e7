"""Tokens left in files: found, asked about, revoked."""

import io
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from server_stub.domain.base.token_format import FRESH_BYTES, mint
from tests.vshell.commands.conftest import Service, Shell, holding
from vshell.commands import apitoken_scan
from vshell.commands.apitoken_scan import Found, scan
from vshell.errors import Failed, Mistake


@pytest.fixture
def files(tmp_path: Path, local: Shell) -> Path:
    """A directory with a live token, twice, and a look-alike."""
    folder = tmp_path / "src"
    folder.mkdir()
    token = local.rows("apitoken create --owner bob --name web")["token"]
    (folder / "a.yaml").write_text(f"x: 1\ntoken: {token}\n")
    (folder / "b.txt").write_text(f"{token} {token[:-1]}!\n")
    (tmp_path / "token").write_text(token)
    return folder


def secret(files: Path) -> str:
    """Return the live token."""
    return (files.parent / "token").read_text()


def test_a_live_token_is_an_alarm(local: Shell, files: Path) -> None:
    with pytest.raises(Failed, match="1 API token is live and can be read in files") as alarm:
        local.type(f"apitoken scan {files} --output csv")
    assert alarm.value.exit_code == 1
    token_id = secret(files)[:8]
    assert local.out.getvalue().splitlines()[-3:] == [
        "where,id,live,owner,name",
        f"{files}/a.yaml:2:8,{token_id},true,bob,web",
        f"{files}/b.txt:1:1,{token_id},true,bob,web",
    ]
    assert local.wire.asked.count("POST /apitokens/verify/") == 1, "each token is asked about once"


def test_no_secret_is_shown(local: Shell, files: Path) -> None:
    before = len(local.out.getvalue())
    with pytest.raises(Failed):
        local.type(f"apitoken scan {files}")
    assert secret(files) not in local.out.getvalue()[before:] + local.err.getvalue()


def test_what_is_dead_is_shown_and_no_alarm(local: Shell, files: Path) -> None:
    local.type(f"apitoken revoke --id {secret(files)[:8]}")
    rows = local.rows(f"apitoken scan {files}")
    assert [row["live"] for row in rows] == [False, False]


def test_revoke_needs_no_question(local: Shell, service: Service, files: Path) -> None:
    rows = local.rows(f"apitoken scan {files} --revoke")
    assert [(row["live"], row["revoked"]) for row in rows] == [(True, True), (True, True)]
    assert service.by_bearer(secret(files)).ask("GET", "/login/").status == 401


@pytest.mark.parametrize("answer", [True, False])
def test_at_a_terminal_revoking_is_offered(local: Shell, service: Service, files: Path, answer: bool) -> None:
    person = Shell(service, holding(service.local), interactive=True, confirm=lambda question: answer)
    if answer:
        person.type(f"apitoken scan {files}")
    else:
        with pytest.raises(Failed):
            person.type(f"apitoken scan {files}")
    assert person.asked == [f"Live: {secret(files)[:8]} ({files}/b.txt:1:1). Revoke?"]
    assert service.by_bearer(secret(files)).ask("GET", "/login/").status == (401 if answer else 200)


def test_what_one_may_not_revoke_stays_an_alarm(service: Service, files: Path) -> None:
    service.manager("eve")
    eve = Shell(service, holding(service.by_token("eve")))
    with pytest.raises(Failed):
        eve.type(f"apitoken scan {files} --revoke")
    assert f"{secret(files)[:8]} was not revoked" in eve.err.getvalue()


def test_standard_input(local: Shell, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"a\n {secret(files)}".encode())))
    with pytest.raises(Failed):
        local.type("apitoken scan - --output csv")
    assert local.out.getvalue().splitlines()[-1].startswith("-:2:2,")


def test_nothing_found_asks_nobody(local: Shell, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("JhxND7ci.AWrRmHXRtbcjUSCANl9KLrxRT6sMqesX")
    assert local.rows(f"apitoken scan {tmp_path}") == []
    assert local.wire.asked == []


def test_a_path_that_cannot_be_read_guards_nothing(local: Shell, files: Path) -> None:
    """A hook with a misspelt path must not let every commit pass."""
    with pytest.raises(Failed, match="was not read, so nothing is known of it") as failed:
        local.type(f"apitoken scan {files}/nowhere")
    assert failed.value.exit_code == 1
    with pytest.raises(Failed, match="1 API token is live"):
        local.type(f"apitoken scan {files}/nowhere {files}")
    (files / "link").symlink_to("nowhere")
    assert local.rows(f"apitoken scan {files} --revoke"), "what lies in a directory is told, and no more"


def test_a_path_is_needed(local: Shell) -> None:
    with pytest.raises(Mistake, match="needs a file or a directory"):
        local.type("apitoken scan")


def test_the_local_administrators_token_is_an_alarm_too(local: Shell, service: Service, tmp_path: Path) -> None:
    (tmp_path / "backup").write_text((service.local.authorization or "").removeprefix("Bearer "))
    with pytest.raises(Failed, match="1 API token is live") as alarm:
        local.type(f"apitoken scan {tmp_path} --output csv")
    assert alarm.value.hint == "Start the server anew: local-admin's token ends with it."
    assert local.out.getvalue().splitlines()[-1].endswith(",true,local-admin,")


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
    monkeypatch.setattr(apitoken_scan, "LONGEST_LINE", 200)
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
