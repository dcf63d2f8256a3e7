"""The audit commands over the real application: lists, the head and who remembers it, exports verified offline."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from server_stub.domain.audit.checkpoints import Signer
from server_stub.process.checkpoint_signer import CheckpointSigner
from server_stub.store import audit as audit_store
from server_stub.store import checkpoints as checkpoint_store
from tests.chains import hash_of
from tests.server_stub.conftest import Person, Service
from tests.vshell.commands.conftest import Shell, holding
from vshell.audit.verification import Tampered, Unsealed, Unverified
from vshell.commands.audit import Anchor, Anchored, TimeOrAge
from vshell.errors import Mistake, ShellError
from vshell.terminal.screen import Progress


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state directory of the test's own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


@pytest.fixture
def sealer(service: Service, tmp_path: Path) -> CheckpointSigner:
    """Who signs the service's chain, with the key made known."""
    signer = Signer(service.local.get("/audit/key/")["server_id"], bytes(32))
    checkpoint_store.introduce(service.database.engine, signer.verifier)
    (tmp_path / "audit.pub").write_text(signer.verifier + "\n")
    return CheckpointSigner(service.database, signer, tmp_path)


def exit_code(shell: Shell, line: str) -> int:
    """Run a line and return the exit code that it ends with."""
    try:
        shell.type(line)
    except ShellError as error:
        return error.exit_code
    return 0


def run(service: Service, sql: str) -> None:
    """Tamper with the database."""
    connection = service.database.engine.connect()
    connection.script(sql)
    connection.close()


def test_list_shows_the_newest_in_their_order(local: Shell) -> None:
    made = local.rows("apitoken create --owner bob")["id"]
    rows = local.rows("audit list --limit 2")
    assert [row["action"] for row in rows] == ["manager.create", "apitoken.create"]
    assert [row["seq"] for row in local.rows("audit list --from 1 --limit 2")] == [1, 2]
    assert [row["target"] for row in local.rows("audit list --action apitoken.*")] == [made]
    assert local.rows("audit list --actor nobody") == []
    assert local.rows(f"audit show --seq {rows[-1]['seq']}") == rows[-1]


