"""The audit trail, from what is recorded to the proof that nobody changed it: Vigo's words, and the issue's.

"The event is recorded as emergency.access in the SHA-256 hash chain and cannot be retroactively modified." (Vigo,
"vigocli auth")
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from server_stub import store
from tests import processes
from tests.journeys import people
from tests.journeys.people import Person
from tests.processes import Server
from tests.vshell.waiting import eventually

SOUND, TAMPERED, NOT_VERIFIED, TAIL = 0, 1, 2, 3
REASON = "OIDC provider outage, reviewing compliance status"


@pytest.fixture
def host(server: Server, tmp_path: Path) -> Person:
    """Who sits on the server's own host."""
    return people.on_the_host(server, tmp_path / "host")


def rows(person: Person, *line: str) -> list[dict[str, object]]:
    """Run a line and return its result as programs get it."""
    found: list[dict[str, object]] = json.loads(person.did(*line, "--output", "json"))
    return found


def tamper(server: Server, sql: str) -> None:
    """Change the database behind the server's back, as whoever holds its disk can."""
    connection = store.engine_of(str(server.data / "vshell.db")).connect()
    connection.script(sql)
    connection.close()


def wait_until_signed(server: Server) -> None:
    """Wait for the checkpoint that a new server makes within its first seconds."""
    eventually(lambda: server.call("GET", "/audit/head/").json()["checkpoint"])


def restarted(server: Server) -> Server:
    """Stop a server, which signs its head, and start it again on the same data."""
    server.stop()
    return processes.start_server(server.data)


def test_an_emergency_is_recorded_and_cannot_be_modified_afterwards(server: Server, host: Person) -> None:
    """HIPAA 164.312(a)(2)(ii): the event stands there with its reason, and a later change of it is found."""
    host.did("auth", "emergency-access", "--reason", REASON)
    (row,) = rows(host, "audit", "list", "--action", "emergency.access")
    assert REASON in json.dumps(row["detail"])
    assert (row["actor"], row["outcome"]) == ("local-admin", "done")
    assert host.run("audit", "verify").code in (SOUND, TAIL)
    tamper(server, "UPDATE audit SET detail = replace(detail, 'outage', 'holiday') WHERE action = 'emergency.access'")
    ran = host.run("audit", "verify")
    assert ran.told == (
        TAMPERED,
        f"Record {row['seq']} of the audit chain is edited: its hash does not fit its content.",
    )


def test_who_did_what_when_and_from_where(server: Server, host: Person, tmp_path: Path) -> None:
    alice = people.hired(server, tmp_path, "create_security", "view_security")
    token = people.created(alice.did("apitoken", "create", "--name", "backup"))
    (row,) = rows(alice, "audit", "list", "--actor", alice.name, "--action", "apitoken.*", "--since", "1h")
    assert (row["target"], row["source"], row["auth_method"]) == (token["id"], "127.0.0.1", "token")
    nobody = people.hired(server, tmp_path)
    assert nobody.run("manager", "create", "--username", "eve").code == 4
    (refused,) = rows(host, "audit", "list", "--outcome", "refused", "--actor", nobody.name)
    assert refused["action"] == "manager.create"
    assert rows(nobody, "audit", "list") == [refused], "everybody sees their own acts, and no others"


def test_a_token_that_turned_up_is_found_by_itself(server: Server, host: Person) -> None:
    """``audit find`` takes it on standard input; neither the history nor the server's log gets to see it."""
    token = people.created(host.did("apitoken", "create", "--owner", "root"))
    host.did("apitoken", "revoke", "--id", token["id"])
    found = json.loads(host.did("audit", "find", "--output", "json", stdin=token["token"] + "\n"))
    assert [row["action"] for row in found] == ["apitoken.create", "apitoken.revoke"]
    kept = [path for path in (*host.home.rglob("*"), *server.data.rglob("*")) if path.is_file()]
    assert [path for path in kept if token["token"].encode() in path.read_bytes()] == []


