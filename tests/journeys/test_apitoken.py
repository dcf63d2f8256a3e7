"""Seed 001, "apitoken create": every statement of VAST's page, with its two examples typed in all the ways there are.

Each test quotes the statement that it holds.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from tests import processes
from tests.journeys import people
from tests.journeys.people import CREATED, PASSWORD, Person, created
from tests.processes import Server
from tests.terminal import Terminal

Way = Callable[[Person, list[str]], list[str]]

FIRST = "apitoken create"
SECOND = "apitoken create --name AWS_TOKEN --expiry-date 1D --owner adminjb"
TRANSCRIPT = "vcli: admin> "

PERIODS = {
    "180D": timedelta(days=180),
    "6M": timedelta(days=180),
    "24M": timedelta(days=720),
    "1Y": timedelta(days=365),
    "2w": timedelta(weeks=2),
    "2W": timedelta(weeks=2),
    "3d": timedelta(days=3),
    "5h": timedelta(hours=5),
    "5H": timedelta(hours=5),
    "30m": timedelta(minutes=30),
    "45s": timedelta(seconds=45),
    "45S": timedelta(seconds=45),
}
NO_PERIODS = ("1y", "0D", "-1D", "1.5D", "1DD", "99999999999999Y", "", "D", "1", "1 D", "1D1h")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on which admin has a password and adminjb is a manager without any right."""
    with processes.running(tmp_path_factory.mktemp("server") / "data") as started:
        assert started.call("PATCH", "/managers/2/password/", {"password": PASSWORD}).ok
        assert started.call("POST", "/managers/", {"username": "adminjb"}).ok
        yield started


@pytest.fixture
def admin(server: Server, tmp_path: Path) -> Person:
    """The seed's admin, who signs in with a password."""
    return people.by_password(server, tmp_path, "admin")


@pytest.fixture
def host(server: Server, tmp_path: Path) -> Person:
    """Whoever sits on the server's host."""
    return people.on_the_host(server, tmp_path / "host")


def shown(server: Server, token_id: str) -> dict[str, object]:
    """Return what the server knows of a token."""
    answer: dict[str, object] = server.call("GET", f"/apitokens/{token_id}/").json()
    return answer


def life(server: Server, token_id: str) -> timedelta | None:
    """Return the exact time from a token's creation to its end."""
    token = shown(server, token_id)
    if token["expiry_date"] is None:
        return None
    return datetime.fromisoformat(str(token["expiry_date"])) - datetime.fromisoformat(str(token["created"]))


def owned(server: Server, owner: str) -> list[dict[str, object]]:
    """Return all tokens of an owner, revoked ones too."""
    found: list[dict[str, object]] = server.call("GET", f"/apitokens/?owner={owner}&archived=True").json()
    return found


# "Examples": the two lines of the seed, in the four ways to give a line.


def typed_at_the_prompt(admin: Person, lines: list[str]) -> list[str]:
    """Sign in at a terminal, type the lines, and return what each printed."""
    at_home = Person(admin.home, (*admin.flags[:2], "-u", "admin"))
    printed = []
    with at_home.at_a_terminal() as terminal:
        terminal.until("Password of admin")
        terminal.enter(PASSWORD)
        for line in lines:
            # The history holds what scrolled away; only one line may answer each of ours.
            terminal.until(lambda here: here.line == "vshell: admin>")
            before = len(CREATED.findall(terminal.text))
            terminal.enter(line)
            terminal.until(lambda here, before=before: len(CREATED.findall(here.text)) > before)
            printed.append(terminal.line_with("ApiToken with id"))
        terminal.until(lambda here: here.line == "vshell: admin>")
        terminal.press("ctrl-d")
        assert terminal.wait() == 0
    return printed


def in_a_script(admin: Person, lines: list[str]) -> list[str]:
    """Pipe the lines as a script."""
    return admin.did(stdin="".join(f"{line}\n" for line in lines)).splitlines()


def as_arguments(admin: Person, lines: list[str]) -> list[str]:
    """Give each line's words as the program's arguments."""
    return [admin.did(*line.split()).rstrip("\n") for line in lines]


