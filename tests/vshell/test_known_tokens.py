"""Of which server a token is: known by its id, remembered without its secret."""

from __future__ import annotations

import os
from pathlib import Path

from vshell import known_tokens, places, profiles
from vshell.kept_tokens import KeptToken


def checked(token_id: str) -> str:
    """Return a token with this id and a right checksum."""
    from vshell.token_form import _checksum

    body = f"{token_id}.jm1P5Y0ONaJfUJhslJbAjRAyr9"
    return body + _checksum(body)


def test_a_token_that_was_generated_here_is_known_by_its_id_alone(home: Path) -> None:
    token = checked("L7k8ljIC")
    assert known_tokens.origin_of(token, os.environ) is None
    known_tokens.remember("L7k8ljIC", "https://eu.example", os.environ)
    assert known_tokens.origin_of(f"{token}\n", os.environ) == "https://eu.example"
    assert known_tokens.origin_of(checked("OTHER678"), os.environ) is None
    assert known_tokens.origin_of("L7k8ljIC", os.environ) is None
    assert token not in (places.state_directory() / "state.json").read_text()


def test_a_stored_token_is_known_where_it_is_stored(home: Path) -> None:
    KeptToken("https://us.example", "file", os.environ).remember({"id": "L7k8ljIC"})
    assert known_tokens.origin_of(checked("L7k8ljIC"), os.environ) == "https://us.example"


def test_the_oldest_are_forgotten_and_what_is_no_table_is_passed_over(home: Path) -> None:
    profiles.remember(os.environ, lambda state: state.update(token_origins="damaged"))
    many = {f"{number:08}": "https://x.example" for number in range(known_tokens.MOST)}
    profiles.remember(os.environ, lambda state: state.update(token_origins=many))
    known_tokens.remember("L7k8ljIC", "https://eu.example", os.environ)
    assert known_tokens.origin_of(checked("00000000"), os.environ) is None
    assert known_tokens.origin_of(checked("00000001"), os.environ) == "https://x.example"
    assert known_tokens.origin_of(checked("L7k8ljIC"), os.environ) == "https://eu.example"