def test_an_export_is_verified_offline_with_the_public_key_alone(server: Server, host: Person, tmp_path: Path) -> None:
    """``vshell audit verify --from FILE --key FILE`` needs no server and no network."""
    host.did("apitoken", "create", "--owner", "root", "--name", "Zoë")
    again = restarted(server)
    auditor = Person(tmp_path / "auditor", (), {"LANG": "C"})
    (auditor.home / "chain").write_text(people.on_the_host(again, host.home).did("audit", "export"), encoding="utf-8")
    (auditor.home / "audit.pub").write_text((again.data / "audit.pub").read_text())
    again.stop()
    line = ("audit", "verify", "--from", "chain", "--key", "audit.pub")
    assert (auditor.run(*line).code, auditor.run(*line).err) == (SOUND, "")
    text = (auditor.home / "chain").read_text(encoding="utf-8")
    (auditor.home / "chain").write_text(text.replace("Zoë", "Eve"), encoding="utf-8")
    assert auditor.run(*line).code == TAMPERED
    (auditor.home / "chain").write_text(text[: len(text) // 2], encoding="utf-8")
    assert auditor.run(*line).code == NOT_VERIFIED


def _cut(server: Server) -> None:
    """Take the last record away, with all that was signed of it."""
    tamper(
        server,
        "DELETE FROM audit WHERE seq = (SELECT seq FROM audit_head);"
        "UPDATE audit_head SET seq = seq - 1, hash = (SELECT hash FROM audit ORDER BY seq DESC LIMIT 1);"
        "DELETE FROM audit_checkpoints WHERE size > (SELECT seq FROM audit_head)",
    )


def test_another_chain_in_the_place_of_the_one_that_was_seen_is_refused(server: Server, host: Person) -> None:
    """On the server's own host too, where its port changes with each start: somebody began the chain anew."""
    host.did("audit", "head")
    server.stop()
    for path in server.data.glob("vshell.db*"):
        path.unlink()
    (server.data / "audit.checkpoint").unlink()
    with processes.running(server.data):
        ran = host.run("audit", "list")
        assert (ran.code, "another one than this shell has seen" in ran.err) == (TAMPERED, True)
        assert "audit head --accept" in ran.err
        host.did("audit", "head", "--accept")
        host.did("audit", "list")


def _rolled_back(server: Server) -> None:
    """Put an older copy of the whole database in place."""
    for name in ("vshell.db", "vshell.db-wal", "vshell.db-shm"):
        (server.data / name).unlink(missing_ok=True)
    (server.data / "older").rename(server.data / "vshell.db")


@pytest.mark.parametrize("attack", [_cut, _rolled_back])
def test_a_chain_that_was_cut_or_rolled_back_is_refused_by_whoever_has_seen_it(
    server: Server, host: Person, attack: Callable[[Server], None]
) -> None:
    """What a chain alone does not show: a cut end, an older database."""
    wait_until_signed(server)
    server.stop()
    (server.data / "older").write_bytes((server.data / "vshell.db").read_bytes())
    server = processes.start_server(server.data)
    host.did("apitoken", "create", "--owner", "root")
    anchor = host.did("audit", "head").strip()
    server.stop()
    attack(server)
    server = processes.start_server(server.data)
    try:
        ran = host.run("audit", "list")
        assert ran.code == TAMPERED
        assert "was cut: it ends at record" in ran.err
        assert "audit head --accept" in ran.err
        other = people.on_the_host(server, host.home.parent / "other")
        assert other.run("audit", "verify").code in (SOUND, TAIL), "who has seen nothing cannot tell"
        assert other.run("audit", "verify", "--anchor", anchor).code == TAMPERED, "but for the line that was kept"
        eventually(lambda: "no longer holds record" in (server.data / "stderr.log").read_text())
    finally:
        server.stop()


def test_a_watchman_needs_one_line(server: Server, host: Person) -> None:
    """``audit verify || alert``: everything but a sound chain ends with another code than 0."""
    server = restarted(server)
    try:
        host = people.on_the_host(server, host.home)
        script = f"{' '.join(people.PROGRAM)} --data {server.data} audit verify >&2 || echo ALERT"
        environment = host.environment | {"PATH": os.environ["PATH"]}

        def watched() -> str:
            ran = subprocess.run(["sh", "-c", script], env=environment, capture_output=True, text=True, check=True)
            return ran.stdout

        assert watched() == ""
        tamper(server, "UPDATE audit SET actor = 'eve' WHERE seq = 1")
        assert watched() == "ALERT\n"
    finally:
        server.stop()


def test_filters_complete_with_live_names(server: Server, host: Person) -> None:
    with host.at_a_terminal() as terminal:
        terminal.until(lambda here: here.line.startswith("vshell: local-admin>"))
        terminal.enter("apitoken create --owner root")
        terminal.until("please keep it safe")
        terminal.send("audit list --action emergency.a\t")
        terminal.until("emergency.access")