def with_c(admin: Person, lines: list[str]) -> list[str]:
    """Give the lines with -c, in one run."""
    return admin.did(*(argument for line in lines for argument in ("-c", line))).splitlines()


@pytest.mark.parametrize("way", [typed_at_the_prompt, in_a_script, as_arguments, with_c], ids=lambda way: way.__name__)
def test_the_two_examples_print_the_seeds_line(way: Way, server: Server, admin: Person) -> None:
    """ "This example creates a token for the admin user, named admin_api_token", and the one for adminjb."""
    first, second = map(created, way(admin, [FIRST, SECOND]))
    mine, theirs = shown(server, first["id"]), shown(server, second["id"])
    assert (mine["owner"], mine["name"], mine["expiry_date"]) == ("admin", "admin_api_token", None)
    assert (theirs["owner"], theirs["name"]) == ("adminjb", "AWS_TOKEN")
    assert life(server, second["id"]) == timedelta(days=1)
    for token in (first, second):
        server.call("PATCH", f"/apitokens/{token['id']}/revoke/")


@pytest.mark.parametrize("line", [FIRST, SECOND])
def test_a_line_copied_from_the_page_works_with_its_prompt(line: str, server: Server, admin: Person) -> None:
    """vcli: admin> apitoken create"""
    token = created(admin.did(stdin=TRANSCRIPT + line + "\n"))
    server.call("PATCH", f"/apitokens/{token['id']}/revoke/")


# The statements above "Usage".


def test_it_can_be_used_to_authenticate_calls_to_the_rest_api(server: Server, tmp_path: Path) -> None:
    """ "creates an API token, which can be used to securely authenticate calls to the VMS REST API"."""
    person = people.hired(server, tmp_path)
    token = created(person.did(*FIRST.split()))["token"]
    shows = {
        "Api-Token": f"Api-Token {token}",
        "Bearer": f"Bearer {token}",
        "Basic": people.basic(person.name, token),
        "nothing": "",
        "a wrong secret": f"Api-Token {token[:-7]}{'A' if token[-7] != 'A' else 'B'}{token[-6:]}",
        "a wrong name": people.basic("admin", token),
    }
    statuses = {
        way: requests.get(
            f"{server.url}/api/latest/apitokens/", headers={"Authorization": header}, timeout=30
        ).status_code
        for way, header in shows.items()
    }
    assert statuses == {
        "Api-Token": 200,
        "Bearer": 200,
        "Basic": 200,
        "nothing": 401,
        "a wrong secret": 401,
        "a wrong name": 401,
    }


def test_it_is_displayed_and_cannot_be_displayed_again(server: Server, host: Person, tmp_path: Path) -> None:
    """ "The token is displayed in the command output and cannot be displayed again." """
    person = people.hired(server, tmp_path, "view_security", "edit_security")
    token = created(person.did(*FIRST.split()))
    secret = token["token"].partition(".")[2]
    lines = (
        f"apitoken show --id {token['id']}",
        f"apitoken show --id {token['id']} --output json",
        "apitoken list --archived --output json",
        f"apitoken modify --id {token['id']} --name other --output json",
        f"api GET /apitokens/{token['id']}/",
        f"apitoken revoke --id {token['id']} --output json",
    )
    said = person.run(*(argument for line in lines for argument in ("-c", line)))
    assert said.code == 0, said.err
    assert token["id"] in said.out
    assert secret not in said.out + said.err
    for folder in (server.data, person.home, host.home):
        for path in folder.rglob("*"):
            assert path.is_dir() or secret.encode() not in path.read_bytes(), f"{path} holds a secret"


