"""Tokens left in files: found, asked about, revoked."""

import io
from pathlib import Path

import pytest

from tests.vshell.commands.conftest import Service, Shell, holding
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
