"""Seed 002, "Working with Tokens" of Zoho Catalyst's CLI: each statement under its heading, at the real terminal.

The page itself, in a browser, has journeys of its own (``test_device_page``); Zoho's own program is in
``tests/clients/test_zcatalyst``.
"""

from __future__ import annotations

import json
import re
import stat
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

import vshell.commands  # noqa: F401 (declares them)
from tests import processes
from tests.journeys import people
from tests.journeys.approving import Visitor
from tests.journeys.people import PASSWORD, Person
from tests.processes import Server
from tests.terminal import Terminal
from vshell.registry.tree import REGISTRY

CODE = re.compile(r"Enter the device verification code: ([B-Z]{4}-[B-Z]{4}) and click verify to continue\.")
GENERATED = re.compile(r"Token generated successfully : (?P<token>(?P<id>[0-9A-Za-z]{8})\.[0-9A-Za-z]{32})")

TOKEN = re.compile(r"\b[0-9A-Za-z]{8}\.[0-9A-Za-z]{32}\b")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the data centre eu, with dan, who has no role, and alice, an administrator."""
    with processes.running(tmp_path_factory.mktemp("server") / "data", "--dc", "eu") as started:
        for name, roles in (("dan", []), ("alice", ["administrators"])):
            wish = {"username": name, "password": PASSWORD, "roles": roles}
            assert started.call("POST", "/managers/", wish).ok
        assert started.call("PATCH", "/vms/1/set_max_api_tokens_per_user/", {"max_api_tokens_per_user": 1_000}).ok
        yield started


@pytest.fixture(scope="module")
def dan(server: Server) -> Iterator[Visitor]:
    """Dan at a browser."""
    visitor = Visitor(server, "dan")
    yield visitor
    visitor.close()


def logged_in(server: Server, home: Path, name: str) -> Person:
    """Return somebody at a machine of their own who has signed in there."""
    person = Person(home, ("--server", server.url), {}, name)
    with person.at_a_terminal("login", "--username", name, "--store", "file") as terminal:
        terminal.until("Password of")
        terminal.enter(PASSWORD)
        assert terminal.wait() == 0, terminal.text
    return person


@pytest.fixture(scope="module")
def workstation(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Person:
    """Dan's own machine, where he is logged in."""
    return logged_in(server, tmp_path_factory.mktemp("workstation"), "dan")


@pytest.fixture(scope="module")
def token(workstation: Person, dan: Visitor) -> dict[str, str]:
    """A token that dan generated at his workstation."""
    return generated(workstation, dan)[0]


def generated(person: Person, visitor: Visitor, *options: str) -> tuple[dict[str, str], str]:
    """Generate a token at a terminal as the page describes it; return it with the screen."""
    with person.at_a_terminal("token:generate", *options) as terminal:
        visitor.approve(shown_code(terminal))
        assert terminal.wait() == 0, terminal.text
        match = GENERATED.search(terminal.text)
        assert match, terminal.text
        return match.groupdict(), terminal.text


def shown_code(terminal: Terminal) -> str:
    """Wait for the code and return it."""
    match = CODE.search(terminal.until(lambda here: CODE.search(here.text)))
    assert match
    return match[1]


def remote(server: Server, home: Path, **environment: str) -> Person:
    """Return somebody at a machine where nobody has signed in."""
    return Person(home, ("--server", server.url), environment)


