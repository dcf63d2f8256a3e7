"""Of which server a token is: known by its id, remembered without its secret."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vshell.client import connect
from vshell.client.connect import ConnectOptions
from vshell.errors import Mistake
from vshell.formats import text
from vshell.state import identity, paths, servers, state_file, token_origins
from vshell.state.stored_secrets import StoredToken


def checked(token_id: str) -> str:
    """Return a token with this id and a right checksum."""
    from vshell.formats.text import checksum

    body = f"{token_id}.jm1P5Y0ONaJfUJhslJbAjRAyr9"
    return body + checksum(body)


def test_a_token_that_was_generated_here_is_known_by_its_id_alone(home: Path) -> None:
    token = checked("L7k8ljIC")
    assert token_origins.find_origin(token, os.environ) is None
    token_origins.store_origins({"L7k8ljIC": "https://eu.example"}, os.environ)
    assert token_origins.find_origin(f"{token}\n", os.environ) == "https://eu.example"
    assert token_origins.find_origin(checked("OTHER678"), os.environ) is None
    assert token_origins.find_origin("L7k8ljIC", os.environ) is None
    assert token not in (paths.state_directory() / "state.json").read_text()


def test_a_stored_token_is_known_where_it_is_stored(home: Path) -> None:
    StoredToken("https://us.example", "file", os.environ).remember({"id": "L7k8ljIC"})
    assert token_origins.find_origin(checked("L7k8ljIC"), os.environ) == "https://us.example"


@pytest.mark.parametrize("field", sorted(text.TOKEN_FIELDS))
def test_what_a_server_makes_is_known_whichever_command_had_it_made(field: str) -> None:
    token = checked("L7k8ljIC")
    assert text.list_made_ids({"id": "L7k8ljIC", field: token}) == ["L7k8ljIC"]
    token_origins.learn_origins({"L7k8ljIC": "https://eu.example"}, os.environ)
    before = (paths.state_directory() / "state.json").stat().st_ino
    assert token_origins.find_origin(token, os.environ) == "https://eu.example"
    token_origins.learn_origins({"L7k8ljIC": "https://eu.example"}, os.environ)
    assert (paths.state_directory() / "state.json").stat().st_ino == before, "what is known is not written again"


@pytest.mark.parametrize("answer", [None, [], {}, {"token": None}, {"token": {"id": "L7k8ljIC"}}, {"token": "s.own"}])
def test_what_holds_no_token_teaches_nothing(answer: object) -> None:
    assert text.list_made_ids(answer) == []


def test_in_ci_and_where_nothing_can_be_kept_a_token_is_made_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {"L7k8ljIC": "https://eu.example"}
    token_origins.learn_origins(made, {**os.environ, "CI": "1"})
    assert not paths.state_directory().exists()
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null/state")
    token_origins.learn_origins(made, os.environ)
    assert token_origins.find_origin(checked("L7k8ljIC"), os.environ) is None


def test_an_address_of_this_machine_counts_while_a_named_server_has_it() -> None:
    here = "http://127.0.0.1:9"
    token_origins.store_origins({"L7k8ljIC": here}, os.environ)
    assert token_origins.find_origin(checked("L7k8ljIC"), os.environ) is None
    servers.add(servers.Server(here, name="lab"), os.environ)
    assert token_origins.find_origin(checked("L7k8ljIC"), os.environ) == here


def test_a_token_is_shown_to_no_server_of_another_data_centre() -> None:
    for name, url in (("eu", "https://eu.example"), ("us", "https://us.example"), ("lab", "https://lab.example")):
        servers.add(servers.Server(url, name=name, dc=None if name == "lab" else name), os.environ)
    token = checked("L7k8ljIC")
    token_origins.store_origins({"L7k8ljIC": "https://eu.example"}, os.environ)
    for server in ("us", "https://us.example"):
        with pytest.raises(Mistake, match="of the data centre 'eu'"):
            connect.find_target(ConnectOptions(server=server, token=identity.parse_token(token, "--token")))
        with pytest.raises(Mistake, match="of the data centre 'eu'"):
            connect.find_target(ConnectOptions(), {**os.environ, "VSHELL_SERVER": server, "VSHELL_TOKEN": token})
    for server in ("eu", "lab"):  # A server without a data centre may be the same one by another address.
        connect.find_target(ConnectOptions(server=server, token=identity.parse_token(token, "--token")))


def test_the_oldest_are_forgotten_and_what_is_no_table_is_passed_over(home: Path) -> None:
    state_file.change_state(os.environ, lambda state: state.update(token_origins="damaged"))
    many = {f"{number:08}": "https://x.example" for number in range(token_origins.MOST)}
    state_file.change_state(os.environ, lambda state: state.update(token_origins=many))
    token_origins.store_origins({"L7k8ljIC": "https://eu.example"}, os.environ)
    assert token_origins.find_origin(checked("00000000"), os.environ) is None
    assert token_origins.find_origin(checked("00000001"), os.environ) == "https://x.example"
    assert token_origins.find_origin(checked("L7k8ljIC"), os.environ) == "https://eu.example"