def test_list_goes_on_for_as_many_as_are_wanted(local: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vshell.commands.audit.PAGE", 2)
    for _ in range(4):
        local.rows("apitoken create --owner bob")
    assert [row["seq"] for row in local.rows("audit list --limit 5")] == [2, 3, 4, 5, 6]
    assert [row["seq"] for row in local.rows("audit list --from 2 --limit 3")] == [2, 3, 4]


def test_times_are_moments_or_lengths_ago(local: Shell) -> None:
    assert local.rows("audit list --since 2020-01-01 --until 2020-01-02") == []
    assert len(local.rows("audit list --since 2020-01-01")) == 2
    assert [row["action"] for row in local.rows("audit list --since 1h")] == ["server.founded"], "by the clock"


def test_everybody_sees_their_own_acts(signed_in: Shell) -> None:
    signed_in.rows("apitoken create")
    assert {row["actor"] for row in signed_in.rows("audit list")} == {"bob"}


def test_the_head_is_one_line_and_an_anchor(local: Shell, sealer: CheckpointSigner) -> None:
    sealer.turn()
    line = local.type("audit head").strip()
    assert line.startswith("vshell-audit/")
    assert exit_code(local, f"audit verify --anchor '{line}'") == 0
    number = line.split()[1]
    assert exit_code(local, f"audit verify --anchor '{line.replace(f' {number} ', ' 99 ')}'") == 1
    assert exit_code(local, f"audit verify --anchor '{line[:-4]}0000'") == 1
    assert exit_code(local, f"audit verify --anchor '{line.replace('audit/', 'audit/0')}'") == 2


def test_verify_tells_by_its_exit_code(local: Shell, service: Service, sealer: CheckpointSigner) -> None:
    assert exit_code(local, "audit verify") == 2, "nothing is signed yet"
    sealer.turn()
    assert local.rows("audit verify")["state"] == "sound"
    local.rows("apitoken create --owner bob")
    with pytest.raises(Unsealed, match="1 record lies behind the last checkpoint"):
        local.type("audit verify")
    run(service, "UPDATE audit SET actor = 'eve' WHERE seq = 2")
    with pytest.raises(Tampered, match="Record 2 of the audit chain is edited"):
        local.type("audit verify --output json")
    assert json.loads(local.out.getvalue()[local.out.getvalue().rindex("{\n") :])["record"] == 2


def test_what_was_seen_is_demanded_of_the_chain_itself(
    local: Shell, service: Service, sealer: CheckpointSigner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that says that it still holds the record, and exports a rewritten one, is found out."""
    local.type("audit head")
    record = service.database.read(lambda tx: audit_store.find(tx, 3))
    assert record is not None
    forged = hash_of(replace(record, actor="eve"))
    run(service, f"UPDATE audit SET actor = 'eve', hash = '{forged}' WHERE seq = 3")
    run(service, f"UPDATE audit_head SET hash = '{forged}'")
    sealer.turn()
    service.local.post("/apitokens/", owner="bob")
    monkeypatch.setattr(audit_store, "hash_at", lambda tx, seq: record.hash)
    with pytest.raises(Tampered, match="Record 3 of the audit chain is forked"):
        local.type("audit verify")


STRANGE = [
    ("key/", {}),
    ("key/", {"server_id": "x", "keys": "y"}),
    ("head/", {"server_id": "x", "seq": "1", "hash": "y"}),
    ("head/", {"detail": "no"}),
    ("export/", {}),
    ("export/", {"lines": None, "next": None}),
    ("export/", {"lines": [], "next": "/api/audit/export/"}),
    ("export/", {"lines": [7, None], "next": None}),
    ("export/", []),
]


@pytest.mark.parametrize(("address", "answer"), STRANGE)
def test_a_server_that_answers_nonsense_is_not_verified(
    local: Shell, sealer: CheckpointSigner, monkeypatch: pytest.MonkeyPatch, address: str, answer: object
) -> None:
    sealer.turn()
    ask = local.session.client.request
    monkeypatch.setattr(
        local.session.client,
        "request",
        lambda method, path, *more, **most: answer if path.endswith(address) else ask(method, path, *more, **most),
    )
    assert exit_code(local, "audit verify") == 2


def test_without_a_key_or_the_right_nothing_is_verified(local: Shell, signed_in: Shell) -> None:
    with pytest.raises(Unverified, match="no public key"):
        local.type("audit verify")
    assert exit_code(signed_in, "audit verify") == 2


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        ("DELETE FROM audit WHERE seq = 3; UPDATE audit_head SET seq = 2, hash = 'x'", "was cut: it ends at record 2"),
        (
            f"UPDATE audit SET hash = '{'0' * 64}' WHERE seq = 3; UPDATE audit_head SET hash = '{'0' * 64}'",
            "was rewritten: its record 3",
        ),
        ("UPDATE audit_head SET server_id = 'another'", "is another one"),
        ("DELETE FROM audit_keys", "A key that signed"),
    ],
)
def test_an_older_or_forked_head_is_refused(
    local: Shell, service: Service, sealer: CheckpointSigner, tampering: str, said: str
) -> None:
    local.type("audit head")
    run(service, tampering)
    for line in ("audit head", "audit list", "audit export", "audit verify", "audit show --seq 1"):
        with pytest.raises(Tampered, match=said):
            local.type(line)
    assert local.type("audit head --accept")
    assert local.type("audit head")


@pytest.mark.parametrize(
    ("line", "total"), [("audit export", 3), ("audit verify", 3), ("audit list --limit 2", 2), ("audit list", 3)]
)
def test_what_takes_long_with_many_records_counts_them(
    local: Shell, sealer: CheckpointSigner, monkeypatch: pytest.MonkeyPatch, line: str, total: int
) -> None:
    """Issue 4: "Progress with rate and time left on everything longer than a second (... exports)"."""
    local.rows("apitoken create --owner bob")
    sealer.turn()
    begun: list[tuple[str, int | None]] = []
    counted: list[int] = []
    progress = local.session.out.progress
    monkeypatch.setattr(Progress, "advance", lambda self, number=1: counted.append(number))

    def watched(what: str, all_there_are: int | None = None, **more: bool) -> Progress:
        begun.append((what, all_there_are))
        return progress(what, all_there_are, **more)

    monkeypatch.setattr(local.session.out, "progress", watched)
    local.type(line)
    (what, told), counts = begun[0], sum(counted)
    assert (what, told) == ("records", counts)
    assert counts >= total


def test_an_export_is_verified_without_the_server(
    local: Shell, service: Service, sealer: CheckpointSigner, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    local.rows("apitoken create --owner bob --name Zoë")
    sealer.turn()
    exported = local.type("audit export --output jsonl")
    (home / "chain.jsonl").write_text(exported)
    asked = len(local.wire.asked)
    line = f"audit verify --from {home}/chain.jsonl --key {home}/audit.pub"
    assert local.rows(line)["records"] == 4
    assert len(local.wire.asked) == asked, "no server is asked"
    (home / "chain.jsonl").write_text(exported.replace("Zoë", "Eve"))
    with pytest.raises(Tampered, match="Record 4"):
        local.type(line)
    assert exit_code(local, f"audit verify --from {home}/chain.jsonl") == 2
    assert exit_code(local, f"audit verify --from {home}/none --key {home}/audit.pub") == 2
    assert exit_code(local, f"audit verify --from {home}/chain.jsonl --key {home}/chain.jsonl") == 2
    (home / "chain.jsonl").write_text(exported[:-10])
    assert exit_code(local, line) == 2


def test_a_file_that_forks_what_was_seen_is_refused(
    local: Shell, sealer: CheckpointSigner, service: Service, home: Path
) -> None:
    sealer.turn()
    (home / "chain.jsonl").write_text(local.type("audit export"))
    run(service, f"UPDATE audit SET hash = '{'0' * 64}' WHERE seq = 3; UPDATE audit_head SET hash = '{'0' * 64}'")
    local.type("audit head --accept")
    with pytest.raises(Tampered, match="it is not the record that was kept"):
        local.type(f"audit verify --from {home}/chain.jsonl --key {home}/audit.pub")


@pytest.mark.parametrize("named", [None, "a-name-of-its-own"])
def test_a_token_finds_its_records_and_is_not_sent(
    local: Shell, service: Service, monkeypatch: pytest.MonkeyPatch, named: str | None
) -> None:
    token = service.local.post("/apitokens/", owner="bob", **({"token": named} if named else {}))["token"]
    sent: list[str] = []
    plain = service.ask
    monkeypatch.setattr(service, "ask", lambda *given, **more: sent.append(repr(given)) or plain(*given, **more))  # type: ignore[func-returns-value]  # append gives None
    monkeypatch.setattr("sys.stdin", io.StringIO(token + "\n"))
    rows = local.rows("audit find")
    assert [row["action"] for row in rows] == ["apitoken.create"]
    assert token not in "".join(sent)


def test_all_records_of_a_token_are_found(local: Shell, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("vshell.commands.audit.PAGE", "server_stub.web.http.paging.LARGEST_PAGE"):
        monkeypatch.setattr(module, 2)
    token = service.local.post("/apitokens/", owner="bob")
    for name in "abcd":
        service.local.patch(f"/apitokens/{token['id']}/", name=name)
    for _ in range(2):
        monkeypatch.setattr("sys.stdin", io.StringIO(token["token"] + "\n"))
        rows = local.rows("audit find")
        assert [row["action"] for row in rows] == ["apitoken.create", *["apitoken.modify"] * (len(rows) - 1)]
        assert len(rows) in (5, 6)
        service.local.patch(f"/apitokens/{token['id']}/", name="e")


def test_find_needs_a_token(local: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    with pytest.raises(Mistake, match="A token is needed"):
        local.type("audit find")


def test_a_stranger_learns_nothing(service: Service) -> None:
    stranger = Shell(service, holding(Person(service.ask, "Bearer none")))
    assert exit_code(stranger, "audit list") == 4


HASH = "ab" * 32


@pytest.mark.parametrize("text", ["2h", "7D", "2026-11-21", "2026-11-21T22:00:00Z"])
def test_a_moment_or_how_long_ago(text: str) -> None:
    assert TimeOrAge().parse(text) == text


@pytest.mark.parametrize("text", ["", "yesterday", "2y", "-2h"])
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match="is no time"):
        TimeOrAge().parse(text)


def test_an_anchor_is_a_line_of_audit_head() -> None:
    assert Anchor().parse(f" vshell-audit/00ff 12  {HASH}\n") == Anchored("00ff", 12, HASH)


@pytest.mark.parametrize("text", ["", "12 ab", f"vshell-audit/00ff 0 {HASH}", f"vshell-audit/00ff 12 {HASH}0"])
def test_what_is_no_anchor(text: str) -> None:
    with pytest.raises(ValueError, match="audit head"):
        Anchor().parse(text)
