"""auth set-token, status, clear against a real HTTP server, with the token kept where it was agreed."""

from __future__ import annotations

import io
import json
import os
import re
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends import fail

from tests.server_stub.conftest import Service
from tests.vshell.commands.conftest import Shell
from tests.vshell.commands.typing import Typist
from tests.vshell.keyring_backends import Memory
from tests.vshell.small import TOKEN
from tests.vshell.web import Asked, Reply, Web, serving
from vshell.client import connect
from vshell.client.client import HttpClient
from vshell.client.connect import ConnectOptions
from vshell.commands.auth import Day, MarkedId
from vshell.errors import Failed, Mistake, NotAllowed, ShellError, Unreachable
from vshell.kinds import TokenId
from vshell.state.identity import Credential
from vshell.state.stored_secrets import find_token

pytestmark = pytest.mark.usefixtures("memory_keyring")

SELF = {
    "active": True,
    "user": "dan",
    "token": {"id": "JhxND7ci", "name": "ci", "expiry_date": "2999-01-01T00:00:00.000000Z"},
    "permissions": [],
}


def answer(asked: Asked) -> Reply:
    """Play the server's part: one live token."""
    right = asked.headers.get("Authorization") == f"Bearer {TOKEN}"
    if asked.path == "/api/latest/apitokens/self/":
        return Reply(200, SELF) if right else Reply(401, {"detail": "the credential is not valid"})
    return Reply(200, {"id": 4, "username": "dan"}) if right else Reply(401, {"detail": "Who?"})


@pytest.fixture
def web() -> Iterator[Web]:
    with serving(answer) as running:
        yield running


@pytest.fixture
def shell(web: Web) -> Iterator[Typist]:
    """Somebody at a shell that knows nothing yet."""
    typist = Typist(connected(web), interactive=True, secret=TOKEN)
    yield typist
    typist.session.client.close()


def connected(web: Web) -> HttpClient:
    """Return a connection as the program makes it."""
    return connect.connect(ConnectOptions(server=web.url))


def fields(typist: Typist) -> dict[str, object]:
    """Return what auth status shows."""
    shown: dict[str, object] = json.loads(typist.type("auth status --output json"))
    return shown


def test_a_token_that_is_asked_for_goes_into_the_keyring_and_is_used(web: Web, shell: Typist) -> None:
    told = shell.type("auth set-token")
    assert told == f"The token is stored in your keyring and is used at {web.url} from now on.\n"
    assert shell.asked == ["Token: "]
    assert list(Memory.kept.values()) == [TOKEN]
    assert "dan" in shell.type("whoami")
    later = Typist(connected(web))
    assert "the token in your keyring" in later.type("whoami")
    later.session.client.close()
    assert shell.err.getvalue() == ""


def test_vigos_file_by_explicit_choice(web: Web, shell: Typist, home: Path) -> None:
    told = shell.type("auth set-token --file")
    path = home / ".config" / "vigo" / "token"
    assert str(path) in told
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == (TOKEN + "\n", 0o600)
    assert Memory.kept == {}


@pytest.mark.parametrize("line", ["auth set-token", "auth set-token -"])
def test_a_token_from_standard_input(web: Web, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(TOKEN + "\nrest"))
    typist = Typist(connected(web))
    typist.type(line)
    assert list(Memory.kept.values()) == [TOKEN]
    typist.session.client.close()


