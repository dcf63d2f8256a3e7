"""Where a token is at home: proved by the server that knows it, to whom it is not shown; nobody else can claim it."""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.vshell.state.test_token_origins import checked
from tests.vshell.web import Asked, Reply, Web, serving
from vshell.client import home_proof
from vshell.state import servers as profiles

TOKEN = checked("L7k8ljIC")


def knowing(token: str, at: str = "") -> Callable[[Asked], Reply]:
    """Answer as the server that issued a token, at its own address or at another."""

    def answer(asked: Asked) -> Reply:
        address = urlsplit(asked.path)
        token_id = address.path.split("/")[4]
        nonce, salt = bytes.fromhex(parse_qs(address.query)["nonce"][0]), os.urandom(32)
        origin = at or f"http://{asked.headers['Host']}"
        message = f"vshell home\n{origin}\n{token_id}\n".encode() + nonce + salt
        proof = hmac.digest(sha256(token.encode()).digest(), message, "sha256")
        return Reply(200, {"salt": salt.hex(), "proof": proof.hex()})

    return answer


@pytest.fixture
def servers() -> Iterator[Callable[..., list[Web]]]:
    """Start named servers that answer so."""
    with ExitStack() as running:

        def started(*answers: Callable[[Asked], Reply]) -> list[Web]:
            webs = [running.enter_context(serving(answer)) for answer in answers]
            for number, web in enumerate(webs):
                profiles.add(profiles.Server(web.url, name=f"s{number}", dc=f"dc{number}"), os.environ)
            return webs

        yield started


def test_the_one_that_knows_it_is_found_once_and_sees_no_token(servers: Callable[..., list[Web]]) -> None:
    strangers, home = servers(knowing(checked("OTHER678")), knowing(TOKEN))
    for _ in range(2):
        assert home_proof.find_home(f"{TOKEN}\n", os.environ) == home.url
    assert len(strangers.asked) == len(home.asked) == 1, "what was proved is remembered"
    for asked in (*strangers.asked, *home.asked):
        assert TOKEN not in f"{asked.path} {asked.headers} {asked.body!r}"
        assert TOKEN.partition(".")[2] not in asked.path
        assert "Authorization" not in asked.headers
    assert strangers.asked[0].path != home.asked[0].path, "each has a nonce of its own, so none can pass it on"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404, {"detail": "there is nothing at this address"}),
        Reply(200, {"salt": "00" * 32, "proof": "00" * 32}),
        Reply(200, {"salt": "00", "proof": "xx"}),
        Reply(200, {"salt": 1, "proof": None}),
        Reply(200, {"salt": "ä", "proof": ""}),
        Reply(200, {}),
        Reply(200, []),
        Reply(200, raw=b"<html>"),
        Reply(drop=True),
    ],
)
def test_nobody_else_can_claim_it(reply: Reply, servers: Callable[..., list[Web]]) -> None:
    servers(lambda asked: reply, knowing(checked("OTHER678")))
    assert home_proof.find_home(TOKEN, os.environ) is None


def test_a_question_that_is_passed_on_proves_nothing(servers: Callable[..., list[Web]]) -> None:
    servers(knowing(TOKEN, at="https://home.example"), knowing(checked("OTHER678")))
    assert home_proof.find_home(TOKEN, os.environ) is None


def test_one_server_is_not_asked_nor_is_any_about_what_is_no_token_of_ours(servers: Callable[..., list[Web]]) -> None:
    (alone,) = servers(knowing(TOKEN))
    assert home_proof.find_home(TOKEN, os.environ) is None
    other = servers(knowing(TOKEN), knowing(TOKEN))[1]
    for text in ("", "s.of-another-kind", TOKEN[:-1]):
        assert home_proof.find_home(text, os.environ) is None
    assert alone.asked == other.asked == []


def test_in_ci_nothing_is_kept(servers: Callable[..., list[Web]]) -> None:
    home, _ = servers(knowing(TOKEN), knowing(checked("OTHER678")))
    for _ in range(2):
        assert home_proof.find_home(TOKEN, {**os.environ, "CI": "1"}) == home.url
    assert len(home.asked) == 2
