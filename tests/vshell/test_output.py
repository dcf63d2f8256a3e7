"""Results in every format: vcli's grids to the letter, the server's values for programs, the fields of both."""

from __future__ import annotations

import csv
import io
import json
import os
import time
from contextlib import nullcontext
from datetime import UTC, datetime

import pytest

from vshell.errors import Mistake, WrongPart
from vshell.formats import OUTPUT_FORMATS
from vshell.kinds import Timestamp
from vshell.kinds.times import IN_UTC
from vshell.output import (
    Output,
    cell_text,
    filter_rows,
    heading,
    select_rows,
    spell_for_people,
    spell_for_programs,
    title,
)
from vshell.registry.conditions import parse_conditions
from vshell.registry.view import TEXT, Column, DisplayOptions, FilterStep, View

TOKENS = [
    {
        "id": "c6UmISHU",
        "name": "example_api_token",
        "owner": "admin",
        "created": "2025-02-18T11:59:00.000000Z",
        "expiry_date": "2025-06-18T11:59:00.000000Z",
        "last_used": None,
        "revoked": False,
        "revocation_time": None,
    },
    {
        "id": "RWDLagfI",
        "name": "example2_api_token",
        "owner": "admin2",
        "created": "2025-02-18T12:00:00.000000Z",
        "expiry_date": "2025-05-19T12:00:00.000000Z",
        "last_used": "2025-02-19T11:30:04.123456Z",
        "revoked": False,
        "revocation_time": None,
    },
]
COLUMNS = tuple(map(Column, ("id", "name", "owner", "expiry_date", "last_used", "revoked", "revocation_time")))
LIST = View(COLUMNS, more=("created",))
SHOW = View(COLUMNS, layout="vertical")
CREATED = View((Column("id"), Column("token")), sentence="ApiToken with id: {id}, your token is: {token}")

# VAST's page "apitoken list", to the letter.
GRID = """\
+----------+--------------------+--------+---------------------+---------------------+---------+-----------------+
| ID       | Name               | Owner  | Expiry-date         | Last-used           | Revoked | Revocation-time |
+----------+--------------------+--------+---------------------+---------------------+---------+-----------------+
| c6UmISHU | example_api_token  | admin  | 2025-06-18 11:59:00 | None                | False   | None            |
| RWDLagfI | example2_api_token | admin2 | 2025-05-19 12:00:00 | 2025-02-19 11:30:04 | False   | None            |
+----------+--------------------+--------+---------------------+---------------------+---------+-----------------+
"""

# VAST's page "apitoken show", to the letter.
RECORD = """\
+-----------------+---------------------+
| ID              | 0MivGn7o            |
| Name            | admin_api_token     |
| Owner           | admin               |
| Expiry-date     | 2024-10-15 12:40:42 |
| Last-used       | 2024-10-12 18:34:19 |
| Revoked         | True                |
| Revocation-time | 2024-10-14 16:00:20 |
+-----------------+---------------------+
"""
SHOWN = {
    "id": "0MivGn7o",
    "name": "admin_api_token",
    "owner": "admin",
    "expiry_date": "2024-10-15T12:40:42.999999Z",
    "last_used": "2024-10-12T20:34:19+02:00",
    "revoked": True,
    "revocation_time": "2024-10-14T16:00:20Z",
}


def shown(result: object, view: View | None = None, default: str = "table", **wishes: object) -> str:
    """Return what is written to standard output."""
    out = io.StringIO()
    options = DisplayOptions(**wishes)  # type: ignore[arg-type]  # a table's wishes
    Output(out, io.StringIO(), default).show(result, view, options)
    return out.getvalue()


def test_a_list_is_vclis_grid() -> None:
    assert shown(TOKENS, LIST) == GRID


def test_a_record_is_vclis_vertical_grid() -> None:
    assert shown(SHOWN, SHOW) == RECORD


def test_an_empty_list_has_its_header() -> None:
    assert shown([], View((Column("id"), Column("name")))) == (
        "+----+------+\n| ID | Name |\n+----+------+\n+----+------+\n"
    )


