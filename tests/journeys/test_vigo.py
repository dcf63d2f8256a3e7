"""Seed 000, "vigocli auth": each line as it is typed there, and what the page says of it, by its headings.

The chain's verification has journeys of its own (``test_audit``), and so has "the web UI admin panel" (``test_panel``).
"""

import re
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import apsw
import pytest

from tests import processes
from tests.journeys import people
from tests.journeys.people import Person
from tests.processes import Server
from tests.vshell.waiting import eventually

REASON = "OIDC provider outage, reviewing compliance status"
BLOCK = re.compile(
    r"Token created\.\n"
    r"ID: tok_(?P<id>[0-9A-Za-z]{8})\n"
    r"Name: (?P<name>.*)\n"
    r"Token: (?P<token>vgot_(?P=id)\.[0-9A-Za-z]{32})\n"
    r"Save this token — it will not be shown again\.\n"
    r"To use it: vigocli auth set-token (?P=token)\n"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose tokens begin with vgot_, and the web user dan with a role."""
    with processes.running(tmp_path_factory.mktemp("server") / "data", "--token-prefix", "vgot_") as started:
        assert started.call("PATCH", "/vms/1/set_max_api_tokens_per_user/", {"max_api_tokens_per_user": 1_000}).ok
        wish = {"username": "dan", "password": people.PASSWORD, "roles": ["read_only"]}
        assert started.call("POST", "/managers/", wish).ok
        yield started


@pytest.fixture
def host(server: Server, tmp_path: Path) -> Person:
    """Whoever sits on the server's own host."""
    return people.on_the_host(server, tmp_path / "host")


@pytest.fixture
def remote(server: Server, tmp_path: Path) -> Person:
    """Somebody at another machine, who has nothing but the server's address."""
    return Person(tmp_path / "remote", ("--server", server.url))


def created(host: Person, *more: str) -> dict[str, str]:
    """Make a token of dan's as the page does, and return its id, name and secret."""
    line = f'vigocli auth create-token --name "ci-automation" --user dan {" ".join(more)}'
    made = BLOCK.fullmatch(host.did("-c", line))
    assert made
    return made.groupdict()


def status_of(server: Server, token: str) -> int:
    """Use a token with the REST API and return the status."""
    return server.call("GET", "/login/", token=token).status_code


class TestLocalhostTrust:
    """Shell access to the server host implies full access."""

    def test_all_api_requests_are_automatically_trusted_with_admin_privileges(self, host: Person) -> None:
        """No token is needed."""
        assert "local-admin" in host.did("whoami")
        assert "dan" in host.did("manager", "list")
        assert not (host.home / ".config").exists()

    def test_trusted_source_addresses(self, tmp_path: Path) -> None:
        """127.0.0.1, ::1, and Docker bridge networks (172.16.0.0/12): by name, since an address proves nothing."""
        flags = ("--trust", "loopback", "--trust", "docker")
        for address in ("127.0.0.1:0", "[::1]:0"):
            with processes.running(tmp_path / address, *flags, "--listen", address) as trusting:
                somebody = Person(tmp_path / "somebody", ("--server", trusting.url))
                assert "local-admin" in somebody.did("whoami")
                said = (trusting.data / "stderr.log").read_text()
                assert "127.0.0.1 and ::1 (--trust loopback)" in said
                assert "172.16.0.0/12 (--trust docker)" in said


class TestRemoteAccess:
    """When pointing the CLI at a remote server, an API token is required."""

    def test_without_a_token_nothing_is_served(self, remote: Person) -> None:
        ran = remote.run("apitoken", "list")
        assert (ran.code, ran.out) == (4, "")

    def test_a_token_is_generated_via_local_cli_and_set(self, host: Person, remote: Person) -> None:
        token = created(host)["token"]
        remote.did("auth", "set-token", "--file", stdin=token + "\n")
        assert "dan" in remote.did("whoami")

    def test_no_token_is_sent_to_a_remote_server_in_the_clear(self, tmp_path: Path) -> None:
        """--server http://remote:8443 is the page's; whoever is on the way would read the token."""
        person = Person(tmp_path / "home", ("--server", "http://remote.example:8443"))
        ran = person.run("auth", "set-token", "--file", stdin="vgot_abc123\n")
        assert ran.told == (4, "http://remote.example:8443 is not encrypted, so nothing secret is sent there.")


class TestSetToken:
    """Store an API token for CLI use."""

    def test_the_token_is_saved_with_mode_0600(self, host: Person, remote: Person) -> None:
        """The token is saved to ~/.config/vigo/token (mode 0600)."""
        token = created(host)["token"]
        ran = remote.run("-c", f"vigocli auth set-token {token} --file")
        path = remote.home / ".config" / "vigo" / "token"
        assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == (token + "\n", 0o600)
        assert ran.code == 0
        assert "can be seen by everybody on this machine" in ran.err
        assert token not in ran.out + ran.err

    def test_without_a_keyring_the_line_says_what_to_do(self, host: Person, remote: Person) -> None:
        ran = remote.run("-c", f"vigocli auth set-token {created(host)['token']}")
        assert ran.code == 1
        assert "auth set-token --file" in ran.err
        assert not (remote.home / ".config" / "vigo").exists()

    def test_it_is_asked_for_unseen_at_a_terminal(self, host: Person, remote: Person) -> None:
        token = created(host)["token"]
        with remote.at_a_terminal("auth", "set-token", "--file") as terminal:
            terminal.until("Token:")
            terminal.enter(token)
            terminal.until("The token is stored in the file")
            assert terminal.wait() == 0
            assert token[14:] not in terminal.text

    def test_it_is_another_servers_never(self, server: Server, host: Person, remote: Person, tmp_path: Path) -> None:
        remote.did("auth", "set-token", "--file", stdin=created(host)["token"] + "\n")
        with processes.running(tmp_path / "other") as other:
            elsewhere = Person(remote.home, ("--server", other.url))
            assert elsewhere.run("whoami").code == 4
            assert "refused" not in (other.data / "stderr.log").read_text()


class TestStatus:
    """Show the currently stored token and its validity."""

    def test_a_valid_one(self, host: Person, remote: Person) -> None:
        made = created(host)
        remote.did("auth", "set-token", "--file", stdin=made["token"] + "\n")
        shown = remote.did("-c", "vigocli auth status")
        for words in ("valid", made["id"], "ci-automation", "dan"):
            assert words in shown
        assert made["token"] not in shown

    def test_one_that_was_revoked(self, host: Person, remote: Person) -> None:
        made = created(host)
        remote.did("auth", "set-token", "--file", stdin=made["token"] + "\n")
        host.did("-c", f"vigocli auth revoke-token {made['id']}")
        ran = remote.run("-c", "vigocli auth status")
        assert ran.code == 4
        assert "invalid" in ran.out

    def test_offline_it_tells_what_it_knows(self, tmp_path: Path) -> None:
        with processes.running(tmp_path / "data") as mortal:
            token = mortal.create(owner="admin")["token"]
            person = Person(tmp_path / "home", ("--server", mortal.url))
            person.did("auth", "set-token", "--file", stdin=token + "\n")
        ran = person.run("auth", "status")
        assert ran.code == 7
        assert "unknown" in ran.out
        assert token[:8] in ran.out

    def test_without_one(self, host: Person, remote: Person) -> None:
        assert "None is needed here" in host.run("auth", "status").err
        assert "No token is stored" in remote.run("auth", "status").err


class TestClear:
    """Remove the stored API token."""

    def test_it_is_gone(self, host: Person, remote: Person) -> None:
        remote.did("auth", "set-token", "--file", stdin=created(host)["token"] + "\n")
        remote.did("-c", "vigocli auth clear")
        assert not (remote.home / ".config" / "vigo" / "token").exists()
        assert remote.run("whoami").code == 4

    def test_one_that_others_may_read_is_not_used_and_can_be_removed(self, host: Person, remote: Person) -> None:
        remote.did("auth", "set-token", "--file", stdin=created(host)["token"] + "\n")
        path = remote.home / ".config" / "vigo" / "token"
        path.chmod(0o644)
        assert "others may read it" in remote.run("whoami").err
        remote.did("auth", "clear")
        assert not path.exists()


class TestCreateToken:
    """Create a new API token on the server."""

    def test_the_plaintext_token_is_shown_once_and_cannot_be_retrieved_again(
        self, server: Server, host: Person
    ) -> None:
        made = created(host)
        shown = host.did("apitoken", "show", "--id", made["id"], "--output", "json")
        secret = made["token"].partition(".")[2]
        assert secret not in shown + host.did("auth", "list-tokens", "--output", "json")
        assert secret.encode() not in (server.data / "vshell.db").read_bytes()

    def test_it_inherits_that_users_role_and_permissions_when_used(self, server: Server, host: Person) -> None:
        token = created(host)["token"]
        assert server.call("POST", "/roles/", {"name": "x"}, token=token).status_code == 403
        host.did("manager", "modify", "--username", "dan", "--roles", "administrators")
        assert server.call("POST", "/roles/", {"name": "x"}, token=token).status_code == 201
        host.did("manager", "modify", "--username", "dan", "--roles", "read_only")
        assert server.call("POST", "/roles/", {"name": "y"}, token=token).status_code == 403

    def test_expires_in_720h_is_30_days_and_without_it_there_is_no_expiry(self, server: Server, host: Person) -> None:
        ends = server.call("GET", f"/apitokens/{created(host, '--expires-in', '720h')['id']}/").json()
        length = datetime.fromisoformat(ends["expiry_date"]) - datetime.fromisoformat(ends["created"])
        assert length == timedelta(days=30)
        assert server.call("GET", f"/apitokens/{created(host)['id']}/").json()["expiry_date"] is None


class TestTokenOwnership:
    """Normally the token belongs to the web user you are authenticated as."""

    def test_it_is_ones_own(self, server: Server, host: Person, remote: Person) -> None:
        remote.did("auth", "set-token", "--file", stdin=created(host)["token"] + "\n")
        line = 'vigocli auth create-token --name "ci-automation" --expires-in "720h"'
        made = BLOCK.fullmatch(remote.did("-c", line))
        assert made
        assert server.call("GET", "/login/", token=made["token"]).json()["username"] == "dan"

    def test_on_the_server_host_the_owner_is_named_explicitly_with_user(self, host: Person) -> None:
        """vigocli auth create-token --name "ci-automation" --user dan"""
        assert created(host)["name"] == "ci-automation"

    def test_omitting_user_on_the_server_host_fails(self, host: Person) -> None:
        ran = host.run("-c", 'vigocli auth create-token --name "ci-automation"')
        assert ran.code == 2
        assert "token owner must be a real web user" in ran.err

    @pytest.mark.parametrize("role", ["read_only", "administrators"])
    def test_a_regular_web_user_cannot_mint_tokens_for_anyone_else(
        self, server: Server, tmp_path: Path, role: str
    ) -> None:
        """--user is honored only for the local-admin principal."""
        person = people.hired(server, tmp_path, roles=[role])
        ran = person.run("-c", 'vigocli auth create-token --name "ci-automation" --user dan')
        assert ran.code == 4
        assert "only local-admin" in ran.err


class TestListTokens:
    """List your API tokens on the server."""

    def test_it_shows_id_name_prefix_creation_date_and_expiry(self, server: Server, tmp_path: Path) -> None:
        person = people.hired(server, tmp_path)
        person.did("-c", 'vigocli auth create-token --name monitoring --expires-in "720h"')
        heading, *rows = person.did("-c", "vigocli auth list-tokens").splitlines()
        rows.sort(key=lambda row: "monitoring" in row)  # two of one second stand in any order
        assert heading.split() == ["ID", "NAME", "PREFIX", "CREATED", "EXPIRES"]
        assert len(rows) == 2
        day = r"\d{4}-\d\d-\d\d"
        for row, name, expires in zip(rows, (f"{person.name}_api_token", "monitoring"), ("never", day), strict=True):
            assert re.fullmatch(rf"tok_(\w\w\w)\w{{5}} +{name} +vgot_\1 +{day} +{expires}", row), row


class TestRevokeToken:
    """Revoke an API token by ID."""

    def test_the_token_is_immediately_invalidated(self, server: Server, host: Person) -> None:
        made = created(host)
        assert status_of(server, made["token"]) == 200
        told = host.did("-c", f"vigocli auth revoke-token tok_{made['id']}")
        assert told == f"Token tok_{made['id']} has been revoked.\n"
        assert status_of(server, made["token"]) == 401


class TestEmergencyAccess:
    """Record an emergency access event in the tamper-evident audit trail (HIPAA 164.312(a)(2)(ii))."""

    def test_the_event_is_recorded_as_emergency_access_in_the_hash_chain(self, server: Server, host: Person) -> None:
        told = host.did("-c", f'vigocli auth emergency-access --reason "{REASON}"')
        assert told == f"Recorded in the audit trail as emergency.access: {REASON}\n"
        listed = host.did("audit", "list", "--action", "emergency.access", "--output", "json")
        for words in ("local-admin", "127.0.0.1", REASON):
            assert words in listed

    def test_and_cannot_be_retroactively_modified(self, tmp_path: Path) -> None:
        with processes.running(tmp_path / "data") as mortal:
            host = people.on_the_host(mortal, tmp_path / "home")
            host.did("-c", f'vigocli auth emergency-access --reason "{REASON}"')
            assert host.run("audit", "verify").code in (0, 3)
            with apsw.Connection(str(mortal.data / "vshell.db")) as database:
                detail = '{"reason":"nothing"}'
                database.execute("UPDATE audit SET detail = ? WHERE action = 'emergency.access'", (detail,))
            assert host.run("audit", "verify").code == 1

    def test_the_reason_is_required(self, host: Person) -> None:
        ran = host.run("-c", "vigocli auth emergency-access")
        assert ran.code == 2
        assert "--reason" in ran.err
        assert host.run("-c", "vigocli auth emergency-access --reason ''").code == 2

    def test_recording_it_takes_an_administrator(self, server: Server, tmp_path: Path) -> None:
        reader = people.hired(server, tmp_path, roles=["read_only"])
        assert reader.run("auth", "emergency-access", "--reason", "x").code == 4

    def test_a_grant_breaks_the_glass_for_a_while(self, server: Server, tmp_path: Path) -> None:
        person = people.hired(server, tmp_path, roles=["administrators"])
        shown = person.did("auth", "emergency-access", "--reason", REASON, "--grant", "2s", "--output", "json")
        token = re.search(r"vgot_\w{8}\.\w{32}", shown)
        assert token
        assert status_of(server, token[0]) == 200
        for line in ("apitoken list", "auth list-tokens", "apitoken tree"):
            assert "EMERGENCY ACCESS" in person.did("-c", line)
        eventually(lambda: status_of(server, token[0]) == 401)


@pytest.mark.parametrize("start", ["", "$ ", "vshell: local-admin> ", "vcli: admin> "])
def test_a_line_of_the_page_may_be_pasted_with_a_prompt_before_it(host: Person, start: str) -> None:
    assert "ID" in host.did("-c", f"{start}vigocli auth list-tokens")
