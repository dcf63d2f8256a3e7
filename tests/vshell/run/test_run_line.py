"""Running one line: the call, the question before, the result after."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.vshell.small import REGISTRY, TOKEN, Known, Streams, declare
from tests.vshell.test_output import Screen
from vshell.errors import Failed, Mistake, NotFound
from vshell.language.grammar import parse
from vshell.registry.tree import Registry
from vshell.registry.view import PAGE, Alarming, Column, PagedList, View
from vshell.run.run_line import fill_question, require_full_words, run

CREATED = {("POST", "/apitokens/"): {"id": "JhxND7ci", "token": TOKEN}}
TOKENS = {
    ("GET", "/apitokens/"): [{"id": "b", "name": "x", "owner": "bob"}, {"id": "a", "name": "y", "owner": "bob"}],
    ("GET", "/apitokens/JhxND7ci/"): {"id": "JhxND7ci"},
    ("PATCH", "/apitokens/JhxND7ci/revoke/"): {"id": "JhxND7ci", "name": "gone"},
}


def run_line(line: str, session: Streams) -> object:
    return run(parse(line, registry=REGISTRY, variables=session.variables), session)


def asked(session: Streams) -> list[tuple[str, str, object, object]]:
    found: list[tuple[str, str, object, object]] = session.client.asked  # type: ignore[attr-defined]  # the tests' own api
    return found


def test_options_reach_the_function_and_its_result_is_shown() -> None:
    session = Streams(CREATED)
    assert run_line("apitoken create --name x --owner bob", session) == CREATED["POST", "/apitokens/"]
    assert asked(session) == [("POST", "/apitokens/", {"name": "x", "end": None, "owner": "bob"}, None)]
    assert session.stdout.getvalue() == f"made JhxND7ci, {TOKEN}\n"
    assert session.stderr.getvalue() == ""


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("send GET /x", "GET /x None\n"),
        ("send POST /x '[1]'", "POST /x [1]\n"),
        ("help a --b", "a --b\n"),
        ("help", "\n"),
        ("exit", ""),
        ("manager show --id 2 --output jsonl", '{"id":2,"name":null}\n'),
    ],
)
def test_words_and_the_rest_reach_the_function(line: str, printed: str) -> None:
    session = Streams()
    run_line(line, session)
    assert session.stdout.getvalue() == printed


def test_the_common_options_shape_the_result() -> None:
    session = Streams(TOKENS)
    run_line("apitoken list --output csv --columns name,id --sort id", session)
    assert session.stdout.getvalue().splitlines() == ["name,id", "y,a", "x,b"]


def test_an_empty_line_does_nothing() -> None:
    session = Streams()
    assert run_line("# nothing", session) is None
    assert session.stdout.getvalue() == ""


def test_a_mistake_is_raised_before_anything_is_sent() -> None:
    session = Streams(TOKENS)
    with pytest.raises(Mistake, match="did you mean --id") as mistake:
        run_line("apitoken revoke --ids JhxND7ci", session)
    assert mistake.value.line == "apitoken revoke --ids JhxND7ci"
    assert mistake.value.column == 16
    assert asked(session) == []


def test_let_keeps_the_result_and_shows_nothing() -> None:
    session = Streams({**CREATED, **TOKENS})
    run_line("let t = apitoken create", session)
    assert session.variables == {"t": CREATED["POST", "/apitokens/"]}
    assert session.stdout.getvalue() == ""
    run_line("help $t.id $t.token", session)
    assert session.stdout.getvalue() == f"JhxND7ci {TOKEN}\n"
    run_line("let all = apitoken list", session)
    run_line("help $all.1.id", session)
    assert session.stdout.getvalue().endswith("\na\n")


def test_names_are_told_after_a_change_only() -> None:
    names = Known()
    session = Streams({**CREATED, **TOKENS}, names=names)
    run_line("apitoken list", session)
    assert names.changes == 0
    run_line("apitoken create", session)
    assert names.changes == 1


# Before something is destroyed.


def test_a_person_is_asked_and_a_yes_goes_ahead() -> None:
    session = Streams(TOKENS).answering(True)
    run_line("apitoken revoke --id JhxND7ci", session)
    assert session.asked == ["Revoke JhxND7ci?"]
    assert [method for method, *_ in asked(session)] == ["GET", "PATCH"]


def test_a_no_changes_nothing() -> None:
    session = Streams(TOKENS).answering(False)
    with pytest.raises(Failed, match="Nothing was changed"):
        run_line("apitoken revoke --id JhxND7ci", session)
    assert asked(session) == []


def test_nobody_is_asked_with_yes_or_without_a_terminal() -> None:
    person = Streams(TOKENS).answering()
    run_line("apitoken revoke --id JhxND7ci --yes", person)
    script = Streams(TOKENS)
    run_line("apitoken revoke --id JhxND7ci", script)
    assert person.asked == script.asked == []
    assert asked(person) == asked(script)
    assert len(asked(person)) == 2


def test_a_question_holds_no_control_characters() -> None:
    reading = parse("server forget 'a\x1b[2J'", registry=REGISTRY)
    assert reading.command is not None
    assert fill_question(reading.command, reading) == r"Forget a\x1b[2J?"


# Without changing anything.


def test_a_dry_run_reads_but_does_not_change() -> None:
    session = Streams(TOKENS).answering()
    assert run_line("apitoken revoke --id JhxND7ci --dry-run", session) is None
    assert [method for method, *_ in asked(session)] == ["GET"]
    assert session.stdout.getvalue() == ""
    told = "Dry run: PATCH /apitokens/JhxND7ci/revoke/ would be sent to the server; nothing was changed.\n"
    assert session.stderr.getvalue() == told


def test_a_dry_run_finds_what_would_fail_and_leaves_the_session_as_it_was() -> None:
    session = Streams(TOKENS)
    api = session.client
    with pytest.raises(NotFound):
        run_line("apitoken revoke --id XXXXXXXX --dry-run", session)
    assert session.client is api


def test_an_alarming_result_is_shown_and_then_raised() -> None:
    registry = Registry()

    @registry.command("look", view=View((Column("id"),)), examples=("look",))
    def look(session: object, /) -> object:
        """Look."""
        return Alarming([{"id": "a"}], Failed("It is on fire."))

    session = Streams({})
    for line in ("look --output ids", "let x = look"):
        with pytest.raises(Failed, match="on fire"):
            run(parse(line, registry=registry), session)
    assert session.stdout.getvalue() == "a\n"
    assert session.variables["x"] == [{"id": "a"}]


def test_a_script_has_whole_words() -> None:
    with pytest.raises(Mistake) as told:
        require_full_words(parse("man cr --username bob --pass hunter2 --roles a", registry=REGISTRY))
    assert told.value.sentence == "'man' is short for manager, which only the prompt accepts."
    assert told.value.hint == "Write: manager create --username bob --password *** --roles a"
    assert (told.value.line, told.value.column) == ("man cr --username bob --pass *** --roles a", 0)


@pytest.mark.parametrize("line", ["user list", "apitoken create --owner=bob", "man cr --nothing", "", "# man cr"])
def test_an_alias_is_a_whole_word_and_another_mistake_goes_before(line: str) -> None:
    reading = parse(line, registry=REGISTRY)
    assert require_full_words(reading) is reading


# What follows the command.


def test_filters_work_on_records_whatever_the_format() -> None:
    session = Streams(TOKENS)
    run_line("apitoken list --output ids | match x", session)
    run_line("apitoken list --output jsonl | except x | count", session)
    run_line("apitoken list | count", session)
    run_line("apitoken list --filter 'name>x' --output ids", session)
    assert session.stdout.getvalue() == "b\n1\n2\na\n"


def test_let_keeps_what_would_be_shown() -> None:
    session = Streams(TOKENS)
    run_line("let t = apitoken list --sort id | first 1", session)
    assert session.variables["t"] == [{"id": "a", "name": "y", "owner": "bob"}]


def test_backslash_g_shows_a_record_by_itself() -> None:
    session = Streams(TOKENS)
    run_line("apitoken list --columns id,name | last 1\\G", session)
    assert session.stdout.getvalue() == "+------+---+\n| ID   | a |\n| Name | y |\n+------+---+\n"


def test_a_file_takes_the_result(tmp_path: Path) -> None:
    session = Streams({**TOKENS, **CREATED})
    run_line(f"apitoken list --output ids > {tmp_path}/f", session)
    run_line(f"apitoken list --output ids | first 1 | save {tmp_path}/g", session)
    run_line(f"apitoken create >> {tmp_path}/f", session)
    assert (tmp_path / "f").read_text() == f"b\na\nmade JhxND7ci, {TOKEN}\n"
    assert (tmp_path / "g").read_text() == "b\n"
    assert session.stdout.getvalue() == ""


def test_an_alarm_comes_behind_the_delivery(tmp_path: Path) -> None:
    registry = Registry()

    @registry.command("look", view=View((Column("id"),)), examples=("look",))
    def look(session: object, /) -> object:
        """Look."""
        return Alarming([{"id": "a"}], Failed("It is on fire."))

    with pytest.raises(Failed, match="on fire"):
        run(parse(f"look --output ids > {tmp_path}/f", registry=registry), Streams({}))
    assert (tmp_path / "f").read_text() == "a\n"


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("apitoken list --columns id,nmae", 27),
        ("apitoken list --sort -nmae", 22),
        ("apitoken list --filter 'owner=bob nmae=x'", 34),
        ("apitoken list --output ids --filter nmae=x | match x", 36),
    ],
)
def test_a_column_that_is_not_there_is_shown_in_its_place(line: str, column: int) -> None:
    with pytest.raises(Mistake, match="no column 'nmae'") as caught:
        run_line(line, Streams(TOKENS))
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_secret_is_not_shown_where_a_column_is_wrong() -> None:
    line = "manager create --username b --password hunter2 --columns nmae"
    with pytest.raises(Mistake, match="no column 'nmae'") as caught:
        run_line(line, Streams())
    assert caught.value.line == line.replace("hunter2", "***")
    assert caught.value.column == caught.value.line.find("nmae")


def test_nothing_is_made_when_its_columns_are_wrong() -> None:
    session = Streams(CREATED)
    with pytest.raises(Mistake, match="no column 'tokn'"):
        run_line("apitoken create --columns tokn", session)
    assert asked(session) == []


@pytest.mark.parametrize("line", ["apitoken create --output ids", "apitoken create --columns id"])
def test_a_secret_that_is_not_shown_is_not_lost_silently(line: str) -> None:
    session = Streams(CREATED)
    run_line(line, session)
    assert "nothing shows it again" in session.stderr.getvalue()
    assert "apitoken rotate --id JhxND7ci" in session.stderr.getvalue()


@pytest.mark.parametrize(
    "line", ["apitoken create", "apitoken create --output json", "apitoken create --columns token"]
)
def test_a_secret_that_is_shown_needs_no_word(line: str) -> None:
    session = Streams(CREATED)
    run_line(line, session)
    assert session.stderr.getvalue() == ""


LONG = [{"id": str(number)} for number in range(PAGE)]


def long_list(session: object, /) -> object:
    """List what has a second page."""
    return PagedList(LONG, lambda after: [{"id": "last"}], lambda: None)


@pytest.mark.parametrize(
    ("line", "lines"),
    [("thing do --output ids", PAGE + 1), ("thing do --output ids | last 1", 1), ("thing do | count", 1)],
)
def test_a_list_that_grows_is_shown_whole_where_nobody_pages(line: str, lines: int) -> None:
    session = Streams()
    registry = declare(long_list, view=View((Column("id"),)))
    result = run(parse(line, registry=registry), session)
    assert isinstance(result, list)
    assert len(result) == PAGE + 1
    assert len(session.stdout.getvalue().splitlines()) == lines
    run(parse("let rows = thing do", registry=registry), session)
    assert session.variables["rows"] == [*LONG, {"id": "last"}]


def test_where_it_is_paged_only_what_was_looked_at_is_fetched() -> None:
    class Pager(io.StringIO):
        is_left = True

    @contextmanager
    def paging(terminal: object) -> Iterator[Pager]:
        yield pager

    pager, session = Pager(), Streams()
    session.interactive = True
    session.out.stdout = Screen()
    session.out.paging = paging  # type: ignore[assignment]  # enough of a stream
    result = run(parse("thing do", registry=declare(long_list, view=View((Column("id"),)))), session)
    assert result == LONG
    assert "last" not in pager.getvalue()
    assert "| 999 |" in pager.getvalue()


def test_a_watch_runs_so_often() -> None:
    session = Streams(TOKENS)
    run_line("watch 1s --count 1 apitoken list --output ids", session)
    heading, *ids = session.stdout.getvalue().splitlines()
    assert heading.startswith("# every 1 s: apitoken list --output ids, at 2")
    assert ids == ["b", "a"]


@pytest.mark.parametrize(
    ("interactive", "sources", "ci"), [(False, [], ""), (True, ["setup.vsh"], ""), (True, [], "1")]
)
def test_where_nobody_could_end_a_watch_it_must_be_said_how_often(
    monkeypatch: pytest.MonkeyPatch, interactive: bool, sources: list[str], ci: str
) -> None:
    monkeypatch.setenv("CI", ci)
    session = Streams(TOKENS)
    session.interactive, session.sources = interactive, sources
    with pytest.raises(Mistake, match="how often to run") as refused:
        run_line("watch 1s apitoken list", session)
    assert refused.value.hint == "Write it as: watch 1s --count 10 ..."
    assert asked(session) == []
    run_line("watch 1s --count 1 apitoken list", session)
    assert len(asked(session)) == 1


def test_a_watch_asks_about_its_file_once(tmp_path: Path) -> None:
    kept = tmp_path / "count"
    kept.write_text("before")
    session = Streams(TOKENS).answering(True)
    run_line(f"watch 1s --count 2 apitoken list | count > {kept}", session)
    assert session.asked == [f"Overwrite {kept}?"]
    assert kept.read_text() == "2\n"