def test_nothing_shows_nothing() -> None:
    for name in OUTPUT_FORMATS:
        assert shown(None, LIST, output=name) == ""


@pytest.mark.parametrize(
    ("output", "text"),
    [
        (None, "ApiToken with id: a, your token is: a.b\n"),
        ("table", "ApiToken with id: a, your token is: a.b\n"),
        ("vertical", "ApiToken with id: a, your token is: a.b\n"),
        ("json", '{\n  "id": "a",\n  "token": "a.b"\n}\n'),
        ("jsonl", '{"id":"a","token":"a.b"}\n'),
        ("csv", "id,token\na,a.b\n"),
        ("tsv", "id\ttoken\na\ta.b\n"),
        ("yaml", 'id: a\ntoken: "a.b"\n'),
        ("markdown", "| ID   | Token   |\n|------|---------|\n| a    | a.b     |\n"),
        ("ids", "a\n"),
    ],
)
def test_a_sentence_is_for_people(output: str | None, text: str) -> None:
    assert shown({"id": "a", "token": "a.b"}, CREATED, output=output) == text


def test_a_sentence_that_lacks_a_field_gives_way_to_what_there_is() -> None:
    assert shown({"id": "a"}, CREATED) == "+-------+------+\n| ID    | a    |\n| Token | None |\n+-------+------+\n"


def test_columns_take_the_place_of_a_sentence() -> None:
    text = shown({"id": "a", "token": "a.b"}, CREATED, columns=["token"])
    assert text == "+-------+-----+\n| Token | a.b |\n+-------+-----+\n"


def test_json_is_what_the_server_said() -> None:
    assert json.loads(shown(TOKENS, LIST, output="json")) == TOKENS
    assert [json.loads(line) for line in shown(TOKENS, LIST, output="jsonl").splitlines()] == TOKENS
    assert json.loads(shown(TOKENS, LIST, output="json", columns=["Created", "ID"]))[0] == {
        "created": "2025-02-18T11:59:00.000000Z",
        "id": "c6UmISHU",
    }


def test_csv_has_the_same_columns_for_an_empty_list() -> None:
    head = "id,name,owner,expiry_date,last_used,revoked,revocation_time\n"
    assert shown([], LIST, output="csv") == head
    assert shown(TOKENS, LIST, output="csv").startswith(head)


def test_csv_spells_values_for_programs() -> None:
    row = {"id": 1, "name": 'a "b",\nc', "owner": None, "revoked": True, "x": [1], "y": {"z": 1.5}}
    text = shown([row], None, output="csv")
    assert list(csv.reader(io.StringIO(text)))[1] == ["1", 'a "b",\nc', "", "true", "[1]", '{"z": 1.5}']


def test_ids_are_one_on_a_line() -> None:
    assert shown(TOKENS, LIST, output="ids") == "c6UmISHU\nRWDLagfI\n"
    assert shown([{"codename": "view_x"}], View((Column("codename"),)), output="ids") == "view_x\n"
    assert shown(["a\nb"], None, output="ids") == "a\\nb\n"


def test_two_records_are_two_grids() -> None:
    rule = "+----+----------+\n"
    text = shown(TOKENS, LIST, output="vertical", columns=["id"])
    assert text == f"{rule}| ID | c6UmISHU |\n{rule}\n{rule}| ID | RWDLagfI |\n{rule}"


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        ("name", ["RWDLagfI", "c6UmISHU"]),
        ("-name", ["c6UmISHU", "RWDLagfI"]),
        ("Expiry-Date", ["RWDLagfI", "c6UmISHU"]),
        ("created", ["c6UmISHU", "RWDLagfI"]),
        ("last_used", ["RWDLagfI", "c6UmISHU"]),
        ("-last_used", ["RWDLagfI", "c6UmISHU"]),
    ],
)
def test_sorting_puts_empty_values_last(sort: str, ids: list[str]) -> None:
    assert shown(TOKENS, LIST, output="ids", sort=sort).split() == ids