class TestIntroduction:
    """What tokens are for."""

    def test_use_it_without_an_active_login_session(
        self, server: Server, token: dict[str, str], tmp_path: Path
    ) -> None:
        """ "use it to perform all the CLI activities without an active login session" """
        elsewhere = remote(server, tmp_path)
        assert elsewhere.run("apitoken", "list").code == 4
        assert token["id"] in elsewhere.did("apitoken", "list", "--token", token["token"])
        assert not (elsewhere.home / ".config").exists()

    def test_only_when_you_are_logged_in(self, server: Server, token: dict[str, str], tmp_path: Path) -> None:
        """ "A CLI token can be generated only when you are logged in to a user account from the CLI." """
        stranger = remote(server, tmp_path)
        assert stranger.run("token:generate").told == (4, "Oops! It looks like you haven't logged in yet.")
        by_token = stranger.run("token:generate", "--token", token["token"])
        assert by_token.told[0] == 4
        assert "you are here by --token" in by_token.err
        host = people.on_the_host(server, tmp_path / "host")
        assert "Sign in with: login" in host.run("catalyst", "token:generate").err

    def test_provide_tokens_to_collaborators(
        self, server: Server, workstation: Person, token: dict[str, str], tmp_path: Path
    ) -> None:
        """ "allow them to perform CLI operations, without having to provide them the user login credentials" """
        collaborator = remote(server, tmp_path, VSHELL_TOKEN=token["token"])
        made = people.created(collaborator.did("apitoken", "create", "--name", "by-a-collaborator"))
        # "This token acts as an authenticating factor for that user account"
        (record,) = audited(server, target=made["id"], action="apitoken.create")
        assert (record["actor"], record["auth_method"]) == ("dan", "token")
        refused = collaborator.run("manager", "set_password", "--password", "-", stdin="Another-horse-battery-9\n")
        assert (refused.code, "cannot change its owner's password" in refused.err) == (4, True)
        # "use that token anywhere from any device ... even when logged out"
        away = logged_in(server, tmp_path / "away", "dan")
        away.did("logout")
        assert away.run("whoami").code == 4
        assert "dan" in away.did("whoami", "--token", token["token"])