def test_the_number_of_tokens_is_five_and_configurable(server: Server, host: Person, tmp_path: Path) -> None:
    """ "limited to five by default and configurable using vms set_max_api_tokens_per_user"."""
    assert json.loads(host.did("vms", "show", "--output", "json"))["max_api_tokens_per_user"] == 5
    person = people.hired(server, tmp_path)  # by the first of their five
    tokens = [created(line) for line in person.did(stdin=f"{FIRST}\n" * 4).splitlines()]
    refused = person.run(*FIRST.split())
    assert refused.code == 5
    assert "5" in refused.err.splitlines()[0]
    assert "apitoken revoke" in refused.err, "it says how to make room"
    assert len(owned(server, person.name)) == 5
    try:
        assert host.run("-c", "vms set_max_api_tokens_per_user --max-api-tokens-per-user 6").code == 0
        tokens.append(created(person.did(*FIRST.split())))
        assert person.run(*FIRST.split()).code == 5
    finally:
        assert host.run("-c", "vms set_max_api_tokens_per_user --max-api-tokens-per-user 5").code == 0
    # Five are left: none too few, since a revoked one does not count, and none too many.
    assert person.run(*FIRST.split()).code == 5
    person.did("apitoken", "revoke", "--id", tokens[0]["id"])
    assert person.run(*FIRST.split()).code == 5
    person.did("apitoken", "revoke", "--id", tokens[1]["id"])
    created(person.did(*FIRST.split()))


def test_a_token_for_yourself_or_for_another_user(server: Server, tmp_path: Path) -> None:
    """ "Creating a token for another user requires Create permission for the Security realm." """
    without, with_it = people.hired(server, tmp_path), people.hired(server, tmp_path, "create_security")
    created(without.did(*FIRST.split()))
    created(without.did(*f"{FIRST} --owner {without.name}".split()))
    refused = without.run(*f"{FIRST} --owner {with_it.name}".split())
    assert refused.code == 4
    assert "create_security" in refused.err
    assert len(owned(server, with_it.name)) == 1
    token = created(with_it.did(*f"{FIRST} --owner {without.name}".split()))
    assert shown(server, token["id"])["owner"] == without.name


def test_an_owner_that_nobody_is(server: Server, host: Person) -> None:
    """A token belongs to a manager: local-admin names one, and a name that nobody bears is refused."""
    assert host.run(*FIRST.split()).told == (2, "token owner must be a real web user")
    assert host.run(*f"{FIRST} --owner nobody".split()).told == (3, 'there is no manager named "nobody"')
    assert server.call("GET", "/apitokens/?owner=nobody").json() == []


# "Usage" and "Options".


def test_the_usage_is_the_seeds(host: Person) -> None:
    """The usage of the page, line for line; options of our own follow it."""
    usage = (
        "  apitoken create [--name TOKEN_NAME]\n"
        "                  [--expiry-date EXPIRATION_TIME]\n"
        "                  [--owner OWNER]\n"
    )
    assert usage in host.did("help", "apitoken", "create")


def test_the_name(server: Server, host: Person, tmp_path: Path) -> None:
    """ "If not specified, the token is named OWNER_api_token, where OWNER is the user name of the token owner." """
    owner = people.hired(server, tmp_path).name
    lines = [f"{FIRST} --owner {owner}", f"{FIRST} --owner {owner}", f"{FIRST} --owner {owner} --name 'Zoë, 2nd'"]
    names = [shown(server, created(line)["id"])["name"] for line in in_a_script(host, lines)]
    assert names == [f"{owner}_api_token", f"{owner}_api_token", "Zoë, 2nd"]


def test_every_unit_sets_the_exact_end(server: Server, host: Person, tmp_path: Path) -> None:
    """ "Specify EXPIRATION_TIME as a whole integer followed by a unit of time", and the end is creation + period."""
    owner = people.hired(server, tmp_path, max_api_tokens=100).name
    lines = [f"{FIRST} --owner {owner} --expiry-date {period}" for period in PERIODS]
    tokens = [created(line) for line in in_a_script(host, lines)]
    assert {period: life(server, token["id"]) for period, token in zip(PERIODS, tokens, strict=True)} == PERIODS


