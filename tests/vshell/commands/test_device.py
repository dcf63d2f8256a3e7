"""token:generate, token:list, token:revoke against a server that plays its part; the journeys have the real one."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.vshell.commands.typing import Typist
from tests.vshell.state.test_token_origins import checked
from tests.vshell.web import Asked, Reply, Web, serving
from vshell.client import connect, device_flow
from vshell.client.connect import ConnectOptions
from vshell.commands import device
from vshell.errors import Interrupted, NotAllowed
from vshell.state import identity, state_file, terminal_key
from vshell.state.identity import Credential

TOKEN = checked("L7k8ljIC")
BEGUN = {
    "device_code": "d",
    "user_code": "BCDF-GHJK",
    "verification_uri": "https://x.example/device",
    "expires_in": 300,
    "interval": 5,
}
ROWS = [
    {"id": "L7k8ljIC", "kind": "device", "created": "2026-11-22T02:50:36.306231Z", "meta": {"host": "laptop"}},
    {"id": "OTHER678", "kind": "api", "created": "2026-11-22T02:50:36.306231Z", "meta": {}},
]


def answer(asked: Asked) -> Reply:
    """Play the server's part: everything is approved at once, by dan."""
    path = asked.path.removeprefix("/api/latest").partition("?")[0]
    return {
        "/oauth/device_authorization": Reply(200, BEGUN),
        "/oauth/token": Reply(200, {"access_token": TOKEN, "token_id": "L7k8ljIC", "approved_by": "dan", "dc": "eu"}),
        "/oauth/revoke": Reply(200),
        "/login/": Reply(200, {"username": "dan"}),
        "/apitokens/": Reply(200, ROWS),
        "/apitokens/L7k8ljIC/revoke/": Reply(200),
    }[path]


@pytest.fixture
def web() -> Iterator[Web]:
    with serving(answer) as web:
        yield web


@pytest.fixture
def signed_in(web: Web, memory_keyring: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Typist]:
    """Dan, signed in, for whom no time passes."""
    monkeypatch.setattr(device.time, "sleep", lambda seconds: None)
    clock = iter(range(10_000))
    monkeypatch.setattr(device.time, "monotonic", lambda: float(next(clock)))
    typist = Typist(connect.connect(ConnectOptions(server=web.url)))
    typist.session.client.use(Credential("the session of this shell", "dan", token="s", refresh="r"))
    yield typist
    typist.session.client.close()


def test_a_token_is_shown_once_and_remembered_by_its_id(signed_in: Typist, web: Web) -> None:
    printed = signed_in.type("catalyst token:generate --name ci --project webshop")
    assert printed == f"Token generated successfully : {TOKEN}\n"
    told = signed_in.err.getvalue()
    assert "Visit this URL on any device:\nhttps://x.example/device\n" in told
    assert "Enter the device verification code: BCDF-GHJK and click verify to continue." in told
    assert "dan approved it. Its token ID is L7k8ljIC" in told
    assert "So it is a token of" not in told
    assert TOKEN not in told
    sent = web.asked[0].body.decode()
    assert "name=ci" in sent
    assert "project=webshop" in sent
    assert f"terminal_key={terminal_key.public_key(os.environ)}" in sent
    signed_in.session.client.close()
    assert state_file.read_state(os.environ)["token_origins"] == {"L7k8ljIC": web.url}
    typed = signed_in.type("token generate --output json")
    assert '"dc": "eu"' in typed


def test_somebody_elses_approval_is_told(signed_in: Typist) -> None:
    signed_in.session.client.use(Credential("the session of this shell", "eve", token="s", refresh="r"))
    signed_in.type("token:generate")
    assert "So it is a token of dan, not of eve" in signed_in.err.getvalue()