class TestImportantPoints:
    """ "You must keep the following important points in mind while using tokens"."""

    def test_only_from_a_cli_and_only_in_a_terminal(self, server: Server, token: dict[str, str]) -> None:
        """ "A token can only be generated from a CLI and can only be used in a CLI terminal."

        It opens none of the pages, and nothing but the device flow makes one. The API that commands use is open to
        other programs too: that is what tokens are for.
        """
        shown = {"Authorization": f"Bearer {token['token']}", "Cookie": f"token={token['token']}"}
        for path in ("/", "/device", f"/tokens/{token['id']}"):
            page = requests.get(server.url + path, headers=shown, allow_redirects=False, timeout=60)
            assert (page.status_code, "/sign-in" in page.headers["Location"]) == (303, True), path
        refused = server.call("POST", "/apitokens/", {"owner": "dan", "kind": "device"})
        assert (refused.status_code, "kind" in refused.text) == (400, True)

    def test_revoked_from_the_same_terminal_only(
        self, server: Server, workstation: Person, dan: Visitor, tmp_path: Path
    ) -> None:
        """ "you will be able to revoke that token from the same terminal only" """
        made, _ = generated(workstation, dan)
        laptop = logged_in(server, tmp_path / "laptop", "dan")
        refused = laptop.run("catalyst", "token:revoke", made["id"])
        assert refused.code == 4
        assert "made at another terminal and is revoked from there" in refused.err
        assert "Run token:revoke on " in refused.err
        # "However, you can use that token to perform CLI operations from any device or environment."
        assert "dan" in laptop.did("whoami", "--token", made["token"])
        # It is the key that counts, not what a machine calls itself: one of its own does not do.
        generated(laptop, dan)
        assert laptop.run("token:revoke", made["id"]).code == 4
        # A new secret would end the old one, so it takes the same; and so do the other systems' words for it.
        for line in (("apitoken", "rotate", "--id"), ("apitoken", "revoke", "--id"), ("auth", "revoke-token")):
            assert laptop.run("--yes", *line, made["id"]).code == 4
        (rotated,) = TOKEN.findall(workstation.did("--yes", "apitoken", "rotate", "--id", made["id"]))
        assert laptop.run("whoami", "--token", made["token"]).code == 4
        assert workstation.did("catalyst", "token:revoke", made["id"]) == "Token revoked successfully\n"
        assert laptop.run("whoami", "--token", rotated).code == 4
        for line in (("apitoken", "revoke", "--id"), ("apitoken", "revoke", "--orphan-children", "--id")):
            workstation.did("--yes", *line, generated(workstation, dan)[0]["id"])
        workstation.did("--yes", "auth", "revoke-token", generated(workstation, dan)[0]["id"])

    def test_security_delete_overrides_and_the_audit_trail_says_so(
        self, server: Server, workstation: Person, dan: Visitor, tmp_path: Path
    ) -> None:
        made, _ = generated(workstation, dan)
        alice = logged_in(server, tmp_path / "alice", "alice")
        alice.did("token:revoke", made["id"])
        records = audited(server, target=made["id"], action="apitoken.revoke")
        assert records[0]["actor"] == "alice"
        assert "terminal" in str(records[0]["detail"])

    def test_associated_with_the_data_center(
        self, server: Server, workstation: Person, token: dict[str, str], tmp_path: Path
    ) -> None:
        """ "A token is associated with the data center of the user account that it was generated with." """
        environment = {"VSHELL_TOKEN": token["token"]}
        with processes.running(tmp_path / "us", "--dc", "us") as other:
            machine = Person(workstation.home, (), {})
            machine.did("server", "add", "europe", server.url)
            machine.did("server", "add", "america", other.url)
            machine.did("server", "use", "america")
            listed = machine.did("server", "list", "--output", "csv", "--columns", "name,dc,current")
            assert listed == "name,dc,current\neurope,eu,false\namerica,us,true\n"
            # "Catalyst will therefore be accessed from the same data center, when you use a token"
            assert "dan" in machine.did("whoami", "--token", token["token"])
            assert "dan" in Person(machine.home, (), environment).did("whoami")
            assert "dan" in Person(machine.home, ("--token", "-")).did("whoami", stdin=token["token"] + "\n")
            # Where it is not known, the servers are asked for a proof; it is shown to the one that gives it alone.
            stranger = Person(tmp_path / "stranger", (), {})
            for name, each in (("europe", server), ("america", other)):
                stranger.did("server", "add", name, each.url)
            stranger.did("server", "use", "america")
            assert "dan" in Person(stranger.home, (), {**environment, "CI": "1"}).did("whoami")
            with stranger.at_a_terminal() as terminal:
                terminal.until("> ")
                terminal.enter(f"whoami --token {token['token']}")
                terminal.until("dan")
                terminal.enter("exit")
                terminal.wait()
            assert "dan" in stranger.did("whoami", "--token", token["token"])
            assert stranger.run("whoami", "--dc", "us", "--token", token["token"]).code == 2, "it is known by now"
            assert "dan" in stranger.did("whoami", "--token", token["token"], "--dc", "eu")
            assert "dan" in stranger.did("--dc", "eu", "--token", token["token"], "whoami")
            for line in (("--dc", "zz", "whoami"), ("whoami", "--dc", "zz")):
                assert stranger.run(*line).err == (
                    "None of your servers is in the data centre 'zz'.\nYours are: eu (europe), us (america)\n"
                )

    def test_every_maker_of_tokens_remembers_where(self, server: Server, tmp_path: Path) -> None:
        """A token goes to its own data centre, whichever system's command made it."""
        alice = logged_in(server, tmp_path / "alice", "alice")
        made = [token for line in MAKING for token in TOKEN.findall(alice.did("-c", line))[:1]]
        assert len(made) == len(MAKING)
        with processes.running(tmp_path / "us", "--dc", "us") as other:
            machine = Person(alice.home, (), {})
            machine.did("server", "add", "europe", server.url)
            machine.did("server", "add", "america", other.url)
            machine.did("server", "use", "america")
            for line, token in zip(MAKING, made, strict=True):
                assert "alice" in machine.did("whoami", "--token", token), line
                refused = machine.run("--server", "america", "--token", token, "whoami")
                assert (refused.code, "of the data centre 'eu'" in refused.err) == (2, True), line
        assert not any(token in path.read_text() for path in alice.home.rglob("*.json") for token in made)

    def test_valid_forever_unless_the_policy_says_otherwise(
        self, server: Server, workstation: Person, dan: Visitor, token: dict[str, str]
    ) -> None:
        """ "A token generated in Catalyst CLI is valid forever." """
        assert server.call("GET", f"/apitokens/{token['id']}/").json()["expiry_date"] is None
        path = "/vms/1/pwd_settings/"
        assert server.call("PATCH", path, {"pwd_expiration_timeout": "90D", "pwd_expiration_timeout_enabled": True}).ok
        try:
            bounded, _ = generated(workstation, dan)
            assert server.call("GET", f"/apitokens/{bounded['id']}/").json()["expiry_date"] is not None
        finally:
            assert server.call("PATCH", path, {"pwd_expiration_timeout_enabled": False}).ok

    def test_multiple_tokens(self, server: Server, workstation: Person, dan: Visitor, token: dict[str, str]) -> None:
        """ "You can create multiple tokens for a user account and use any of those tokens at any time" """
        second, _ = generated(workstation, dan, "--name", "second")
        for each in (token, second):
            assert "dan" in workstation.did("whoami", "--token", each["token"])