def test_the_end_is_shown_in_utc(server: Server, tmp_path: Path) -> None:
    """ "The expiration date is equal to the token creation date in UTC + the specified time period." """
    person = people.hired(server, tmp_path)
    person.environment["TZ"] = "Asia/Tokyo"
    before = datetime.now(UTC).replace(microsecond=0)
    token = created(person.did(*f"{FIRST} --expiry-date 180D".split()))
    after = datetime.now(UTC)
    table = person.did("apitoken", "show", "--id", token["id"])
    row = next(line for line in table.splitlines() if "Expiry-date" in line)
    end = datetime.strptime(row.split("|")[2].strip(), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    assert before <= end - timedelta(days=180) <= after


@pytest.mark.parametrize("period", NO_PERIODS)
def test_what_is_no_period_is_refused_and_nothing_is_stored(period: str, server: Server, host: Person) -> None:
    """Anything but a whole integer and a unit: a mistake in the shell, and a refusal by the server itself."""
    before = len(owned(server, "adminjb"))
    mistaken = host.run("apitoken", "create", "--owner", "adminjb", "--expiry-date", period)
    body = json.dumps({"owner": "adminjb", "expiry_date": period})
    refused = host.run("api", "POST", "/apitokens/", body)
    for ran in (mistaken, refused):
        sentence, *rest = ran.err.splitlines()
        assert (ran.code, ran.out) == (2, "")
        assert sentence.endswith((".", '"', "duration", "at all", "empty", "years")), sentence
        assert rest, "there is a next step, or the place of the mistake"
    assert "Traceback" not in mistaken.err + refused.err
    assert len(owned(server, "adminjb")) == before


def test_a_period_that_is_wrong_is_shown_under_its_column_at_the_prompt(host: Person) -> None:
    """The caret stands under the period."""
    with host.at_a_terminal() as terminal:
        terminal.until(lambda here: here.line == "vshell: local-admin>")
        terminal.enter("apitoken create --owner adminjb --expiry-date 1y")
        terminal.until("years have a capital Y")
        terminal.until(lambda here: here.line == "vshell: local-admin>")
        assert caret_points_at(terminal, "1y")
        terminal.press("ctrl-d")
        assert terminal.wait() == 2


def caret_points_at(terminal: Terminal, text: str) -> bool:
    """Tell whether the caret's line points at a text in the line above it."""
    lines = terminal.text.split("\n")
    number = next(index for index, line in enumerate(lines) if line.strip() == "^")
    return lines[number - 1].find(text) == lines[number].find("^")


def test_the_maximum_and_the_default_are_the_password_expiration_timeout(host: Person, tmp_path: Path) -> None:
    """ "The maximum and default expiration time is the password expiration timeout", "if password expiration is not
    enabled, tokens do not expire unless --expiry-date is set".
    """
    with processes.running(tmp_path / "other") as server:
        host = people.on_the_host(server, tmp_path / "there")
        never, long = (
            created(line)
            for line in in_a_script(host, [f"{FIRST} --owner root", f"{FIRST} --owner root --expiry-date 3Y"])
        )
        assert (life(server, never["id"]), life(server, long["id"])) == (None, timedelta(days=3 * 365))
        enable = "vms modify_pwd_settings --enable-pwd-expiration-timeout"
        assert host.run(*enable.split()).code == 0
        lines = [
            f"{FIRST} --owner root",
            f"{FIRST} --owner root --expiry-date 180D",
            f"{FIRST} --owner root --expiry-date 1h",
        ]
        lives = [life(server, created(line)["id"]) for line in in_a_script(host, lines)]
        assert lives == [timedelta(days=180), timedelta(days=180), timedelta(hours=1)]
        before = len(owned(server, "root"))
        refused = host.run(*f"{FIRST} --owner root --expiry-date 181D".split())
        assert refused.told == (2, "the longest lifetime of a token is 180D, the password expiration timeout")
        assert "vms modify_pwd_settings --pwd-expiration-timeout" in refused.err
        assert len(owned(server, "root")) == before
        assert host.run("-c", "vms modify_pwd_settings --pwd-expiration-timeout 24M").code == 0
        lines = [f"{FIRST} --owner root --expiry-date 181D", f"{FIRST} --owner root"]
        lives = [life(server, created(line)["id"]) for line in in_a_script(host, lines)]
        assert lives == [timedelta(days=181), timedelta(days=720)]
        assert life(server, never["id"]) is None, "a token that was there keeps its end"


def test_the_owner_is_oneself_if_not_specified(server: Server, admin: Person, tmp_path: Path) -> None:
    """ "If not specified, the token is owned by the requesting user." """
    for person in (admin, people.hired(server, tmp_path)):
        token = created(person.did(*FIRST.split()))
        assert shown(server, token["id"])["owner"] == person.name
        server.call("PATCH", f"/apitokens/{token['id']}/revoke/")