def test_numbers_sort_as_numbers() -> None:
    rows = [{"id": 10}, {"id": 9}, {"id": None}, {"id": "x"}]
    assert shown(rows, None, output="ids", sort="id").splitlines() == ["9", "10", "x", ""]


@pytest.mark.parametrize("wishes", [{"columns": ["nmae"]}, {"sort": "-nmae"}, {"output": "xml"}])
def test_what_is_not_there_is_a_mistake_with_what_is(wishes: dict[str, object]) -> None:
    with pytest.raises(Mistake) as caught:
        shown(TOKENS, LIST, **wishes)
    assert caught.value.hint


def test_a_column_that_only_a_full_list_would_show() -> None:
    assert shown([], LIST, columns=["created"], output="csv") == "created\n"
    assert shown([], LIST, sort="created", output="ids") == ""


def test_a_default_format_that_is_unknown_is_told() -> None:
    with pytest.raises(Mistake, match="xml"):
        shown([], LIST, default="xml")


def test_an_answer_of_any_shape_is_shown() -> None:
    assert shown("apitoken updated", View()) == "apitoken updated\n"
    assert shown("apitoken updated", View(), output="json") == '"apitoken updated"\n'
    assert shown(["a", 1, None], View()) == "a\n1\nNone\n"
    assert shown([{"a": 1}, {"b": [2]}], View()) == (
        "+------+------+\n| A    | B    |\n+------+------+\n| 1    | None |\n| None | [2]  |\n+------+------+\n"
    )
    assert shown(3, View()) == "3\n"
    assert shown({}, View()) == "{}\n"
    assert shown({"a": 1}, TEXT) == '{\n  "a": 1\n}\n'


def test_a_default_format_is_used_for_every_line() -> None:
    assert json.loads(shown(SHOWN, SHOW, default="json")) == SHOWN


def test_notes_go_to_standard_error() -> None:
    out, err = io.StringIO(), io.StringIO()
    Output(out, err).note("look\x1b[2J\nhere")
    assert (out.getvalue(), err.getvalue()) == ("", "look\\x1b[2J\nhere\n")


class Screen(io.StringIO):
    """A stream that says it is a terminal, and of which size."""

    screen: os.terminal_size | None = None

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    "wish", [DisplayOptions("ids"), DisplayOptions(columns=("id",)), DisplayOptions("json", columns=("id",))]
)
def test_a_token_that_is_no_result_is_shown_to_the_person_or_said_to_be_lost(wish: DisplayOptions) -> None:
    token = "L7k8ljIC.jm1P5Y0ONaJfUJhslJbAjRAyr9jcy89X"
    made = {"id": "L7k8ljIC", "token": token}
    results, screen = io.StringIO(), Screen()
    out = Output(results, screen)
    out.show(made, CREATED, wish)
    assert "L7k8ljIC" in results.getvalue()
    assert token not in results.getvalue()
    assert screen.getvalue() == f"The token, which is not in the result, is shown here, this once: {token}\n"
    assert out.secret
    log = io.StringIO()
    Output(io.StringIO(), log).show(made, CREATED, wish)
    assert token not in log.getvalue()
    assert "nothing shows it again" in log.getvalue()
    assert log.getvalue().endswith("To have a new one in its place: apitoken rotate --id L7k8ljIC\n")


@pytest.mark.parametrize(
    ("wish", "grows"),
    [
        (DisplayOptions(paged=True), True),
        (DisplayOptions(paged=True, output="table", columns=("id",)), True),
        (DisplayOptions(), False),
        (DisplayOptions(paged=True, output="json"), False),
        (DisplayOptions(paged=True, sort="id"), False),
        (DisplayOptions(paged=True, steps=(FilterStep("count"),)), False),
    ],
)
def test_a_list_grows_before_a_person_only_and_where_all_of_it_is_shown(wish: DisplayOptions, grows: bool) -> None:
    out = Output(Screen(), io.StringIO())
    assert not out.can_show_pages(wish), "without a pager"
    out.paging = nullcontext
    assert out.can_show_pages(wish) == grows
    with out.redirect(io.StringIO()):
        assert not out.can_show_pages(wish), "into a file"