class TestGenerateAToken:
    """ "catalyst token:generate"."""

    def test_the_cli_displays_a_url_and_a_code_and_then_the_token(
        self, server: Server, workstation: Person, dan: Visitor
    ) -> None:
        with workstation.at_a_terminal("catalyst", "token:generate", "--name", "from-a-phone") as terminal:
            code = shown_code(terminal)
            assert "Visit this URL on any device:" in terminal.text
            assert f"{server.url}/device" in terminal.text
            assert "▄▄▄▄▄" in terminal.text, "and a QR code of it, where there is room"
            # "The code will only be valid for five minutes."
            terminal.until("4:59 left for the code; Ctrl-C cancels.")
            terminal.until("4:58 left")
            told = dan.approve(code)
            assert "vshell" in told
            assert "from-a-phone" in told
            assert terminal.wait() == 0
            match = GENERATED.search(terminal.text)
            assert match
            assert f"dan approved it. Its token ID is {match['id']}" in terminal.text
            assert "left for the code" not in terminal.text
        # What was kept of it on this machine holds no secret.
        kept = [path.read_text() for path in workstation.home.rglob("*") if path.is_file() and path.suffix != ".pyc"]
        assert kept
        assert not any(match["token"] in text for text in kept)

    def test_specify_it_as_an_option_with_the_command(
        self, server: Server, token: dict[str, str], tmp_path: Path
    ) -> None:
        """ "$ catalyst command --token [token]"; also in a script, at the prompt, by a file."""
        home = remote(server, tmp_path)
        secret, wanted = token["token"], f"{token['id']}\n"
        line = "apitoken list --output ids"
        (home.home / "secret").write_text(secret + "\n")
        assert wanted in home.did("-c", f"catalyst {line} --token {secret}")
        assert wanted in home.did(*line.split(), "--token", "@secret")
        assert wanted in home.did(*line.split(), "--token", "-", stdin=secret + "\n")
        assert wanted in home.did("--token", "@secret", *line.split())
        assert wanted in home.did(stdin=f"whoami --token {secret}\n{line} --token {secret}\n")
        assert wanted in remote(server, tmp_path, VSHELL_TOKEN=secret).did(*line.split())
        with home.at_a_terminal() as terminal:
            terminal.until("> ")
            terminal.enter(f"whoami --token {secret}")
            terminal.until("Username")
            terminal.enter("exit")
            terminal.wait()
        kept = [path.read_text() for path in home.home.rglob("*") if path.is_file() and path.name != "secret"]
        assert any("whoami --token ***" in text for text in kept), "the line is kept, its secret is not"
        assert not any(secret in text for text in kept)

    def test_a_token_in_the_arguments_is_warned_of_at_a_terminal_alone(
        self, server: Server, token: dict[str, str], tmp_path: Path
    ) -> None:
        home = remote(server, tmp_path)
        for arguments in (("--token", token["token"], "whoami"), ("whoami", "--token", token["token"])):
            with home.at_a_terminal(*arguments) as terminal:
                assert terminal.wait() == 0
                assert "A token on the command line can be seen by everybody on this machine" in terminal.text
                assert token["token"] not in terminal.text
            assert home.run(*arguments).err == ""

    @pytest.mark.skipif(sys.platform != "linux", reason="a process' arguments can be written over on Linux alone")
    def test_a_token_is_in_nobody_s_arguments_while_the_shell_runs(
        self, server: Server, token: dict[str, str], tmp_path: Path
    ) -> None:
        """Given by - or @ it never was; given in the arguments it is written over, and no child is given it."""
        home, secret = remote(server, tmp_path), token["token"]
        (home.home / "secret").write_text(secret + "\n")
        for arguments, first in (((), "whoami --token @secret"), (("--token", "@secret"), "whoami")):
            assert_unseen(home, arguments, first, secret)
        assert_unseen(home, ("--token", secret), "whoami", secret)
        assert_unseen(home, (), f"whoami --token {secret}", secret)

    def test_ctrl_c_cancels(self, workstation: Person, dan: Visitor) -> None:
        with workstation.at_a_terminal("token:generate") as terminal:
            page = dan.look_at(shown_code(terminal))
            assert "dan</bdi>, signed in there" in page.text
            terminal.press("ctrl-c")
            assert terminal.wait() == 130
            assert "No token was generated: Ctrl-C stopped it." in terminal.text
            assert "The code is good for nothing any more." in terminal.text
        too_late = dan.submit(page, "/device/approve")
        assert too_late.status_code == 409
        assert "The program that asked for this has stopped" in too_late.text

    def test_who_signs_in_is_told_what_was_approved_of_late(
        self, server: Server, workstation: Person, dan: Visitor, tmp_path: Path
    ) -> None:
        made, _ = generated(workstation, dan, "--name", "told-of")
        elsewhere = Person(tmp_path / "elsewhere", ("--server", server.url), {}, "dan")
        with elsewhere.at_a_terminal("login", "--username", "dan", "--store", "none") as terminal:
            terminal.until("Password of")
            terminal.enter(PASSWORD)
            assert terminal.wait() == 0, terminal.text
            assert "Terminals got these tokens of yours within the last 7 days:" in terminal.text
            assert f"  {made['id']}  told-of, 20" in terminal.text

    def test_denied_on_the_page(self, workstation: Person, dan: Visitor) -> None:
        with workstation.at_a_terminal("token:generate") as terminal:
            dan.deny(shown_code(terminal))
            assert terminal.wait() == 4
            assert "No token was generated: Dan denied it on the page." in terminal.text

    def test_approved_by_somebody_else_it_is_theirs_and_the_terminal_says_so(
        self, server: Server, workstation: Person
    ) -> None:
        """ "The CLI operation will be mapped to the user account that you generated the token for" """
        alice = Visitor(server, "alice")
        made, screen = generated(workstation, alice)
        alice.close()
        assert "alice approved it." in screen
        assert "So it is a token of alice, not of dan" in screen
        assert "alice" in workstation.did("whoami", "--token", made["token"])

    def test_in_a_pipe_only_the_token_is_printed(self, workstation: Person, dan: Visitor) -> None:
        with workstation.start("token:generate", "--output", "ids") as running:
            assert running.stderr
            lines: list[str] = []
            while not (match := CODE.search("".join(lines))):
                lines.append(running.stderr.readline())
            dan.approve(match[1])
            out, err = running.communicate(timeout=60)
        assert running.returncode == 0
        assert re.fullmatch(r"[0-9A-Za-z]{8}\n", out)
        assert "The token was not shown" in err


