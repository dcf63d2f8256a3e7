"""One value changes, everything else stays as the user wrote it."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vshell.state.toml_edit import remove_table, remove_value, set_value

FILE = """\
# My settings.
[settings]
output = "json"  # for jq
# editing = "vi"

# The lab.
[server.lab]
url = "https://lab.example" # not '#' the cellar
"""


def test_a_value_changes_and_the_comments_stay() -> None:
    assert set_value(FILE, "settings", "output", "table") == FILE.replace('"json"', '"table"')
    url = set_value(FILE, "server.lab", "url", "https://x#y")
    assert url == FILE.replace("https://lab.example", "https://x#y")


def test_a_new_key_stands_in_its_table_before_what_follows() -> None:
    assert set_value(FILE, "settings", "timeout_seconds", 5) == FILE.replace(
        "# for jq\n", "# for jq\ntimeout_seconds = 5\n"
    )


def test_a_new_table_stands_at_the_end() -> None:
    assert set_value(FILE, "server.home", "url", "x") == FILE + '\n[server.home]\nurl = "x"\n'
    assert set_value("", "settings", "output", "csv") == '[settings]\noutput = "csv"\n'


def test_a_table_goes_and_nothing_else() -> None:
    assert remove_table(FILE, "server.lab") == FILE[: FILE.index("[server.lab]")].rstrip("\n") + "\n"
    more = FILE + "\n[server.home]\nurl = 'h'\n"
    assert tomllib.loads(remove_table(more, "server.lab"))["server"] == {"home": {"url": "h"}}
    assert remove_table(FILE, "server.none") == FILE


@pytest.mark.parametrize(
    "text",
    [
        'settings.output = "json"\n',
        'settings = { output = "json" }\n',
        'note = """\n[settings]\n"""\n[other]\nx = 1\n',
        '[settings]\noutput = """a\nb"""\n',
        "[[settings]]\noutput = 'json'\n",
        "[settings]\nunfinished = [\n1,\n2]\n[settings.output]\n",
    ],
)
def test_a_form_it_does_not_know_is_refused_or_handled_never_harmed(text: str) -> None:
    before = tomllib.loads(text)
    try:
        after = tomllib.loads(set_value(text, "settings", "output", "csv"))
    except ValueError:
        return
    assert after.pop("settings")["output"] == "csv"
    before.pop("settings", None)
    assert after == before


@pytest.mark.parametrize(("table", "key"), [("server.a b", "url"), ("server", "a.b"), ("server.]x", "url")])
def test_a_name_that_would_need_quotes_is_refused(table: str, key: str) -> None:
    with pytest.raises(ValueError, match="letters"):
        set_value("", table, key, "x")


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["settings", "server.a", "server.b"]),
            st.sampled_from(["x", "y"]),
            st.text(st.characters(codec="utf-8"), max_size=20) | st.integers(0, 9) | st.booleans(),
        ),
        max_size=12,
    )
)
def test_any_sequence_of_changes_says_what_was_set(changes: list[tuple[str, str, str | int | bool]]) -> None:
    text = FILE
    wanted = tomllib.loads(FILE)
    for table, key, value in changes:
        text = set_value(text, table, key, value)
        place = wanted
        for name in table.split("."):
            place = place.setdefault(name, {})
        place[key] = value
    assert tomllib.loads(text) == wanted
    assert "# My settings." in text
    assert "# The lab." in text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('[alias]\na = "x"\n# about b\nb = "y"\n', '[alias]\n# about b\nb = "y"\n'),
        ('# top\n[alias]\na = "x"\n\n[settings]\nc = 1\n', "# top\n\n[settings]\nc = 1\n"),
        ('[alias]\nb = "y"\n', '[alias]\nb = "y"\n'),
    ],
)
def test_a_value_is_taken_out_and_its_table_with_the_last(text: str, left: str) -> None:
    assert remove_value(text, "alias", "a") == left