@pytest.mark.parametrize(
    ("credential", "said"),
    [
        (None, "haven't logged in yet"),
        (Credential("VSHELL_TOKEN", token="t"), "you are here by VSHELL_TOKEN"),
        (Credential(identity.LOCAL_SOURCE, token="t"), "you are here by the local server's token file"),
    ],
)
def test_whoever_is_not_signed_in_generates_none(
    signed_in: Typist, web: Web, credential: Credential | None, said: str
) -> None:
    signed_in.session.client.use(credential)
    with pytest.raises(NotAllowed, match=said):
        signed_in.type("token:generate")
    assert web.asked == []


def test_a_password_is_signed_in_enough(signed_in: Typist) -> None:
    signed_in.session.client.use(Credential("the password", "dan", password="p"))
    assert TOKEN in signed_in.type("token:generate")


def test_the_current_token_is_shown_only_when_asked_for(signed_in: Typist, web: Web) -> None:
    assert signed_in.type("token:generate --current") == "Token generated successfully : s\n"
    for credential in (
        None,
        Credential("the password", "dan", password="p"),
        Credential(identity.LOCAL_SOURCE, token="t"),
    ):
        signed_in.session.client.use(credential)
        with pytest.raises(NotAllowed):
            signed_in.type("token:generate --current")
    assert web.asked == []


def test_ctrl_c_ends_the_waiting_and_takes_the_code_back(
    signed_in: Typist, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(device_flow, "wait_for_token", stop)
    with pytest.raises(Interrupted, match="No token was generated") as stopped:
        signed_in.type("token:generate")
    assert web.asked[-1].path == "/oauth/revoke"
    assert stopped.value.hint == "The code is good for nothing any more."
    web.answer = lambda asked: Reply(503) if asked.path == "/oauth/revoke" else answer(asked)
    with pytest.raises(Interrupted) as stopped:
        signed_in.type("token:generate")
    assert "Type the code nowhere any more. The server could not be told" in str(stopped.value.hint)


@pytest.mark.parametrize(("status", "untold"), [(200, False), (503, True)])
def test_a_flow_that_ends_without_a_token_is_taken_back(signed_in: Typist, web: Web, status: int, untold: bool) -> None:
    refused = {"error": "expired_token", "error_description": "over"}
    answers = {"/oauth/token": Reply(400, refused), "/oauth/revoke": Reply(status)}
    web.answer = lambda asked: answers.get(asked.path) or answer(asked)
    with pytest.raises(NotAllowed, match="was not approved in time") as ended:
        signed_in.type("token:generate")
    assert web.asked[-1].path == "/oauth/revoke"
    assert ("end it with token:revoke" in str(ended.value.hint)) is untold


def test_who_is_signed_in_begins_as_themselves(signed_in: Typist, web: Web) -> None:
    signed_in.type("token:generate")
    begun, polled = web.asked[0], web.asked[1]
    assert (begun.path, begun.headers["Authorization"]) == ("/oauth/device_authorization", "Bearer s")
    assert "Authorization" not in polled.headers


def test_the_list_holds_generated_tokens_alone(signed_in: Typist, web: Web) -> None:
    printed = signed_in.type("token:list --output csv --columns id,host")
    assert printed == "id,host\nL7k8ljIC,laptop\n"
    assert web.asked[-1].path.endswith("/apitokens/?owner=dan")
    web.answer = lambda asked: Reply(200, [] if "apitokens" in asked.path else {"username": "local-admin"})
    signed_in.type("token:list")
    assert "your tokens basket is empty" in signed_in.err.getvalue()
    assert web.asked[-1].path.endswith("/apitokens/")


def test_a_revocation_is_signed_by_the_terminal_that_has_a_key(signed_in: Typist, web: Web) -> None:
    assert signed_in.type("token:revoke L7k8ljIC") == "Token revoked successfully\n"
    assert terminal_key.HEADER not in web.asked[-1].headers
    terminal_key.public_key(os.environ)
    signed_in.type("token:revoke L7k8ljIC")
    assert web.asked[-1].headers[terminal_key.HEADER].startswith("t=")
    asked = len(web.asked)
    signed_in.type("token:revoke L7k8ljIC --dry-run")
    assert len(web.asked) == asked