class TestGenerateTokenOptions:
    """ "--current": "check the token that's currently active in your logged-in session"."""

    def test_current(self, server: Server, workstation: Person, token: dict[str, str], tmp_path: Path) -> None:
        shown = workstation.did("catalyst", "token:generate", "--current")
        match = re.fullmatch(r"Token generated successfully : (\S+)\n", shown)
        assert match
        assert server.call("GET", "/login/", token=match[1]).json()["username"] == "dan"
        by_token = remote(server, tmp_path, VSHELL_TOKEN=token["token"]).did("token:generate", "--current")
        assert by_token == f"Token generated successfully : {token['token']}\n"

    def test_only_when_logged_in(self, server: Server, tmp_path: Path) -> None:
        """ "can only be used when you are logged in to a user account in the CLI" """
        assert remote(server, tmp_path).run("token:generate", "--current").told[0] == 4
        host = people.on_the_host(server, tmp_path / "host")
        refused = host.run("token:generate", "--current")
        assert refused.code == 4
        assert server.local_admin.strip() not in refused.err + refused.out


class TestListTokens:
    """ "catalyst token:list"."""

    def test_the_list_has_id_and_created_time_and_no_token(
        self, server: Server, workstation: Person, token: dict[str, str]
    ) -> None:
        """ "along with details like Token ID, created date and time" """
        listed = workstation.did("catalyst", "token:list")
        assert "Token ID" in listed
        assert "Created Time" in listed
        row = next(line for line in listed.splitlines() if token["id"] in line)
        assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", row)
        assert "dan" in row
        assert token["token"] not in listed
        facts = workstation.did("token:list", "--output", "csv", "--columns", "id,host")
        assert re.search(rf"^{token['id']},\S+$", facts, re.MULTILINE), "where it was generated"

    def test_an_empty_basket(self, server: Server, tmp_path: Path) -> None:
        eve = people.hired(server, tmp_path)
        assert "your tokens basket is empty" in eve.run("token:list").err