@pytest.mark.parametrize("columns", [40, 80])
def test_a_sentence_ends_its_lines_at_words_and_never_in_a_token(columns: int) -> None:
    terminal = Screen()
    terminal.screen = os.terminal_size((columns, 20))
    token = "L7k8ljIC.jm1P5Y0ONaJfUJhslJbAjRAyr9jcy89X"
    Output(terminal, io.StringIO()).show({"id": "L7k8ljIC", "token": token}, CREATED)
    lines = terminal.getvalue().splitlines()
    assert " ".join(lines) == f"ApiToken with id: L7k8ljIC, your token is: {token}"
    assert [line for line in lines if len(line) > columns] == ([token] if len(token) > columns else [])


@pytest.mark.parametrize("layout", ["table", "tree", "columns"])
def test_a_person_is_told_of_an_empty_list(layout: str) -> None:
    view = View((Column("id"), Column("name")), layout=layout)  # type: ignore[arg-type]  # one of its words
    terminal = Screen()
    Output(terminal, io.StringIO()).show([], view)
    options = DisplayOptions(steps=(FilterStep("match", "x"),))
    Output(terminal, io.StringIO()).show([{"id": 1, "name": "a"}], view, options)
    assert terminal.getvalue() == "Nothing to show.\n" * 2
    terminal = Screen()
    Output(terminal, io.StringIO()).show([], view, DisplayOptions("json"))
    assert terminal.getvalue() == "[]\n"


@pytest.mark.parametrize("times", ["local", "utc"])
def test_the_zone_is_said_once_and_only_where_times_are_shown(times: str) -> None:
    notes = io.StringIO()
    out = Output(Screen(), notes, times=times)
    out.show(TOKENS, LIST, DisplayOptions(columns=["id", "name"]))
    out.show(TOKENS, LIST, DisplayOptions("json"))
    assert notes.getvalue() == ""
    out.show(TOKENS, LIST)
    out.show(TOKENS, LIST)
    assert notes.getvalue().count("Times are in ") == 1


@pytest.mark.parametrize(
    ("here", "times", "said"),
    [
        ("UTC0", "local", "Times are in UTC; --times relative shows them otherwise.\n"),
        ("UTC0", "utc", "Times are in UTC; --times relative shows them otherwise.\n"),
        ("XST-2", "local", "Times are in XST, UTC+02:00; --times utc or --times relative shows them otherwise.\n"),
        ("XST-2", "utc", "Times are in UTC; --times local or --times relative shows them otherwise.\n"),
    ],
)
def test_only_what_would_show_them_otherwise_is_offered(
    monkeypatch: pytest.MonkeyPatch, here: str, times: str, said: str
) -> None:
    notes = io.StringIO()
    with monkeypatch.context() as patched:
        patched.setenv("TZ", here)
        time.tzset()
        Output(Screen(), notes, times=times).show(TOKENS, LIST)
    time.tzset()
    assert notes.getvalue() == said


def test_where_nobody_looks_times_are_in_utc_unless_the_line_says_otherwise() -> None:
    out, notes = io.StringIO(), io.StringIO()
    shell = Output(out, notes, times="relative", clock=lambda: datetime(2025, 6, 15, 12, tzinfo=UTC))
    shell.show(TOKENS, LIST)
    assert out.getvalue() == GRID
    shell.show(TOKENS[0], LIST, DisplayOptions(times="relative", columns=("expiry_date",), output="vertical"))
    assert "in 2 days" in out.getvalue()
    assert notes.getvalue() == ""


@pytest.mark.parametrize(
    ("name", "shown"),
    [("id", "ID"), ("expiry_date", "Expiry-date"), ("ldap_groups", "Ldap-groups"), ("name", "Name"), ("x", "X")],
)
def test_a_heading_follows_vclis_rule(name: str, shown: str) -> None:
    assert title(name) == shown


