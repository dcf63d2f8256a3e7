"""Whose a token is, asked by somebody without a credential."""

from __future__ import annotations

import hmac
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from tests.server_stub.conftest import Person, Service

NONCE = "5a" * 32


def asked(site: Service, token_id: str, **headers: str) -> tuple[str, str]:
    """Return the salt and the proof."""
    answer = site.ask("GET", f"/apitokens/{token_id}/home/", query={"nonce": NONCE}, headers=headers)
    assert answer.status == 200
    return answer.json["salt"], answer.json["proof"]


def proved(token: str, salt: str, proof: str, origin: str = "") -> bool:
    """Tell whether who answered knows the token's digest."""
    message = f"vshell home\n{origin}\n{token[:8]}\n".encode() + bytes.fromhex(NONCE + salt)
    return hmac.digest(sha256(token.encode()).digest(), message, "sha256").hex() == proof


def test_who_holds_a_token_is_told_and_nobody_learns_more(site: Service, alice: Person) -> None:
    token = alice.post("/apitokens/")["token"]
    assert proved(token, *asked(site, token[:8]))
    assert not proved(token[:-1] + "x", *asked(site, token[:8]))
    assert asked(site, token[:8]) != asked(site, token[:8]), "no two answers are alike, as for an unknown token"
    known, unknown = asked(site, token[:8]), asked(site, "OTHER678")
    assert [len(each) for each in known] == [len(each) for each in unknown] == [64, 64]
    assert asked(site, "OTHER678") != unknown
    assert site.ask("GET", "/apitokens/x/home/", query={"nonce": "5a"}).status == 400


@pytest.mark.parametrize(
    ("url", "host", "origin"),
    [
        ("https://tokens.example.com", "evil.example", "https://tokens.example.com"),
        ("http://127.0.0.1:8443", "localhost:8443", "http://localhost:8443"),
    ],
)
def test_the_proof_is_for_the_server_s_own_address(tmp_path: Path, url: str, host: str, origin: str) -> None:
    """Else a server could pass the question on, and have the token that it is then shown."""
    with closing(Service(str(tmp_path / "vshell.db"), url)) as site:
        site.manager("dan")
        token = site.local.post("/apitokens/", owner="dan")["token"]
        assert proved(token, *asked(site, token[:8], Host=host), origin)
        assert not proved(token, *asked(site, token[:8], Host=host), "https://evil.example")


def test_it_is_no_use_of_the_token_and_asks_for_no_credential(site: Service, alice: Person) -> None:
    token = alice.post("/apitokens/")["token"]
    records = len(site.audit())
    asked(site, token[:8])
    assert site.local.get(f"/apitokens/{token[:8]}/")["last_used"] is None
    assert len(site.audit()) == records