class TestRevokeAToken:
    """ "catalyst token:revoke <token ID>"."""

    def test_it_is_deleted_permanently(self, workstation: Person, dan: Visitor, token: dict[str, str]) -> None:
        """ "This will delete the token permanently, and you will not be able to use it" """
        made, _ = generated(workstation, dan)
        assert workstation.did("-c", f"$ catalyst token:revoke {made['id']}") == "Token revoked successfully\n"
        assert workstation.run("whoami", "--token", made["token"]).code == 4
        listed = workstation.did("token:list")
        assert token["id"] in listed
        assert made["id"] not in listed

    def test_an_unknown_id(self, workstation: Person) -> None:
        assert workstation.run("token:revoke", "OTHER678").code == 3

    def test_the_terminals_key_is_its_owners_alone(self, workstation: Person, token: dict[str, str]) -> None:
        path = workstation.home / ".local/state/vshell/terminal.key"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


class TestTheProjectOfTheDirectory:
    """ "the command will be executed for the account's project that is active in that directory"."""

    def test_commands_there_carry_it_and_the_audit_trail_shows_it(self, server: Server, workstation: Person) -> None:
        below = workstation.home / "webshop" / "src"
        below.mkdir(parents=True)
        there = in_directory(workstation, below.parent)
        assert there.did("project", "use", "webshop") == "Commands here are for the project webshop from now on.\n"
        inside = in_directory(workstation, below)
        assert "webshop" in inside.did("project", "show")
        made = people.created(inside.did("apitoken", "create", "--name", "marked"))
        (record,) = audited(server, target=made["id"], action="apitoken.create")
        assert record["detail"]["project"] == "webshop"
        there.did("project", "clear")
        assert inside.run("project", "show").code == 3

    def test_a_token_may_be_limited_to_a_project(
        self, server: Server, workstation: Person, dan: Visitor, tmp_path: Path
    ) -> None:
        made, _ = generated(workstation, dan, "--project", "webshop")
        other = people.created(workstation.did("apitoken", "create", "--project", "webshop"))
        listed = workstation.did("apitoken", "list", "--project", "webshop", "--output", "ids")
        assert sorted(listed.split()) == sorted([made["id"], other["id"]])
        for token in (made["token"], other["token"]):
            for name, code in (("webshop", 0), ("another", 4)):
                machine = remote(server, tmp_path / name, VSHELL_TOKEN=token)
                machine.did("project", "use", name)
                ran = machine.run("apitoken", "list")
                assert ran.code == code, ran
            assert "this token is for the project" in ran.err
            # "continues to map your command executions to a project that you specify": where none is, it is refused.
            unmarked = remote(server, tmp_path / "unmarked", VSHELL_TOKEN=token)
            assert "used without naming a project" in unmarked.run("apitoken", "list").err
            remote(server, unmarked.home, VSHELL_TOKEN=token, VSHELL_PROJECT="webshop").did("apitoken", "list")
            # What it makes is for that project too.
            within = remote(server, tmp_path / "webshop", VSHELL_TOKEN=token)
            assert within.run("apitoken", "create", "--project", "another").code == 4
            child = people.created(within.did("apitoken", "create"))
            assert "webshop" in within.did("apitoken", "show", "--id", child["id"], "--output", "json")


