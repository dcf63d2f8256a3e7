"""Named servers: added, listed, used and removed, and the shell goes over at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.vshell.commands.typing import Typist
from tests.vshell.web import Reply, self_signed, serving
from vshell.client import connect
from vshell.client.client import HttpClient
from vshell.client.connect import ConnectOptions
from vshell.errors import Mistake, NotAllowed, NotFound
from vshell.state import servers, state_file


def test_a_server_from_its_name_to_its_end(home: Path) -> None:
    typist = Typist(HttpClient.at("https://x.invalid"))
    url = "https://lab.example.com:8443"
    assert typist.type(f"server add lab {url}/ --username bob") == f"Server lab is {url} from now on.\n"
    typist.type("server add home vms.example --ca-file home.pem".replace("vms", "https://vms"))
    assert typist.type("server list --output csv").splitlines() == [
        "name,url,dc,username,current,ca_file,fingerprint",
        f"lab,{url},,bob,false,,",
        f"home,https://vms.example,,,false,{Path.cwd() / 'home.pem'},",
    ]
    assert typist.type("server use lab") == f"Server lab at {url} is used from now on.\n"
    assert typist.session.client.url == url
    assert "lab,true" in typist.type("server list --output csv --columns name,current")
    assert typist.type("server remove lab").endswith("removed from your settings.\n")
    assert typist.type("server list --output ids") == "home\n"


def test_going_over_takes_effect_at_once_and_for_later_shells() -> None:
    with (
        serving(lambda asked: Reply(200, {"username": "one"})) as one,
        serving(lambda asked: Reply(200, {"username": "two"})) as two,
    ):
        typist = Typist(connect.connect(ConnectOptions(server=one.url)))
        assert typist.type("whoami --output csv --columns username") == "username\none\n"
        typist.type(f"server add two {two.url}")
        typist.type("server use two")
        assert typist.type("whoami --output csv --columns username") == "username\ntwo\n"
        assert Typist(connect.connect(ConnectOptions())).session.client.url == two.url
        typist.session.client.close()


def test_a_token_of_the_environment_stays_at_the_server_it_was_given_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VSHELL_TOKEN", "the-token-for-one")
    with (
        serving(lambda asked: Reply(200, {"username": "one"})) as one,
        serving(lambda asked: Reply(401, {"detail": "no", "code": "not_authenticated", "hint": None})) as two,
    ):
        typist = Typist(connect.connect(ConnectOptions(server=one.url)))
        typist.type("whoami")
        typist.type(f"server add two {two.url}")
        typist.type("server use two")
        with pytest.raises(NotAllowed):
            typist.type("whoami")
        assert one.asked[0].headers["Authorization"] == "Bearer the-token-for-one"
        assert all("Authorization" not in asked.headers for asked in two.asked)
        typist.session.client.close()


def test_a_pinned_server_is_believed_by_its_fingerprint_alone(tmp_path: Path) -> None:
    fingerprint = self_signed(tmp_path / "server.pem").upper()
    with serving(lambda asked: Reply(200, {"username": "pinned"}), tmp_path / "server.pem") as web:
        typist = Typist(HttpClient.at("https://x.invalid"))
        typist.type(f"server add lab {web.url} --fingerprint {fingerprint}")
        typist.type("server use lab")
        assert typist.type("whoami --output csv --columns username") == "username\npinned\n"
        typist.session.client.close()


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("server add lab https://a.example --fingerprint ab", Mistake),
        (f"server add lab https://a.example --ca-file x --fingerprint {'ab' * 32}", Mistake),
        ("server add lab https://a.example/path", Mistake),
        ("server add a.b https://a.example", Mistake),
        ("server use nowhere", NotFound),
        ("server remove nowhere", NotFound),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(line: str, error: type[Exception], home: Path) -> None:
    with pytest.raises(error):
        Typist(HttpClient.at("https://x.invalid")).type(line)
    assert servers.list_servers({"HOME": str(home)}) == {}
    assert state_file.read_state({"HOME": str(home)}) == {}