def test_a_column_may_have_its_own_heading_and_kind() -> None:
    assert heading(Column("is_admin", "Is Admin")) == "Is Admin"
    column = Column("seen", kind=Timestamp())
    assert cell_text({"seen": "2026-11-21T22:00:00.000000Z"}, column) == "2026-11-21 22:00:00"
    assert cell_text({"seen": None}, column) == "None"
    assert cell_text({}, column) == "None"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "None"),
        (True, "True"),
        (3, "3"),
        (["root", "admin"], "['root', 'admin']"),
        ([], "[]"),
        ("2026-11-21T22:00:00.000000Z", "2026-11-21 22:00:00"),
        ("2026-11-21T23:30:00+01:30", "2026-11-21 22:00:00"),
        ("2026-02-30T22:00:00Z", "2026-02-30T22:00:00Z"),
        ("0001-01-01T00:00:00+23:00", "0001-01-01T00:00:00+23:00"),
        ("2026-11-21", "2026-11-21"),
        ("", ""),
    ],
)
def test_a_value_for_people(value: object, shown: str) -> None:
    assert spell_for_people("x", value) == shown


def test_a_name_that_looks_like_a_time_stays_a_name() -> None:
    assert spell_for_people("name", "2026-11-21T22:00:00Z") == "2026-11-21T22:00:00Z"


@pytest.mark.parametrize(("value", "shown"), [(None, ""), (True, "true"), ("x", "x"), (1, "1"), (["é"], '["é"]')])
def test_a_value_for_programs(value: object, shown: str) -> None:
    assert spell_for_programs(value) == shown


NOW = datetime(2026, 11, 21, 22, tzinfo=UTC)
VIEW = View((Column("id"), Column("expiry_date")), more=("owner",))
ROWS = [
    {"id": "a", "owner": "bob", "expiry_date": "2026-11-24T00:00:00Z"},
    {"id": "b", "owner": "ann", "expiry_date": None},
    {"id": "c", "owner": "bob", "expiry_date": "2027-05-20T00:00:00Z"},
]


def ids(rows: object) -> list[str]:
    assert isinstance(rows, list)
    return [row["id"] for row in rows]


def test_all_conditions_hold_and_the_order_is_as_wished() -> None:
    assert ids(select_rows(ROWS, VIEW, parse_conditions("owner=bob Expiry-date<7D"), None, NOW)) == ["a"]
    assert ids(select_rows(ROWS, VIEW, parse_conditions("owner=bob"), "-id", NOW)) == ["c", "a"]


def test_one_record_and_a_text_are_left_alone() -> None:
    assert select_rows(ROWS[1], VIEW, parse_conditions("owner=bob"), None, NOW) == ROWS[1]
    assert select_rows("text", VIEW, parse_conditions("owner=bob"), "id", NOW) == "text"


def test_an_unknown_column_is_named_also_when_nothing_is_there() -> None:
    with pytest.raises(WrongPart) as caught:
        select_rows([], VIEW, parse_conditions("ownr=bob"), None, NOW)
    assert caught.value.part == "ownr"


@pytest.mark.parametrize("word", ["2026-11-24 00", "2026-11-24T00", "A"])
def test_a_row_shows_a_word_however_it_is_spelled(word: str) -> None:
    assert ids(filter_rows(ROWS, [FilterStep("match", word)], VIEW.columns, IN_UTC)) == ["a"]


def test_a_column_that_is_not_shown_does_not_count() -> None:
    assert filter_rows(ROWS, [FilterStep("match", "bob")], VIEW.columns, IN_UTC) == []
    assert ids(filter_rows(ROWS, [FilterStep("match", "bob")], (), IN_UTC)) == ["a", "c"]


def test_on_one_record_fields_are_looked_at() -> None:
    assert filter_rows(ROWS[0], [FilterStep("match", "own")], (), IN_UTC) == {"owner": "bob"}
    assert filter_rows("a bob\nann", [FilterStep("except", "bob")], (), IN_UTC) == "ann"