class TestContinuousIntegration:
    """ "access Catalyst CLI from a remote system, such as a Continuous Integration system"."""

    def test_the_recipe_of_the_manual(self, server: Server, token: dict[str, str], tmp_path: Path) -> None:
        environment = {"CI": "true", "VSHELL_SERVER": server.url, "VSHELL_TOKEN": token["token"]}
        build = Person(tmp_path, (), environment)
        recipe = build.did("help", "ci")
        for line in ("vshell apitoken list --output json", "vshell -f deploy.vsh --report result.json"):
            assert line in recipe
        (build.home / "deploy.vsh").write_text("apitoken create --name built\napitoken revoke --id $made.id\n")
        (build.home / "deploy.vsh").write_text(
            "let made = apitoken create --name built\napitoken revoke --id $made.id\n"
        )
        assert token["id"] in build.did("apitoken", "list", "--output", "json")
        assert build.run("-f", "deploy.vsh", "--report", "result.json").code == 0
        assert "built" in (build.home / "result.json").read_text()

    def test_nothing_asks_also_at_a_terminal(self, server: Server, token: dict[str, str], tmp_path: Path) -> None:
        """Every example of every command is run at a terminal with CI set: the run ends by itself.

        Those that would have asked say so; whichever they are must be told here.
        """
        environment = {"CI": "1", "VSHELL_SERVER": server.url, "VSHELL_TOKEN": token["token"]}
        build = Person(tmp_path, (), environment)
        examples = [(command, line) for command in REGISTRY for line in command.examples if line not in ENDING]
        wanted = {line for command, line in examples if command.confirm and "--dry-run" not in line} | set(ASKING)
        lines = sorted({line for _, line in examples} | wanted)
        assert len(lines) > 100
        arguments = [word for line in lines for word in ("-c", line)]
        with build.at_a_terminal("--keep-going", "--report", "report", *arguments) as terminal:
            assert terminal.wait() != 0, terminal.text
        report = [json.loads(line) for line in (tmp_path / "report").read_text().splitlines()]
        assert len(report) == len(lines)
        asked = {lines[each["line"] - 1]: each for each in report if "CI is set, so " in (each["error"] or "")}
        assert set(asked) == wanted
        assert {each["exit_code"] for each in asked.values()} <= {1, 2, 4}

    @pytest.mark.parametrize("line", ["", "-u dan", "--token -", "-u dan -p -", "-f -"])
    def test_no_prompt_stands(self, server: Server, tmp_path: Path, line: str) -> None:
        build = Person(tmp_path, ("--server", server.url), {"CI": "true"})
        with build.at_a_terminal(*line.split()) as terminal:
            assert terminal.wait() in (2, 4)
            assert "CI is set, so " in terminal.text


MAKING = (
    "apitoken create",
    "token create -policy=administrators",
    "admin user token -u alice -e 24h",
    "auth create-token --name x",
    "auth emergency-access --reason drill --grant 1h",
    """api POST /apitokens/ '{"name": "raw"}'""",
)
"""A line of each system that makes a token."""

ASKING = (
    "login",
    "login --username admin",
    "login --username admin --store file",
    "manager set_password",
    "manager create --username bob --roles read_only",
    "manager create --username robot --first-name Nightly --last-name Backup --max-api-tokens 20",
    "auth set-token --file",
    "apitoken verify",
    "audit find",
    "vault auth",
    "whoami --token -",
    "token:generate",
    "token:generate --name deploy --project webshop",
)
"""Lines that ask for something else than a yes."""

ENDING = ("exit", "apitoken scan -")
"""Examples that end the run, or read what a program sends."""


def in_directory(person: Person, directory: Path) -> Person:
    """Return the same person, working in another directory."""
    moved = replace(person)
    moved.directory = directory
    return moved


def assert_unseen(person: Person, arguments: tuple[str, ...], line: str, secret: str) -> None:
    """Talk at a prompt, and look at the arguments of every process that is there meanwhile."""
    with person.at_a_terminal(*arguments) as terminal:
        terminal.until("> ")
        terminal.enter(line)
        terminal.until("Username")
        shown = [cmdline for path in Path("/proc").glob("[0-9]*/cmdline") if (cmdline := read_if_there(path))]
        assert any(b"vshell" in cmdline for cmdline in shown)
        assert not any(secret.encode() in cmdline for cmdline in shown)
        terminal.enter("exit")
        assert terminal.wait() == 0


def read_if_there(path: Path) -> bytes:
    """Return what is in a file, nothing of one that is gone or not for us."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def audited(server: Server, **fields: Any) -> list[dict[str, Any]]:
    """Return the newest audit records with these fields."""
    query = "&".join(f"{name}={value}" for name, value in fields.items())
    records: list[dict[str, Any]] = server.call("GET", f"/audit/?{query}").json()["results"]
    return records