def test_a_token_on_the_command_line_is_warned_of(web: Web, shell: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.type(f"auth set-token {TOKEN}")
    assert shell.err.getvalue() == ""  # typed at the prompt, it is on no command line
    monkeypatch.setattr(sys, "argv", ["vshell", "auth", "set-token", TOKEN])
    shell.type(f"auth set-token {TOKEN}")
    assert "can be seen by everybody on this machine" in shell.err.getvalue()
    assert TOKEN not in shell.err.getvalue() + shell.out.getvalue()


def test_a_token_that_is_not_live_is_not_stored(shell: Typist) -> None:
    with pytest.raises(NotAllowed, match="does not take this token"):
        shell.type("auth set-token JhxND7ci.wrong")
    assert Memory.kept == {}
    assert find_token(shell.session.client.url, os.environ) is None


def test_without_a_token_nothing_is_stored(web: Web) -> None:
    with pytest.raises(Mistake, match="A token is needed"):
        Typist(connected(web), interactive=True, secret="").type("auth set-token")


def test_without_a_keyring_the_file_is_named_and_nothing_is_asked_or_sent(web: Web, shell: Typist) -> None:
    keyring.set_keyring(fail.Keyring())
    with pytest.raises(Failed, match="no keyring to keep the token in") as caught:
        shell.type("auth set-token")
    assert "auth set-token --file" in (caught.value.hint or "")
    assert (shell.asked, web.asked) == ([], [])


def test_an_unencrypted_server_far_away_is_never_sent_one() -> None:
    typist = Typist(connect.connect(ConnectOptions(server="http://remote.example:8443")))
    with pytest.raises(NotAllowed, match="not encrypted"):
        typist.type(f"auth set-token {TOKEN}")
    assert Memory.kept == {}


def test_a_server_that_does_not_answer_cannot_check_it(home: Path) -> None:
    with serving(lambda asked: Reply(drop=True)) as silent:
        typist = Typist(connected(silent))
        typist.type(f"auth set-token {TOKEN}")
        assert "has not been checked" in typist.err.getvalue()
        with pytest.raises(Unreachable):
            typist.type("auth status --output json")
        shown = json.loads(typist.out.getvalue().partition("\n")[2])
        assert (shown["validity"], shown["checked"], shown["id"]) == ("unknown", None, None)
        typist.session.client.close()


def test_status_asks_the_server(web: Web, shell: Typist) -> None:
    shell.type("auth set-token")
    shown = fields(shell)
    assert {name: shown[name] for name in ("validity", "kept", "id", "name", "user", "server")} == {
        "validity": "valid",
        "kept": "in your keyring",
        "id": "JhxND7ci",
        "name": "ci",
        "user": "dan",
        "server": web.url,
    }
    assert TOKEN not in shell.out.getvalue()


def test_status_says_when_the_server_takes_it_no_more(web: Web, shell: Typist) -> None:
    shell.type("auth set-token")
    web.answer = lambda asked: Reply(401, {"detail": "no"})
    with pytest.raises(NotAllowed, match="revoked, expired, used up"):
        shell.type("auth status")
    assert "invalid" in shell.out.getvalue()


@pytest.mark.parametrize(("end", "validity"), [("2999-01-01", "unknown"), ("2001-01-01", "expired"), (None, "unknown")])
def test_status_shows_what_it_knows_when_the_server_is_away(
    web: Web, shell: Typist, end: str | None, validity: str
) -> None:
    token = {"id": "JhxND7ci", "name": "ci", "expiry_date": end and f"{end}T00:00:00.000000Z"}
    web.answer = lambda asked: Reply(200, {**SELF, "token": token})
    shell.type("auth set-token")
    before = shell.out.getvalue()
    web.answer = lambda asked: Reply(drop=True)
    with pytest.raises(Unreachable, match="what was known of the token before"):
        shell.type("auth status --output json")
    shown = json.loads(shell.out.getvalue()[len(before) :])
    assert (shown["validity"], shown["id"], shown["user"]) == (validity, "JhxND7ci", "dan")
    assert shown["checked"].startswith("20")


def test_status_without_a_token(shell: Typist) -> None:
    with pytest.raises(Failed, match="No token is stored") as caught:
        shell.type("auth status")
    assert "auth set-token" in (caught.value.hint or "")
    shell.session.client.use(Credential("the local server's token file", token="x"))
    with pytest.raises(Failed, match="No token is stored") as caught:
        shell.type("auth status")
    assert caught.value.hint == "None is needed here: you are signed in by the local server's token file."


def test_clear_removes_it_and_goes_on_without(web: Web, shell: Typist) -> None:
    shell.type("auth set-token")
    assert shell.type("auth clear") == f"The token stored for {web.url} has been removed.\n"
    assert Memory.kept == {}
    assert shell.session.client.credential is None
    with pytest.raises(Failed, match="nothing to remove"):
        shell.type("auth clear")


def test_clear_leaves_who_one_is_otherwise(web: Web, shell: Typist) -> None:
    shell.type("auth set-token")
    shell.session.client.use(Credential("--token", token="other"))
    shell.type("auth clear")
    assert shell.session.client.credential == Credential("--token", token="other")


def test_a_session_goes_before_it_and_so_does_the_variable(
    web: Web, shell: Typist, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.session.client.use(Credential("the session", "eve", token="a", refresh="r"))
    shell.type("auth set-token")
    assert "You stay signed in as eve until: logout" in shell.err.getvalue()
    shell.session.client.use(None)
    monkeypatch.setenv("VSHELL_TOKEN", "x")
    shell.type("auth set-token")
    assert "VSHELL_TOKEN is set" in shell.err.getvalue()


CREATED = re.compile(
    r"Token created\.\n"
    r"ID: tok_(?P<id>\w{8})\n"
    r"Name: ci-automation\n"
    r"Token: (?P<token>(?P=id)\.\w{32})\n"
    r"Save this token — it will not be shown again\.\n"
    r"To use it: vigocli auth set-token (?P=token)\n"
)


def test_the_block_of_a_new_token(local: Shell, service: Service) -> None:
    made = CREATED.fullmatch(local.type('vigocli auth create-token --name "ci-automation" --user bob'))
    assert made
    assert service.by_bearer(made["token"]).get("/login/")["username"] == "bob"


def test_the_list_has_vigos_columns(local: Shell) -> None:
    made = local.rows("auth create-token --name ci-automation --user bob --expires-in 720h")
    ever = local.rows("auth create-token --name monitoring --user bob")
    heading, first, second = local.type("auth list-tokens --sort name").splitlines()
    assert heading.split() == ["ID", "NAME", "PREFIX", "CREATED", "EXPIRES"]
    assert first.split() == [f"tok_{made['id']}", "ci-automation", made["token"][:8], "2026-09-21", "2026-10-21"]
    assert second.split() == [f"tok_{ever['id']}", "monitoring", ever["token"][:8], "2026-09-21", "never"]


def test_a_revoked_token_is_dead_and_off_the_list(local: Shell, service: Service) -> None:
    made = local.rows("auth create-token --user bob")
    assert local.type(f"auth revoke-token tok_{made['id']}") == f"Token tok_{made['id']} has been revoked.\n"
    assert service.by_bearer(made["token"]).ask("GET", "/login/").status == 401
    assert local.type("auth list-tokens").splitlines() == ["ID  NAME  PREFIX  CREATED  EXPIRES"]


def test_local_admin_names_an_owner_and_nobody_else_does(local: Shell, signed_in: Shell) -> None:
    with pytest.raises(Mistake, match=r"^token owner must be a real web user$"):
        local.type('auth create-token --name "ci-automation"')
    with pytest.raises(NotAllowed, match="only local-admin"):
        signed_in.type("auth create-token --user root")
    assert "Token created." in signed_in.type("auth create-token --user bob")
    assert "bob_api_token" in signed_in.type("auth list-tokens")


def test_an_emergency_needs_a_reason_and_an_administrator(local: Shell, signed_in: Shell, service: Service) -> None:
    with pytest.raises(Mistake, match="needs --reason"):
        local.type("auth emergency-access")
    with pytest.raises(NotAllowed):
        signed_in.type("auth emergency-access --reason x")
    told = local.type('auth emergency-access --reason "OIDC provider outage"')
    assert told == "Recorded in the audit trail as emergency.access: OIDC provider outage\n"
    assert service.audit()[-1][1:] == ("emergency.access", "local-admin", {"reason": "OIDC provider outage"})


def test_a_grant_shows_its_token_once(service: Service, signed_in: Shell, local: Shell) -> None:
    local.type("manager modify --username bob --roles administrators")
    shown = signed_in.type("auth emergency-access --reason outage --grant 1h")
    token = re.search(r"\w{8}\.\w{32}", shown)
    assert token
    assert "2026-09-21 15:13:20" in shown
    assert service.by_bearer(token[0]).get("/login/")["username"] == "bob"
    assert "EMERGENCY ACCESS" in signed_in.type("auth list-tokens")
    assert "EMERGENCY ACCESS" in signed_in.type("apitoken list")


def test_local_admin_is_told_that_it_needs_none(local: Shell) -> None:
    with pytest.raises(ShellError, match="owns no token"):
        local.type("auth emergency-access --reason outage --grant 1h")


def test_a_wrong_id_is_told(local: Shell) -> None:
    with pytest.raises((Failed, ShellError)):
        local.type("auth revoke-token tok_00000000")


def test_an_id_is_shown_with_its_mark_and_read_with_or_without() -> None:
    assert MarkedId().show("428BFekp") == "tok_428BFekp"
    for kind in (MarkedId(), TokenId()):
        assert kind.parse("tok_428BFekp") == kind.parse("428BFekp") == "428BFekp"


@pytest.mark.parametrize("text", ["tok_", "tok_428BFek", "tok_428BFekpX", "tik_428BFekp", "tok_tok_428B"])
def test_only_a_mark_before_a_whole_id_is_one(text: str) -> None:
    assert MarkedId().parse(text) == text


def test_a_whole_token_is_refused_without_repeating_it() -> None:
    with pytest.raises(ValueError, match="whole token") as caught:
        MarkedId().parse("tok_428BFekp.tDdKfDI3jVTPWyW12nxrsxTlhQ1QsvcS")
    assert "tDdK" not in str(caught.value)


def test_a_day() -> None:
    assert Day().show("2026-11-21T22:00:00.000000Z") == "2026-11-21"
    assert Day().show(None) == "never"
